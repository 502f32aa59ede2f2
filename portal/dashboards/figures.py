"""Reading roll-ups: sums over months, comparisons, completeness of reporting."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Max

from portal.access.scope import below
from portal.dashboards.models import MetricRollup
from portal.dashboards.periods import Period
from portal.metrics import METRICS
from portal.units.models import Level, Unit

COMPLETE_FROM = 80.0  # below this share of reporting units a unit is named, hatched and not compared
STEP = Unit.steplen


class Month(NamedTuple):
    """What a roll-up says, without the row: a page reads hundreds of them. `days` only where a month is cut off."""

    pending: int
    values: dict[str, int]
    estimated: dict[str, int]
    parts: dict[str, int]
    as_of: datetime
    days: dict[str, dict[str, int]] = {}


@dataclass
class Figures:
    """The roll-ups of one unit over the months that were asked for."""

    by_month: dict[tuple[str, date], Month] = field(default_factory=dict)

    def month_value(self, metric: str, month: date) -> int:
        """The sum of one month."""
        row = self.by_month.get((METRICS[metric].source, month))
        return int(row.values.get(metric, 0)) if row else 0

    def total(self, metric: str, period: Period) -> int:
        """The sum over a period up to its last counted day."""
        return sum(
            self._until(metric, month, period.until) for month in period.months if month <= period.until
        )

    def _until(self, metric: str, month: date, until: date) -> int:
        row = self.by_month.get((METRICS[metric].source, month))
        if row is None:
            return 0
        if (month.year, month.month) != (until.year, until.month):
            return int(row.values.get(metric, 0))
        days: dict[str, int] = row.days.get(metric, {})
        return sum(amount for day, amount in days.items() if int(day) <= until.day)

    def pending(self, source: str, period: Period) -> int:
        """Rows of the period that wait for review."""
        return sum(
            row.pending
            for (code, month), row in self.by_month.items()
            if code == source and month in period.months
        )

    def estimated(self, metric: str, period: Period) -> int:
        """How many rows of the period are estimates in this metric."""
        source = METRICS[metric].source
        return sum(
            int(row.estimated.get(metric, 0))
            for (code, month), row in self.by_month.items()
            if code == source and month in period.months
        )

    def parts(self, source: str, period: Period) -> dict[str, int]:
        """Rows by part (kind of activity …), largest first."""
        found: dict[str, int] = defaultdict(int)
        for (code, month), row in self.by_month.items():
            if code == source and month in period.months:
                for part, count in row.parts.items():
                    found[part] += count
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @property
    def as_of(self) -> datetime | None:
        """When the oldest of these roll-ups of the last month was made."""
        return max((row.as_of for row in self.by_month.values()), default=None)


def figures_of(units: Iterable[Unit], periods: Iterable[Period]) -> dict[int, Figures]:
    """Two queries for all units and months: the sums by day are long and only read for the months a period
    is cut off in."""
    ids, asked = [unit.pk for unit in units], list(periods)
    months = {month for period in asked for month in period.months}
    cut = months & {period.until.replace(day=1) for period in asked}
    found = {pk: Figures() for pk in ids}
    rows = MetricRollup.objects.filter(unit_id__in=ids)
    columns = ("unit_id", "source", "month", "pending", "values", "estimated", "parts", "as_of")
    whole = rows.filter(month__in=months - cut).values_list(*columns)
    for unit_id, source, month, *said in (*whole, *rows.filter(month__in=cut).values_list(*columns, "days")):
        found[unit_id].by_month[source, month] = Month(*said)
    return found


def last_days(units: Iterable[Unit], *, source: str) -> dict[int, date]:
    """The last day with a counted row by unit, whatever period is looked at."""
    rows = MetricRollup.objects.filter(
        unit_id__in=[unit.pk for unit in units], source=source, last_on__isnull=False
    )
    return dict(rows.values_list("unit_id").annotate(Max("last_on")).order_by())


@dataclass(frozen=True)
class Completeness:
    """How many of the units that should report did, over the elapsed months."""

    reported: int
    expected: int
    silent: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """0–100; 100 when nobody has to report."""
        return round(self.reported * 100 / self.expected, 1) if self.expected else 100.0

    @property
    def is_enough(self) -> bool:
        """May this unit be compared with others?"""
        return self.percent >= COMPLETE_FROM


def reporting_level(unit: Unit) -> int:
    """Townships report for everything above them; below a township its villages do."""
    return int(Level.TOWNSHIP if unit.level < Level.TOWNSHIP else Level.VILLAGE)


def completeness_of(
    unit: Unit, children: list[Unit], period: Period, *, source: str
) -> tuple[Completeness, dict[int, Completeness]]:
    """Completeness of a unit and of each child: who of the reporting level has a row (counted or waiting) in
    each elapsed month. A child without units of that level reports for itself. Two queries."""
    level, months = reporting_level(unit), period.elapsed_months
    reporting = Unit.objects.open().under(unit.path).filter(level=level)
    duty = dict(reporting.values_list("path", "short_name"))
    own = {
        child.path: child.short_name for child in children if not any(p.startswith(child.path) for p in duty)
    }
    rows = MetricRollup.objects.filter(
        below(unit.path, "unit__"),
        source=source,
        month__in=months,
        unit__level__in={level, *_levels(children)},
    )
    seen: dict[str, set[date]] = defaultdict(set)
    for path, month in rows.values_list("unit__path", "month"):
        seen[path].add(month)
    all_duty = duty | own
    per_child = {
        child.pk: _complete({p: n for p, n in all_duty.items() if p.startswith(child.path)}, seen, months)
        for child in children
    }
    return _complete(all_duty, seen, months), per_child


def _levels(children: list[Unit]) -> set[int]:
    return {child.level for child in children}


def _complete(duty: dict[str, str], seen: dict[str, set[date]], months: list[date]) -> Completeness:
    reported = sum(len(seen.get(path, set()).intersection(months)) for path in duty)
    latest = months[-1:] if months else []
    silent = [name for path, name in duty.items() if latest and latest[0] not in seen.get(path, set())]
    return Completeness(reported, len(duty) * len(months), tuple(silent))


def percent_change(now: int, before: int) -> float | None:
    """Change in percent, or None when there is nothing to compare with."""
    return round((now - before) * 100 / before, 1) if before else None
