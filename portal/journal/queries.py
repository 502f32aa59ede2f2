"""Reads of the journal."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet

from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import Scope
from portal.journal.models import JournalEntry, JournalSeal
from portal.journal.rules import GENESIS, link


def about(target: Model) -> QuerySet[JournalEntry]:
    """The entries of one object, oldest first."""
    return JournalEntry.objects.filter(
        target_type=target._meta.label_lower, target_id=str(target.pk)
    ).order_by("pk")


# Verbs of a change that names no field: what hangs on the row (units, tags …) was changed.
EDITED = (".edited", ".saved", ".set", ".changed")


def newest_about(target: Model) -> int:
    """Key of the newest entry of an object, 0 without any."""
    return about(target).order_by("-pk").values_list("pk", flat=True).first() or 0


def was_changed(target: Model, since: int) -> bool:
    """Has anybody written into the object after that entry? Steps of a workflow, exports and the like do not count."""
    later = about(target).filter(pk__gt=since).values_list("verb", "changed")
    return any("status" not in changed and (changed or verb.endswith(EDITED)) for verb, changed in later)


def about_same(entry: JournalEntry) -> QuerySet[JournalEntry]:
    """All entries of the object that one entry tells about."""
    return JournalEntry.objects.filter(target_type=entry.target_type, target_id=entry.target_id)


def faults() -> Iterator[str]:
    """Walk the whole chain; yields one sentence per fault: a gap, a changed entry, a broken link."""
    previous, expected = GENESIS, 1
    for seal in JournalSeal.objects.select_related("entry").order_by("seq").iterator(chunk_size=2000):
        if seal.seq != expected:
            yield f"seal {expected} is missing (found {seal.seq})"
        if seal.previous != previous:
            yield f"seal {seal.seq} does not follow the one before it"
        if link(seal.entry, seq=seal.seq, previous=seal.previous) != seal.digest:
            yield f"entry {seal.entry_id} was changed after it was sealed (seal {seal.seq})"
        previous, expected = seal.digest, seal.seq + 1


def readable(scope: Scope) -> QuerySet[JournalEntry]:
    """The entries this person may read: those of units in reach; the audit administrator also those that
    belong to no unit (signing in, jobs)."""
    rows = JournalEntry.objects.select_related("unit")
    if not scope.has(Perm.JOURNAL_READ):
        return rows.none()
    inside = scope.rows(rows, Perm.JOURNAL_READ)
    return inside | rows.filter(unit__isnull=True) if Role.AUDIT_ADMIN in scope.roles else inside


def refs_of(name: str) -> list[str]:
    """Pseudonyms of the accounts whose name or user name holds these words."""
    users = get_user_model()._default_manager.filter(
        Q(display_name__icontains=name) | Q(username__icontains=name.lower())
    )
    return [str(ref) for ref in users.values_list("ref", flat=True)[:200]]
