"""Reads of goals, and the units a plan can speak of."""

from django.db.models import QuerySet

from campaigns.planning.models import Campaign, Goal
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.units.models import Level, Unit


def goals_of(units: QuerySet[Unit], year: int, metric: str = "") -> QuerySet[Goal]:
    """Targets of units in a year."""
    rows = Goal.objects.filter(unit__in=units, year=year).select_related("unit", "campaign")
    return rows.filter(metric=metric) if metric else rows


def target(unit: Unit, metric: str, year: int) -> int | None:
    """The target a unit has for a metric in a year, over all campaigns; None when none was set."""
    rows = list(Goal.objects.filter(unit=unit, metric=metric, year=year).values_list("target", flat=True))
    return sum(rows) if rows else None


def units_that_plan(scope: Scope) -> QuerySet[Unit]:
    """Units of county level and above that this person may start a campaign for."""
    return (
        scope.rows(Unit.objects.open(), Perm.CAMPAIGN_EDIT).filter(level__lte=Level.COUNTY).order_by("path")
    )


def units_that_join(scope: Scope) -> QuerySet[Unit]:
    """Units of county level and above that can be named as organisers."""
    return scope.rows(Unit.objects.open(), Perm.UNIT_VIEW).filter(level__lte=Level.COUNTY).order_by("path")


def units_in_reach(scope: Scope, perm: Perm) -> QuerySet[Unit]:
    """Units down to township level for a select."""
    return scope.rows(Unit.objects.open(), perm).filter(level__lte=Level.TOWNSHIP).order_by("path")


def goal_top(scope: Scope, unit_no: str) -> Unit | None:
    """The unit a table of goals is about: the one asked for inside the scope, else the highest one."""
    rows = units_in_reach(scope, Perm.GOAL_EDIT)
    if unit_no:
        return rows.filter(unit_no=unit_no).first()
    return rows.order_by("depth", "path").first()


def goal_units(scope: Scope, top: Unit) -> list[Unit]:
    """The unit and those right below it, in division order."""
    rows = units_in_reach(scope, Perm.GOAL_EDIT).filter(below(top.path), depth__lte=top.depth + 1)
    return list(rows.order_by("depth", "sort", "path"))


def with_units_below(units: list[Unit], top: Unit) -> set[int]:
    """Which of the units below `top` have a table of their own."""
    return {unit.pk for unit in units if unit.pk != top.pk and unit.numchild and unit.level < Level.TOWNSHIP}


def targets_of(campaign: Campaign, units: list[Unit], metric: str, year: int) -> dict[int, int]:
    """Targets of a campaign by unit."""
    rows = Goal.objects.filter(campaign=campaign, unit__in=units, metric=metric, year=year)
    return dict(rows.values_list("unit_id", "target"))
