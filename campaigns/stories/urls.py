"""Addresses of stories."""

from django.urls import path

from campaigns.stories import views

urlpatterns = [
    path("stories/", views.index, name="index"),
    path("stories/hotlines/", views.hotlines, name="hotlines"),
    path("stories/<slug:slug>/", views.detail, name="detail"),
    path("stories/<slug:slug>/qr.svg", views.qr, name="qr"),
    path("staff/stories/", views.staff_index, name="list"),
    path("staff/stories/new/", views.new, name="new"),
    path("staff/stories/<slug:slug>/", views.staff_detail, name="staff_detail"),
    path("staff/stories/<slug:slug>/edit/", views.edit, name="edit"),
    path("staff/stories/<slug:slug>/preview/", views.preview, name="preview"),
    path("staff/stories/<slug:slug>/<slug:name>/", views.step, name="step"),
]
