"""Workbench and leader dashboard."""

import csv
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.access.gate import allow, signed_in
from portal.access.permissions import Perm
from portal.dashboards import charts, overview, workbench
from portal.dashboards.periods import KINDS, Period, current, parse
from portal.dashboards.queries import ancestors_in_scope, home_for, totals_unit
from portal.listing.writing import safe
from portal.metrics import METRICS
from portal.ui.kept import kept

KIND_LABELS = {"year": gettext_lazy("本年"), "quarter": gettext_lazy("本季"), "month": gettext_lazy("本月")}


@signed_in
@never_cache
@kept
def workbench_page(request: Any) -> HttpResponse:
    """What waits for me, what I began, how my unit stands."""
    if not request.scope.has(Perm.STAFF_ENTER):
        return redirect("/accounts/")
    stats = workbench.stats_for(request)
    context = {
        "today": timezone.localdate(),
        "hour": timezone.localtime().hour,
        "home": home_for(request.user),
        "may_log": request.scope.has(Perm.ACTIVITY_LOG),
        "stats": stats[: workbench.MOST_STATS],
        "more_stats": stats[workbench.MOST_STATS :],
        "main_panels": workbench.panels_for(request, workbench.MAIN),
        "side_panels": workbench.panels_for(request, workbench.SIDE),
    }
    return render(request, "portal/dashboards/workbench.html", context)


@allow(Perm.METRIC_TOTALS)
def dashboard_home(request: Any) -> HttpResponse:
    """Go to the dashboard of the person's highest unit."""
    return redirect("portal:dashboards:unit", totals_unit(request.scope).unit_no)


def _address(unit_no: str, period: Period, **extra: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in {"period": period.code, **extra}.items() if value)
    return f"{reverse('portal:dashboards:unit', args=[unit_no])}?{query}"


@allow(Perm.METRIC_TOTALS)
@never_cache
@kept
def unit_dashboard(request: Any, unit_no: str) -> HttpResponse:
    """Figures against goal and last year, gaps by child unit, every number with its rows."""
    unit = totals_unit(request.scope, unit_no)
    today = timezone.localdate()
    period = parse(request.GET.get("period", ""), today=today)
    view = overview.build(
        unit, period, scope=request.scope, url_of=lambda child: _address(child.unit_no, period)
    )
    if request.GET.get("format") == "csv":
        return _csv(view)
    code = request.GET.get("trend", "")
    code = code if code in view.trends else next(iter(view.trends), "")
    context = {
        "view": view,
        "trend_code": code,
        "trend": view.trends.get(code),
        "trend_option": charts.trend_option(view, code) if code else None,
        "trend_tabs": [
            {"label": METRICS[key].label, "url": _address(unit_no, period, trend=key), "current": key == code}
            for key in view.trends
        ],
        "period_tabs": [
            {
                "label": KIND_LABELS[kind],
                "url": _address(unit_no, current(kind, today=today)),
                "current": kind == period.kind,
            }
            for kind in KINDS
        ],
        "earlier": _address(unit_no, period.shifted(-1)),
        "later": _address(unit_no, period.shifted(1)) if period.end < today else "",
        "crumbs": [
            (above.short_name, _address(above.unit_no, period))
            for above in ancestors_in_scope(request.scope, unit)
        ]
        + [(unit.short_name, "")],
        "csv_url": _address(unit_no, period, format="csv"),
    }
    return render(request, "portal/dashboards/unit.html", context)


def _csv(view: overview.Overview) -> HttpResponse:
    """The table of child units as shown, in division order."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="dashboard-{view.unit.unit_no}-{view.period.code}.csv"'
    )
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(
        [
            _("单位"),
            _("活动场次"),
            _("年度目标"),
            _("完成率"),
            _("作品"),
            _("待审"),
            _("上报完整度"),
            _("最近活动"),
        ]
    )
    for row in view.children:
        percent = f"{row.percent:g}%" if row.percent is not None else ""
        cells = [
            safe(row.unit.short_name), row.value, row.goal, percent, row.works, row.pending,
            f"{row.completeness.percent:g}%", row.last_on,
        ]  # fmt: skip
        writer.writerow([safe(cell) for cell in cells])
    return answer


@allow(Perm.METRIC_TOTALS)
def definitions(request: Any) -> HttpResponse:
    """What every figure means and where it comes from (指标口径)."""
    return render(request, "portal/dashboards/definitions.html", {"metrics": METRICS.values()})
