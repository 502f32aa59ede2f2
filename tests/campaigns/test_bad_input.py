"""Bad input at every form of the campaign slices: the same page again, a Chinese sentence at the field, nothing
saved, every typed word still there (the last paragraph of the issue: a wrong date, a negative count, a photo of
60 MB, a document of 60 MB, a closed unit, a date in the past; tables with a formula are read by every import kind)."""

import html
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.calendar.models import CalendarNode, ReminderCampaign
from campaigns.materials.models import Course, Document, Material, Placement, Viewing
from campaigns.packages.models import Package
from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.pledges.models import Handout, Initiative, PledgeRecord, PledgeTemplate
from campaigns.quizzes.models import Question, Quiz, Survey
from campaigns.series.models import Episode, Series
from campaigns.stories.models import Story
from campaigns.tasks.evidence import NAMED
from campaigns.tasks.models import Quota, Task
from campaigns.venues.models import BaseBatch, BaseVisit, Venue, VenueCheck, VenueItem
from campaigns.visits.models import FamilyVisit
from portal.access.roles import Role
from portal.importing.models import ImportRow
from tests.factories.activities import form_data, make_campaign
from tests.factories.materials import make_film, make_material
from tests.factories.pledges import make_letter, make_template
from tests.factories.series import make_series
from tests.factories.tasks import task_form
from tests.factories.venues import make_base, make_batch, make_open_venue, make_venue

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MEGABYTES_60 = 60_000_000


@dataclass(frozen=True)
class Page:
    """One form: who opens it, where, what is right, which words must survive, what a success makes."""

    role: Role
    unit: str
    url: Callable[[Any], str]
    data: Callable[[Any], dict[str, Any]]
    kept: str
    model: Any
    prefix: str = ""


def today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _year(month: int, day: int) -> str:
    return date(timezone.localdate().year, month, day).isoformat()


def at(address: str) -> Callable[[Any], str]:
    return lambda tree: address


OP = Role.COUNTY_OP
PAGES: dict[str, Page] = {
    "activity": Page(
        OP, "pingding", at("/staff/activities/new/"),
        lambda tree: form_data(unit=tree.pingding.unit_no, title="没丢的活动", act="submit"), "没丢的活动", Activity,
    ),
    "campaign": Page(
        Role.CITY_OP, "city", at("/staff/campaigns/new/"),
        lambda tree: {
            "name": "没丢的主题", "slug": "kept", "starts_on": _year(1, 1), "ends_on": _year(12, 31), "unit": tree.city.unit_no,
        }, "没丢的主题", Campaign,
    ),
    "policy": Page(
        Role.CITY_OP, "city", lambda tree: f"{make_campaign(tree.city).staff_url}policies/new/",
        lambda tree: {"title": "没丢的文件", "issued_on": today(), "confirm_days": "5", "text": "正文"},
        "没丢的文件", PolicyDocument,
    ),
    "package": Page(
        OP, "pingding", at("/staff/packages/new/"),
        lambda tree: {
            "name": "没丢的套餐", "starts_on": _year(1, 1), "ends_on": _year(12, 31), "items-TOTAL_FORMS": "1",
            "items-INITIAL_FORMS": "0", "items-0-name": "一次家访", "items-0-way": "activities.kind:family_visit", "items-0-needed": "1",
            "units": [tree.guanshan.unit_no],
        }, "没丢的套餐", Package,
    ),
    "task": Page(
        Role.CITY_OP, "city", at("/staff/tasks/new/"), lambda tree: task_form(title="没丢的任务"), "没丢的任务", Task,
    ),
    "quota": Page(
        Role.CITY_OP, "city", at("/staff/tasks/quotas/new/"),
        lambda tree: {
            "form_token": str(uuid.uuid4()), "title": "没丢的名额", "unit": tree.city.unit_no, "total": "10", "kind": NAMED,
            "shares-TOTAL_FORMS": "1", "shares-INITIAL_FORMS": "0", "shares-0-unit_no": tree.pingding.unit_no,
            "shares-0-minimum": "0", "shares-0-maximum": "5",
        }, "没丢的名额", Quota,
    ),
    "node": Page(
        Role.CITY_OP, "city", at("/staff/calendar/nodes/new/"),
        lambda tree: {
            "name": "没丢的节点", "rule": "nth_weekday", "month": "5", "nth": "2", "weekday": "7", "unit": tree.city.unit_no,
            "levels": ["3"], "perm": "activity.log", "days_before": "30", "activity_kind": "parent_child", "title": "亲子活动",
            "is_active": "on",
        }, "没丢的节点", CalendarNode,
    ),
    "reminder": Page(
        OP, "pingding", at("/staff/calendar/reminders/new/"),
        lambda tree: {
            "title": "没丢的提醒", "unit": tree.pingding.unit_no, "on": today(30), "rounds": "7、3", "channel": "site",
            "audience": "subtree", "text": "请廉洁过节。",
        }, "没丢的提醒", ReminderCampaign,
    ),
    "series": Page(
        OP, "pingding", at("/staff/series/new/"),
        lambda tree: {"title": "没丢的系列", "kind": "brief", "planned": "8", "unit": tree.pingding.unit_no, "slug": "kept"},
        "没丢的系列", Series,
    ),
    "episode": Page(
        OP, "pingding", lambda tree: f"/staff/series/{make_series(tree.pingding).slug}/new/",
        lambda tree: {"number": "1", "topic": "没丢的一期", "due_on": today(3)}, "没丢的一期", Episode,
    ),
    "venue": Page(
        OP, "pingding", at("/staff/venues/new/"),
        lambda tree: {"unit": tree.pingding.unit_no, "kind": "book_room", "name": "没丢的书屋", "address": "东关街"},
        "没丢的书屋", Venue,
    ),
    "venue_item": Page(
        OP, "pingding", lambda tree: f"{make_venue(tree.pingding).staff_url}items/",
        lambda tree: {
            "title": "没丢的展板", "kind": "board", "quantity": "8", "placed_on": today(-9), "condition": "good",
        }, "没丢的展板", VenueItem, prefix="item",
    ),
    "venue_check": Page(
        OP, "pingding", lambda tree: f"{make_venue(tree.pingding).staff_url}check/",
        lambda tree: {"on": today(), "result": "to_fix", "findings": "没丢的情况"}, "没丢的情况", VenueCheck, prefix="check",
    ),
    "base_batch": Page(
        Role.CITY_OP, "city", at("/staff/venues/batches/new/"),
        lambda tree: {
            "form_token": str(uuid.uuid4()), "unit": tree.city.unit_no, "name": "没丢的批次", "year": "2026", "title_word": "实践基地",
            "total": "10", "child_least": "2", "child_most": "3", "pass_score": "80", "public_days": "5", "opens_on": today(),
            "closes_on": today(9), "criteria_text": "组织领导 40\n活动成效 60", "pool_text": "",
        }, "没丢的批次", BaseBatch,
    ),
    "base": Page(
        OP, "pingding", lambda tree: f"{make_base(make_batch(tree.city), make_venue(tree.pingding), intro='').staff_url}edit/",
        lambda tree: {"intro": "没丢的介绍", "act": "save"}, "没丢的介绍", None,
    ),
    "material": Page(
        OP, "pingding", at("/staff/materials/new/"),
        lambda tree: {"title": "没丢的读本", "kind": "booklet", "copies": "约2000"}, "没丢的读本", Material,
    ),
    "placement": Page(
        OP, "pingding", lambda tree: f"{make_material(tree.pingding).staff_url}place/",
        lambda tree: {"channel": "posted", "place": "没丢的地点", "placed_on": today()}, "没丢的地点", Placement, prefix="p",
    ),
    "viewing": Page(
        OP, "pingding", lambda tree: f"{make_film(tree.pingding).staff_url}watch/",
        lambda tree: {"watched_on": today(), "place": "没丢的会议室", "headcount": "40"}, "没丢的会议室", Viewing, prefix="v",
    ),
    "document": Page(
        OP, "pingding", at("/staff/materials/documents/new/"),
        lambda tree: {"title": "没丢的制度", "kind": "rule", "effective_on": "2026-01-01", "text": "全文"}, "没丢的制度", Document,
    ),
    "course": Page(
        OP, "pingding", at("/staff/materials/courses/new/"),
        lambda tree: {
            "title": "没丢的课", "kind": "live", "starts_on": "2022-05-13", "lectures-TOTAL_FORMS": "1",
            "lectures-INITIAL_FORMS": "0", "lectures-0-topic": "一",
        }, "没丢的课", Course,
    ),
    "visit": Page(
        Role.VILLAGE_OP, "dongguan", at("/staff/visits/new/"),
        lambda tree: {
            "visited_on": today(), "area": "没丢的社区", "visitors": "社区妇联", "family_kind": "official", "households": "3",
        }, "没丢的社区", FamilyVisit,
    ),
    "pledge": Page(
        OP, "pingding", at("/staff/pledges/new/"),
        lambda tree: {
            "title": "没丢的承诺书", "code": "kept", "unit": tree.pingding.unit_no, "audience": "families", "sign_by": "household",
            "clause_lines": "1. 婚事简办\n2、厚养薄葬\n3）勤俭持家", "valid_from": "2026-01-01",
        }, "没丢的承诺书", PledgeTemplate,
    ),
    "paper": Page(
        Role.VILLAGE_OP, "dongguan", lambda tree: f"/staff/pledges/{make_template(tree.city).code}/paper/",
        lambda tree: {
            "unit": tree.dongguan.unit_no, "signed_on": today(), "method": "paper_scan", "signatures": "27", "households": "9",
            "note": "没丢的说明",
        }, "没丢的说明", PledgeRecord,
    ),
    "initiative": Page(
        OP, "pingding", at("/staff/pledges/initiatives/new/"),
        lambda tree: {
            "title": "没丢的倡议书", "slug": "kept", "unit": tree.pingding.unit_no, "issuers": "县妇联", "issued_on": today(),
            "body": "以德立家。",
        }, "没丢的倡议书", Initiative,
    ),
    "handout": Page(
        OP, "pingding", lambda tree: f"/staff/pledges/initiatives/{make_letter(tree.pingding).slug}/copies/",
        lambda tree: {"unit": tree.pingding.unit_no, "given_on": today(), "copies": "100", "sms_count": "0", "note": "没丢的备注"},
        "没丢的备注", Handout,
    ),
    "story": Page(
        OP, "pingding", at("/staff/stories/new/"),
        lambda tree: {
            "title": "没丢的文章", "slug": "kept", "unit": tree.pingding.unit_no, "kind": "news", "lead": "", "body": "正文",
            "parts-TOTAL_FORMS": "0", "parts-INITIAL_FORMS": "0",
        }, "没丢的文章", Story,
    ),
    "question": Page(
        OP, "pingding", at("/staff/quizzes/questions/new/"),
        lambda tree: {
            "unit": tree.pingding.unit_no, "category": "culture", "kind": "single", "stem": "没丢的题干", "options": "甲\n乙",
            "answer": "A", "difficulty": "1",
        }, "没丢的题干", Question,
    ),
    "paper_plan": Page(
        OP, "pingding", at("/staff/quizzes/papers/new/"),
        lambda tree: {
            "unit": tree.pingding.unit_no, "title": "没丢的问答", "slug": "kept", "mode": "contest", "opens_on": today(),
            "closes_on": today(5), "minutes": "20", "pass_score": "60", "excellent_score": "90", "attempts_per_day": "3",
            "shuffle": "on", "prize_count": "0",
        }, "没丢的问答", Quiz,
    ),
    "survey": Page(
        OP, "pingding", at("/staff/surveys/new/"),
        lambda tree: {
            "unit": tree.pingding.unit_no, "title": "没丢的调查", "slug": "kept", "population": "全县家庭", "frame_size": "5000",
            "margin": "5", "design_effect": "1", "expected_response": "60", "opens_on": today(), "closes_on": today(20),
        }, "没丢的调查", Survey,
    ),
}  # fmt: skip


def send(name: str, tree: Any, signed_in: Any, **fields: Any) -> tuple[Any, int]:
    """Post the right data with these fields instead; the answer and how many rows it made."""
    page = PAGES[name]
    client = signed_in(page.role, getattr(tree, page.unit))
    url, data = page.url(tree), {"form_token": str(uuid.uuid4()), **page.data(tree), **fields}
    if page.prefix:
        data = {f"{page.prefix}-{key}": value for key, value in data.items()}
    before = page.model.objects.count() if page.model else 0
    answer = client.post(url, data)
    return answer, (page.model.objects.count() if page.model else 0) - before


def errors_in(answer: Any) -> dict[str, list[str]]:
    """Every error of every form on the page, by field."""
    found: dict[str, list[str]] = {}
    for layer in answer.context or ():
        for value in [
            one for part in (layer.dicts if hasattr(layer, "dicts") else [layer]) for one in part.values()
        ]:
            forms = value if hasattr(value, "management_form") else [value]
            for form in forms:
                if getattr(form, "is_bound", False) and hasattr(form, "fields"):
                    for field, texts in form.errors.items():
                        found.setdefault(field, []).extend(str(text) for text in texts)
    return found


def check(name: str, field: str, answer: Any, made: int) -> None:
    """The one promise of this module."""
    page = html.unescape(answer.content.decode())
    assert answer.status_code in (200, 409, 422), (name, field, answer.status_code)
    assert made == 0
    errors = errors_in(answer)
    assert field in errors, (name, field, errors)
    assert any(CHINESE.search(text) and text in page for text in errors[field]), (name, field, errors)
    assert PAGES[name].kept in page


@pytest.mark.parametrize("name", PAGES)
def test_right_data_is_taken(tree, signed_in, name):
    answer, made = send(name, tree, signed_in)
    assert answer.status_code == 302, (name, errors_in(answer))
    assert made == (1 if PAGES[name].model else 0)


WRONG_DATES = [
    ("activity", "starts_at"), ("campaign", "starts_on"), ("campaign", "ends_on"), ("policy", "issued_on"),
    ("package", "ends_on"), ("task", "due_on"), ("task", "check_on"), ("reminder", "on"),
    ("episode", "due_on"), ("venue", "opened_on"), ("venue_item", "placed_on"), ("venue_check", "on"),
    ("base_batch", "closes_on"), ("placement", "placed_on"), ("viewing", "watched_on"), ("document", "effective_on"),
    ("course", "starts_on"), ("visit", "visited_on"), ("pledge", "valid_from"), ("paper", "signed_on"),
    ("initiative", "issued_on"), ("handout", "given_on"), ("story", "happened_on"), ("question", "expires_on"),
    ("paper_plan", "opens_on"), ("survey", "closes_on"),
]  # fmt: skip


@pytest.mark.parametrize("value", ["2026-02-30", "去年五月"])
@pytest.mark.parametrize(("name", "field"), WRONG_DATES)
def test_wrong_date(tree, signed_in, name, field, value):
    answer, made = send(name, tree, signed_in, **{field: value})
    check(name, field, answer, made)


NEGATIVE = [
    ("activity", "headcount"), ("policy", "confirm_days"), ("package", "items-0-needed"), ("task", "soon_days"),
    ("quota", "total"), ("node", "days_before"), ("series", "planned"), ("episode", "number"), ("episode", "online_visits"),
    ("venue", "capacity"), ("venue", "area_m2"), ("venue_item", "quantity"), ("base_batch", "total"), ("material", "copies"),
    ("placement", "copies"), ("viewing", "headcount"), ("course", "headcount"), ("visit", "households"),
    ("paper", "signatures"), ("paper", "households"), ("handout", "copies"), ("paper_plan", "minutes"),
    ("survey", "frame_size"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), NEGATIVE)
def test_negative_count(tree, signed_in, name, field):
    answer, made = send(name, tree, signed_in, **{field: "-5"})
    check(name, field.rpartition("-")[2], answer, made)


FILES = [
    ("activity", "photos"), ("activity", "documents"), ("policy", "scan"), ("policy", "documents"), ("task", "attachments"),
    ("task", "documents"), ("episode", "photos"), ("venue", "photos"), ("base", "photos"), ("base", "documents"),
    ("material", "photos"), ("document", "photos"), ("document", "documents"), ("paper", "scans"), ("paper", "documents"),
    ("initiative", "scans"), ("initiative", "documents"), ("story", "documents"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), FILES)
def test_file_of_sixty_megabytes(tree, signed_in, name, field):
    is_document = field == "documents"
    data = (b"%PDF-1.4" if is_document else b"\xff\xd8\xff") + b"0" * MEGABYTES_60
    file = SimpleUploadedFile("大文件.pdf" if is_document else "大照片.jpg", data)
    answer, made = send(name, tree, signed_in, **{field: file})
    check(name, field, answer, made)
    assert any("超过" in text and file.name in text for text in errors_in(answer)[field])


PAST = [("task", "due_on"), ("reminder", "on"), ("story", "expires_on")]


@pytest.mark.parametrize(("name", "field"), PAST)
def test_date_in_the_past(tree, signed_in, name, field):
    answer, made = send(name, tree, signed_in, **{field: "2020-01-01"})
    check(name, field, answer, made)


AHEAD = [
    ("activity", "starts_at"), ("venue", "opened_on"), ("venue_item", "placed_on"), ("venue_check", "on"), ("viewing", "watched_on"),
    ("visit", "visited_on"), ("paper", "signed_on"), ("handout", "given_on"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), AHEAD)
def test_what_has_happened_does_not_lie_ahead(tree, signed_in, name, field):
    value = f"{today(400)}T09:00" if field == "starts_at" else today(400)
    answer, made = send(name, tree, signed_in, **{field: value})
    check(name, field, answer, made)


CLOSED = [
    ("task", "units"), ("package", "units"), ("activity", "unit"), ("venue", "unit"),
    ("handout", "unit"), ("policy", "receivers"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "field"), CLOSED)
def test_closed_unit(tree, signed_in, name, field):
    page = PAGES[name]
    below = tree.guanshan if page.unit == "pingding" else tree.yuxian
    below.closed_on = date(2026, 1, 1)
    below.save()
    value = below.unit_no if field.endswith(("unit", "unit_no")) else [below.unit_no]
    answer, made = send(name, tree, signed_in, **{field: value})
    check(name, field.rpartition("-")[2], answer, made)


def test_share_of_a_closed_unit_is_answered_above_the_rows(tree, signed_in):
    tree.pingding.closed_on = date(2026, 1, 1)
    tree.pingding.save()
    answer, made = send("quota", tree, signed_in)
    check("quota", "__all__", answer, made)


def test_booking_of_minus_five_people(tree, client):
    venue = make_open_venue(tree.dongguan)
    answer = client.post(f"{venue.get_absolute_url()}book/", {"headcount": "-5", "org": "没丢的学校"})
    assert answer.status_code in (200, 422)
    assert CHINESE.search("".join(errors_in(answer).get("headcount", [])))
    assert "没丢的学校" in answer.content.decode()
    assert not BaseVisit.objects.exists()


FORMULAS = {
    "activities": (OP, "pingding", "活动名称,活动类型,时间,参与人数\n没丢的,宣讲,2026.05.06,=SUM(A1:A3)"),
    "venues": (OP, "pingding", "名称,类型,地址,面积\n没丢的,家风馆,街,=2*3"),
    "tasks": (Role.CITY_OP, "city", "任务名称,完成期限,任务要求\n没丢的,=TODAY()+9,办"),
    "questions": (OP, "pingding", "题干,题型,类别,选项,正确答案\n没丢的,单选,廉洁文化,甲|乙,=A1"),
}


@pytest.mark.parametrize("kind", FORMULAS)
def test_gbk_table_with_a_formula(tree, signed_in, kind):
    role, unit, text = FORMULAS[kind]
    client = signed_in(role, getattr(tree, unit))
    file = SimpleUploadedFile("表.csv", text.encode("gbk"))
    answer = client.post(f"/staff/imports/{kind}/new/", {"unit": getattr(tree, unit).unit_no, "file": file})
    row = ImportRow.objects.get()
    page = client.get(answer.url).content.decode()
    assert row.verdict == "wrong"
    assert "是公式" in page
    assert "没丢的" in page
