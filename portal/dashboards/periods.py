"""The stretch of time a dashboard shows; no database."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

KINDS = ("year", "quarter", "month")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Period:
    """A year, quarter or month. `today` cuts off what has not happened yet."""

    kind: str
    year: int
    number: int
    today: date

    @cached_property
    def months(self) -> list[date]:
        """First days of its months."""
        if self.kind == "year":
            numbers = range(1, 13)
        elif self.kind == "quarter":
            numbers = range(self.number * 3 - 2, self.number * 3 + 1)
        else:
            numbers = range(self.number, self.number + 1)
        return [date(self.year, number, 1) for number in numbers]

    @cached_property
    def start(self) -> date:
        """Its first day."""
        return self.months[0]

    @cached_property
    def end(self) -> date:
        """Its last day."""
        last = self.months[-1]
        return (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    @cached_property
    def until(self) -> date:
        """The last day that counts: today inside the period, its end afterwards."""
        return min(self.end, max(self.today, self.start))

    @property
    def elapsed_months(self) -> list[date]:
        """Months that have begun."""
        return [month for month in self.months if month <= self.today]

    @property
    def is_running(self) -> bool:
        """Does it hold today?"""
        return self.start <= self.today <= self.end

    @property
    def time_percent(self) -> float:
        """Share of its days that are over, 0–100 (序时进度)."""
        whole = (self.end - self.start).days + 1
        gone = (min(self.today, self.end) - self.start).days + 1
        return round(max(0, min(gone, whole)) * 100 / whole, 1)

    @property
    def label(self) -> str:
        """Its name."""
        if self.kind == "year":
            return _("%(year)d 年") % {"year": self.year}
        if self.kind == "quarter":
            return _("%(year)d 年第 %(number)d 季度") % {"year": self.year, "number": self.number}
        return _("%(year)d 年 %(number)d 月") % {"year": self.year, "number": self.number}

    @property
    def code(self) -> str:
        """How it is written in an address: 2026, 2026Q3, 2026-05."""
        if self.kind == "year":
            return str(self.year)
        return f"{self.year}Q{self.number}" if self.kind == "quarter" else f"{self.year}-{self.number:02d}"

    def last_year(self) -> "Period":
        """The same stretch a year earlier, cut off at the same day of the year."""
        try:
            today = self.today.replace(year=self.today.year - 1)
        except ValueError:  # 29 February
            today = self.today.replace(year=self.today.year - 1, day=28)
        return Period(self.kind, self.year - 1, self.number, today)

    def shifted(self, step: int) -> "Period":
        """The period before (-1) or after (+1)."""
        per_year = {"year": 1, "quarter": 4, "month": 12}[self.kind]
        index = self.year * per_year + self.number - 1 + step
        return Period(self.kind, index // per_year, index % per_year + 1, self.today)


def parse(code: str, *, today: date) -> Period:
    """Read an address's period; anything unreadable is the current year."""
    found = re.fullmatch(r"(\d{4})(?:Q([1-4])|-(\d{2}))?", code)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        year = int(found[1])
        if found[2]:
            return Period("quarter", year, int(found[2]), today)
        if found[3] and 1 <= int(found[3]) <= 12:
            return Period("month", year, int(found[3]), today)
        if not found[3]:
            return Period("year", year, 1, today)
    return Period("year", today.year, 1, today)


def current(kind: str, *, today: date) -> Period:
    """The running year, quarter or month."""
    number = {"year": 1, "quarter": (today.month + 2) // 3, "month": today.month}[kind]
    return Period(kind, today.year, number, today)
