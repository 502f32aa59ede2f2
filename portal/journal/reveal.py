"""Reading the encrypted values of an entry: with a reason, and written down itself."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.journal import queries
from portal.journal.actions import read_details, record
from portal.journal.models import JournalEntry


@transaction.atomic
def reveal(*, actor: Any, entry: JournalEntry, reason: str) -> dict[str, Any] | None:
    """The values, or None when there are none or the person was erased."""
    if not reason.strip() or not queries.readable(scope_of(actor)).filter(pk=entry.pk).exists():
        raise PermissionDenied("details need the right to the entry and a reason")
    record("journal.revealed", actor=actor, target=entry, unit=entry.unit, details={"reason": reason.strip()})
    return read_details(entry)


@transaction.atomic
def verify(*, actor: Any) -> Job:
    """Ask for a walk along the whole chain; the job page shows what came of it."""
    scope_of(actor).require(Perm.JOURNAL_READ)
    job = enqueue("journal.verify", by=actor)
    record("journal.verified", actor=actor, target=job)
    return job
