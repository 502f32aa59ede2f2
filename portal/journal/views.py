"""The journal browser: who did what, when, where – and the values only with a reason."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.journal import browsing, queries, reveal
from portal.journal.forms import JournalFilterForm, RevealForm
from portal.journal.models import JournalEntry
from portal.ui.lists import paging

PAGE_SIZE = 50


@allow(Perm.JOURNAL_READ)
def index(request: Any) -> HttpResponse:
    """The newest entries first, fifty at a time."""
    form = JournalFilterForm(request.GET)
    rows = queries.readable(request.scope)
    if form.is_valid():
        rows = _filtered(rows, form.cleaned_data)
    found = paging.page(
        rows,
        ("-pk",),
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    kept = {key: value for key, value in request.GET.items() if key in form.fields and value}
    context = {
        "form": form,
        "rows": browsing.shown(found.rows),
        "previous": f"?{urlencode({**kept, 'before': found.before})}" if found.before else "",
        "next": f"?{urlencode({**kept, 'after': found.after})}" if found.after else "",
    }
    return render(request, "portal/journal/index.html", context)


def _filtered(rows: QuerySet[JournalEntry], wanted: dict[str, Any]) -> QuerySet[JournalEntry]:
    if wanted["since"]:
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(wanted["since"], time.min)))
    if wanted["until"]:
        end = wanted["until"] + timedelta(days=1)
        rows = rows.filter(at__lt=timezone.make_aware(datetime.combine(end, time.min)))
    if wanted["person"]:
        rows = rows.filter(actor_ref__in=queries.refs_of(wanted["person"]))
    if wanted["verb"]:
        rows = rows.filter(verb=wanted["verb"])
    if wanted["unit"]:
        rows = rows.filter(Q(unit__unit_no=wanted["unit"]) | Q(unit__name__icontains=wanted["unit"]))
    if wanted["target"]:
        kind, _colon, key = wanted["target"].partition(":")
        rows = rows.filter(target_type=kind.strip().lower())
        rows = rows.filter(target_id=key.strip()) if key.strip() else rows
    return rows


@never_cache
@allow(Perm.JOURNAL_READ)
def entry(request: Any, pk: int) -> HttpResponse:
    """One entry; its values after a reason was given, which is itself recorded."""
    found = queries.readable(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    form, details = RevealForm(request.POST or None), None
    is_revealed = request.method == "POST" and form.is_valid()
    if is_revealed:
        details = reveal.reveal(actor=request.user, entry=found, reason=form.cleaned_data["reason"])
    context = {
        "form": form,
        "row": browsing.shown([found])[0],
        "is_revealed": is_revealed,
        "details": sorted(details.items()) if details else [],
    }
    return render(request, "portal/journal/entry.html", context)


@require_POST
@allow(Perm.JOURNAL_READ)
def verify(request: Any) -> HttpResponse:
    """Walk the whole chain as a job."""
    job = reveal.verify(actor=request.user)
    return redirect("portal:jobs:detail", public_id=job.public_id)
