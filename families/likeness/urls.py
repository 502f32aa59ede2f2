"""One address below the staff page of a work."""

from django.urls import path

from families.likeness import views

urlpatterns = [path("staff/works/<str:no>/likeness/<int:pk>/", views.decide, name="decide")]
