"""Addresses below /files/."""

from django.urls import path, re_path

from portal.files import views

urlpatterns = [
    path("stage/", views.stage, name="stage"),
    path("discard/", views.discard, name="discard"),
    re_path(r"^(?P<public_id>[0-9a-f-]{36})/(?P<variant>thumb|web|master)/$", views.serve, name="serve"),
]
