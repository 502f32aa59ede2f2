"""Reads of the journal."""

from collections.abc import Iterator

from django.db.models import Model, QuerySet

from portal.journal.models import JournalEntry, JournalSeal
from portal.journal.rules import GENESIS, link


def about(target: Model) -> QuerySet[JournalEntry]:
    """The entries of one object, oldest first."""
    return JournalEntry.objects.filter(
        target_type=target._meta.label_lower, target_id=str(target.pk)
    ).order_by("pk")


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
