"""Yearly goals for the figures registry."""

from collections.abc import Iterable

from campaigns.planning.models import Goal
from portal.metrics import set_goal_reader


def read_goals(unit_ids: Iterable[int], year: int) -> dict[tuple[int, str], int]:
    """Targets by unit and metric; goals of several campaigns for one metric add up."""
    found: dict[tuple[int, str], int] = {}
    rows = Goal.objects.filter(unit_id__in=list(unit_ids), year=year).order_by("pk")
    for unit_id, metric, target in rows.values_list("unit_id", "metric", "target"):
        found[unit_id, metric] = found.get((unit_id, metric), 0) + target
    return found


set_goal_reader(read_goals)
