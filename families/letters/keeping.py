"""What of letters belongs to a person, and how long the recipient's number is kept."""

from typing import Any

from django.db import transaction

from families.letters import queries
from families.letters.models import Delivery
from portal.journal.actions import record
from portal.privacy.registry import Person


def export_of(person: Person) -> list[dict[str, Any]]:
    """Letters a family sent and received, as plain data."""
    sent, received = queries.about(person.phone_hash, person.user)
    return [_plain(row, is_received=False) for row in sent] + [
        _plain(row, is_received=True) for row in received
    ]


def _plain(row: Delivery, *, is_received: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "no": row.work.no, "title": row.work.title, "sent_at": row.sent_at, "opened_at": row.opened_at,
        "replied": row.reply_id is not None,
    }  # fmt: skip
    return plain | ({"text": row.work.text} if is_received else {"to_name": row.to_name, "phone": row.phone})


@transaction.atomic
def erase_of(person: Person, actor: Any) -> int:
    """A recipient has their number deleted: what was sent to it cannot be opened any more."""
    rows = list(Delivery.objects.filter(phone_hash=person.phone_hash)) if person.phone_hash else []
    for row in rows:
        record("letter.forgotten", actor=actor, target=row)
        row.delete()
    return len(rows)
