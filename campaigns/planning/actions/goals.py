"""Writes on goals."""

from collections.abc import Mapping

from django.db import transaction

from campaigns.planning.models import Campaign, Goal
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.units.models import Unit


@transaction.atomic
def set_goal(
    *, actor: User, unit: Unit, metric: str, year: int, target: int, campaign: Campaign | None = None
) -> Goal:
    """What `unit` means to reach; setting it again changes it, with the old value in the journal."""
    scope_of(actor).require(Perm.GOAL_EDIT, unit)
    if target < 0:
        raise ValueError("a target is not negative")
    known = Goal.objects.filter(unit=unit, metric=metric, year=year, campaign=campaign).first()
    before = known.target if known else None
    goal, _ = Goal.objects.update_or_create(
        unit=unit, metric=metric, year=year, campaign=campaign, defaults={"target": target, "set_by": actor}
    )
    if before != target:
        details = {"metric": metric, "year": year, "before": before, "after": target}
        record("goal.set", actor=actor, target=goal, changed=["target"], details=details)
    return goal


@transaction.atomic
def set_goals(
    *, actor: User, campaign: Campaign, metric: str, year: int, targets: Mapping[Unit, int | None]
) -> int:
    """A whole table of targets at once, all or none; None takes a target away. Returns how many changed."""
    changed = 0
    known = {
        goal.unit_id: goal
        for goal in Goal.objects.filter(unit__in=list(targets), metric=metric, year=year, campaign=campaign)
    }
    for unit, target in targets.items():
        goal = known.get(unit.pk)
        if target is None and goal is not None:
            scope_of(actor).require(Perm.GOAL_EDIT, unit)
            details = {"metric": metric, "year": year, "before": goal.target, "after": None}
            record("goal.removed", actor=actor, target=goal, changed=["target"], details=details)
            goal.delete()
            changed += 1
        elif target is not None and (goal is None or goal.target != target):
            set_goal(actor=actor, unit=unit, metric=metric, year=year, target=target, campaign=campaign)
            changed += 1
    return changed
