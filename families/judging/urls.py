"""Addresses of judging of works."""

from django.urls import path

from families.judging import views

urlpatterns = [
    path("staff/judging/calls/", views.calls, name="calls"),
    path("staff/judging/calls/<slug:slug>/", views.call, name="call"),
    path("staff/judging/calls/<slug:slug>/new/", views.new, name="new"),
    path("staff/judging/calls/<slug:slug>/draft/", views.draft, name="draft"),
    path("staff/judging/calls/<slug:slug>/awards/", views.awards, name="awards"),
    path("staff/judging/calls/<slug:slug>/awards/list.xlsx", views.export, name="export"),
    path("staff/judging/calls/<slug:slug>/awards/letters.pdf", views.letters, name="letters"),
    path("staff/judging/calls/<slug:slug>/awards/<slug:name>/", views.step, name="step"),
    path("works/calls/<slug:slug>/results/", views.results, name="results"),
]
