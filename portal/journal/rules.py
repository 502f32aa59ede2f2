"""How the chain is made: one digest over an entry and the digest before it. No database."""

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.journal.models import JournalEntry

GENESIS = "0" * 64


def link(entry: "JournalEntry", *, seq: int, previous: str) -> str:
    """The digest of one link: everything of the entry and the digest before it."""
    parts = [
        seq, previous, entry.pk, entry.at.astimezone(UTC).isoformat(), entry.verb,
        entry.actor_ref, entry.unit_id, entry.target_type, entry.target_id, entry.changed, entry.digest,
        entry.request_id, entry.ip,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
