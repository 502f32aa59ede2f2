"""Autosave for everybody, the list of one's own for staff."""

from django.urls import path

from portal.drafts import views

urlpatterns = [
    path("staff/drafts/", views.index, name="index"),
    path("drafts/save/", views.save, name="save"),
    path("drafts/<str:token>/discard/", views.discard, name="discard"),
]
