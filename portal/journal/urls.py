"""Addresses of the journal browser."""

from django.urls import path

from portal.journal import views

urlpatterns = [
    path("ops/journal/", views.index, name="index"),
    path("ops/journal/verify/", views.verify, name="verify"),
    path("ops/journal/<int:pk>/", views.entry, name="entry"),
]
