"""Addresses of imports, below /staff/imports/."""

from django.urls import path

from portal.importing import views

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/new/", views.new, name="new"),
    path("<slug:code>/template.xlsx", views.template, name="template"),
    path("<uuid:public_id>/", views.preview, name="preview"),
    path("<uuid:public_id>/choose/", views.choose, name="choose"),
    path("<uuid:public_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:public_id>/undo/", views.undo, name="undo"),
    path("<uuid:public_id>/discard/", views.discard, name="discard"),
]
