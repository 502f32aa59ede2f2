"""Bases as a list; rounds of naming with their quota; the way into one."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from campaigns.venues import lists
from campaigns.venues.actions import bases as actions
from campaigns.venues.forms.bases import (
    ApplyForm,
    BatchForm,
)
from campaigns.venues.models import BaseBatch
from campaigns.venues.queries import bases as queries
from campaigns.venues.views.answers import REFUSALS, show
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.ui.lists import build


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def index(request: Any) -> HttpResponse:
    """Applications and bases."""
    # Leaders read this list too; the button is for those who apply.
    rounds = queries.open_batches_for(request.scope) if request.scope.has(Perm.VENUE_EDIT) else []
    context = {"page": build(request, lists.BASES), "open": rounds}
    return render(request, "campaigns/venues/bases.html", context)


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def batches(request: Any) -> HttpResponse:
    """Rounds of naming."""
    context = {
        "batches": list(queries.batches_for(request.scope)),
        "may_open": queries.units_that_name(request.scope).exists(),
    }
    return render(request, "campaigns/venues/batches.html", context)


def round_of(request: Any, pk: int) -> BaseBatch:
    found = queries.batches_for(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def batch(request: Any, pk: int) -> HttpResponse:
    """Quota and state of one round, unit by unit in division order."""
    row = round_of(request, pk)
    context = {
        "batch": row,
        "lines": queries.quota(row),
        "filled": queries.filled(row),
        "may_edit": request.scope.may(Perm.VENUE_CHECK, row.unit),
        "may_apply": row.is_open and request.scope.has(Perm.VENUE_EDIT),
        "pool": list(row.pool.order_by("path")[:300]),
    }
    return render(request, "campaigns/venues/batch.html", context)


@allow(Perm.VENUE_CHECK)
@never_cache
def batch_edit(request: Any, pk: int | None = None) -> HttpResponse:
    """Open a round or change it."""
    known = round_of(request, pk) if pk is not None else None
    if known is not None and not request.scope.may(Perm.VENUE_CHECK, known.unit):
        raise Http404
    initial = {} if known else {"year": timezone.localdate().year, "opens_on": timezone.localdate()}
    form = BatchForm(request.POST or None, instance=known, initial=initial, scope=request.scope)
    if known is not None:
        form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            save = partial(
                actions.save_batch,
                actor=request.user,
                unit=known.unit if known else form.cleaned_data["unit"],
                fields=form.values,
                pool=form.pool,
                batch=round_of(request, pk) if pk is not None else None,
                client_token=form.token,
            )
            row = form.write(save) if known else save()
            if row is not None:
                messages.success(request, _("“%(name)s”已保存。") % {"name": row.name})
                return redirect(row.staff_url)
        except REFUSALS as error:
            show(form, error)
    context = {"form": form, "batch": known}
    return render(request, "campaigns/venues/batch_form.html", context, status=422 if form.errors else 200)


@allow(Perm.VENUE_EDIT)
@never_cache
def apply(request: Any, pk: int) -> HttpResponse:
    """Choose the venue that applies."""
    row = round_of(request, pk)
    form = ApplyForm(request.POST or None, scope=request.scope, batch=row)
    if request.method == "POST" and form.is_valid():
        try:
            base = actions.apply(
                actor=request.user, batch=row, venue=form.cleaned_data["venue"], client_token=form.token
            )
            return redirect("campaigns:venues:base_edit", base.pk)
        except REFUSALS as error:
            show(form, error)
    context = {"form": form, "batch": row}
    return render(request, "campaigns/venues/apply.html", context, status=422 if form.errors else 200)
