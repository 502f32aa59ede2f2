"""Addresses of packages."""

from django.urls import path

from campaigns.packages import views

urlpatterns = [
    path("staff/packages/", views.index, name="list"),
    path("staff/packages/new/", views.new, name="new"),
    path("staff/packages/<int:pk>/", views.detail, name="detail"),
    path("staff/packages/<int:pk>/edit/", views.edit, name="edit"),
    path("staff/packages/<int:pk>/step/", views.step, name="step"),
    path("staff/packages/<int:pk>/copy/", views.copy, name="copy"),
    path("staff/packages/<int:pk>/export.xlsx", views.export, name="export"),
]
