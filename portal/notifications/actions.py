"""Writing messages and the outbox. Nothing leaves here: a job claims each row and sends it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import vault
from portal.access.actors import SYSTEM, Actor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.accounts.phone_codes import clean_phone
from portal.grants.queries import home_unit as home_unit_of
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.notifications import channels, queries, rules
from portal.notifications.models import BadAddress, Message, Outgoing, Preference
from portal.notifications.rules import Channel, EmailMode, State
from portal.ui import kept

_as_drafts: ContextVar[bool] = ContextVar("as_drafts", default=False)


@contextmanager
def as_drafts() -> Iterator[None]:
    """What is written inside waits in the outbox as a draft until somebody sends or discards it."""
    token = _as_drafts.set(True)
    try:
        yield
    finally:
        _as_drafts.reset(token)


def tell(*, users: Iterable[User], title: str, text: str = "", url: str = "", key: str) -> None:
    """A message in the site to named people, once per person and key; runs in the caller's transaction."""
    people = list(users)
    Message.objects.bulk_create(
        [
            Message(user=user, key=key[:160], title=title[:200], text=text[:500], url=url[:300])
            for user in people
        ],
        ignore_conflicts=True,
    )
    kept.forget_people([user.pk for user in people])


def forget_about(obj: models.Model) -> int:
    """Take back the messages in the site that name this object: nobody may read of it any more."""
    about = models.Q(entry__target_type=obj._meta.label_lower, entry__target_id=str(obj.pk))
    url = str(getattr(obj, "staff_url", "") or "")
    rows = Message.objects.filter(about | models.Q(url=url) if url else about)
    people = list(rows.values_list("user_id", flat=True).distinct())
    gone, _kinds = rows.delete()
    kept.forget_people(people)
    return gone


@transaction.atomic(savepoint=False)
def send_sms(
    *,
    to: str,
    text: str,
    about: models.Model | None = None,
    actor: Actor = SYSTEM,
    key: str | None = None,
    unit: Any = None,
    user: User | None = None,
    may_wait: bool = False,
    secret: bool = False,
) -> Outgoing:
    """Put a short message into the outbox; the signature is added in front. Returns at once.

    One row per `key`. `may_wait` keeps it back during quiet hours. `secret` hides the text in the outbox
    and wipes it once it has left. A number that is none becomes a failed row, never an error for the caller.
    """
    full = rules.sms_text(text, settings.SMS_SIGNATURE)
    try:
        number, error = clean_phone(to), ""
    except ValidationError:
        number, error = to[:30], _("不是有效的手机号")
    fields = {
        "channel": Channel.SMS,
        "to": number,
        "text": full,
        "parts": rules.sms_parts(full),
        "is_secret": secret,
    }
    to_hash = vault.keyed_hash(number, purpose="phone")
    return _queue(
        fields | {"to_hash": to_hash, "user": user, "error": error},
        about=about,
        unit=unit,
        key=key,
        may_wait=may_wait,
    )


@transaction.atomic
def send_email(
    *,
    user: User,
    subject: str,
    text: str,
    about: models.Model | None = None,
    key: str | None = None,
    may_wait: bool = True,
) -> Outgoing | None:
    """Put an e-mail to an account into the outbox; None when it has no address or there is no mail server."""
    if not user.email or not channels.email_is_set_up():
        return None
    to_hash = vault.keyed_hash(user.email.lower(), purpose="email")
    fields = {"channel": Channel.EMAIL, "to": user.email, "to_hash": to_hash, "user": user, "text": text}
    subject = " ".join(subject.split())[:200]
    return _queue(
        fields | {"subject": subject, "error": ""}, about=about, unit=None, key=key, may_wait=may_wait
    )


def _queue(
    fields: dict[str, Any], *, about: models.Model | None, unit: Any, key: str | None, may_wait: bool
) -> Outgoing:
    if key is not None:
        known = Outgoing.objects.filter(key=key).first()
        if known is not None:
            return known
    now = timezone.now()
    # A code or a link somebody waits for never stays behind as a draft.
    is_draft = _as_drafts.get() and not fields.get("is_secret")
    waiting = State.DRAFT if is_draft else State.QUEUED
    leaves = now if fields.get("is_secret") else now + timedelta(minutes=settings.OUTBOX_HOLD_MINUTES)
    if about is not None:
        fields |= {"about_type": about._meta.label_lower, "about_id": str(about.pk)}
    try:
        with transaction.atomic(savepoint=key is not None):  # without a key there is nothing to meet
            row = Outgoing.objects.create(
                unit=unit or getattr(about, "unit", None) or queries.home_unit(),
                key=key,
                state=State.FAILED if fields["error"] else waiting,
                send_after=rules.after_quiet_hours(leaves) if may_wait else leaves,
                created_at=now,
                **fields,
            )
    except IntegrityError:
        return Outgoing.objects.get(key=key)
    if row.state == State.QUEUED:
        enqueue_sending(row, fresh=True)
    elif row.state == State.FAILED:
        note_bad_address(row)
    return row


def note_bad_address(row: Outgoing) -> BadAddress | None:
    """Three failures in a row at one address become a task for the unit of the person, once."""
    if queries.failures_in_a_row(row) < rules.FAILURES_THAT_ASK:
        return None
    user = row.user
    unit = (home_unit_of(user) if user is not None else None) or row.unit
    fields = {"masked_to": row.masked_to, "user": user, "unit": unit, "error": row.error}
    try:
        with transaction.atomic():
            task = BadAddress.objects.create(channel=row.channel, to_hash=row.to_hash, **fields)
            record("address.failing", actor=SYSTEM, target=task)
    except IntegrityError:  # the task is there already
        return None
    return task


@transaction.atomic
def settle_address(task: BadAddress, *, actor: Any, note: str) -> bool:
    """The unit has put the address right, or knows why not; False when a colleague was faster."""
    scope = scope_of(actor)
    if not scope.may(Perm.ACCOUNT_INVITE, task):
        scope.require(Perm.OUTBOX_MANAGE, task)
    changed = BadAddress.objects.filter(pk=task.pk, settled_at__isnull=True).update(
        settled_at=timezone.now(), settled_by=actor
    )
    if changed:
        record("address.settled", actor=actor, target=task, changed=["settled_at"], details={"note": note})
    return bool(changed)


def enqueue_sending(row: Outgoing, *, suffix: str = "", fresh: bool = False) -> None:
    """Leave a job that sends this row when its time has come; `fresh`: the row was made just now."""
    slot = f"send:{row.pk}:{row.tries}{suffix}"
    enqueue(
        "notifications.send", args={"outgoing_id": row.pk}, slot=slot, run_after=row.send_after, fresh=fresh
    )


@transaction.atomic
def mark_read(message: Message, *, actor: User) -> None:
    """The person has read one of their messages."""
    Message.objects.filter(pk=message.pk, user=actor, read_at__isnull=True).update(read_at=timezone.now())
    kept.forget(actor)


@transaction.atomic
def mark_all_read(*, actor: User, until: datetime) -> int:
    """Everything the person had on the page when they pressed the button."""
    rows = Message.objects.filter(user=actor, read_at__isnull=True, created_at__lte=until)
    count = rows.update(read_at=timezone.now())
    kept.forget(actor)
    return count


@transaction.atomic
def set_preference(
    *, actor: User, email: EmailMode | str, sms: bool, quiet: bool, festival: bool = True
) -> Preference:
    """What a person wants to receive outside the site; everybody sets their own."""
    row, _created = Preference.objects.update_or_create(
        user=actor, defaults={"email": EmailMode(email), "sms": sms, "quiet": quiet, "festival": festival}
    )
    record("preference.changed", actor=actor, target=row, changed=["email", "sms", "quiet", "festival"])
    return row


def send_again(rows: Iterable[Outgoing], *, actor: Any) -> int:
    """Queue drafts and failed rows once more; returns how many."""
    count = 0
    for row in rows:
        _require_manage(actor, row)
        if row.is_secret and not row.text:
            continue
        with transaction.atomic():
            now = timezone.now()
            stamp = f":again:{int(now.timestamp() * 1000)}"
            changed = Outgoing.objects.filter(pk=row.pk, state__in=rules.MAY_SEND_AGAIN).update(
                state=State.QUEUED, tries=0, error="", send_after=now
            )
            if changed:
                row.refresh_from_db()
                enqueue_sending(row, suffix=stamp)
                record("outgoing.sent_again", actor=actor, target=row, changed=["state"])
                count += 1
    return count


def discard(rows: Iterable[Outgoing], *, actor: Any) -> int:
    """Drop what has not left; returns how many."""
    count = 0
    for row in rows:
        _require_manage(actor, row)
        with transaction.atomic():
            changed = Outgoing.objects.filter(pk=row.pk, state__in=rules.MAY_DISCARD).update(
                state=State.DISCARDED
            )
            if changed:
                row.state = State.DISCARDED
                record("outgoing.discarded", actor=actor, target=row, changed=["state"])
                count += 1
    return count


@transaction.atomic
def edit(row: Outgoing, *, actor: Any, text: str, subject: str = "") -> bool:
    """Change the words of something that has not left; False when it has left meanwhile."""
    _require_manage(actor, row)
    if row.is_secret:
        return False
    if row.channel == Channel.SMS:
        body = text.removeprefix(f"【{settings.SMS_SIGNATURE}】")
        text = rules.sms_text(body, settings.SMS_SIGNATURE)
    fields = {"text": text, "parts": rules.sms_parts(text) if row.channel == Channel.SMS else 1}
    if row.channel == Channel.EMAIL:
        fields["subject"] = " ".join(subject.split())[:200]
    changed = Outgoing.objects.filter(pk=row.pk, state__in=rules.MAY_DISCARD).update(**fields)
    if changed:
        record("outgoing.edited", actor=actor, target=row, changed=list(fields))
    return bool(changed)


def _require_manage(actor: Any, row: Outgoing) -> None:
    scope_of(actor).require(Perm.OUTBOX_MANAGE, row if row.unit_id else None)


def purge(now: datetime | None = None) -> dict[str, int]:
    """Forget read messages after 180 days and the texts of what left after 190 days."""
    moment = now or timezone.now()
    read, _kinds = Message.objects.filter(read_at__lt=moment - timedelta(days=180)).delete()
    old = Outgoing.objects.filter(created_at__lt=moment - timedelta(days=190)).exclude(
        state__in=[State.QUEUED, State.SENDING]
    )
    gone, _kinds = old.delete()
    return {"messages": read, "outgoing": gone}
