"""Addresses of issues, outward selections and sweeps."""

from django.urls import path

from families.exhibition.views import outward, public, staff, sweeps

urlpatterns = [
    path("works/issues/", public.issues, name="issues"),
    path("works/issues/<slug:key>/<int:number>/", public.issue, name="issue"),
    path("works/issues/<slug:key>/<int:number>/share.png", public.issue_share, name="issue_share"),
    path("works/issues/<slug:key>/<int:number>/qr.svg", public.issue_qr, name="issue_qr"),
    path("works/<str:no>/share.png", public.work_share, name="work_share"),
    path("staff/exhibition/", staff.index, name="index"),
    path("staff/exhibition/new/", staff.new, name="new"),
    path("staff/exhibition/<int:pk>/", staff.compose, name="compose"),
    path("staff/exhibition/<int:pk>/works/", staff.arrange, name="arrange"),
    path("staff/exhibition/<int:pk>/preview/", staff.preview, name="preview"),
    path("staff/exhibition/<int:pk>/<slug:name>/", staff.issue_step, name="issue_step"),
    path("staff/exhibition/outward/", outward.outward_list, name="outward"),
    path("staff/exhibition/outward/new/<str:no>/", outward.outward_new, name="outward_new"),
    path("staff/exhibition/outward/<int:pk>/", outward.outward_edit, name="outward_edit"),
    path("staff/exhibition/sweeps/", sweeps.sweep_list, name="sweeps"),
    path("staff/exhibition/sweeps/new/", sweeps.sweep_new, name="sweep_new"),
    path("staff/exhibition/sweeps/<int:pk>/", sweeps.sweep, name="sweep"),
]
