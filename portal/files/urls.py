"""Addresses below /files/."""

from django.urls import path, re_path

from portal.files import part_views, views

urlpatterns = [
    path("stage/", views.stage, name="stage"),
    path("discard/", views.discard, name="discard"),
    path("parts/", part_views.begin, name="parts_begin"),
    path("parts/<uuid:public_id>/", part_views.take, name="parts_take"),
    path("parts/<uuid:public_id>/drop/", part_views.drop, name="parts_drop"),
    path("<uuid:public_id>/captions.vtt", views.captions, name="captions"),
    re_path(r"^(?P<public_id>[0-9a-f-]{36})/(?P<variant>thumb|web|master)/$", views.serve, name="serve"),
]
