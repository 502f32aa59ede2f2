"""Addresses of campaigns."""

from django.urls import path

from campaigns.planning.views import campaigns, frames, goals, groups, open_pages, policies

ONE = "staff/campaigns/<slug:slug>/"
urlpatterns = [
    path("campaigns/", open_pages.index, name="public_index"),
    path("campaigns/<slug:slug>/", open_pages.detail, name="public_detail"),
    path("staff/campaigns/", campaigns.index, name="index"),
    path("staff/campaigns/new/", campaigns.new, name="new"),
    path("staff/campaigns/tags/", frames.index, name="tag_sets"),
    path("staff/campaigns/tags/new/", frames.edit, name="tag_set_new"),
    path("staff/campaigns/tags/<int:pk>/", frames.edit, name="tag_set"),
    path("staff/campaigns/receipts/", policies.receipts, name="receipts"),
    path("staff/campaigns/receipts/<int:pk>/confirm/", policies.confirm, name="confirm"),
    path(ONE, campaigns.detail, name="detail"),
    path(f"{ONE}edit/", campaigns.edit, name="edit"),
    path(f"{ONE}step/", campaigns.step, name="step"),
    path(f"{ONE}plan/", campaigns.plan, name="plan"),
    path(f"{ONE}outcomes/", campaigns.outcomes, name="outcomes"),
    path(f"{ONE}phases/new/", campaigns.phase, name="phase_new"),
    path(f"{ONE}phases/<int:pk>/", campaigns.phase, name="phase"),
    path(f"{ONE}phases/<int:pk>/remove/", campaigns.remove_phase, name="phase_remove"),
    path(f"{ONE}policies/new/", policies.issue, name="policy_new"),
    path(f"{ONE}policies/<int:pk>/", policies.policy, name="policy"),
    path(f"{ONE}policies/<int:pk>/edit/", policies.edit, name="policy_edit"),
    path(f"{ONE}policies/<int:pk>/renew/", policies.renew, name="policy_renew"),
    path(f"{ONE}groups/new/", groups.group, name="group_new"),
    path(f"{ONE}groups/<int:pk>/", groups.group, name="group"),
    path(f"{ONE}groups/<int:pk>/members/new/", groups.member, name="member_new"),
    path(f"{ONE}groups/<int:pk>/members/<int:member_pk>/", groups.member, name="member"),
    path(f"{ONE}groups/<int:pk>/members/<int:member_pk>/end/", groups.end_member, name="member_end"),
    path(f"{ONE}partners/", groups.partners, name="partners"),
    path(f"{ONE}goals/", goals.goals, name="goals"),
]
