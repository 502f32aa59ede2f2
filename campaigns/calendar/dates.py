"""When a key date falls in a year: fixed, lunar, nth weekday, a week, a solar term, a period. No database.

Lunar dates and solar terms come from lunar_python; the table of domain reference §12 is the test.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

WEEK = 7
LAST = -1
MOST_LUNAR_MONTH, MOST_LUNAR_DAY = 12, 30
FEBRUARY, LEAP_YEAR = 2, 2024


class DateKind(TextChoices):
    """How the date is found."""

    FIXED = "fixed", _("公历固定日期")
    LUNAR = "lunar", _("农历日期")
    NTH_WEEKDAY = "nth_weekday", _("某月第几个星期几")
    WEEK_OF = "week_of", _("某一天所在的那一周")
    SOLAR_TERM = "solar_term", _("节气")
    PERIOD = "period", _("一段时间")


TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip


@dataclass(frozen=True)
class DateRule:
    """The rule of one node as plain values; `weekday` 1 is Monday, `nth` -1 the last one of the month."""

    kind: str
    month: int = 0
    day: int = 0
    until_month: int = 0
    until_day: int = 0
    nth: int = 0
    weekday: int = 0
    term: str = ""


@dataclass(frozen=True)
class Span:
    """First and last day."""

    first: date
    last: date

    @property
    def is_one_day(self) -> bool:
        """A day, not a period."""
        return self.first == self.last


def month_days(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def _fixed(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, month_days(year, month)))


def _nth_weekday(rule: DateRule, year: int) -> date:
    if rule.nth == LAST:
        last = date(year, rule.month, month_days(year, rule.month))
        return last - timedelta(days=(last.isoweekday() - rule.weekday) % WEEK)
    first = date(year, rule.month, 1)
    return first + timedelta(days=(rule.weekday - first.isoweekday()) % WEEK + WEEK * (rule.nth - 1))


def _lunar(rule: DateRule, year: int) -> date | None:
    """The lunar date that falls into a solar year. Late lunar months belong to the lunar year before; a 30th
    that a month does not have is its 29th."""
    from lunar_python import LunarYear, Solar  # deferred: large tables that most requests do not need

    for lunar_year in (year, year - 1):
        month = LunarYear.fromYear(lunar_year).getMonth(rule.month)
        first = Solar.fromJulianDay(month.getFirstJulianDay())
        found = date(first.getYear(), first.getMonth(), first.getDay())
        found += timedelta(days=min(rule.day, month.getDayCount()) - 1)
        if found.year == year:
            return found
    return None


def _solar_term(rule: DateRule, year: int) -> date:
    """Two terms lie in every month, the earlier one in its first half."""
    from lunar_python import Solar  # deferred: see above

    place, half = divmod(TERMS.index(rule.term), 2)
    table = Solar.fromYmd(year, place + 1, 1).getLunar().getJieQiTable().values()
    days = sorted({date(at.getYear(), at.getMonth(), at.getDay()) for at in table})
    return [day for day in days if (day.year, day.month) == (year, place + 1)][half]


def occurrence(rule: DateRule, year: int) -> Span | None:
    """First and last day of a node in a year; None in the rare year without it."""
    if rule.kind == DateKind.PERIOD:
        first = _fixed(year, rule.month, rule.day)
        ends_later = (rule.until_month, rule.until_day) < (rule.month, rule.day)
        return Span(first, _fixed(year + ends_later, rule.until_month, rule.until_day))
    if rule.kind == DateKind.WEEK_OF:
        day = _fixed(year, rule.month, rule.day)
        monday = day - timedelta(days=day.isoweekday() - 1)
        return Span(monday, monday + timedelta(days=WEEK - 1))
    found = {
        DateKind.FIXED: lambda: _fixed(year, rule.month, rule.day),
        DateKind.LUNAR: lambda: _lunar(rule, year),
        DateKind.NTH_WEEKDAY: lambda: _nth_weekday(rule, year),
        DateKind.SOLAR_TERM: lambda: _solar_term(rule, year),
    }[DateKind(rule.kind)]()
    return Span(found, found) if found is not None else None
