"""A piece of content to publish: a unit's history row, registered as a kind of its own for the tests."""

from typing import Any

from django.utils import timezone

from portal.publication import actions, registry, rules
from portal.publication.models import Publication
from portal.publication.registry import ContentType
from portal.units.models import Unit, UnitChange

ALL_ANSWERS = tuple(rules.CHECKLIST)


def snapshot(change: UnitChange) -> dict[str, Any]:
    """What the public would see."""
    return {"title": change.kind, "text": change.reason, "author": "张*", "photos": []}


def content_type(code: str = "note", **fields: Any) -> ContentType:
    """A kind of content whose rows are UnitChange."""
    defaults: dict[str, Any] = {
        "snapshot": snapshot,
        "public_url": lambda change: f"/notes/{change.pk}/",
        "staff_url": lambda change: f"/staff/notes/{change.pk}/",
        "author_refs": lambda change: {change.created_by_id} if change.created_by_id else set(),
    }
    return ContentType(code, UnitChange, "短文", **(defaults | fields))


def make_content(
    unit: Unit, *, author: Any = None, text: str = "传家训，立家规。", title: str = "家风一则"
) -> UnitChange:
    """One piece of content at a unit."""
    return UnitChange.objects.create(
        unit=unit,
        kind=title,
        reason=text,
        effective_on=timezone.localdate(),
        applied_at=timezone.now(),
        created_by=author,
    )


def published(obj: UnitChange, *, author: Any, editor: Any, publisher: Any) -> Publication:
    """An object brought through the whole gate."""
    row = actions.request(obj, actor=author)
    actions.pass_edit(row, actor=editor, answers=ALL_ANSWERS)
    actions.publish(row, actor=publisher, answers=ALL_ANSWERS)
    return row


def install(**fields: Any) -> ContentType:
    """Register the test kind."""
    kind = content_type(**fields)
    registry.CONTENT_TYPES[kind.code] = kind
    return kind
