"""Goals as a table: one metric and year, a line for each unit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from campaigns.planning import actions, progress, queries
from campaigns.planning.forms import GoalTableForm
from campaigns.planning.models import Campaign
from campaigns.planning.views.found import seen
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.metrics import METRICS
from portal.units.models import Unit
from portal.units.queries import parent_of


@allow(Perm.GOAL_EDIT)
@never_cache
def goals(request: Any, slug: str) -> HttpResponse:
    """The unit and those right below it, each with target, what was reached and the pace; saved together."""
    campaign = seen(request, slug)
    asked = request.POST if request.method == "POST" else request.GET
    year, metric = _year(campaign, asked.get("year", "")), _metric(asked.get("metric", ""))
    top = queries.goal_top(request.scope, asked.get("unit", ""))
    if top is None:
        raise Http404
    units = queries.goal_units(request.scope, top)
    targets = queries.targets_of(campaign, units, metric, year)
    form = GoalTableForm(request.POST or None, units=units, targets=targets)
    here = (
        f"{reverse('campaigns:planning:goals', args=[slug])}?year={year}&metric={metric}&unit={top.unit_no}"
    )
    if request.method == "POST" and form.is_valid():
        changed = actions.set_goals(
            actor=request.user, campaign=campaign, metric=metric, year=year, targets=form.targets
        )
        messages.success(request, _("目标已保存，改动 %(count)d 个单位。") % {"count": changed})
        return redirect(here)
    wanted = {(unit.pk, metric): targets.get(unit.pk) for unit in units}
    rows = progress.table(campaign, units, wanted, year=year, today=timezone.localdate())
    context = {
        "campaign": campaign,
        "form": form,
        "metric": METRICS[metric],
        "metrics": METRICS.values(),
        "year": year,
        "years": progress.years_of(campaign),
        "top": top,
        "above": _above(request, top),
        "rows": [(row, form.cell(row.unit)) for row in rows],
        "lower": queries.with_units_below(units, top),
        "sum": progress.check_sum(rows, top),
        "elapsed": rows[0].elapsed if rows else None,
        "here": here,
    }
    return render(request, "campaigns/planning/goals.html", context)


def _year(campaign: Campaign, said: str) -> int:
    years = progress.years_of(campaign)
    year = int(said) if said.isdigit() and len(said) == 4 else 0
    return year if year in years else progress.year_shown(campaign, timezone.localdate())


def _metric(said: str) -> str:
    return said if said in METRICS else next(iter(METRICS))


def _above(request: Any, top: Unit) -> Unit | None:
    parent = parent_of(top)
    return parent if parent is not None and request.scope.may(Perm.GOAL_EDIT, parent) else None
