"""What one person may do with a unit now, and which units stand to choice."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.units import queries
from portal.units.actions.permissions import perm_for
from portal.units.models import ChangeKind, Unit
from portal.units.rules import TERRITORIAL, is_territorial


def perm_of(unit: Unit) -> Perm:
    """The permission that moving, merging and closing this unit takes."""
    return perm_for(level=unit.level, kind=unit.kind)


def changes_for(unit: Unit, scope: Scope, above: Unit | None) -> list[str]:
    """The kinds of change this person may make to the unit."""
    if unit.is_closed or above is None:
        return []
    kinds = [ChangeKind.RENAME] if scope.may(Perm.UNIT_EDIT, above) else []
    if scope.may(perm_of(unit), above):
        kinds += [ChangeKind.MOVE, ChangeKind.MERGE, ChangeKind.CLOSE]
    return [str(kind) for kind in kinds]


def may_add(unit: Unit, scope: Scope) -> bool:
    """May this person add units below?"""
    return not unit.is_closed and (scope.may(Perm.UNIT_EDIT, unit) or scope.may(Perm.UNIT_REORGANISE, unit))


def parents_for(unit: Unit, scope: Scope) -> QuerySet[Unit]:
    """Units that `unit` could be put under."""
    above = queries.parent_of(unit)
    rows = scope.rows(Unit.objects.open(), perm_of(unit)).exclude(below(unit.path))
    rows = (
        rows.filter(level__lt=unit.level) if is_territorial(unit.kind) else rows.filter(level__lte=unit.level)
    )
    if is_territorial(unit.kind):
        rows = rows.filter(kind__in=TERRITORIAL)
    return rows.exclude(pk=above.pk) if above is not None else rows


def survivors_for(unit: Unit, scope: Scope) -> QuerySet[Unit]:
    """Units that `unit` could be merged into: of its level, inside the reach."""
    rows = scope.rows(Unit.objects.open(), perm_of(unit)).exclude(below(unit.path))
    return rows.filter(level=unit.level, kind__in=TERRITORIAL if is_territorial(unit.kind) else [unit.kind])


def require_change(kind: str, unit: Unit, scope: Scope, above: Unit | None) -> None:
    """Raise PermissionDenied for a change that is not offered."""
    if kind not in changes_for(unit, scope, above):
        raise PermissionDenied(f"{kind} refused")


def require_add(unit: Unit, scope: Scope) -> None:
    """Raise PermissionDenied unless units may be added below."""
    if not may_add(unit, scope):
        raise PermissionDenied("add refused")


def buttons(unit: Unit, scope: Scope, above: Unit | None) -> list[dict[str, Any]]:
    """Kinds of change with their words, for the page."""
    return [{"kind": kind, "label": ChangeKind(kind).label} for kind in changes_for(unit, scope, above)]
