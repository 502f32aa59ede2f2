"""Adding a unit."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import Actor
from portal.journal.actions import record
from portal.units import queries
from portal.units.actions.permissions import perm_for, require
from portal.units.actions.tree import lock_tree, person
from portal.units.models import ChangeKind, CodeSystem, Division, Unit, UnitChange, UnitKind
from portal.units.rules import Refused, belongs_to, check_place


@transaction.atomic
def add_unit(
    *,
    parent: Unit,
    name: str,
    short_name: str,
    level: int,
    actor: Actor,
    kind: str = UnitKind.FEDERATION,
    unit_no: str = "",
    opened_on: date | None = None,
    reason: str = "",
    client_token: str | None = None,
) -> Unit:
    """Add a unit below `parent`; raises Refused. Without a 12-digit code it gets the number `<parent>-NN`."""
    known = UnitChange.objects.filter(client_token=client_token).first() if client_token else None
    if known is not None:
        return known.unit
    lock_tree()
    parent = Unit.objects.get(pk=parent.pk)
    require(actor, perm_for(level=level, kind=kind), parent)
    on = opened_on or timezone.localdate()
    check_new(parent=parent, name=name, level=level, kind=kind, unit_no=unit_no)
    unit: Unit = Unit.objects.add_child(
        parent,
        {
            "unit_no": unit_no or queries.next_number(parent),
            "name": name, "short_name": short_name, "level": level, "kind": kind, "opened_on": on,
        },
    )  # fmt: skip
    unit.divisions.set(Division.objects.filter(code_system=CodeSystem.NBS, code=unit.unit_no))
    UnitChange.objects.create(
        unit=unit, kind=ChangeKind.ADD, effective_on=on, reason=reason, applied_at=timezone.now(),
        after={"name": name, "short_name": short_name, "parent": parent.unit_no, "parent_name": parent.name},
        created_by=person(actor), client_token=client_token,
    )  # fmt: skip
    record(
        "unit.added",
        actor=actor,
        target=unit,
        unit=unit,
        changed=["name", "parent"],
        details=_facts(unit, parent),
    )
    return unit


def _facts(unit: Unit, parent: Unit) -> dict[str, Any]:
    return {
        "unit_no": unit.unit_no,
        "name": unit.name,
        "level": unit.level,
        "kind": unit.kind,
        "parent": parent.unit_no,
    }


def check_new(*, parent: Unit, name: str, level: int, kind: str, unit_no: str) -> None:
    """May such a unit be added here? Raises Refused."""
    if parent.is_closed:
        raise Refused(_("%(unit)s已经撤销，不能新增下级。") % {"unit": parent.name})
    check_place(
        name=name,
        level=level,
        kind=kind,
        parent_name=parent.name,
        parent_level=parent.level,
        parent_kind=parent.kind,
    )
    if not unit_no:
        return
    if not (unit_no.isascii() and unit_no.isdigit() and len(unit_no) == 12):
        raise Refused(_("区划代码应是 12 位数字；没有代码可以不填，系统自动编号。"))
    if not belongs_to(unit_no, parent.unit_no):
        raise Refused(
            _("代码 %(code)s 不在%(parent)s的代码范围内。") % {"code": unit_no, "parent": parent.name}
        )
    taken = queries.by_no(unit_no)
    if taken is not None:
        raise Refused(_("代码 %(code)s 已经是%(unit)s的编号。") % {"code": unit_no, "unit": taken.name})
