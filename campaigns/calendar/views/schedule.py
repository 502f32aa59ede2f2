"""按节前日期排期: the episodes of a series before the key dates of a year."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.calendar import actions, queries
from campaigns.calendar.forms import ScheduleForm
from campaigns.series.queries import listed
from campaigns.series.rules import Kind, SeriesStatus
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError


def _mine(request: Any) -> Any:
    keys = request.scope.rows(listed(request.scope), Perm.SERIES_EDIT).filter(status=SeriesStatus.RUNNING)
    return keys.order_by("-created_at", "-pk")


@allow(Perm.SERIES_EDIT)
@require_safe
def index(request: Any) -> HttpResponse:
    """Which series: 妇廉纪语 first, then the others that run."""
    rows = sorted(_mine(request)[:100], key=lambda row: row.kind != Kind.BRIEF)
    return render(request, "campaigns/calendar/series.html", {"rows": rows})


@allow(Perm.SERIES_EDIT)
@never_cache
def plan(request: Any, slug: str) -> HttpResponse:
    """Tick the key dates; each gets an episode so many days before."""
    series = _mine(request).filter(slug=slug).first()
    if series is None:
        raise Http404
    today = timezone.localdate()
    year = today.year + 1 if request.GET.get("year") == str(today.year + 1) else today.year
    items = [item for item in queries.in_year(queries.visible(request.scope), year) if not item.is_past]
    form = ScheduleForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid():
        try:
            made, left_out = actions.schedule_episodes(
                actor=request.user, series=series, items=form.chosen, days_before=form.cleaned_data["days_before"],
                client_token=form.token,
            )  # fmt: skip
        except (WorkflowError, ValidationError) as error:
            form.add_error(None, str(getattr(error, "message", error)))
        else:
            words = {"n": len(made), "left": left_out}
            messages.success(request, _("排好了 %(n)d 期；%(left)d 个节点已过或已经排过，没有再排。") % words)
            return redirect(series.staff_url)
    context = {
        "series": series,
        "form": form,
        "items": items,
        "year": year,
        "years": (today.year, today.year + 1),
    }
    return render(request, "campaigns/calendar/series_plan.html", context, status=422 if form.errors else 200)
