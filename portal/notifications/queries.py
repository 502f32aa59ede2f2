"""Reads of messages and of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash
from portal.grants.queries import holders_at
from portal.journal.verbs import VERBS
from portal.notifications import rules
from portal.notifications.models import BadAddress, Message, Outgoing, Preference
from portal.notifications.rules import EmailMode, State
from portal.units.models import Unit


def messages_of(user: Any) -> QuerySet[Message]:
    """A person's messages, newest first."""
    return Message.objects.filter(user=user).order_by("-created_at", "-pk")


def unread_count(user: Any) -> int:
    """How many are unread; counting stops at 100."""
    return Message.objects.filter(user=user, read_at__isnull=True)[:100].count()


def preference_of(user: Any) -> Preference:
    """What a person wants; the defaults when they never said."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def preferences_of(users: Iterable[User]) -> dict[int, Preference]:
    """The same for many people in one query."""
    people = list(users)
    known = {row.user_id: row for row in Preference.objects.filter(user__in=people)}
    return {user.pk: known.get(user.pk) or Preference(user=user) for user in people}


def digest_readers() -> QuerySet[User]:
    """People with an address who take the daily digest."""
    others = Preference.objects.exclude(email=EmailMode.DIGEST).values("user_id")
    return User.objects.filter(is_active=True).exclude(email="").exclude(pk__in=others)


def outbox(scope: Scope) -> QuerySet[Outgoing]:
    """What left or shall leave, as far as this person may read it; rows of no unit are the operators'."""
    rows = scope.rows(Outgoing, Perm.OUTBOX_READ)
    if scope.has(Perm.OUTBOX_MANAGE):
        rows = rows | Outgoing.objects.filter(unit__isnull=True)
    return rows.select_related("unit", "user")


def about(target: Model) -> QuerySet[Outgoing]:
    """Everything that was sent about one object, newest first."""
    label = target._meta.label_lower
    return Outgoing.objects.filter(about_type=label, about_id=str(target.pk)).order_by("-pk")


def read_counts(keys: list[str]) -> dict[str, tuple[int, int]]:
    """(written, read) of the messages that carry each key; one query."""
    rows = Message.objects.filter(key__in=keys).order_by().values("key")
    rows = rows.annotate(written=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)))
    return {str(row["key"]): (row["written"], row["read"]) for row in rows}


def counts_about(targets: list[Any]) -> dict[int, dict[str, int]]:
    """How many messages about each object (all of one model) are in which state; one query."""
    if not targets:
        return {}
    rows = Outgoing.objects.filter(
        about_type=targets[0]._meta.label_lower, about_id__in=[str(target.pk) for target in targets]
    )
    found: dict[int, dict[str, int]] = {}
    for about_id, state, number in rows.order_by().values_list("about_id", "state").annotate(n=Count("pk")):
        found.setdefault(int(about_id), {})[state] = number
    return found


def failures_in_a_row(row: Outgoing) -> int:
    """How many messages to this address failed since the last one that arrived or since the unit settled it."""
    same = Outgoing.objects.filter(channel=row.channel, to_hash=row.to_hash)
    failed = same.filter(state=State.FAILED)
    arrived = same.filter(state=State.SENT).order_by("-pk").values_list("pk", flat=True).first()
    settled = BadAddress.objects.filter(
        channel=row.channel, to_hash=row.to_hash, settled_at__isnull=False
    ).order_by("-settled_at")
    last = settled.values_list("settled_at", flat=True).first()
    if arrived is not None:
        failed = failed.filter(pk__gt=arrived)
    return failed.filter(created_at__gt=last).count() if last is not None else failed.count()


ADDRESS_PERMS = (Perm.ACCOUNT_INVITE, Perm.OUTBOX_MANAGE)


def bad_addresses(scope: Scope) -> QuerySet[BadAddress]:
    """Addresses that wait for this person: of the units where they look after accounts or the outbox."""
    rows = BadAddress.objects.none()
    for perm in ADDRESS_PERMS:
        rows = rows | scope.rows(BadAddress, perm)
    return rows.filter(settled_at__isnull=True).select_related("unit", "user").order_by("created_at", "pk")


def recorded_sms(phone: str) -> list[str]:
    """The texts sent to a phone, newest first: for demos and tests with the recorded gateway."""
    rows = Outgoing.objects.filter(channel=rules.Channel.SMS, to_hash=phone_hash(phone)).order_by("-pk")
    return [row.text for row in rows]


def lost(now: datetime | None = None) -> QuerySet[Outgoing]:
    """Rows whose sender died in the middle."""
    moment = now or timezone.now()
    return Outgoing.objects.filter(state=State.SENDING, claimed_at__lt=moment - rules.SENDING_LOST_AFTER)


def forgotten(now: datetime | None = None) -> QuerySet[Outgoing]:
    """Rows that should have left a while ago."""
    moment = now or timezone.now()
    return Outgoing.objects.filter(state=State.QUEUED, send_after__lt=moment - rules.SENDING_LOST_AFTER)


def home_unit() -> Unit | None:
    """The unit that runs the site."""
    return Unit.objects.filter(unit_no=settings.SITE["home_unit"]).first()


@dataclass(frozen=True)
class Told:
    """Who gets a message when a button is pressed, for showing before it is pressed."""

    count: int
    names: list[str]

    @property
    def text(self) -> str:
        """One sentence."""
        if not self.count:
            return _("不会给任何人发消息。")
        shown = "、".join(self.names)
        if self.count > len(self.names):
            return _("会给 %(names)s 等 %(n)d 人发站内消息。") % {"names": shown, "n": self.count}
        return _("会给 %(names)s 发站内消息。") % {"names": shown}


def who_is_told(verb: str, unit: Unit, *, actor: Any = None) -> Told:
    """The people who will read about `verb` at `unit`, without the person who acts."""
    perm = VERBS[verb].tell
    if perm is None:
        return Told(0, [])
    holders = holders_at(perm, unit)
    if getattr(actor, "pk", None):
        holders = holders.exclude(pk=actor.pk)
    return Told(holders.count(), [str(user) for user in holders.order_by("pk")[:5]])
