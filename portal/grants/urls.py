"""Addresses below /staff/grants/."""

from django.urls import path

from portal.grants.views import delegations, invitations, listing, people

urlpatterns = [
    path("", listing.index, name="index"),
    path("invite/", invitations.invite, name="invite"),
    path("invite/batch/", invitations.batch, name="batch"),
    path("delegate/", delegations.delegate, name="delegate"),
    path("delegate/end/", delegations.end, name="end_delegation"),
    path("people/<uuid:ref>/", people.person, name="person"),
    path("people/<uuid:ref>/give/", people.give, name="give"),
    path("people/<uuid:ref>/end/", people.end, name="end"),
    path("people/<uuid:ref>/rename/", people.rename, name="rename"),
    path("people/<uuid:ref>/act/<slug:what>/", people.act, name="act"),
    path("people/<uuid:ref>/handover/", people.handover, name="handover"),
]
