"""Reminders that come by the clock. Slices register their own in `wiring.py`; a job asks all of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.functional import Promise

from portal.access.permissions import Perm
from portal.accounts.models import User
from portal.grants.queries import holders_at, holders_here
from portal.jobs.words import RESULT_WORDS
from portal.notifications import actions, queries
from portal.units.models import Unit

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Due:
    """One thing to remind of now: to `user`, or to the holders of `perm` at `unit`. The same `key` is sent once.

    `here` keeps it to the unit's own staff, without the holders above. `urgent` ones also go to the phones of
    those who asked for that.
    """

    key: str
    text: str
    url: str = ""
    user: User | None = None
    perm: Perm | None = None
    unit: Unit | None = None
    urgent: bool = False
    here: bool = False

    def people(self) -> list[User]:
        """Who is reminded."""
        if self.user is not None:
            return [self.user]
        if self.perm is None or self.unit is None:
            return []
        return list((holders_here if self.here else holders_at)(self.perm, self.unit))


@dataclass(frozen=True)
class Reminder:
    """A kind of reminder; `due(now)` says what is due at that moment, again and again until it is over."""

    code: str
    label: Promise | str
    due: Callable[[datetime], Iterable[Due]]


REMINDERS: dict[str, Reminder] = {}


def register(reminder: Reminder) -> None:
    """Add a kind; a code is given once."""
    known = REMINDERS.get(reminder.code)
    if known is not None and known.due is not reminder.due:
        raise ImproperlyConfigured(f"reminder {reminder.code} is registered twice")
    REMINDERS[reminder.code] = reminder
    RESULT_WORDS[reminder.code] = reminder.label


def run(now: datetime | None = None) -> dict[str, int]:
    """Write the messages of everything due; run twice it writes nothing new. One broken kind stops no other."""
    moment, counts = now or timezone.now(), {}
    for reminder in REMINDERS.values():
        counts[reminder.code] = 0
        try:
            for item in reminder.due(moment):
                key = f"{reminder.code}:{item.key}"
                people = item.people()
                actions.tell(users=people, title=str(reminder.label), text=item.text, url=item.url, key=key)
                if item.urgent:
                    _text(people, item, key)
                counts[reminder.code] += 1
        except Exception:
            log.exception("reminder.failed", reminder=reminder.code)
            counts[reminder.code] = -1
    return counts


def _text(people: list[User], item: Due, key: str) -> None:
    wanted = queries.preferences_of(people)
    for user in people:
        if wanted[user.pk].sms and user.phone:
            actions.send_sms(
                to=user.phone,
                text=item.text,
                user=user,
                unit=item.unit,
                key=f"{key}:{user.pk}"[:160],
                may_wait=wanted[user.pk].quiet,
            )
