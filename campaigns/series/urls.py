"""Addresses of series."""

from django.urls import path

from campaigns.series.views import episode, open_pages, planning

urlpatterns = [
    path("series/", open_pages.public_index, name="public_index"),
    path("series/<slug:slug>/", open_pages.public_detail, name="public_detail"),
    path("series/<slug:slug>/<int:number>/", open_pages.public_episode, name="public_episode"),
    path("staff/series/", planning.index, name="index"),
    path("staff/series/new/", planning.new, name="new"),
    path("staff/series/episodes/", planning.episodes, name="episodes"),
    path("staff/series/<slug:slug>/", planning.detail, name="detail"),
    path("staff/series/<slug:slug>/edit/", planning.edit, name="edit"),
    path("staff/series/<slug:slug>/step/", planning.step, name="step"),
    path("staff/series/<slug:slug>/bulk/", planning.bulk, name="bulk"),
    path("staff/series/<slug:slug>/new/", episode.episode_new, name="episode_new"),
    path("staff/series/<slug:slug>/<int:pk>/", episode.episode, name="episode"),
    path("staff/series/<slug:slug>/<int:pk>/edit/", episode.episode_edit, name="episode_edit"),
    path("staff/series/<slug:slug>/<int:pk>/step/", episode.episode_step, name="episode_step"),
    path("staff/series/<slug:slug>/<int:pk>/move/", episode.episode_move, name="episode_move"),
    path("staff/series/<slug:slug>/<int:pk>/publish/", episode.episode_publish, name="episode_publish"),
]
