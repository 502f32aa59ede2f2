"""Goals against what was reached and the time that is gone (序时进度, domain reference §9.6).

Figures come from the roll-ups, by whole months; they count everything a unit did in the metric, whatever campaign
it was logged under.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from campaigns.planning import queries
from campaigns.planning.models import Campaign, Goal
from campaigns.planning.rules import Pace, elapsed_percent, pace
from portal.dashboards.figures import figures_of
from portal.dashboards.periods import Period
from portal.metrics import METRICS, SOURCES, Metric
from portal.units.models import Unit

SMALL = 5


@dataclass(frozen=True)
class Reached:
    """One unit in one metric: the target (None when none is set), what was reached, the share of time gone."""

    unit: Unit
    metric: Metric
    target: int | None
    done: int
    elapsed: float
    url: str

    @property
    def percent(self) -> float:
        """Share of the target reached, 0 or more."""
        return round(self.done * 100 / self.target, 1) if self.target else 0.0

    @property
    def left(self) -> int:
        """What is missing to the target."""
        return max((self.target or 0) - self.done, 0)

    @property
    def pace(self) -> Pace | None:
        """The state in words; None without a target."""
        return pace(self.done, self.target, self.elapsed) if self.target is not None else None


@dataclass(frozen=True)
class Stretch:
    """The part of a year that a campaign covers."""

    first: date
    last: date

    def elapsed(self, day: date) -> float:
        """Share of it that is over."""
        return elapsed_percent(self.first, self.last, day)

    def months(self, day: date) -> list[Period]:
        """Its months as periods that end today."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(Period("month", month.year, month.month, day))
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def stretch(campaign: Campaign, year: int) -> Stretch | None:
    """The days of the campaign in a year, or None when it does not touch that year."""
    first, last = max(campaign.starts_on, date(year, 1, 1)), min(campaign.ends_on, date(year, 12, 31))
    return Stretch(first, last) if first <= last else None


def years_of(campaign: Campaign) -> list[int]:
    """The years a campaign touches."""
    return list(range(campaign.starts_on.year, campaign.ends_on.year + 1))


def year_shown(campaign: Campaign, today: date) -> int:
    """This year while the campaign runs, else its first or last year."""
    return min(max(today.year, campaign.starts_on.year), campaign.ends_on.year)


def reached(campaign: Campaign, goals: Iterable[Goal], *, year: int, today: date) -> list[Reached]:
    """Each goal with what was reached; three queries whatever the number of goals."""
    rows = [goal for goal in goals if goal.metric in METRICS]
    targets: dict[tuple[int, str], int | None] = {(goal.unit_id, goal.metric): goal.target for goal in rows}
    wanted = list({goal.unit_id: goal.unit for goal in rows}.values())
    return table(campaign, wanted, targets, year=year, today=today)


def table(
    campaign: Campaign,
    units: Iterable[Unit],
    targets: dict[tuple[int, str], int | None],
    *,
    year: int,
    today: date,
) -> list[Reached]:
    """The same for chosen units: one line for each unit and metric in `targets`, in the order of the units."""
    span = stretch(campaign, year)
    if span is None:
        return []
    months, everybody = span.months(today), list(units)
    figures = figures_of(everybody, months)
    return [
        Reached(
            unit,
            METRICS[metric],
            target,
            sum(figures[unit.pk].total(metric, month) for month in months),
            span.elapsed(today),
            _link(unit, METRICS[metric], span.first, min(span.last, today)),
        )
        for unit in everybody
        for (pk, metric), target in targets.items()
        if pk == unit.pk
    ]


def _link(unit: Unit, metric: Metric, first: date, last: date) -> str:
    return SOURCES[metric.source].link(unit, first, max(first, last), "")


def own(campaign: Campaign, *, today: date) -> list[Reached]:
    """The goals of the leading unit, for the public page; small figures stay inside (design §2)."""
    year = year_shown(campaign, today)
    goals = queries.goals_of(Unit.objects.filter(pk=campaign.unit_id), year).filter(campaign=campaign)
    rows = reached(campaign, goals.order_by("metric"), year=year, today=today)
    return [row for row in rows if row.done >= SMALL]


def check_sum(rows: list[Reached], top: Unit) -> dict[str, Any] | None:
    """Do the targets of the units below add up to the target of the unit above? None when there is none."""
    mine = next((row.target for row in rows if row.unit.pk == top.pk), None)
    parts = [row.target for row in rows if row.unit.pk != top.pk and row.target is not None]
    if mine is None or not parts:
        return None
    return {"target": mine, "parts": sum(parts), "gap": mine - sum(parts)}
