"""Addresses of family visits."""

from django.urls import path

from campaigns.visits import views

urlpatterns = [
    path("staff/visits/", views.index, name="index"),
    path("staff/visits/new/", views.new, name="new"),
    path("staff/visits/<int:pk>/", views.detail, name="detail"),
    path("staff/visits/<int:pk>/edit/", views.edit, name="edit"),
    path("staff/visits/<int:pk>/reveal/", views.reveal, name="reveal"),
    path("staff/visits/<int:pk>/<slug:name>/", views.step, name="step"),
]
