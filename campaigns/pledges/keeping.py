"""A signer's data on request, and the end of what is past its time."""

from datetime import datetime
from typing import Any

from campaigns.pledges import queries
from campaigns.pledges.actions import signing
from portal.privacy.queries import about
from portal.privacy.registry import Person


def export_of(person: Person) -> list[dict[str, Any]]:
    """Everything kept about the pledges of a phone, as plain data."""
    if not person.phone_hash:
        return []
    return [_plain(row) for row in queries.of_phone(person.phone_hash)]


def _plain(row: Any) -> dict[str, Any]:
    return {
        "no": row.record.no,
        "pledge": str(row.template),
        "clauses": row.template.clauses,
        "signer": row.signer_name,
        "relation": row.get_relation_display(),
        "members": row.members,
        "guardian": row.guardian_name,
        "supervisor": row.supervisor_name,
        "phone": row.phone,
        "area": row.record.unit.name,
        "signed_at": row.record.signed_at,
        "method": row.record.get_method_display(),
        "status": row.record.get_status_display(),
        "on_wall": row.display_consent,
        "drawn": bool(row.sign_image),
        "digest_sm3": row.doc_hash,
        "consents": [
            {"type": one.get_type_display(), "given_at": one.given_at, "withdrawn_at": one.withdrawn_at}
            for one in about(row)
        ],
    }


def erase_of(person: Person, actor: Any) -> int:
    """Withdraw and delete all signatures of a phone; the caller has made sure that it is the person who asks."""
    rows = list(queries.of_phone(person.phone_hash)) if person.phone_hash else []
    for row in rows:
        signing.erase(row, actor=actor)
    return len(rows)


def purge_old(now: datetime) -> int:
    """Signatures older than three years lose the person; the count stays (domain reference §10.4)."""
    rows = list(queries.past_keeping(now)[:500])
    for row in rows:
        signing.forget(row)
    return len(rows)
