"""Inviting one person, or many by pasting a list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.accounts import links
from portal.grants import actions, naming, preview
from portal.grants import batch as batches
from portal.grants.forms import BatchForm, InviteForm
from portal.grants.rules import GrantRefused


@never_cache
@allow(Perm.ACCOUNT_INVITE, Perm.GRANT_GIVE)
def invite(request: Any) -> HttpResponse:
    """Fill in, look at what the person will see, confirm; the link is shown once."""
    form = InviteForm(request.POST or None, scope=request.scope)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        username = data["username"] or naming.propose(data["display_name"])
        if "confirm" in request.POST:
            try:
                user, token = actions.invite(
                    actor=request.user, invitation=_invitation(form, username), token=form.token
                )
            except GrantRefused as refused:
                form.add_error(None, refused.text)
            else:
                if not token:
                    return redirect("portal:grants:person", ref=user.ref)
                shown = [(user, request.build_absolute_uri(links.path(token)))]
                return render(request, "portal/grants/invited.html", {"invited": shown})
        else:
            context |= {
                "username": username,
                "preview": preview.of(data["role"], data["unit"], data["reach"]),
            }
    return render(request, "portal/grants/invite.html", context)


def _invitation(form: InviteForm, username: str) -> actions.Invitation:
    data = form.cleaned_data
    return actions.Invitation(
        username=username,
        display_name=data["display_name"],
        title=data["title"],
        phone=data["phone"],
        email=data["email"],
        **form.chosen,
    )


@never_cache
@allow(Perm.ACCOUNT_INVITE, Perm.GRANT_GIVE)
def batch(request: Any) -> HttpResponse:
    """Paste, check every line, confirm; nothing is written while a line has an error."""
    form = BatchForm(request.POST or None)
    lines: list[batches.Line] = []
    if request.method == "POST" and form.is_valid():
        lines = batches.read(
            form.cleaned_data["lines"], scope=request.scope, ends_on=form.cleaned_data["ends_on"]
        )
        invitations = [line.invitation for line in lines if line.invitation is not None]
        if "confirm" in request.POST and lines and len(invitations) == len(lines):
            try:
                found = actions.invite_many(actor=request.user, invitations=invitations, token=form.token)
            except GrantRefused as refused:
                form.add_error(None, refused.text)
            else:
                shown = [
                    (user, request.build_absolute_uri(links.path(token)) if token else "")
                    for user, token in found
                ]
                return render(request, "portal/grants/invited.html", {"invited": shown})
    faults = sum(bool(line.errors) for line in lines)
    return render(request, "portal/grants/batch.html", {"form": form, "lines": lines, "faults": faults})
