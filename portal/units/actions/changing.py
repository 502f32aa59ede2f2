"""Rename, close, move, merge: now, or planned for a later date. One change row is the plan and the history."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM, Actor
from portal.access.permissions import Perm
from portal.journal.actions import record
from portal.units import impact, queries
from portal.units.actions.applying import apply
from portal.units.actions.permissions import perm_for, require
from portal.units.actions.tree import lock_tree, person, refresh_scope
from portal.units.checks import check
from portal.units.models import ChangeKind, Unit, UnitChange
from portal.units.rules import Refused


def rename(*, unit: Unit, name: str, short_name: str, actor: Actor, **when: Any) -> UnitChange:
    """Give a unit another name; the old one stays findable. `when`: effective_on, reason, client_token."""
    return _change(ChangeKind.RENAME, unit, actor=actor, name=name, short_name=short_name, **when)


def close(*, unit: Unit, actor: Actor, **when: Any) -> UnitChange:
    """Close a unit without open units below; its rows stay, roles at it end."""
    return _change(ChangeKind.CLOSE, unit, actor=actor, **when)


def move(*, unit: Unit, parent: Unit, actor: Actor, **when: Any) -> UnitChange:
    """Put a unit with everything below it under another parent; who may see it follows."""
    return _change(ChangeKind.MOVE, unit, target=parent, actor=actor, **when)


def merge(*, unit: Unit, into: Unit, actor: Actor, **when: Any) -> UnitChange:
    """Merge a unit into another: children, divisions and roles go there, its own rows stay with it as history."""
    return _change(ChangeKind.MERGE, unit, target=into, actor=actor, **when)


@transaction.atomic
def _change(
    kind: str,
    unit: Unit,
    *,
    actor: Actor,
    target: Unit | None = None,
    name: str = "",
    short_name: str = "",
    effective_on: date | None = None,
    reason: str = "",
    client_token: str | None = None,
) -> UnitChange:
    known = UnitChange.objects.filter(client_token=client_token).first() if client_token else None
    if known is not None:
        return known
    lock_tree()
    unit = Unit.objects.get(pk=unit.pk)
    target = Unit.objects.get(pk=target.pk) if target is not None else None
    may_change(kind, unit, target, actor=actor)
    on = effective_on or timezone.localdate()
    check(kind, unit=unit, on=on, target=target, name=name, short_name=short_name)
    before, after = _facts(kind, unit, target, name, short_name)
    change = UnitChange.objects.create(
        unit=unit, kind=kind, effective_on=on, before=before, after=after, reason=reason,
        impact=impact.of(unit).as_dict(), created_by=person(actor), client_token=client_token,
    )  # fmt: skip
    if on > timezone.localdate():
        details = {"kind": str(kind), "on": on.isoformat()} | after
        record("unit.change_planned", actor=actor, target=unit, unit=unit, changed=["plan"], details=details)
    else:
        apply(change, actor=actor)
        refresh_scope(actor)
    return change


def may_change(kind: str, unit: Unit, target: Unit | None, *, actor: Any) -> None:
    """Permission at the unit above, and above (or at) the place it goes to. Raises PermissionDenied."""
    above = queries.parent_of(unit)
    if kind == ChangeKind.RENAME:
        require(actor, Perm.UNIT_EDIT, above)
        return
    perm = perm_for(level=unit.level, kind=unit.kind)
    require(actor, perm, above)
    if target is not None:
        require(actor, perm, target if kind == ChangeKind.MOVE else queries.parent_of(target) or target)


def _facts(
    kind: str, unit: Unit, target: Unit | None, name: str, short_name: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    if kind == ChangeKind.RENAME:
        return {"name": unit.name, "short_name": unit.short_name}, {"name": name, "short_name": short_name}
    above = queries.parent_of(unit)
    before = {"parent": above.unit_no, "parent_name": above.name} if above is not None else {}
    if kind == ChangeKind.MOVE and target is not None:
        return before, {"parent": target.unit_no, "parent_name": target.name}
    if target is not None:
        codes = list(unit.divisions.values_list("code", flat=True))
        children = list(queries.children_in_order(unit).values_list("unit_no", flat=True))
        return before | {"divisions": codes, "children": children}, {
            "into": target.unit_no,
            "into_name": target.name,
        }
    return before, {}


@transaction.atomic
def cancel(*, change: UnitChange, actor: Actor) -> None:
    """Call off a planned change; raises Refused when it is no longer waiting."""
    change = UnitChange.objects.select_related("unit").get(pk=change.pk)
    target = queries.by_no(change.after.get("parent") or change.after.get("into") or "")
    may_change(change.kind, change.unit, target if target != change.unit else None, actor=actor)
    waiting = UnitChange.objects.filter(
        pk=change.pk, applied_at__isnull=True, cancelled_at__isnull=True, failure=""
    )
    if not waiting.update(cancelled_at=timezone.now()):
        raise Refused(_("这项变动已经执行或取消。"))
    record("unit.change_cancelled", actor=actor, target=change.unit, unit=change.unit, changed=["plan"])


def apply_due() -> dict[str, int]:
    """Apply planned changes whose day has come, each for itself; one that cannot be made any more says why."""
    done = {"applied": 0, "failed": 0}
    for change in queries.due_changes():
        try:
            with transaction.atomic():
                lock_tree()
                if UnitChange.objects.filter(
                    pk=change.pk, applied_at__isnull=True, cancelled_at__isnull=True
                ).exists():
                    apply(change, actor=SYSTEM)
            done["applied"] += 1
        except Refused as refused:
            _fail(change, refused.sentence)
            done["failed"] += 1
    return done


@transaction.atomic
def _fail(change: UnitChange, sentence: str) -> None:
    if UnitChange.objects.filter(pk=change.pk, applied_at__isnull=True, failure="").update(
        failure=sentence[:200]
    ):
        record(
            "unit.change_failed",
            actor=SYSTEM,
            target=change.unit,
            unit=change.unit,
            details={"why": sentence},
        )
