"""Reads of visits: free seats, the visitor's own booking, what waits for staff."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from campaigns.venues.models import BaseVisit, ClosedDay, Venue, VisitSlot
from campaigns.venues.rules import visits as rules
from campaigns.venues.rules.visits import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope


@dataclass(frozen=True)
class OpenSlot:
    """One slot as the booking page offers it."""

    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def value(self) -> str:
        """How a form names it."""
        return timezone.localtime(self.starts_at).strftime("%Y-%m-%dT%H:%M")


def slots_of_day(venue: Venue, day: date, *, now: datetime | None = None) -> list[OpenSlot]:
    """The slots of a day that can still be asked for, with their free seats."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    if not today <= day <= today + timedelta(days=venue.ahead_days):
        return []
    if ClosedDay.objects.filter(venue=venue, day=day).exists():
        return []
    times = rules.slot_times(
        day, weekdays=venue.weekdays, opens=venue.opens_at, closes=venue.closes_at, minutes=venue.slot_minutes
    )
    earliest = moment + timedelta(hours=rules.NOTICE_HOURS)
    times = [(start, end) for start, end in times if start >= earliest]
    if not times:
        return []
    known = {
        row.starts_at: row.taken
        for row in VisitSlot.objects.filter(venue=venue, starts_at__gte=times[0][0], starts_at__lt=times[-1][1])
    }  # fmt: skip
    return [OpenSlot(start, end, max(0, venue.slot_capacity - known.get(start, 0))) for start, end in times]


def open_days(venue: Venue, *, now: datetime | None = None) -> list[date]:
    """Days that have slots at all, for the booking page; two queries whatever their number."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    last = today + timedelta(days=venue.ahead_days)
    closed = set(
        ClosedDay.objects.filter(venue=venue, day__gte=today, day__lte=last).values_list("day", flat=True)
    )
    earliest = moment + timedelta(hours=rules.NOTICE_HOURS)
    found = []
    for number in range(venue.ahead_days + 1):
        day = today + timedelta(days=number)
        times = rules.slot_times(
            day,
            weekdays=venue.weekdays,
            opens=venue.opens_at,
            closes=venue.closes_at,
            minutes=venue.slot_minutes,
        )
        if day not in closed and any(start >= earliest for start, _end in times):
            found.append(day)
    return found


def slot_named(venue: Venue, value: str) -> OpenSlot | None:
    """The open slot that a form means, or None."""
    try:
        moment = datetime.strptime(value, "%Y-%m-%dT%H:%M").replace(tzinfo=timezone.get_default_timezone())
    except ValueError:
        return None
    return next((slot for slot in slots_of_day(venue, moment.date()) if slot.starts_at == moment), None)


def find(number: str, code: str) -> BaseVisit | None:
    """The booking that number and code open; the same work for a wrong number and a wrong code."""
    number, code = rules.clean_number(number), rules.clean_code(code)
    row = BaseVisit.objects.filter(no=number).select_related("venue", "unit").first()
    known = row.code_hash if row is not None else "0" * 64
    fits = hmac.compare_digest(known, rules.code_hash(number, code))
    return row if fits and row is not None else None


def visible(scope: Scope) -> QuerySet[BaseVisit]:
    """Visits this person handles."""
    return scope.rows(BaseVisit, Perm.BOOKING_HANDLE).select_related("venue", "unit")


def waiting_for(scope: Scope) -> QuerySet[BaseVisit]:
    """Not confirmed yet, or over and not written down, the earliest first."""
    now = timezone.now()
    rows = visible(scope).filter(
        Q(status=Status.BOOKED, starts_at__gt=now) | Q(status=Status.CONFIRMED, starts_at__lte=now)
    )
    return rows.order_by("starts_at", "pk")


def soon(now: datetime) -> QuerySet[BaseVisit]:
    """Unconfirmed visits of the next days."""
    until = now + timedelta(days=rules.REMIND_DAYS_BEFORE)
    rows = BaseVisit.objects.filter(status=Status.BOOKED, starts_at__gt=now, starts_at__lte=until)
    return rows.select_related("venue", "unit").order_by("starts_at", "pk")


def overdue(now: datetime) -> QuerySet[BaseVisit]:
    """Never confirmed, and the time has passed."""
    return BaseVisit.objects.filter(status=Status.BOOKED, starts_at__lte=now).select_related("venue", "unit")


def with_identity_before(moment: datetime) -> QuerySet[BaseVisit]:
    """Long past and still carrying a name or number."""
    return BaseVisit.objects.filter(starts_at__lt=moment).exclude(contact="", phone="", phone_hash="")


def open_of_phone(phone_hash: str) -> int:
    """How many bookings of this phone lie ahead."""
    rows = BaseVisit.objects.filter(
        phone_hash=phone_hash, status__in=rules.HOLDS_SEATS, starts_at__gt=timezone.now()
    )
    return rows.count()


def of_phone(phone_hash: str) -> QuerySet[BaseVisit]:
    """Bookings of one person."""
    return BaseVisit.objects.filter(phone_hash=phone_hash).select_related("venue")


def received(venue: Venue, since: datetime) -> int:
    """人次 since a moment."""
    rows = venue.visits.filter(status=Status.VISITED, starts_at__gte=since)
    return rows.aggregate(n=Sum("came"))["n"] or 0
