"""Visits for staff: the list, one visit, its steps, and visits without booking."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.venues import lists
from campaigns.venues.actions import visits as actions
from campaigns.venues.forms.venues import ReasonForm
from campaigns.venues.forms.visits import CameForm, DeskForm, ReplyForm
from campaigns.venues.models import BaseVisit
from campaigns.venues.queries import visits as queries
from campaigns.venues.views.answers import REFUSALS, show
from campaigns.venues.views.venues import found as venue_found
from campaigns.venues.views.venues import page_of as venue_page
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.queries import history_of
from portal.reviews.workflow import available
from portal.ui.lists import build


@require_GET
@allow(Perm.BOOKING_HANDLE)
@never_cache
def index(request: Any) -> HttpResponse:
    """Bookings and visits."""
    return render(request, "campaigns/venues/visits.html", {"page": build(request, lists.VISITS)})


def _found(request: Any, no: str) -> BaseVisit:
    row: BaseVisit = request.scope.get(queries.visible(request.scope), Perm.BOOKING_HANDLE, no=no)
    return row


@require_GET
@allow(Perm.BOOKING_HANDLE)
@never_cache
def detail(request: Any, no: str) -> HttpResponse:
    """One visit, with what can be done now."""
    return _show(request, _found(request, no))


def _show(request: Any, row: BaseVisit, *, status: int = 200, **extra: Any) -> HttpResponse:
    steps = {step.name for step in available(row, request.scope)}
    if not row.has_passed:
        steps -= {"visited", "no_show"}
    context = {
        "row": row,
        "steps": steps,
        "history": [
            {"title": row.transitions[h.step].label, "at": h.at, "by": h.by or "", "note": h.reason}
            for h in history_of(row)
        ],
        "confirm_form": ReplyForm(prefix="confirm"),
        "visited_form": CameForm(prefix="visited", initial={"came": row.headcount}),
        "refuse_form": ReasonForm(prefix="refuse"),
        "reveal_form": ReasonForm(prefix="reveal"),
        **extra,
    }
    return render(request, "campaigns/venues/visit.html", context, status=status)


def _form_for(request: Any, name: str) -> Any:
    forms = {"confirm": ReplyForm, "visited": CameForm, "refuse": ReasonForm}
    return forms[name](request.POST, prefix=name) if name in forms else None


@require_POST
@allow(Perm.BOOKING_HANDLE)
def step(request: Any, no: str, name: str) -> HttpResponse:
    """Confirm, refuse, visited, no show."""
    row, form = _found(request, no), _form_for(request, name)
    if form is not None and not form.is_valid():
        return _show(request, row, status=422, **{f"{name}_form": form})
    data = form.cleaned_data if form is not None else {}
    try:
        if name == "confirm":
            actions.confirm(row, actor=request.user, reply=data["reply"])
        elif name == "refuse":
            actions.refuse(row, actor=request.user, reason=data["reason"])
        elif name == "visited":
            actions.visited(row, actor=request.user, came=data["came"])
        else:
            actions.no_show(row, actor=request.user)
    except REFUSALS as error:
        messages.error(request, str(getattr(error, "message", error)))
        return redirect(row.staff_url)
    messages.success(request, _("%(no)s：%(state)s") % {"no": row.no, "state": row.get_status_display()})
    return redirect(row.staff_url)


@require_POST
@allow(Perm.BOOKING_HANDLE)
@never_cache
def reveal(request: Any, no: str) -> HttpResponse:
    """Contact and phone, once, on this answer only; who looked and why is kept."""
    row, form = _found(request, no), ReasonForm(request.POST, prefix="reveal")
    if form.is_valid():
        try:
            identity = actions.reveal(row, actor=request.user, reason=form.cleaned_data["reason"])
            return _show(request, row, identity=identity)
        except REFUSALS as error:
            show(form, error)
    return _show(request, row, status=422, reveal_form=form)


@require_POST
@allow(Perm.BOOKING_HANDLE)
def desk(request: Any, no: str) -> HttpResponse:
    """A visit that came without booking."""
    venue, form = venue_found(request, no, Perm.BOOKING_HANDLE), DeskForm(request.POST, prefix="desk")
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.write_down(
                actor=request.user, venue=venue, org=data["org"], came=data["came"], at=data["at"],
                purpose=data["purpose"], token=form.token,
            )  # fmt: skip
            messages.success(request, _("已登记 %(n)d 人次。") % {"n": data["came"]})
            return redirect(f"{venue.staff_url}#booking")
        except REFUSALS as error:
            show(form, error)
    return venue_page(request, venue, status=422, desk_form=form)
