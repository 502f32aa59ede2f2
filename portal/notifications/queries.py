"""Reads of messages and of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash
from portal.grants.queries import holders_at
from portal.journal.verbs import VERBS
from portal.notifications import rules
from portal.notifications.models import Message, Outgoing, Preference
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
