"""Checks of a change that need the database. They raise `Refused`; `warnings` only tell."""

from datetime import date

from django.utils.translation import gettext as _

from portal.units import queries
from portal.units.models import ChangeKind, Unit, UnitChange
from portal.units.rules import MOST_NAME, Refused, check_not_below, check_place


def check(
    kind: str,
    *,
    unit: Unit,
    on: date,
    target: Unit | None = None,
    name: str = "",
    short_name: str = "",
    planned: UnitChange | None = None,
) -> None:
    """May this change be made to this unit? `target`: new parent or survivor; `planned`: the change being applied."""
    _check_unit(unit, on, planned)
    if kind == ChangeKind.RENAME:
        _check_names(unit, name, short_name)
    elif kind == ChangeKind.CLOSE:
        _check_close(unit)
    elif target is not None:
        _check_target(kind, unit, target)
    else:
        raise Refused(_("请选择单位。"))


def _check_unit(unit: Unit, on: date, planned: UnitChange | None) -> None:
    if unit.is_closed:
        raise Refused(_("%(unit)s已经撤销，不能再变动。") % {"unit": unit.name})
    if unit.opened_on and on < unit.opened_on:
        raise Refused(_("生效日期不能早于成立日期 %(date)s。") % {"date": unit.opened_on.isoformat()})
    waiting = pending(unit)
    if waiting is not None and waiting != planned:
        values = {
            "unit": unit.name,
            "date": waiting.effective_on.isoformat(),
            "kind": waiting.get_kind_display(),
        }
        raise Refused(_("%(unit)s已安排 %(date)s %(kind)s，请先取消那一项。") % values)


def _check_names(unit: Unit, name: str, short_name: str) -> None:
    if not name or not short_name or len(name) > MOST_NAME or len(short_name) > 40:
        raise Refused(_("请填写全称(不超过 60 字)和简称(不超过 40 字)。"))
    if (name, short_name) == (unit.name, unit.short_name):
        raise Refused(_("新名称与现在的名称相同。"))


def _check_close(unit: Unit) -> None:
    below = Unit.objects.under(unit.path).open().exclude(pk=unit.pk).count()
    if below:
        values = {"unit": unit.name, "n": below}
        raise Refused(_("%(unit)s还有 %(n)d 个下级单位，请先把它们调整、合并或撤销。") % values)


def _check_target(kind: str, unit: Unit, target: Unit) -> None:
    check_not_below(unit_path=unit.path, target_path=target.path, unit=unit.name, target=target.name)
    if target.is_closed:
        raise Refused(_("%(unit)s已经撤销，请另选一个单位。") % {"unit": target.name})
    if kind == ChangeKind.MOVE:
        _check_move(unit, target)
    else:
        _check_merge(unit, target)


def _check_move(unit: Unit, parent: Unit) -> None:
    if Unit.objects.get_parent(unit) == parent:
        raise Refused(_("%(unit)s本来就隶属%(parent)s。") % {"unit": unit.name, "parent": parent.name})
    _check_place(unit, parent)


def _check_merge(unit: Unit, survivor: Unit) -> None:
    if unit.level < survivor.level:
        values = {"unit": unit.name, "survivor": survivor.name}
        raise Refused(_("%(unit)s的级别高于%(survivor)s，不能并入。") % values)
    for child in queries.children_in_order(unit):
        if child != survivor:
            _check_place(child, survivor)


def _check_place(unit: Unit, parent: Unit) -> None:
    check_place(
        name=unit.name, level=unit.level, kind=unit.kind,
        parent_name=parent.name, parent_level=parent.level, parent_kind=parent.kind,
    )  # fmt: skip


def pending(unit: Unit) -> UnitChange | None:
    """The change of this unit that waits for its date."""
    return UnitChange.objects.filter(
        unit=unit, applied_at__isnull=True, cancelled_at__isnull=True, failure=""
    ).first()


def warnings(parent: Unit | None, short_name: str, *, but: Unit | None = None) -> list[str]:
    """Not forbidden, but worth a second look: the same name twice under one parent."""
    if parent is None:
        return []
    same = queries.children_in_order(parent).filter(short_name=short_name)
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exists():
        return [
            _("%(parent)s下面已有“%(name)s”，请确认不是同一个单位。")
            % {"parent": parent.name, "name": short_name}
        ]
    return []
