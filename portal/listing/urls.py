"""Under /staff/lists/."""

from django.urls import path

from portal.listing import views

urlpatterns = [
    path("save/", views.save_view, name="save"),
    path("export/", views.export, name="export"),
    path("<int:pk>/delete/", views.delete_view, name="delete"),
]
