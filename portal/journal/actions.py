"""Writing the journal. Called by every action, inside its transaction."""

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from portal import vault
from portal.access.actors import Actor
from portal.journal.models import JournalDetail, JournalEntry, JournalSeal, PersonKey
from portal.journal.rules import GENESIS, link
from portal.journal.verbs import VERBS

Follower = Callable[[JournalEntry], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Let a slice above react to entries in the same transaction (it may only write job rows)."""
    _followers.append(follower)


def record(
    verb: str,
    *,
    actor: Actor,
    target: models.Model,
    unit: Any = None,
    changed: Iterable[str] = (),
    details: Mapping[str, Any] | None = None,
    subject: str = "",
) -> JournalEntry:
    """Append one entry; raises KeyError for an unregistered verb.

    `details` (old and new values) are encrypted under the key of `subject` (a pseudonym; the actor's by
    default). Must run inside the transaction of the write it tells of.
    """
    known = VERBS[verb]
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() outside a transaction: the write and its entry must be one")
    body = json.dumps(details, ensure_ascii=False, sort_keys=True, default=str) if details else ""
    context = structlog.contextvars.get_contextvars()
    entry = JournalEntry.objects.create(
        at=timezone.now(),
        verb=known.code,
        actor_ref=str(actor.ref),
        unit=unit if unit is not None else getattr(target, "unit", None),
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        changed=sorted(changed),
        digest=hashlib.sha256(body.encode()).hexdigest() if body else "",
        request_id=str(context.get("request_id", "")),
        ip=str(context.get("ip", "")),
    )
    if body:
        ref = subject or str(actor.ref)
        JournalDetail.objects.create(
            entry=entry, subject_ref=ref, sealed=vault.encrypt(body, key=_key_of(ref))
        )
    for follower in _followers:
        follower(entry)
    return entry


def _key_of(ref: str) -> bytes:
    row = PersonKey.objects.filter(ref=ref, erased_at__isnull=True).first()
    if row is None:
        raw = base64.b64encode(os.urandom(32)).decode()
        try:
            with transaction.atomic():
                row = PersonKey.objects.create(ref=ref, sealed_key=vault.encrypt(raw))
        except IntegrityError:
            row = PersonKey.objects.get(ref=ref)
            if row.erased_at is not None:  # the person was erased: their new acts get a fresh key
                row.sealed_key, row.erased_at = vault.encrypt(raw), None
                row.save(update_fields=["sealed_key", "erased_at"])
    return base64.b64decode(vault.decrypt(row.sealed_key))


def read_details(entry: JournalEntry) -> dict[str, Any] | None:
    """The values of an entry, or None when there are none or the person's key was erased."""
    detail = JournalDetail.objects.filter(entry=entry).first()
    if detail is None:
        return None
    key = PersonKey.objects.filter(ref=detail.subject_ref, erased_at__isnull=True).first()
    if key is None:
        return None
    try:
        body = vault.decrypt(detail.sealed, key=base64.b64decode(vault.decrypt(key.sealed_key)))
    except vault.VaultError:
        return None
    found: dict[str, Any] = json.loads(body)
    return found


@transaction.atomic
def erase_person(ref: str) -> None:
    """Destroy a person's key, so that all their details become unreadable (design §8)."""
    PersonKey.objects.filter(ref=ref).update(sealed_key="", erased_at=timezone.now())


def seal(*, limit: int = 5000) -> int:
    """Append links for entries that have none, oldest first; returns how many.

    Two sealers at once cannot fork the chain: `seq` is the primary key, the loser rolls back.
    """
    sealed = 0
    while sealed < limit:
        try:
            with transaction.atomic():
                count = _seal_batch(min(500, limit - sealed))
        except IntegrityError:
            return sealed
        sealed += count
        if count == 0:
            return sealed
    return sealed


def _seal_batch(size: int) -> int:
    last = JournalSeal.objects.order_by("-seq").first()
    seq, previous = (last.seq, last.digest) if last else (0, GENESIS)
    links = []
    for entry in JournalEntry.objects.filter(seal__isnull=True).order_by("pk")[:size]:
        seq += 1
        digest = link(entry, seq=seq, previous=previous)
        links.append(JournalSeal(seq=seq, entry=entry, previous=previous, digest=digest))
        previous = digest
    JournalSeal.objects.bulk_create(links)
    return len(links)
