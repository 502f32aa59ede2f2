"""The steps of a record as its page tells them."""

from typing import Any

from django.utils.translation import gettext as _

from portal.reviews.queries import history_of


def timeline(row: Any, began: Any) -> list[dict[str, Any]]:
    """Steps with people and reasons, for the timeline component."""
    found: list[dict[str, Any]] = [{"title": _("新建"), "at": began, "by": row.created_by or ""}]
    for step in history_of(row):
        label = row.transitions[step.step].label if step.step in row.transitions else step.step
        found.append({"title": label, "at": step.at, "by": step.by or _("系统"), "note": step.reason})
    return found
