"""Writes of consents and requests, and the purge of what is past its time."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import erase_person, record
from portal.privacy import queries, registry
from portal.privacy.models import Consent, RightsRequest
from portal.privacy.rules import (
    REPLY_DAYS,
    Channel,
    ConsentType,
    Relation,
    RightsKind,
    RightsState,
    text_digest,
)


@transaction.atomic
def give(
    *,
    actor: Any,
    target: models.Model,
    kind: ConsentType,
    text: str,
    subject_ref: str,
    relation: Relation = Relation.SELF,
    channel: Channel = Channel.WEB,
    ip: str = "",
) -> Consent:
    """Record a consent with the words it was given to; one in force already is returned.

    Called by the action that owns `target`, after its own permission check.
    """
    known = (
        queries.about(target).filter(type=kind, subject_ref=subject_ref, withdrawn_at__isnull=True).first()
    )
    if known is not None:
        return known
    consent = _consent(actor, target, kind, text, relation, subject_ref=subject_ref, channel=channel, ip=ip)
    try:
        with transaction.atomic():
            consent.save(force_insert=True)
    except IntegrityError:
        return queries.about(target).get(type=kind, subject_ref=subject_ref, withdrawn_at__isnull=True)
    _record_given(actor, target, [kind], subject_ref)
    return consent


def give_all(
    *,
    actor: Any,
    target: models.Model,
    texts: Mapping[ConsentType, str],
    subject_ref: str,
    relations: Mapping[ConsentType, Relation],
    channel: Channel = Channel.WEB,
    ip: str = "",
    is_new: bool = False,
) -> list[Consent]:
    """Record several consents of one person, ticked on one page: `give` for each, with as few questions to the
    database as for one, and one entry that names them. Called inside the transaction of the action that owns `target`;
    `is_new`: which made it just now, so that nobody else can have given one. Returns what is new."""
    shared: dict[str, Any] = {"subject_ref": subject_ref, "channel": channel, "ip": ip}
    if is_new:
        return _give_fresh(actor, target, list(texts), texts, relations, shared)
    try:
        with transaction.atomic():
            mine = queries.about(target).filter(subject_ref=subject_ref, withdrawn_at__isnull=True)
            known = set(mine.values_list("type", flat=True))
            fresh = [kind for kind in texts if kind not in known]
            return _give_fresh(actor, target, fresh, texts, relations, shared)
    except IntegrityError:  # somebody gave one of them at the same moment
        return [
            give(actor=actor, target=target, kind=kind, text=text, relation=relations[kind], **shared)
            for kind, text in texts.items()
        ]


def _give_fresh(
    actor: Any, target: models.Model, fresh: Sequence[ConsentType], texts: Mapping[ConsentType, str],
    relations: Mapping[ConsentType, Relation], shared: Mapping[str, Any],
) -> list[Consent]:  # fmt: skip
    rows = [_consent(actor, target, kind, texts[kind], relations[kind], **shared) for kind in fresh]
    if rows:
        Consent.objects.bulk_create(rows)
        _record_given(actor, target, fresh, shared["subject_ref"])
    return rows


def _consent(
    actor: Any, target: models.Model, kind: ConsentType, text: str, relation: Relation, *, subject_ref: str,
    channel: Channel, ip: str,
) -> Consent:  # fmt: skip
    return Consent(
        type=kind, target_type=target._meta.label_lower, target_id=target.pk, subject_ref=subject_ref,
        given_by_ref=str(actor.ref), relation=relation, channel=channel, ip=ip,
        notice_version=settings.SITE["notice_version"], text_hash=text_digest(text),
        recorded_by=actor if getattr(actor, "is_authenticated", False) and channel == Channel.PAPER else None,
    )  # fmt: skip


def _record_given(actor: Any, target: models.Model, kinds: Sequence[ConsentType], subject_ref: str) -> None:
    changed = [ConsentType(kind).name.lower() for kind in kinds]
    record("consent.given", actor=actor, target=target, changed=changed, subject=subject_ref)


@transaction.atomic
def renew(*, actor: Any, target: models.Model, kind: ConsentType, reason: str, **more: Any) -> Consent:
    """Ask again and record it anew: the consent in force is closed without ending what hangs on it.

    For a wider use than the one agreed to before. `more` as for `give`.
    """
    queries.about(target).filter(type=kind, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason[:200]
    )
    return give(actor=actor, target=target, kind=kind, **more)


@transaction.atomic
def withdraw(*, actor: Any, target: models.Model, kind: ConsentType, reason: str = "") -> int:
    """Withdraw every consent of this kind about `target`; what hung on it ends in the same transaction."""
    rows = list(queries.about(target).filter(type=kind, withdrawn_at__isnull=True))
    done = 0
    for consent in rows:
        changed = Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now(), withdrawn_reason=reason[:200]
        )
        if not changed:
            continue
        done += 1
        record(
            "consent.withdrawn", actor=actor, target=target, changed=[ConsentType(kind).name.lower()],
            details={"reason": reason} if reason else None, subject=consent.subject_ref,
        )  # fmt: skip
        handler = registry.withdrawal_handler(consent)
        if handler is not None:
            handler(consent, actor, reason)
    return done


@transaction.atomic
def ask(
    *,
    actor: Any,
    kind: RightsKind,
    subject_ref: str,
    phone: str = "",
    message: str = "",
    done: bool = False,
    token: str | None = None,
) -> RightsRequest:
    """Write down a request; `done` for what the person did by themselves on their own page."""
    if token:
        known = RightsRequest.objects.filter(client_token=token).first()
        if known is not None:
            return known
    now = timezone.now()
    row = RightsRequest.objects.create(
        kind=kind,
        subject_ref=subject_ref,
        phone=phone,
        message=message[:2000],
        due_on=timezone.localdate() + timedelta(days=REPLY_DAYS),
        state=RightsState.DONE if done else RightsState.OPEN,
        answered_at=now if done else None,
        client_token=token or None,
    )
    record("rights.done" if done else "rights.asked", actor=actor, target=row, changed=[str(kind)])
    return row


@transaction.atomic
def answer(*, actor: Any, row: RightsRequest, text: str, refused: bool = False) -> RightsRequest:
    """Answer a request, once; a refusal needs its reason in `text`."""
    scope_of(actor).require(Perm.RIGHTS_HANDLE)
    state = RightsState.REFUSED if refused else RightsState.DONE
    changed = RightsRequest.objects.filter(pk=row.pk, state=RightsState.OPEN).update(
        state=state, answer=text[:500], answered_by=actor, answered_at=timezone.now()
    )
    if changed:
        record("rights.answered", actor=actor, target=row, changed=["state", "answer"])
    row.refresh_from_db()
    return row


@transaction.atomic
def erase_everything(*, actor: Any, person: registry.Person, subject_ref: str) -> int:
    """A person has all their data deleted: every source, then the key of their journal details.

    The caller has made sure that it is the person who asks. Returns how many things went.
    """
    count = sum(source.erase(person, actor) for source in registry.SOURCES.values())
    ask(actor=actor, kind=RightsKind.ERASE, subject_ref=subject_ref, done=True)
    if person.user is None:  # an account goes on being used; its key ends with the account
        erase_person(subject_ref)
    return count


def purge_expired() -> dict[str, int]:
    """Delete or anonymise everything past its time, rule by rule; returns how many by rule."""
    now = timezone.now()
    return {code: rule.purge(now) for code, rule in sorted(registry.RETENTION.items())}
