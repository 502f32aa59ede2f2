"""A change as the preview shows it: what it touches, what gives cause for a second look."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from portal.units import actions, checks, impact, queries
from portal.units.actions.adding import check_new
from portal.units.models import ChangeKind, Unit

ACTIONS: dict[str, Callable[..., Any]] = {
    ChangeKind.RENAME: actions.rename,
    ChangeKind.CLOSE: actions.close,
    ChangeKind.MOVE: actions.move,
    ChangeKind.MERGE: actions.merge,
}


@dataclass
class Plan:
    """A dry run."""

    warnings: list[str]
    impact: impact.Impact
    is_future: bool = False


def plan_change(kind: str, unit: Unit, what: dict[str, Any]) -> Plan:
    """Check without writing and say what the change touches; raises Refused."""
    target = what.get("parent") or what.get("into")
    checks.check(
        kind, unit=unit, on=what["effective_on"], target=target,
        name=what.get("name", ""), short_name=what.get("short_name", ""),
    )  # fmt: skip
    below = what.get("parent") if kind == ChangeKind.MOVE else queries.parent_of(unit)
    named = kind in {ChangeKind.MOVE, ChangeKind.RENAME}
    warnings = checks.warnings(below, what.get("short_name") or unit.short_name, but=unit) if named else []
    return Plan(warnings, impact.of(unit), what["effective_on"] > timezone.localdate())


def plan_addition(parent: Unit, what: dict[str, Any]) -> Plan:
    """The same for a new unit."""
    check_new(
        parent=parent, name=what["name"], level=what["level"], kind=what["kind"], unit_no=what["unit_no"]
    )
    return Plan(checks.warnings(parent, what["short_name"]), impact.Impact(units=1))
