"""Addresses: public, the family's own, staff."""

from django.urls import path

from families.calls import views as calls
from families.works.views import enter, public, staff, submit
from families.works.views.me import door, editing, one, page, rights

urlpatterns = [
    path("works/", public.index, name="gallery"),
    path("works/resume/", door.resume, name="resume"),
    path("works/sent/", submit.sent, name="sent"),
    path("works/calls/<slug:slug>/", public.call, name="call"),
    path("works/calls/<slug:slug>/qr.svg", public.call_qr, name="call_qr"),
    path("works/calls/<slug:slug>/submit/", submit.submit, name="submit"),
    path("works/calls/<slug:slug>/draft/", submit.keep_draft, name="keep_draft"),
    path("works/calls/<slug:slug>/villages/", submit.villages, name="villages"),
    path("works/<str:no>/", public.detail, name="detail"),
    path("works/<str:no>/qr.svg", public.detail_qr, name="detail_qr"),
    path("me/", page.me, name="me"),
    path("me/leave/", door.leave, name="leave"),
    path("me/data/", rights.data, name="data"),
    path("me/erase/", rights.erase, name="erase"),
    path("me/ask/", rights.ask, name="ask"),
    path("me/works/<str:no>/", one.mine, name="mine"),
    path("me/works/<str:no>/edit/", editing.edit, name="edit"),
    path("me/works/<str:no>/audience/", one.audience, name="audience"),
    path("me/works/<str:no>/withdraw-consent/", one.withdraw_consent, name="withdraw_consent"),
    path("me/works/<str:no>/withdraw/", one.withdraw, name="withdraw"),
    path("me/works/<str:no>/put-back/", one.put_back, name="put_back"),
    path("me/works/<str:no>/delete/", one.delete, name="delete"),
    path("staff/works/", staff.inbox, name="inbox"),
    path("staff/works/bulk/", staff.bulk, name="bulk"),
    path("staff/works/new/", enter.enter, name="enter"),
    path("staff/works/resume-qr.svg", enter.resume_qr, name="resume_qr"),
    path("staff/works/calls/", calls.index, name="calls"),
    path("staff/works/calls/new/", calls.edit, name="call_new"),
    path("staff/works/calls/<slug:slug>/", calls.desk, name="call_desk"),
    path("staff/works/calls/<slug:slug>/edit/", calls.edit, name="call_edit"),
    path("staff/works/calls/<slug:slug>/preview/", enter.call_preview, name="call_preview"),
    path("staff/works/calls/<slug:slug>/<slug:name>/", enter.call_step, name="call_step"),
    path("staff/works/<str:no>/", staff.detail, name="review"),
    path("staff/works/<str:no>/edit/", enter.correct, name="correct"),
    path("staff/works/<str:no>/slip/", enter.slip, name="slip"),
    path("staff/works/<str:no>/reveal/", staff.reveal, name="reveal"),
    path("staff/works/<str:no>/take-down/", staff.take_down, name="take_down"),
    path("staff/works/<str:no>/words/", staff.words, name="words"),
    path("staff/works/<str:no>/<slug:name>/", staff.step, name="step"),
]
