"""Addresses of campaigns."""

from django.urls import path

from campaigns.planning import views

urlpatterns = [
    path("campaigns/", views.public_index, name="public_index"),
    path("campaigns/<slug:slug>/", views.public_detail, name="public_detail"),
    path("staff/campaigns/", views.index, name="index"),
    path("staff/campaigns/new/", views.new, name="new"),
    path("staff/campaigns/<slug:slug>/", views.detail, name="detail"),
    path("staff/campaigns/<slug:slug>/edit/", views.edit, name="edit"),
    path("staff/campaigns/<slug:slug>/step/", views.step, name="step"),
    path("staff/campaigns/<slug:slug>/policies/new/", views.policy, name="policy_new"),
    path("staff/campaigns/<slug:slug>/policies/<int:pk>/", views.policy, name="policy_edit"),
    path("staff/campaigns/<slug:slug>/group/", views.leading_group, name="group"),
    path("staff/campaigns/<slug:slug>/goals/", views.goals, name="goals"),
]
