"""Counting working days (domain reference §2.8). Every slice that has a limit in working days asks here."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import QuerySet

from portal.workdays.models import Holiday
from portal.workdays.rules import Kind

FRIDAY = 5
# Read at once around a date, so that a limit of some weeks costs one query.
AROUND = timedelta(days=40)


def of_year(year: int) -> QuerySet[Holiday]:
    """The days that were entered for a year."""
    return Holiday.objects.filter(date__year=year)


def years() -> list[int]:
    """Years with any entered day."""
    return [day.year for day in Holiday.objects.dates("date", "year")]


def is_known(year: int) -> bool:
    """Was the year's arrangement entered? If not, Monday to Friday is counted, and pages say so."""
    return of_year(year).exists()


def _kinds(first: date, last: date) -> dict[date, str]:
    return dict(Holiday.objects.filter(date__range=(first, last)).values_list("date", "kind"))


def _works(day: date, kinds: dict[date, str]) -> bool:
    kind = kinds.get(day)
    return kind == Kind.WORKDAY if kind else day.isoweekday() <= FRIDAY


def is_workday(day: date) -> bool:
    """Is it a working day?"""
    return _works(day, _kinds(day, day))


def add_workdays(start: date, count: int) -> date:
    """The `count`-th working day after `start` (before it when negative). The start itself is not counted."""
    step = timedelta(days=1 if count >= 0 else -1)
    day, left = start, abs(count)
    kinds, until = {}, start
    while left:
        day += step
        if (day - until) * (1 if count >= 0 else -1) > timedelta(0):
            until = day + AROUND * (1 if count >= 0 else -1)
            kinds = _kinds(min(day, until), max(day, until))
        left -= _works(day, kinds)
    return day


def next_workday(day: date) -> date:
    """The day itself if it is a working day, else the next one: where a limit that ends on a day off really
    ends (民法典 §203)."""
    return day if is_workday(day) else add_workdays(day, 1)


def workdays_between(first: date, last: date) -> int:
    """Working days after `first` up to and including `last`; negative when `last` lies before."""
    return counting(min(first, last), max(first, last))(first, last)


def counting(earliest: date, latest: date) -> Callable[[date, date], int]:
    """`workdays_between` for many pairs of days between these two, for one query."""
    kinds = _kinds(earliest, latest)

    def count(first: date, last: date) -> int:
        if last < first:
            return -count(last, first)
        days = range(1, (last - first).days + 1)
        return sum(_works(first + timedelta(days=n), kinds) for n in days)

    return count


def entered(days: list[date]) -> dict[date, str]:
    """What stands for these days, in words."""
    rows = Holiday.objects.filter(date__in=days)
    return {row.date: f"{row.get_kind_display()} {row.name}" for row in rows}
