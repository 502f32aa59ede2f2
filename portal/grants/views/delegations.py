"""Letting a colleague act for me."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.grants import actions, queries
from portal.grants.forms import DelegateForm
from portal.grants.rules import GrantRefused


@allow(Perm.STAFF_ENTER)
def delegate(request: Any) -> HttpResponse:
    """One of my roles, to a colleague, until a date."""
    form = DelegateForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            grant = actions.delegate(
                actor=request.user,
                source=data["source"],
                to=data["to"],
                unit=data["source"].unit,
                reach=data["reach"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                reason=data["reason"],
                token=form.token,
            )
        except GrantRefused as refused:
            form.add_error(None, refused.text)
        else:
            words = {"name": grant.user.display_name, "day": grant.ends_on}
            messages.success(request, _("已委托给%(name)s，%(day)s 到期自动收回。") % words)
            return redirect("portal:accounts:profile")
    return render(request, "portal/grants/delegate.html", {"form": form})


@require_POST
@allow(Perm.STAFF_ENTER)
def end(request: Any) -> HttpResponse:
    """Take a delegation back, or give it back, before its date."""
    grant = queries.delegation_with(request.user, request.POST.get("grant", ""))
    if grant is None:
        raise Http404
    try:
        actions.end(actor=request.user, grant=grant, reason=_("提前收回委托"))
        messages.success(request, _("委托已收回。"))
    except GrantRefused as refused:
        messages.error(request, refused.text)
    return redirect("portal:accounts:profile")
