"""Working days: counting, entering, importing a file as people really have it."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from portal.access.roles import Role
from portal.workdays import actions, queries, rules, tables
from portal.workdays.models import Holiday
from portal.workdays.rules import Kind

IMPORT = "/staff/workdays/import/"
GOOD = "日期,类型,名称\n2027-01-01,放假,元旦\n2027/1/3,补班,元旦\n"


@pytest.fixture
def year(tree, person):
    return actions.load_published(actor=person(Role.CITY_OP, tree.city), year=2026)


def test_without_rows_monday_to_friday_works_and_the_page_says_so(tree, signed_in):
    assert queries.is_workday(date(2031, 1, 1)) and not queries.is_workday(date(2031, 1, 4))
    assert not queries.is_known(2031)
    page = signed_in(Role.CITY_OP, tree.city).get("/staff/workdays/?year=2031").content.decode()
    assert "暂按周一至周五" in page


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday to make up for the festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # 10-08, 10-09, 10-10 made up, 10-12, 10-13
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
    ],
)
def test_festivals_and_make_up_days_count(year, start, count, expected):
    assert queries.add_workdays(start, count) == expected
    if count > 0:
        assert queries.workdays_between(start, expected) == count
        assert queries.workdays_between(expected, start) == -count


def test_limit_that_ends_on_a_day_off_moves(year):
    assert queries.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert queries.next_workday(date(2026, 10, 10)) == date(2026, 10, 10)


@pytest.mark.django_db
def test_long_way_costs_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert queries.add_workdays(date(2026, 1, 1), 100) == date(2026, 5, 21)


def test_published_year_is_whole():
    rows = {day: kind for day, kind, _name in rules.PUBLISHED[2026]}
    assert sum(kind == Kind.HOLIDAY for kind in rows.values()) == 33
    assert [day for day, kind in rows.items() if kind == Kind.WORKDAY] == [
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
    ]  # fmt: skip
    assert all(day.isoweekday() > 5 for day, kind in rows.items() if kind == Kind.WORKDAY)


def test_editing_needs_the_right_and_loading_twice_adds_nothing(tree, person):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        actions.set_day(actor=county, day=date(2027, 1, 1), kind="HOLIDAY", name="元旦")
    assert actions.load_published(actor=city, year=2026)["new"] == 39
    assert actions.load_published(actor=city, year=2026) == {"new": 0, "changed": 0, "same": 39}
    assert actions.remove_day(actor=city, day=date(2026, 1, 1))
    assert not actions.remove_day(actor=city, day=date(2026, 1, 1))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_is_read(codec):
    reading = tables.read(GOOD.encode(codec))
    assert not reading.faults
    assert [(row.date, row.kind, row.name) for row in reading.rows] == [
        (date(2027, 1, 1), Kind.HOLIDAY, "元旦"), (date(2027, 1, 3), Kind.WORKDAY, "元旦"),
    ]  # fmt: skip


def test_dry_run_writes_nothing_then_the_same_rows_are_written(tree, signed_in):
    client = signed_in(Role.CITY_OP, tree.city)
    page = client.post(IMPORT, {"file": SimpleUploadedFile("2027.csv", GOOD.encode("gb18030"))})
    assert page.status_code == 200 and not Holiday.objects.exists()
    client.post(IMPORT, {"text": page.context["text"], "act": "write"})
    assert Holiday.objects.count() == 2
    text = client.get("/staff/workdays/2027.csv").content
    again = client.post(IMPORT, {"file": SimpleUploadedFile("x.csv", text)})
    assert [old for _row, _kind, old in again.context["rows"]] == ["放假 元旦", "补班 元旦"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-02-30,放假,春节", "日期“2027-02-30”不对"),
        ("2027-02-10,休假,春节", "只能是 放假 或 补班"),
        ("2027-02-10,放假,", "1 到 40 个字"),
        ("1027-02-10,放假,春节", "年份 1027 不对"),
        ("2027-01-01,补班,元旦", "和第 2 行是同一天"),
    ],
)
def test_bad_row_is_named_and_nothing_is_written(tree, signed_in, line, words):
    client = signed_in(Role.CITY_OP, tree.city)
    page = client.post(IMPORT, {"file": SimpleUploadedFile("x.csv", f"{GOOD}{line}\n".encode())})
    assert page.status_code == 422
    assert words in page.content.decode() and "第 4 行" in page.content.decode()
    client.post(IMPORT, {"text": f"{GOOD}{line}\n", "act": "write"})
    assert not Holiday.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04xx", b"a,b\n1,2\n", "日期,类型,名称\n".encode()])
def test_file_that_is_no_table_is_told_at_the_field(tree, signed_in, data):
    page = signed_in(Role.CITY_OP, tree.city).post(IMPORT, {"file": SimpleUploadedFile("x.csv", data)})
    assert page.status_code == 422 and "file" in page.context["form"].errors


def test_pages_for_insider_and_outsider(tree, signed_in):
    city, county = signed_in(Role.CITY_OP, tree.city), signed_in(Role.COUNTY_OP, tree.pingding)
    assert (
        city.post("/staff/workdays/", {"date": "2027-01-01", "kind": "HOLIDAY", "name": "元旦"}).status_code
        == 302
    )
    assert "元旦" in county.get("/staff/workdays/?year=2027").content.decode()
    assert (
        county.post("/staff/workdays/", {"date": "2027-01-02", "kind": "HOLIDAY", "name": "x"}).status_code
        == 403
    )
    assert county.post("/staff/workdays/load/", {"year": "2026"}).status_code == 403
    assert county.get(IMPORT).status_code == 403
    assert city.post("/staff/workdays/", {"date": "昨天", "kind": "HOLIDAY", "name": "x"}).status_code == 422
    city.post("/staff/workdays/load/", {"year": "2026"})
    city.post("/staff/workdays/remove/", {"date": "2027-01-01"})
    assert Holiday.objects.filter(date__year=2026).count() == 39 and Holiday.objects.count() == 39


@given(st.binary(max_size=200))
def test_no_bytes_are_a_fault(data):
    with suppress(tables.UnreadableError):
        assert tables.read(data).rows is not None


@pytest.mark.django_db
def test_counting_forwards_and_back_agrees():
    start = date(2026, 1, 1)
    for count in range(1, 40, 7):
        day = queries.add_workdays(start, count)
        assert queries.workdays_between(start, day) == count
        assert queries.is_workday(day)
        assert start + timedelta(days=count) <= day
