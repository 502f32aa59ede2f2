"""Entering, inspecting, renewing and closing venues; what the public sees of them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.venues.actions import venues as actions
from campaigns.venues.models import Venue
from campaigns.venues.rules import venues as rules
from campaigns.venues.rules.visits import days_in_words
from portal.access.roles import Role
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.publication import actions as gate
from portal.publication.rules import CHECKLIST
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.venues import make_base, make_batch, make_open_venue, make_venue, make_visit


def _fields(**more):
    return {"name": "东关家风馆", "kind": "family_hall", "address": "东关街 8 号", **more}


def _post(tree, **more):
    return {
        "form_token": str(uuid4()), "unit": tree.dongguan.unit_no, "kind": "book_room", "name": "东关书屋",
        "address": "东关街 9 号", **more,
    }  # fmt: skip


def test_a_village_enters_its_own_venue_and_no_other(tree, person):
    clerk = person(Role.VILLAGE_OP, tree.dongguan)
    venue = actions.create_venue(actor=clerk, unit=tree.dongguan, fields=_fields(), client_token="t-1")
    assert venue.no.startswith("ZD") and venue.due_on == rules.months_later(timezone.localdate(), 6)
    again = actions.create_venue(actor=clerk, unit=tree.dongguan, fields=_fields(), client_token="t-1")
    assert again.pk == venue.pk and Venue.objects.count() == 1
    with pytest.raises(PermissionDenied):
        actions.create_venue(actor=clerk, unit=tree.nanguan, fields=_fields())


def test_a_closed_unit_takes_no_venue(tree, person):
    clerk = person(Role.COUNTY_OP, tree.pingding)
    tree.nanguan.closed_on = date(2026, 1, 1)
    tree.nanguan.save()
    with pytest.raises(ValidationError, match="已经撤销"):
        actions.create_venue(actor=clerk, unit=tree.nanguan, fields=_fields())


def test_the_form_makes_one_venue_however_often_it_is_sent(tree, signed_in):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    data = _post(tree, opening_hours="周一至周五 9:00—17:00", contact_phone="0353-6060000")
    answers = [client.post("/staff/venues/new/", data) for _ in range(2)]
    venue = Venue.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {venue.staff_url}
    assert venue.opening_hours == "周一至周五 9:00—17:00"
    assert venue.slot_capacity == 30 and venue.refresh_months == 6


def test_bookings_without_hours_come_back_with_what_was_typed(tree, signed_in):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    page = client.post("/staff/venues/new/", _post(tree, takes_bookings="on", features="老照片"))
    text = page.content.decode()
    assert page.status_code == 422 and "接受预约要填开门时间" in text and "老照片" in text
    assert not Venue.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("opened_on", "2199-01-01", "不能晚于今天"),
        ("opened_on", "2026-13-40", "输入一个有效的日期"),
        ("capacity", "-3", "大于或等于"),
        ("features", "字" * 301, "超出 1 字"),
        ("unit", "520622000000", "没有找到"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(tree, signed_in, field, value, words):
    page = signed_in(Role.VILLAGE_OP, tree.dongguan).post("/staff/venues/new/", _post(tree, **{field: value}))
    assert page.status_code == 422 and words in page.content.decode()
    assert not Venue.objects.exists()


def test_outsiders_do_not_find_a_venue(tree, signed_in):
    venue = make_venue(tree.dongguan)
    inside, outside = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.yuxian)
    for path in (venue.staff_url, f"{venue.staff_url}edit/", f"{venue.staff_url}print/"):
        assert inside.get(path).status_code == 200
        assert outside.get(path).status_code == 404
    assert inside.get(f"/staff/venues/units/{tree.guanshan.unit_no}/").status_code == 200
    assert outside.get(f"/staff/venues/units/{tree.guanshan.unit_no}/").status_code == 404


@pytest.mark.parametrize("path", ["/staff/venues/", "/staff/venues/checks/", "/staff/venues/visits/", "/staff/venues/bases/"])  # fmt: skip
def test_lists_cost_the_same_for_one_row_and_three(tree, signed_in, path):
    client, batch = signed_in(Role.COUNTY_OP, tree.pingding), make_batch(tree.city)

    def add():
        venue = make_venue(tree.dongguan)
        make_visit(venue)
        make_base(batch, venue, status="named")
        actions.inspect(actor=client.user, venue=venue, on=timezone.localdate(), result="ok")

    add()
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        assert client.get(path).status_code == 200
    add()
    add()
    client.get(path)  # numbers of the menu are counted anew after an entry of the journal
    with CaptureQueriesContext(connection) as three:
        client.get(path)
    assert len(three) == len(one)


def test_inspection_is_written_down_once_by_keeper_or_checker(tree, person):
    venue = make_venue(tree.dongguan)
    checker = person(Role.COUNTY_REVIEWER, tree.pingding)
    today = timezone.localdate()
    first = actions.inspect(
        actor=checker, venue=venue, on=today, result="to_fix", findings="展板掉色", client_token="c-1"
    )
    venue.refresh_from_db()
    again = actions.inspect(actor=checker, venue=venue, on=today, result="ok", client_token="c-1")
    assert again.pk == first.pk and venue.checks.count() == 1
    assert venue.status == "inspected" and venue.visited_on == today
    with pytest.raises(ValidationError, match="写清哪里要改"):
        actions.inspect(actor=checker, venue=venue, on=today, result="to_fix")
    with pytest.raises(ValidationError, match="不能晚于今天"):
        actions.inspect(actor=checker, venue=venue, on=today + timedelta(days=1), result="ok")
    with pytest.raises(PermissionDenied):
        actions.inspect(actor=person(Role.COUNTY_REVIEWER, tree.yuxian), venue=venue, on=today, result="ok")


def test_refresh_moves_the_date_and_the_reminder_comes_once(tree, person):
    with time_machine.travel("2026-03-01 10:00+08:00", tick=False):
        clerk = person(Role.VILLAGE_OP, tree.dongguan)
        venue = make_venue(tree.dongguan, due_on=date(2026, 3, 10))
        reminders.run()
        reminders.run()
        assert Message.objects.filter(user=clerk, title="阵地内容该更新了").count() == 1
        actions.refresh(actor=clerk, venue=venue, on=date(2026, 2, 28), note="换了十块展板")
        assert venue.due_on == date(2026, 8, 28) and venue.status == "refreshed"
        reminders.run()
        assert Message.objects.filter(user=clerk).count() == 1
    with time_machine.travel("2026-08-20 10:00+08:00", tick=False):
        reminders.run()
    assert Message.objects.filter(user=clerk, title="阵地内容该更新了").count() == 2
    with pytest.raises(ValidationError):
        actions.refresh(actor=clerk, venue=venue, on=timezone.localdate() + timedelta(days=2))


def test_closing_needs_a_reason_and_no_expected_visitors(tree, person):
    clerk = person(Role.VILLAGE_OP, tree.dongguan)
    venue = make_venue(tree.dongguan)
    visit = make_visit(venue)
    with pytest.raises(WorkflowError, match="1 个预约"):
        actions.close(actor=clerk, venue=venue, reason="改作他用")
    visit.delete()
    with pytest.raises(WorkflowError, match="理由"):
        actions.close(actor=clerk, venue=venue, reason=" ")
    actions.close(actor=clerk, venue=venue, reason="改作他用")
    assert not venue.is_open
    with pytest.raises(StaleState):
        actions.inspect(actor=clerk, venue=venue, on=timezone.localdate(), result="ok")
    actions.reopen(actor=clerk, venue=venue, reason="恢复开放")
    assert venue.status == "built"


def test_two_people_editing_at_once_lose_nothing(tree, person):
    clerk = person(Role.VILLAGE_OP, tree.dongguan)
    venue = make_venue(tree.dongguan)
    seen = venue.version
    actions.edit_venue(actor=clerk, venue=venue, fields={"name": "甲"}, version=seen)
    with pytest.raises(StaleState):
        actions.edit_venue(actor=clerk, venue=venue, fields={"name": "乙"}, version=seen)
    assert Venue.objects.get().name == "甲"


def test_inventory_keeps_days_and_condition(tree, signed_in):
    venue = make_venue(tree.dongguan)
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    data = {
        "item-form_token": str(uuid4()), "item-title": "家训展板", "item-kind": "board", "item-quantity": "8",
        "item-placed_on": "2026-01-05", "item-condition": "worn",
    }  # fmt: skip
    for _time in range(2):
        client.post(f"{venue.staff_url}items/", data)
    item = venue.items.get()
    assert item.quantity == 8 and "陈旧" in client.get(venue.staff_url).content.decode()
    page = client.get("/staff/venues/?box=worn").content.decode()
    assert venue.name in page
    bad = {"title": "家训展板", "kind": "board", "quantity": "8", "placed_on": "2026-01-05", "renewed_on": "2025-12-01", "condition": "good"}  # fmt: skip
    answer = client.post(f"{venue.staff_url}items/{item.pk}/", bad)
    assert answer.status_code == 422 and "不能早于布置日期" in answer.content.decode()
    client.post(f"{venue.staff_url}items/{item.pk}/", bad | {"renewed_on": "2026-02-01"})
    item.refresh_from_db()
    assert item.renewed_on == date(2026, 2, 1) and item.condition == "good"


# -- public ----------------------------------------------------------------------------------------


def test_a_venue_is_public_after_two_people_and_hidden_again_when_its_words_change(tree, person, client):
    clerk = person(Role.VILLAGE_OP, tree.dongguan)
    venue = actions.create_venue(actor=clerk, unit=tree.dongguan, fields=_fields(features="老照片墙"))
    url = venue.get_absolute_url()
    assert client.get(url).status_code == 404
    actions.request_publication(actor=clerk, venue=venue)
    row = gate.queries.open_of(venue)
    gate.pass_edit(row, actor=person(Role.EDITOR, tree.city), answers=CHECKLIST)
    gate.publish(row, actor=person(Role.PUBLISHER, tree.city), answers=CHECKLIST)
    assert "老照片墙" in client.get(url).content.decode()
    venue.refresh_from_db()
    actions.inspect(actor=clerk, venue=venue, on=timezone.localdate(), result="ok")
    assert client.get(url).status_code == 200, "an inspection changes nothing the public reads"
    venue.refresh_from_db()
    actions.edit_venue(actor=clerk, venue=venue, fields={"features": "新的内容"})
    assert client.get(url).status_code == 404


def test_public_list_filters_by_place_kind_and_words(tree, client):
    here = make_open_venue(tree.dongguan, name="东关家风馆")
    there = make_open_venue(tree.xiushui, name="秀水书屋", kind="book_room")
    hidden = make_venue(tree.dongguan, name="没公开的")
    for query, seen in (
        ("", {here, there}),
        (f"?place={tree.pingding.unit_no}", {here}),
        ("?kind=book_room", {there}),
        ("?q=秀水", {there}),
        ("?place=000&kind=nonsense", set()),
    ):
        page = client.get(f"/venues/{query}").content.decode()
        assert {row for row in (here, there, hidden) if row.name in page} == seen, query


def test_public_list_costs_the_same_for_one_and_many(tree, client):
    make_open_venue(tree.dongguan)
    client.get("/venues/?q=家风")
    with CaptureQueriesContext(connection) as one:
        client.get("/venues/?q=家风")
    for _ in range(3):
        make_open_venue(tree.nanguan)
    with CaptureQueriesContext(connection) as many:
        client.get("/venues/?q=家风")
    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([1, 2, 3, 4, 5], "周一至周五"),
        ([6, 7], "周六、周日"),
        ([7, 1, 2, 3, 5], "周一至周三、周五、周日"),
        ([], ""),
    ],
)
def test_days_are_said_shortly(days, words):
    assert days_in_words(days) == words


def test_plate_page_says_valid_and_removed(tree, client):
    venue = make_open_venue(tree.dongguan)
    base = make_base(make_batch(tree.city), venue, status="named")
    url = f"/venues/{venue.no}/plate/"
    assert "牌匾有效" in client.get(url).content.decode()
    type(base).objects.filter(pk=base.pk).update(status="removed")
    assert "牌匾已摘除" in client.get(url).content.decode()
    Venue.objects.update(is_published=False)
    assert client.get(f"/venues/{venue.no}/").headers["Location"] == url
    assert client.get("/venues/ZD99999999/plate/").status_code == 404
    answer = client.get(f"/venues/{venue.no}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml" and b"<svg" in answer.content
    assert client.get("/venues/%3Cscript%3E/qr.svg").status_code in (400, 404)
