"""Counts and no lists of people; current documents first; visits online stand apart from people on site."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.materials import actions, rules
from campaigns.materials.models import Course, Document, Material, Placement, Viewing
from campaigns.materials.rules import DocumentStatus
from portal.access.roles import Role
from portal.dashboards.models import MetricRollup
from portal.dashboards.recount import checks
from portal.dashboards.rollup import roll_up_all
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import LISTS
from portal.units.models import Unit
from tests.factories.activities import make_campaign
from tests.factories.materials import (
    make_course,
    make_document,
    make_film,
    make_material,
    make_placement,
    make_viewing,
)

BASE = "/staff/materials/"
TODAY = timezone.localdate


@pytest.fixture
def op(tree, person):
    return person(Role.COUNTY_OP, tree.pingding)


@pytest.fixture
def client_of_county(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def _post(client, url, prefix="", **fields):
    fields = {"form_token": str(uuid.uuid4()), **fields}
    return client.post(url, {f"{prefix}-{name}" if prefix else name: value for name, value in fields.items()})


# -- materials, placements, films -------------------------------------------------------------------


def test_booklet_from_the_form_to_the_people_who_got_it(client_of_county, tree):
    token = str(uuid.uuid4())
    fields = {
        "form_token": token,
        "title": "警示教育读本",
        "kind": "booklet",
        "copies": "约2000",
        "edition": "第 1 版",
    }
    first = client_of_county.post(f"{BASE}new/", fields)
    client_of_county.post(f"{BASE}new/", fields)
    row = Material.objects.get()
    assert first.url == row.staff_url and (row.copies, row.copies_estimated) == (2000, True)
    place = {
        "channel": "handed_out",
        "place": "三八节宣传点",
        "placed_on": TODAY().isoformat(),
        "copies": "420",
        "audience": "women",
        "people": "420",
    }
    token = str(uuid.uuid4())
    for _twice in range(2):
        _post(client_of_county, f"{row.staff_url}place/", "p", form_token=token, **place)
    placement = Placement.objects.get()
    assert (placement.copies, placement.people, placement.unit) == (420, 420, tree.pingding)
    page = client_of_county.get(BASE).content.decode()
    assert "约2000" in page and "420" in page
    assert "三八节宣传点" in client_of_county.get(row.staff_url).content.decode()
    assert client_of_county.get(f"{BASE}placements/?channel=handed_out&q=三八").context["page"].rows


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"placed_on": ""}, "p-placed_on"),
        ({"ends_on": "2020-01-01"}, "结束日期早于开始日期"),
        ({"copies": "很多"}, "请填数字"),
        ({"copies": "-5"}, "不能填负数"),
        ({"channel": "teleport"}, "p-channel"),
    ],
)
def test_odd_placements_are_answered_and_nothing_is_lost(client_of_county, tree, fields, words):
    row = make_material(tree.pingding)
    good = {"channel": "posted", "place": "没丢的地点", "placed_on": TODAY().isoformat()}
    answer = _post(client_of_county, f"{row.staff_url}place/", "p", **{**good, **fields})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "没丢的地点" in page
    assert not Placement.objects.exists()


def test_film_is_watched_and_a_booklet_is_not(client_of_county, tree, op):
    film, booklet = make_film(tree.pingding), make_material(tree.pingding)
    view = {"watched_on": TODAY().isoformat(), "place": "会议室", "audience": "spouses", "headcount": "66"}
    _post(client_of_county, f"{film.staff_url}watch/", "v", **view)
    _post(client_of_county, f"{booklet.staff_url}watch/", "v", **view)
    assert Viewing.objects.get().headcount == 66 and Viewing.objects.get().film == film
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    assert (
        _post(
            client_of_county, f"{film.staff_url}watch/", "v", **{**view, "watched_on": tomorrow}
        ).status_code
        == 422
    )
    with pytest.raises(WorkflowError):
        actions.add_viewing(actor=op, unit=tree.pingding, film=booklet, fields={})


def test_what_was_written_by_mistake_goes_and_so_does_its_figure(client_of_county, tree):
    viewing, placement = make_viewing(make_film(tree.pingding)), make_placement(make_material(tree.pingding))
    theirs = make_placement(make_material(tree.yuxian))
    assert client_of_county.post(f"{BASE}placements/{theirs.pk}/remove/").status_code == 404
    client_of_county.post(f"{BASE}viewings/{viewing.pk}/remove/")
    client_of_county.post(f"{BASE}placements/{placement.pk}/remove/")
    assert not Viewing.objects.exists() and Placement.objects.get() == theirs


def test_refusals_beside_the_same_setup(tree, person, op):
    row, document, course = (
        make_material(tree.pingding),
        make_document(tree.pingding),
        make_course(tree.pingding),
    )
    film, fields = make_film(tree.pingding), {"title": "x"}
    for stranger in (person(Role.COUNTY_OP, tree.yuxian), person(Role.CITY_LEADER, tree.city)):
        for refused in (
            lambda who: actions.add_material(actor=who, unit=tree.pingding, fields=fields),
            lambda who: actions.edit_material(actor=who, material=row, fields=fields),
            lambda who: actions.add_placement(actor=who, unit=tree.pingding, material=row, fields={}),
            lambda who: actions.add_viewing(actor=who, unit=tree.pingding, film=film, fields={}),
            lambda who: actions.add_document(actor=who, unit=tree.pingding, fields=fields),
            lambda who: actions.edit_document(actor=who, document=document, fields=fields),
            lambda who: actions.repeal(actor=who, document=document, reason="x"),
            lambda who: actions.add_course(actor=who, unit=tree.pingding, fields=fields),
            lambda who: actions.edit_course(actor=who, course=course, fields=fields, lectures=[]),
        ):
            with pytest.raises(PermissionDenied):
                refused(stranger)
    actions.edit_material(actor=op, material=row, fields={"title": "新读本"})
    row.refresh_from_db()
    assert row.title == "新读本"


# -- documents --------------------------------------------------------------------------------------


def test_current_documents_come_first_and_point_to_each_other(client_of_county, tree, op):
    new = make_document(tree.pingding, title="干部管理制度", effective_on=date(2026, 1, 1))
    old = make_document(tree.pingding, title="干部管理制度（试行）", effective_on=date(2023, 1, 1))
    _post(client_of_county, f"{old.staff_url}replace/", "replace", by=new.pk)
    old.refresh_from_db()
    assert (old.status, old.replaced_by, old.ends_on) == (DocumentStatus.REPLACED, new, date(2025, 12, 31))
    titles = [row.obj.title for row in client_of_county.get(f"{BASE}documents/").context["page"].rows]
    assert titles == ["干部管理制度", "干部管理制度（试行）"]
    assert old.title in client_of_county.get(new.staff_url).content.decode()
    assert new.title in client_of_county.get(old.staff_url).content.decode()
    assert client_of_county.get(f"{BASE}documents/?status=current&q=管理").context["page"].total == 1


def test_a_document_is_not_replaced_by_itself_or_by_a_strangers(tree, op):
    mine, theirs = make_document(tree.pingding), make_document(tree.yuxian)
    for wrong in (mine, theirs):
        with pytest.raises(WorkflowError):
            actions.replace(actor=op, document=mine, by=wrong)
    actions.repeal(actor=op, document=mine, reason="机构改革")
    assert not mine.applies
    actions.restore(actor=op, document=mine, reason="废止有误")
    assert mine.status == DocumentStatus.CURRENT and mine.applies


@pytest.mark.parametrize(
    ("status", "effective", "ends", "expected"),
    [
        ("current", None, None, True),
        ("current", date(2026, 1, 1), None, True),
        ("current", date(2027, 1, 1), None, False),
        ("current", date(2025, 1, 1), date(2025, 12, 31), False),
        ("repealed", None, None, False),
    ],
)
def test_in_force(status, effective, ends, expected):
    assert rules.in_force(status, effective, ends, date(2026, 11, 27)) is expected


def test_document_form_with_text_that_search_finds(client_of_county, tree):
    good = {
        "title": "学习制度",
        "kind": "rule",
        "number": "平妇发〔2026〕5号",
        "effective_on": "2026-01-01",
        "contents": "考勤\n学习\n",
        "text": "每周一学习两小时",
    }
    assert _post(client_of_county, f"{BASE}documents/new/", **{**good, "number": "5号"}).status_code == 422
    assert (
        _post(client_of_county, f"{BASE}documents/new/", **{**good, "ends_on": "2025-01-01"}).status_code
        == 422
    )
    assert _post(client_of_county, f"{BASE}documents/new/", **good).status_code == 302
    row = Document.objects.get()
    assert row.contents == ["考勤", "学习"] and row.applies
    assert client_of_county.get(f"{BASE}documents/?q=两小时").context["page"].total == 1
    assert (
        _post(client_of_county, f"{row.staff_url}edit/", **{**good, "title": "学习制度（修订）"}).status_code
        == 302
    )


def test_rules_of_the_units_above_are_read_below(signed_in, tree):
    make_document(tree.city, title="全市的")
    make_document(tree.yuxian, title="邻县的")
    page = signed_in(Role.VILLAGE_OP, tree.dongguan).get(f"{BASE}documents/").content.decode()
    assert "全市的" in page and "邻县的" not in page


# -- courses ----------------------------------------------------------------------------------------


def _lectures(*rows):
    found = {"lectures-TOTAL_FORMS": str(len(rows)), "lectures-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        found |= {f"lectures-{number}-{name}": value for name, value in row.items()}
    return found


def test_three_lectures_and_33_000_visits_apart_from_people(client_of_county):
    body = {
        "title": "线上培训班", "kind": "live", "starts_on": "2022-05-13", "ends_on": "2022-05-15", "online_visits": "3.3万多", "likes": "近30万",
        **_lectures({"topic": "家庭教育促进法", "on_day": "2022-05-13"}, {"topic": "传统文化"}, {"topic": "生命教育"}, {}),
    }  # fmt: skip
    answer = _post(client_of_county, f"{BASE}courses/new/", **body)
    course = Course.objects.get()
    assert answer.url == course.staff_url
    assert (course.n_lectures, course.online_visits, course.online_visits_estimated) == (3, 33000, True)
    assert course.headcount is None and course.likes == 300000
    page = client_of_county.get(course.staff_url).content.decode()
    assert "约33,000" in page and "只作传播量" in page and "生命教育" in page
    assert client_of_county.get(f"{course.staff_url}edit/").content.decode().count("家庭教育促进法") == 1


def test_sum_of_the_lectures_where_no_total_was_written(tree, op):
    lectures = [
        {"topic": "一", "online_visits": 100, "headcount": 30},
        {"topic": "二", "online_visits": 150, "online_visits_estimated": True},
    ]
    fields = {"title": "讲座", "kind": "lectures", "starts_at": timezone.now(), "ends_on": TODAY()}
    course = actions.add_course(
        actor=op, unit=tree.pingding, fields=fields, lectures=lectures, client_token="t1"
    )
    again = actions.add_course(
        actor=op, unit=tree.pingding, fields=fields, lectures=lectures, client_token="t1"
    )
    assert again == course and course.lectures.count() == 2
    assert (course.online_visits, course.online_visits_estimated, course.headcount) == (250, True, 30)
    actions.edit_course(actor=op, course=course, fields={"online_visits": 260}, lectures=lectures[:1])
    course.refresh_from_db()
    assert (course.online_visits, course.n_lectures) == (260, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": "2022-05-01"}, "结束日期早于开始日期"),
        ({"ends_on": "2024-05-01"}, "不超过一年"),
        ({"online_visits": "三万"}, "请填数字"),
        ({"lectures-0-topic": "", "lectures-0-speaker": "李老师"}, "请写这一讲的题目"),
        ({"lectures-0-topic": "", "lectures-0-online_visits": "300"}, "请写这一讲的题目"),
        ({"lectures-0-on_day": "2022-05-12"}, "不在课程的起止日期里"),
        ({"ends_on": "2022-05-15", "lectures-0-on_day": "2022-05-16"}, "不在课程的起止日期里"),
    ],
)
def test_odd_courses_are_answered(client_of_county, fields, words):
    good = {"title": "没丢的名称", "kind": "live", "starts_on": "2022-05-13", **_lectures({"topic": "一"})}
    answer = _post(client_of_county, f"{BASE}courses/new/", **{**good, **fields})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "没丢的名称" in page
    assert not Course.objects.exists()


# -- figures, outsiders, cost -----------------------------------------------------------------------


def test_figures_equal_their_recount(tree):
    make_placement(make_material(tree.pingding), copies=100, plays=7)
    make_placement(make_material(tree.guanshan), copies=20)
    make_viewing(make_film(tree.pingding), headcount=66)
    make_course(tree.pingding, n_lectures=3, online_visits=33000, online_visits_estimated=True)
    roll_up_all()
    rows = MetricRollup.objects.filter(unit=tree.city, source__in=["placements", "viewings", "courses"])
    values = {code: value for row in rows for code, value in row.values.items()}
    assert values["placements.copies"] == 120 and values["placements.plays"] == 7
    assert values["viewings.headcount"] == 66 and values["courses.lectures"] == 3
    assert values["courses.online_visits"] == 33000 and "courses.headcount" not in values
    found = list(checks(Unit.objects.filter(pk=tree.city.pk)))
    assert found and all(check.is_equal for check in found)


def test_outsiders(tree, signed_in, client):
    row, document, course = (
        make_material(tree.pingding),
        make_document(tree.pingding),
        make_course(tree.pingding),
    )
    neighbour = signed_in(Role.COUNTY_OP, tree.yuxian)
    for one in (row, document, course):
        assert neighbour.get(one.staff_url).status_code == 404
        assert neighbour.get(f"{one.staff_url}edit/").status_code == 404
    leader = signed_in(Role.CITY_LEADER, tree.city)
    assert leader.get(row.staff_url).status_code == 200
    assert leader.get(f"{row.staff_url}edit/").status_code == 403
    assert signed_in(Role.PROVINCE_VIEWER, tree.province).get(BASE).status_code == 403
    assert client.get(BASE).status_code == 302


def test_lists_cost_the_same_with_more_rows_and_never_name_people(tree, signed_in):
    client = signed_in(Role.CITY_OP, tree.city)

    def fill(unit):
        make_placement(make_material(unit, campaign=make_campaign(tree.city)))
        make_viewing(make_film(unit))
        old = make_document(unit)
        make_document(unit, status=DocumentStatus.REPLACED, replaced_by=old)
        make_course(unit, campaign=make_campaign(tree.city))

    fill(tree.pingding)
    for part in ("", "placements/", "viewings/", "documents/", "courses/"):
        client.get(BASE + part)
        with CaptureQueriesContext(connection) as one:
            client.get(BASE + part)
        fill(tree.yuxian)
        fill(tree.guanshan)
        with CaptureQueriesContext(connection) as more:
            client.get(BASE + part)
        assert len(more) <= len(one), part
    codes = (
        "materials",
        "materials.placements",
        "materials.viewings",
        "materials.documents",
        "materials.courses",
    )
    assert all(LISTS[code].export for code in codes)
