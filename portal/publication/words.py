"""Changing the words to watch."""

from typing import Any

from django.db import IntegrityError, transaction

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.publication.models import WatchWord


def add(*, actor: Any, word: str, strength: str, note: str = "") -> WatchWord | None:
    """A new word; None when it is known already."""
    scope_of(actor).require(Perm.WORD_EDIT)
    try:
        with transaction.atomic():
            row = WatchWord.objects.create(word=word, strength=strength, note=note, created_by=actor)
            record("watchword.added", actor=actor, target=row)
    except IntegrityError:
        return None
    return row


@transaction.atomic
def switch(pk: int, *, actor: Any, active: bool) -> None:
    """Use a word, or no longer."""
    scope_of(actor).require(Perm.WORD_EDIT)
    if WatchWord.objects.filter(pk=pk).exclude(is_active=active).update(is_active=active):
        record("watchword.changed", actor=actor, target=WatchWord.objects.get(pk=pk), changed=["is_active"])
