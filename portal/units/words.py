"""History in sentences."""

from typing import Any

from django.utils.translation import gettext as _

from portal.units.models import ChangeKind, Unit, UnitChange


def describe(change: UnitChange) -> str:
    """What a change does, in one sentence."""
    values = {**change.before, **{f"new_{key}": value for key, value in change.after.items()}}
    if change.kind == ChangeKind.RENAME:
        return _("由“%(name)s”更名为“%(new_name)s”") % _filled(values, "name", "new_name")
    if change.kind == ChangeKind.MOVE:
        return _("隶属由%(parent_name)s调整为%(new_parent_name)s") % _filled(
            values, "parent_name", "new_parent_name"
        )
    if change.kind == ChangeKind.MERGE:
        return _("并入%(new_into_name)s") % _filled(values, "new_into_name")
    if change.kind == ChangeKind.ADD:
        return _("新增，隶属%(new_parent_name)s") % _filled(values, "new_parent_name")
    return _("撤销")


def _filled(values: dict[str, Any], *keys: str) -> dict[str, str]:
    return {key: str(values.get(key) or "—") for key in keys}


def _told(change: UnitChange, unit: Unit) -> str:
    if change.unit_id == unit.pk:
        return describe(change)
    return _("%(unit)s并入本单位") % {"unit": change.unit.name}


def timeline(unit: Unit, changes: list[UnitChange]) -> list[dict[str, Any]]:
    """Entries for the history component: the unit's own changes, and what was merged into it."""
    return [
        {
            "title": f"{change.effective_on:%Y-%m-%d} {_told(change, unit)}",
            "at": change.applied_at or change.cancelled_at or change.created_at,
            "by": str(change.created_by or _("系统")),
            "note": _note(change),
            "tone": _tone(change),
        }
        for change in changes
    ]


def _note(change: UnitChange) -> str:
    if change.failure:
        return _("没有执行：%(why)s") % {"why": change.failure}
    if change.cancelled_at:
        return _("已取消。") + change.reason
    if change.is_planned:
        return _("已安排，到日自动执行。") + change.reason
    return change.reason


def _tone(change: UnitChange) -> str:
    if change.failure:
        return "bad"
    return "now" if change.is_planned else "" if change.cancelled_at else "ok"
