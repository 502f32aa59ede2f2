"""Addresses of days off and make-up days."""

from django.urls import path

from portal.workdays import views

urlpatterns = [
    path("", views.index, name="index"),
    path("remove/", views.remove, name="remove"),
    path("load/", views.load, name="load"),
    path("import/", views.table, name="import"),
    path("<int:year>.csv", views.file, name="file"),
]
