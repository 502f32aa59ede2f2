"""Addresses of issues, outward selections and sweeps."""

from django.urls import path

from families.exhibition import views

urlpatterns = [
    path("works/issues/", views.issues, name="issues"),
    path("works/issues/<slug:key>/<int:number>/", views.issue, name="issue"),
    path("works/issues/<slug:key>/<int:number>/share.png", views.issue_share, name="issue_share"),
    path("works/issues/<slug:key>/<int:number>/qr.svg", views.issue_qr, name="issue_qr"),
    path("works/<str:no>/share.png", views.work_share, name="work_share"),
    path("staff/exhibition/", views.index, name="index"),
    path("staff/exhibition/new/", views.new, name="new"),
    path("staff/exhibition/<int:pk>/", views.compose, name="compose"),
    path("staff/exhibition/<int:pk>/works/", views.arrange, name="arrange"),
    path("staff/exhibition/<int:pk>/preview/", views.preview, name="preview"),
    path("staff/exhibition/<int:pk>/<slug:name>/", views.issue_step, name="issue_step"),
    path("staff/exhibition/outward/", views.outward_list, name="outward"),
    path("staff/exhibition/outward/new/<str:no>/", views.outward_new, name="outward_new"),
    path("staff/exhibition/outward/<int:pk>/", views.outward_edit, name="outward_edit"),
    path("staff/exhibition/sweeps/", views.sweep_list, name="sweeps"),
    path("staff/exhibition/sweeps/new/", views.sweep_new, name="sweep_new"),
    path("staff/exhibition/sweeps/<int:pk>/", views.sweep, name="sweep"),
]
