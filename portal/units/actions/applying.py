"""Carrying out a change in the tree. Called with the tree locked, inside a transaction."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import Actor
from portal.journal.actions import record
from portal.units import impact, queries
from portal.units.checks import check
from portal.units.models import ChangeKind, Unit, UnitChange
from portal.units.rules import Refused

_VERBS = {
    ChangeKind.RENAME: "unit.renamed",
    ChangeKind.CLOSE: "unit.closed",
    ChangeKind.MOVE: "unit.moved",
    ChangeKind.MERGE: "unit.merged",
}


def apply(change: UnitChange, *, actor: Actor) -> None:
    """Make the change (checked again: the tree may have moved on since it was planned); raises Refused."""
    unit = Unit.objects.get(pk=change.unit_id)
    target = _target(change)
    name, short_name = change.after.get("name", ""), change.after.get("short_name", "")
    check(
        change.kind,
        unit=unit,
        on=change.effective_on,
        target=target,
        name=name,
        short_name=short_name,
        planned=change,
    )
    if change.kind == ChangeKind.RENAME:
        done = _rename(unit, name, short_name)
    elif change.kind == ChangeKind.CLOSE:
        done = _close(unit, change, actor)
    elif target is not None and change.kind == ChangeKind.MOVE:
        done = _move(unit, target)
    elif target is not None:
        done = _merge(unit, target, change, actor)
    UnitChange.objects.filter(pk=change.pk).update(applied_at=timezone.now())
    change.refresh_from_db()
    details = {"before": change.before, "after": change.after, "done": done, "reason": change.reason}
    record(
        _VERBS[ChangeKind(change.kind)],
        actor=actor,
        target=unit,
        unit=unit,
        changed=list(change.after),
        details=details,
    )
    _tell_former_parent(change, Unit.objects.get(pk=unit.pk), actor)


def _tell_former_parent(change: UnitChange, unit: Unit, actor: Actor) -> None:
    """Those who no longer see the unit learn where it went."""
    former = queries.by_no(change.before.get("parent") or "")
    if former is not None and not unit.path.startswith(former.path):
        record("unit.left", actor=actor, target=unit, unit=former, changed=["parent"], details=change.after)


def _target(change: UnitChange) -> Unit | None:
    number = change.after.get("parent") or change.after.get("into")
    if not number:
        return None
    unit = queries.by_no(number)
    if unit is None:
        raise Refused(_("单位 %(no)s 已不存在。") % {"no": number})
    return unit


def _rename(unit: Unit, name: str, short_name: str) -> dict[str, Any]:
    former = [word for word in (unit.short_name, unit.name) if word not in {name, short_name, *unit.aliases}]
    unit.aliases = [*unit.aliases, *former]
    unit.name, unit.short_name = name, short_name
    unit.save(update_fields=["name", "short_name", "aliases"])
    return {}


def _close(unit: Unit, change: UnitChange, actor: Actor) -> dict[str, Any]:
    Unit.objects.filter(pk=unit.pk).update(closed_on=change.effective_on)
    return impact.tell("close", unit=unit, actor=actor)


def _move(unit: Unit, parent: Unit) -> dict[str, Any]:
    Unit.objects.move(unit, parent, "last-child")
    return {}


def _merge(unit: Unit, into: Unit, change: UnitChange, actor: Actor) -> dict[str, Any]:
    """Open children and divisions go over; the closed unit itself becomes a leaf below the survivor, so that whoever
    answers for the survivor keeps seeing what was done under the old name."""
    for child in queries.children_in_order(unit):
        Unit.objects.move(child, into, "last-child")
        into.refresh_from_db()
    divisions = list(unit.divisions.all())
    into.divisions.add(*divisions)
    unit.divisions.clear()
    unit.refresh_from_db()
    Unit.objects.filter(pk=unit.pk).update(closed_on=change.effective_on, replaced_by=into)
    if Unit.objects.get_parent(unit) != into:
        Unit.objects.move(unit, into, "last-child")
    unit.refresh_from_db()
    return impact.tell("merge", unit=unit, into=into, actor=actor) | {"divisions": len(divisions)}
