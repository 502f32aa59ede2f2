"""Everything the leader page shows for one unit and period, as plain data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards.figures import (
    Completeness,
    Figures,
    completeness_of,
    figures_of,
    last_days,
    percent_change,
)
from portal.dashboards.periods import Period
from portal.metrics import METRICS, SOURCES, Metric, goals
from portal.units.models import Unit
from portal.units.queries import children_in_order

MAIN_SOURCE = "activities"
MAIN_METRIC = "activities.sessions"
MOST_ALIKE = 5  # so many units with the same fault are named one by one
WORKS_METRIC = "works"


@dataclass(frozen=True)
class Card:
    """One figure with its goal, comparison, waiting rows and the address of the rows behind it."""

    metric: Metric
    value: int
    goal: int | None
    before: int
    change: float | None
    pending: int
    estimated: int
    url: str
    spark: list[int]
    pending_url: str = ""

    @property
    def change_text(self) -> str:
        """The change as an absolute percentage; whether it is a rise is `up`."""
        return f"{abs(self.change):g}%" if self.change is not None else ""

    @property
    def up(self) -> bool:
        """Is it a rise?"""
        return bool(self.change and self.change > 0)

    @property
    def percent(self) -> float | None:
        """Share of the goal reached."""
        return round(self.value * 100 / self.goal, 1) if self.goal else None


@dataclass(frozen=True)
class ChildRow:
    """One unit below, in division order."""

    unit: Unit
    value: int
    goal: int | None
    change: float | None
    works: int
    pending: int
    completeness: Completeness
    last_on: date | None
    url: str
    rows_url: str
    works_url: str = ""
    pending_url: str = ""

    @property
    def percent(self) -> float | None:
        """Share of the goal reached."""
        return round(self.value * 100 / self.goal, 1) if self.goal else None

    @property
    def gap(self) -> int:
        """What is missing to the goal."""
        return max((self.goal or 0) - self.value, 0)

    @property
    def is_comparable(self) -> bool:
        """Incomplete units are named, not compared."""
        return self.completeness.is_enough


@dataclass(frozen=True)
class Notice:
    """A sentence made by a rule, with the place to act."""

    tone: str
    title: str
    text: str
    url: str = ""


@dataclass
class Overview:
    """See the module."""

    unit: Unit
    period: Period
    cards: list[Card]
    children: list[ChildRow]
    completeness: Completeness
    parts: list[tuple[str, int, float, str]]
    trends: dict[str, dict[str, Any]]
    as_of: datetime | None
    details: bool
    notices: list[Notice] = field(default_factory=list)

    @property
    def main(self) -> Card | None:
        """The leading figure."""
        return next((card for card in self.cards if card.metric.code == MAIN_METRIC), None)

    @property
    def left_out(self) -> str:
        """Units that report too little to be compared."""
        return _named([row for row in self.children if not row.is_comparable])

    @property
    def tiles(self) -> list[dict[str, Any]]:
        """The tile grid: completion rate of each child with a goal."""
        return [
            {
                "name": row.unit.short_name,
                "percent": row.percent if row.percent is not None else 0,
                "note": _("完整度 %(p)s%%") % {"p": f"{row.completeness.percent:g}"}
                if row.goal
                else _("未设目标，已办 %(n)d") % {"n": row.value},
                "url": row.url,
                "incomplete": not row.is_comparable or row.percent is None,
            }
            for row in self.children
        ]


def build(unit: Unit, period: Period, *, scope: Scope, url_of: Callable[[Unit], str]) -> Overview:
    """Read it; the number of queries does not depend on the number of rows, units or months."""
    children = list(children_in_order(unit))
    before = period.last_year()
    figures = figures_of([unit, *children], [period, before])
    own = figures[unit.pk]
    targets = (
        goals([unit.pk, *(child.pk for child in children)], period.year) if period.kind == "year" else {}
    )
    whole, per_child = completeness_of(unit, children, period, source=MAIN_SOURCE)
    details = scope.may(Perm.METRIC_DETAILS, unit)
    last = last_days(children, source=MAIN_SOURCE)

    def rows_url(source: str, place: Unit, start: date, end: date, part: str = "") -> str:
        known = SOURCES.get(source)
        if known is None or not details or not scope.has(known.perm):
            return ""
        return known.link(place, start, end, part)

    def waiting_url(source: str, place: Unit) -> str:
        known = SOURCES.get(source)
        if known is None or known.pending_link is None or not details or not scope.has(known.perm):
            return ""
        return known.pending_link(place, period.start, period.end)

    def card(metric: Metric) -> Card:
        value, past = own.total(metric.code, period), own.total(metric.code, before)
        return Card(
            metric=metric,
            value=value,
            goal=targets.get((unit.pk, metric.code)),
            before=past,
            change=percent_change(value, past),
            pending=own.pending(metric.source, period),
            estimated=own.estimated(metric.code, period),
            url=rows_url(metric.source, unit, period.start, period.end),
            spark=[own.month_value(metric.code, month) for month in period.elapsed_months],
            pending_url=waiting_url(metric.source, unit),
        )

    def child_row(child: Unit) -> ChildRow:
        mine = figures[child.pk]
        value = mine.total(MAIN_METRIC, period) if MAIN_METRIC in METRICS else 0
        past = mine.total(MAIN_METRIC, before) if MAIN_METRIC in METRICS else 0
        return ChildRow(
            unit=child,
            value=value,
            goal=targets.get((child.pk, MAIN_METRIC)),
            change=percent_change(value, past) if per_child[child.pk].is_enough else None,
            works=mine.total(WORKS_METRIC, period) if WORKS_METRIC in METRICS else 0,
            pending=mine.pending(MAIN_SOURCE, period),
            completeness=per_child[child.pk],
            last_on=last.get(child.pk),
            url=url_of(child),
            rows_url=rows_url(MAIN_SOURCE, child, period.start, period.end),
            works_url=rows_url("works", child, period.start, period.end),
            pending_url=waiting_url(MAIN_SOURCE, child),
        )

    overview = Overview(
        unit=unit,
        period=period,
        cards=[card(metric) for metric in METRICS.values() if metric.card],
        children=[child_row(child) for child in children],
        completeness=whole,
        parts=_parts(own, period, lambda part: rows_url(MAIN_SOURCE, unit, period.start, period.end, part)),
        trends={
            metric.code: _trend(own, metric, period, before) for metric in METRICS.values() if metric.card
        },
        as_of=own.as_of,
        details=details,
    )
    overview.notices = _notices(overview)
    return overview


def _parts(own: Figures, period: Period, url: Callable[[str], str]) -> list[tuple[str, int, float, str]]:
    if MAIN_SOURCE not in SOURCES:
        return []
    counts, labels = own.parts(MAIN_SOURCE, period), SOURCES[MAIN_SOURCE].part_labels()
    whole = sum(counts.values())
    return [
        (str(labels.get(part, part)), count, round(count * 100 / whole, 1), url(part))
        for part, count in counts.items()
    ]


def _trend(own: Figures, metric: Metric, period: Period, before: Period) -> dict[str, Any]:
    months = Period("year", period.year, 1, period.today)
    past = Period("year", before.year, 1, before.today)
    running = period.today.replace(day=1)
    return {
        "metric": metric,
        "rows": [
            {
                "label": _("%(n)d月") % {"n": month.month},
                "now": own.month_value(metric.code, month) if month <= period.today else None,
                "before": own.month_value(metric.code, old),
                "unfinished": month == running,
            }
            for month, old in zip(months.months, past.months, strict=True)
        ],
    }


def _named(rows: list[ChildRow], most: int = 5) -> str:
    """The first names, and how many there are when there are more."""
    names = "、".join(row.unit.short_name for row in rows[:most])
    return names if len(rows) <= most else _("%(names)s等 %(n)d 个单位") % {"names": names, "n": len(rows)}


def _notices(overview: Overview) -> list[Notice]:
    """What needs attention, by rule; in division order, never as a ranking. Many silent units are one line."""
    found = []
    time = overview.period.time_percent
    quiet = [row for row in overview.children if not row.is_comparable]
    if len(quiet) > MOST_ALIKE:
        title = _("%(n)d 个单位上报完整度低于 80%%") % {"n": len(quiet)}
        found.append(Notice("bad", title, _named(quiet), ""))
    for row in overview.children:
        if row in quiet and len(quiet) > MOST_ALIKE:
            continue
        name = row.unit.short_name
        if not row.is_comparable:
            silent = "、".join(row.completeness.silent[:5])
            text = _("本月还没有上报：%(names)s") % {"names": silent} if silent else _("往月有缺报")
            title = _("%(unit)s上报完整度 %(p)s%%，低于 80%%") % {
                "unit": name,
                "p": f"{row.completeness.percent:g}",
            }
            found.append(Notice("bad", title, text, row.url))
        elif row.percent is not None and row.percent < time - 10:
            text = _("已办 %(value)d 场，目标 %(goal)d 场，还差 %(gap)d 场") % {
                "value": row.value, "goal": row.goal, "gap": row.gap,
            }  # fmt: skip
            title = _("%(unit)s完成 %(p)s%%，慢于时间进度 %(t)s%%") % {
                "unit": name, "p": f"{row.percent:g}", "t": f"{time:g}",
            }  # fmt: skip
            found.append(Notice("warn", title, text, row.rows_url or row.url))
    main = overview.main
    if main is not None and main.pending:
        text = _("通过后才计入上面的数字")
        found.append(Notice("info", _("%(n)d 条活动待审核") % {"n": main.pending}, text, main.pending_url))
    return found
