"""Drafts as personal data: what a person may take away or have erased, and how long they stay."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.drafts import actions, queries
from portal.drafts.holder import Holder
from portal.drafts.models import FormDraft
from portal.privacy.registry import DataSource, Person, Retention


def _of(person: Person) -> QuerySet[FormDraft]:
    return queries.held_by(Holder(user=person.user, phone_hash=person.phone_hash))


def export_of(person: Person) -> list[dict[str, Any]]:
    """Every draft with its words."""
    return [
        {"form": draft.label, "saved_at": draft.updated_at.isoformat(), "fields": actions.content_of(draft)}
        for draft in _of(person)
    ]


def erase_of(person: Person, actor: Any) -> int:
    """Throw the person's drafts away."""
    tokens = list(_of(person).values_list("token", flat=True))
    holder = Holder(user=person.user, phone_hash=person.phone_hash)
    return sum(actions.discard(token=token, holder=holder) for token in tokens)


def purge(now: datetime) -> int:
    """Delete drafts past their time."""
    return actions.purge_expired(now=now)


SOURCE = DataSource(code="drafts", label=_("没写完的草稿"), export=export_of, erase=erase_of)
RETENTION = Retention(
    code="drafts",
    what=_("没写完的草稿"),
    how_long=_("30 天没有改动就删除；登录中断时保存的 24 小时后删除"),
    purge=purge,
)
