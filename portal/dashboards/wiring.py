"""Menu entries and the kernel's own workbench panels."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.dashboards import todo, workbench
from portal.dashboards.figures import completeness_of, figures_of
from portal.dashboards.overview import MAIN_SOURCE
from portal.dashboards.periods import current
from portal.dashboards.queries import home_for
from portal.drafts.holder import holder_of
from portal.drafts.queries import my_drafts
from portal.metrics import METRICS, goals
from portal.ui.menu import MANAGE, WORK, MenuItem, register
from portal.units.queries import children_in_order

register(
    MenuItem(
        section=WORK,
        label=_("工作台"),
        icon="grid-1x2",
        url_name="portal:dashboards:workbench",
        perm=Perm.STAFF_ENTER,
        order=0,
        tab=True,
    )
)
register(
    MenuItem(
        section=MANAGE,
        label=_("统计看板"),
        icon="bar-chart-line",
        url_name="portal:dashboards:home",
        perm=Perm.METRIC_TOTALS,
        order=10,
        tab=True,
    )
)


def _progress(request: Any) -> dict[str, Any] | None:
    """Yearly goals of the person's unit beside the elapsed time."""
    unit = home_for(request.user)
    if unit is None:
        return None
    period = current("year", today=timezone.localdate())
    targets = goals([unit.pk], period.year)
    if not targets:
        return None
    mine, time = figures_of([unit], [period])[unit.pk], period.time_percent
    bars = []
    for (_unit_id, code), target in targets.items():
        metric = METRICS.get(code)
        if metric is None:
            continue
        value = mine.total(code, period)
        share = value * 100 / target if target else 100.0
        good = share >= time - 5
        note = (
            _("快于进度")
            if share >= time
            else _("基本跟上进度")
            if good
            else _("慢于进度，还差 %(n)s") % {"n": f"{max(target - value, 0):,}"}
        )
        bars.append({"metric": metric, "value": value, "target": target, "note": note, "good": good})
    return {
        "bars": bars,
        "time": time,
        "unit": unit,
        "url": reverse("portal:dashboards:unit", args=[unit.unit_no]),
    }


def _reporting(request: Any) -> dict[str, Any] | None:
    """Which units below have logged something this month."""
    unit = home_for(request.user)
    if unit is None or unit.is_leaf():
        return None
    period = current("month", today=timezone.localdate())
    children = list(children_in_order(unit)[:60])
    if not children:  # what is below was closed or merged into it
        return None
    _whole, each = completeness_of(unit, children, period, source=MAIN_SOURCE)
    tiles = [{"name": child.short_name, "done": each[child.pk].reported > 0} for child in children]
    return {"tiles": tiles, "month": period, "missing": sum(not tile["done"] for tile in tiles)}


def _drafts(request: Any) -> dict[str, Any] | None:
    """Forms the person began and did not send."""
    drafts = my_drafts(holder_of(request), limit=5)
    return {"drafts": drafts, "all_url": reverse("portal:drafts:index")} if drafts else None


workbench.register(
    workbench.WorkPanel("todo", workbench.MAIN, "portal/dashboards/_todo.html", todo.panel, order=5)
)
workbench.register(workbench.WorkPanel("drafts", workbench.SIDE, "drafts/_panel.html", _drafts, order=20))
workbench.register(
    workbench.WorkPanel(
        "progress",
        workbench.SIDE,
        "portal/dashboards/_progress.html",
        _progress,
        order=30,
        perm=Perm.METRIC_TOTALS,
    )
)
workbench.register(
    workbench.WorkPanel(
        "reporting",
        workbench.SIDE,
        "portal/dashboards/_reporting.html",
        _reporting,
        order=40,
        perm=Perm.METRIC_TOTALS,
    )
)
