"""Addresses of series."""

from django.urls import path

from campaigns.series import views

urlpatterns = [
    path("series/", views.public_index, name="public_index"),
    path("series/<slug:slug>/", views.public_detail, name="public_detail"),
    path("series/<slug:slug>/<int:number>/", views.public_episode, name="public_episode"),
    path("staff/series/", views.index, name="index"),
    path("staff/series/new/", views.new, name="new"),
    path("staff/series/episodes/", views.episodes, name="episodes"),
    path("staff/series/<slug:slug>/", views.detail, name="detail"),
    path("staff/series/<slug:slug>/edit/", views.edit, name="edit"),
    path("staff/series/<slug:slug>/step/", views.step, name="step"),
    path("staff/series/<slug:slug>/bulk/", views.bulk, name="bulk"),
    path("staff/series/<slug:slug>/new/", views.episode_new, name="episode_new"),
    path("staff/series/<slug:slug>/<int:pk>/", views.episode, name="episode"),
    path("staff/series/<slug:slug>/<int:pk>/edit/", views.episode_edit, name="episode_edit"),
    path("staff/series/<slug:slug>/<int:pk>/step/", views.episode_step, name="episode_step"),
    path("staff/series/<slug:slug>/<int:pk>/move/", views.episode_move, name="episode_move"),
    path("staff/series/<slug:slug>/<int:pk>/publish/", views.episode_publish, name="episode_publish"),
]
