"""Addresses around calls."""

from django.urls import path

from families.calls import views

urlpatterns = [
    path("works/calls/<slug:slug>/share.png", views.share, name="share"),
    path("staff/works/notices/", views.receipts, name="receipts"),
    path("staff/works/notices/<int:pk>/", views.notice, name="notice"),
    path("staff/works/calls/<slug:slug>/late-codes/", views.late, name="late"),
    path("staff/works/calls/<slug:slug>/late-codes/<int:pk>/revoke/", views.late_revoke, name="late_revoke"),
    path("staff/works/calls/<slug:slug>/notices/", views.notices, name="notices"),
    path("staff/works/calls/<slug:slug>/poster-<slug:paper>.pdf", views.poster, name="poster"),
]
