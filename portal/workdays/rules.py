"""Days off and make-up days, and the arrangements published so far. No database."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
LONGEST_NAME = 40


class Kind(TextChoices):
    """What the yearly notice of 国务院办公厅 says about a day (domain reference §12)."""

    HOLIDAY = "HOLIDAY", _("放假")
    WORKDAY = "WORKDAY", _("补班")


def days(first: date, last: date) -> list[date]:
    """Every day between two dates, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _arrangement(
    year: int, *rows: tuple[str, str, str, tuple[str, ...]]
) -> tuple[tuple[date, Kind, str], ...]:
    found: list[tuple[date, Kind, str]] = []
    for name, first, last, make_up in rows:
        off = days(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"))
        found += [(day, Kind.HOLIDAY, name) for day in off]
        found += [(date.fromisoformat(f"{year}-{day}"), Kind.WORKDAY, name) for day in make_up]
    return tuple(sorted(found))


# 国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）. Later years come by import.
PUBLISHED: dict[int, tuple[tuple[date, Kind, str], ...]] = {
    2026: _arrangement(
        2026,
        ("元旦", "01-01", "01-03", ("01-04",)),
        ("春节", "02-15", "02-23", ("02-14", "02-28")),
        ("清明节", "04-04", "04-06", ()),
        ("劳动节", "05-01", "05-05", ("05-09",)),
        ("端午节", "06-19", "06-21", ()),
        ("中秋节", "09-25", "09-27", ()),
        ("国庆节", "10-01", "10-07", ("09-20", "10-10")),
    ),
}
SOURCES = {2026: "国办发明电〔2025〕7号"}
