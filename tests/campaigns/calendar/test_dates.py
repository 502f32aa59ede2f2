"""The days of the year: the table of domain reference §12, and rules that hold for any year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.calendar.dates import LAST, TERMS, DateKind, DateRule, occurrence
from campaigns.calendar.usual import USUAL

LUNAR = {"春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7), "中秋": (8, 15), "重阳": (9, 9)}
TABLE = """
2025 01-29 02-12 05-31 08-29 10-06 10-29 05-12
2026 02-17 03-03 06-19 08-19 09-25 10-18 05-11
2027 02-06 02-20 06-09 08-08 09-15 10-08 05-10
2028 01-26 02-09 05-28 08-26 10-03 10-26 05-15
2029 02-13 02-27 06-16 08-16 09-22 10-16 05-14
2030 02-03 02-17 06-05 08-05 09-12 10-05 05-13
"""
ROWS = [(int(line.split()[0]), line.split()[1:]) for line in TABLE.strip().splitlines()]
YEARS = st.integers(min_value=1950, max_value=2099)


def _first(rule: DateRule, year: int) -> date:
    span = occurrence(rule, year)
    assert span is not None
    return span.first


@pytest.mark.parametrize(("year", "days"), ROWS, ids=[str(year) for year, _days in ROWS])
def test_table_of_the_domain_reference(year, days):
    for (name, (month, day)), expected in zip(LUNAR.items(), days, strict=False):
        found = _first(DateRule(DateKind.LUNAR, month=month, day=day), year)
        assert found.strftime("%m-%d") == expected, name
    week = occurrence(DateRule(DateKind.WEEK_OF, month=5, day=15), year)
    assert week.first.strftime("%m-%d") == days[6]
    assert week.last == week.first + timedelta(days=6)


@pytest.mark.parametrize(
    ("year", "expected"), [(2025, 4), (2026, 5), (2027, 5), (2028, 4), (2029, 4), (2030, 5)]
)
def test_qingming(year, expected):
    assert _first(DateRule(DateKind.SOLAR_TERM, term="清明"), year) == date(year, 4, expected)


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        (DateRule(DateKind.NTH_WEEKDAY, month=5, nth=2, weekday=7), 2026, "2026-05-10"),  # 母亲节
        (DateRule(DateKind.NTH_WEEKDAY, month=6, nth=3, weekday=7), 2026, "2026-06-21"),  # 父亲节
        (DateRule(DateKind.NTH_WEEKDAY, month=2, nth=LAST, weekday=7), 2026, "2026-02-22"),
        (DateRule(DateKind.LUNAR, month=12, day=8), 2026, "2026-01-26"),  # 腊八 of the lunar year before
        (DateRule(DateKind.FIXED, month=2, day=29), 2027, "2027-02-28"),
    ],
)
def test_single_days(rule, year, expected):
    assert _first(rule, year).isoformat() == expected


def test_period_may_run_into_the_next_year():
    span = occurrence(DateRule(DateKind.PERIOD, month=12, day=20, until_month=1, until_day=10), 2026)
    assert (span.first, span.last) == (date(2026, 12, 20), date(2027, 1, 10))


@given(YEARS, st.integers(1, 12), st.integers(1, 30))
def test_lunar_day_lies_in_its_year(year, month, day):
    span = occurrence(DateRule(DateKind.LUNAR, month=month, day=day), year)
    if span is None:
        assert month >= 11  # only late lunar months can miss a solar year
    else:
        assert span.first.year == year


@given(YEARS, st.sampled_from([1, 2, 3, 4, LAST]), st.integers(1, 7), st.integers(1, 12))
def test_nth_weekday_is_that_weekday_of_that_month(year, nth, weekday, month):
    day = _first(DateRule(DateKind.NTH_WEEKDAY, month=month, nth=nth, weekday=weekday), year)
    assert (day.year, day.month, day.isoweekday()) == (year, month, weekday)
    if nth == LAST:
        assert (day + timedelta(days=7)).month != month
    else:
        assert (day.day - 1) // 7 == nth - 1


@given(st.integers(2000, 2050), st.sampled_from(TERMS))
def test_terms_follow_each_other(year, term):
    day = _first(DateRule(DateKind.SOLAR_TERM, term=term), year)
    assert day.year == year
    assert day.month == TERMS.index(term) // 2 + 1


@pytest.mark.parametrize("fields", USUAL, ids=[fields["name"] for fields in USUAL])
def test_usual_nodes_fall_into_every_year(fields):
    names = ("month", "day", "until_month", "until_day", "nth", "weekday", "term")
    rule = DateRule(fields["rule"], **{name: fields[name] for name in names if name in fields})
    assert all(occurrence(rule, year) is not None for year in range(2025, 2041))
