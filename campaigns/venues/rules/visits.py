"""Slots and states of visits (domain reference §8.2, BaseVisit). No database."""

import base64
import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import vault
from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Status(TextChoices):
    """BOOKED → CONFIRMED → VISITED or NO_SHOW; CANCELLED by either side."""

    BOOKED = "booked", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    VISITED = "visited", _("已到访")
    NO_SHOW = "no_show", _("未到访")
    CANCELLED = "cancelled", _("已取消")


class Origin(TextChoices):
    """How the row came in."""

    ONLINE = "online", _("网上预约")
    DESK = "desk", _("现场登记")


HOLDS_SEATS = (Status.BOOKED, Status.CONFIRMED)
TONES = {
    Status.BOOKED: "warn", Status.CONFIRMED: "info", Status.VISITED: "ok", Status.NO_SHOW: "bad", Status.CANCELLED: "",
}  # fmt: skip
_B, _C = Status.BOOKED, Status.CONFIRMED
TRANSITIONS = table(
    Transition("confirm", frozenset({_B}), _C, "visit.confirmed", _("确认预约"), Perm.BOOKING_HANDLE),
    Transition(
        "visited", frozenset({_C}), Status.VISITED, "visit.visited", _("登记到访"), Perm.BOOKING_HANDLE
    ),
    Transition(
        "no_show", frozenset({_C}), Status.NO_SHOW, "visit.no_show", _("登记未到"), Perm.BOOKING_HANDLE
    ),
    Transition(
        "refuse",
        frozenset({_B, _C}),
        Status.CANCELLED,
        "visit.refused",
        _("不能接待"),
        Perm.BOOKING_HANDLE,
        True,
    ),
    # By the visitor, who has shown number and code.
    Transition("cancel", frozenset({_B, _C}), Status.CANCELLED, "visit.cancelled", _("取消预约")),
    # By the clock: never confirmed, and the time has passed.
    Transition("lapse", frozenset({_B}), Status.CANCELLED, "visit.lapsed", _("过期自动取消")),
)

WEEKDAYS = [
    (1, _("周一")), (2, _("周二")), (3, _("周三")), (4, _("周四")), (5, _("周五")), (6, _("周六")), (7, _("周日")),
]  # fmt: skip
AHEAD_DAYS = 30
NOTICE_HOURS = 24
FORGET_AFTER_DAYS = 180
HEADCOUNT_MOST = 500
REMIND_DAYS_BEFORE = 2
OPEN_PER_PHONE = 3


def slot_times(
    day: date, *, weekdays: Iterable[int], opens: time | None, closes: time | None, minutes: int
) -> list[tuple[datetime, datetime]]:
    """Beginning and end of every slot of a day; none when the venue is closed on that weekday."""
    if opens is None or closes is None or minutes < 1 or day.isoweekday() not in set(weekdays):
        return []
    zone = timezone.get_default_timezone()
    start, end = datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
    length, found = timedelta(minutes=minutes), []
    while start + length <= end:
        found.append((start, start + length))
        start += length
    return found


def days_in_words(weekdays: Iterable[int]) -> str:
    """周一至周五、周日: three days or more in a row are said as a range."""
    names, days = dict(WEEKDAYS), sorted({day for day in weekdays if 1 <= day <= 7})
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words = [
        str(_("%(first)s至%(last)s") % {"first": names[run[0]], "last": names[run[-1]]})
        if len(run) > 2
        else "、".join(str(names[day]) for day in run)
        for run in runs
    ]
    return "、".join(words)


def new_number(year: int) -> str:
    """A number that does not tell how many there are."""
    return f"YY{year}-{secrets.randbelow(10**6):06d}"


_ALPHABET = str.maketrans("ILOU", "WXYZ")  # letters mistaken for digits or for each other


def query_code(token: str) -> str:
    """The code that opens one booking, the same for a form that is sent twice."""
    digest = bytes.fromhex(vault.keyed_hash(token, purpose="visit-code"))
    return base64.b32encode(digest)[:8].decode().translate(_ALPHABET)


def code_hash(number: str, code: str) -> str:
    """What is kept of a code."""
    return vault.keyed_hash(f"{number}:{code}", purpose="visit")


def clean_code(text: str) -> str:
    """How people type it: lower case, blanks, dashes."""
    return re.sub(r"[^A-Z2-7]", "", text.upper())[:16]


def clean_number(text: str) -> str:
    """How people type it."""
    return re.sub(r"[\s　]", "", text).upper()[:16]
