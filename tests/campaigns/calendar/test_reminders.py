"""Reminders before festivals: two people, one short message, each round once, opt-out, counts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.calendar import actions
from campaigns.calendar import reminder_queries as queries
from campaigns.calendar.models import ReminderCampaign
from portal.access.roles import Role
from portal.jobs import actions as jobs
from portal.jobs import runner
from portal.notifications import actions as messages
from portal.notifications.models import Message, Outgoing
from portal.reviews import inbox
from portal.reviews.workflow import SamePerson, WorkflowError
from tests.factories.calendar import make_node, make_reminder

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW = "/staff/calendar/reminders/new/"


@pytest.fixture
def festival():
    return timezone.localdate() + timedelta(days=20)


def _at(day: date, hour: int = 9, minute: int = 1) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def _form(tree, festival, **fields):
    values = {
        "title": "元旦廉洁提醒", "unit": tree.pingding.unit_no, "on": festival.isoformat(), "rounds": "7、3",
        "channel": "sms", "audience": "subtree", "text": "请廉洁过节，当好廉内助。",
    }  # fmt: skip
    return values | fields


def _people(person, tree):
    """Three of 平定县: with a phone, without one, and one who does not want it."""
    one = person(Role.COUNTY_OP, tree.pingding, phone="13800000001")
    two = person(Role.TOWNSHIP_OP, tree.guanshan)
    three = person(Role.VILLAGE_OP, tree.dongguan, phone="13800000003")
    messages.set_preference(actor=three, email="off", sms=True, quiet=True, festival=False)
    person(Role.COUNTY_OP, tree.yuxian, phone="13800000004")
    return one, two, three


def test_written_by_one_approved_by_another_sent_by_the_job_once(tree, person, festival):
    writer, *_others = _people(person, tree)
    approver = person(Role.COUNTY_REVIEWER, tree.pingding)
    row = actions.write_reminder(
        actor=writer, unit=tree.pingding, days_before=[7, 3],
        fields={"title": "元旦提醒", "on": festival, "channel": "sms", "audience": "subtree", "text": "请廉洁过节。"},
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.decide(row, "approve", actor=person(Role.COUNTY_REVIEWER, tree.yuxian))
    actions.submit(row, actor=writer)
    with pytest.raises(PermissionDenied):
        actions.decide(row, "approve", actor=writer)
    with time_machine.travel(_at(festival - timedelta(days=7))):
        assert actions.send_due() == {"rounds": 0, "people": 0}  # not approved: nothing leaves
    reach = queries.reach_of(row)
    assert (reach.total, reach.without_phone, reach.opted_out, reach.gets) == (4, 2, 1, 1)
    assert "等 1 人发短信" in queries.told_text(row, reach)
    actions.decide(row, "approve", actor=approver)
    for day, minute, expected in ((8, 1, 0), (7, 1, 1), (7, 30, 1), (3, 1, 2), (2, 1, 2)):
        with time_machine.travel(_at(festival - timedelta(days=day), minute=minute)):
            actions.send_due()
            actions.send_due()
            runner.run_all()
            assert Outgoing.objects.filter(about_type="campaigns.reminderround").count() == expected
    row.refresh_from_db()
    assert row.status == "done"
    first = queries.figures(row)[0]
    assert (first.targets, first.delivered, first.percent, first.round.opted_out) == (4, 1, 25, 1)
    assert {message.to for message in Outgoing.objects.filter(about_type="campaigns.reminderround")} == {
        "13800000001"
    }


def test_who_writes_does_not_approve_even_with_the_right(tree, person, festival):
    leader = person(Role.COUNTY_LEADER, tree.pingding)
    row = make_reminder(tree.pingding, festival, status="submitted", created_by=leader)
    with pytest.raises(SamePerson):
        actions.decide(row, "approve", actor=leader)


def test_in_site_reminder_is_read_and_counted(tree, person, festival):
    one, _two, _three = _people(person, tree)
    row = make_reminder(tree.pingding, festival, status="approved")
    with time_machine.travel(_at(festival - timedelta(days=7))):
        actions.send_due()
        message = Message.objects.get(user=one, key__startswith="reminder-round")
        messages.mark_read(message, actor=one)
    first, second = queries.figures(row)
    assert (first.targets, first.delivered, first.percent, first.read, first.read_percent) == (
        3,
        3,
        100,
        1,
        33,
    )
    assert (second.targets, second.delivered) == (None, None)


def test_late_rounds_are_not_sent_on_top_of_each_other(tree, person, festival):
    _people(person, tree)
    row = make_reminder(tree.pingding, festival, status="approved")
    with time_machine.travel(_at(festival - timedelta(days=2))):  # approved late: both are due
        assert actions.send_due()["rounds"] == 1
    assert [bool(one.sent_at) for one in row.rounds.all()] == [False, True]
    late = make_reminder(tree.pingding, festival, status="approved")
    with time_machine.travel(_at(festival + timedelta(days=1))):
        assert actions.send_due()["rounds"] == 0
    late.refresh_from_db()
    assert late.status == "done" and not late.rounds.filter(sent_at__isnull=False).exists()


def test_cancelled_reminder_stays(tree, person, festival):
    writer, *_others = _people(person, tree)
    row = make_reminder(tree.pingding, festival, status="approved")
    actions.cancel(row, actor=writer, reason="改用倡议书")
    with time_machine.travel(_at(festival - timedelta(days=7))):
        assert actions.send_due() == {"rounds": 0, "people": 0}


@pytest.mark.django_db(transaction=True)
def test_round_leaves_once_across_two_workers_and_a_restarted_beat(tree, person, festival):
    _people(person, tree)
    make_reminder(tree.pingding, festival, status="approved", channel="sms")
    barrier = threading.Barrier(2)

    def work():
        try:
            barrier.wait(10)
            return actions.send_due()["rounds"]
        finally:
            connections.close_all()

    with time_machine.travel(_at(festival - timedelta(days=7)), tick=False):
        with ThreadPoolExecutor(2) as pool:
            sent = [one.result() for one in [pool.submit(work) for _ in range(2)]]
        jobs.enqueue_periodic()
        jobs.enqueue_periodic()  # the beat was restarted
        runner.run_all()
    assert sum(sent) == 1
    assert Outgoing.objects.filter(about_type="campaigns.reminderround").count() == 1


def test_letter_to_a_list_kept_elsewhere_is_told_and_counted_by_people(tree, person, festival):
    """001-16: the list stays with the other body; the portal knows counts only."""
    writer = person(Role.COUNTY_OP, tree.pingding)
    row = make_reminder(
        tree.pingding, festival, status="approved", channel="letter", audience="external",
        group="科级领导干部配偶，名单由县委组织部保管", group_size=66, days=(7,),
    )  # fmt: skip
    round_ = row.rounds.get()
    with pytest.raises(WorkflowError, match="还没有到"):
        actions.record_counts(round_, actor=writer, targets=66, delivered=66, read=None)
    with time_machine.travel(_at(festival - timedelta(days=7))):
        actions.send_due()
        actions.send_due()
    assert Message.objects.filter(user=writer, title__contains="今天该发").count() == 1
    assert not Outgoing.objects.exists()
    round_ = row.rounds.get()
    actions.record_counts(round_, actor=writer, targets=66, delivered=66, read=60)
    (figure,) = queries.figures(row)
    assert (figure.percent, figure.read_percent) == (100, 90)


def test_node_brings_its_reminder_draft_once(tree, person):
    day = timezone.localdate() + timedelta(days=15)
    make_node(tree.city, day, name="元旦", with_reminder=True)
    actions.prepare_due()
    actions.prepare_due()
    row = ReminderCampaign.objects.get()
    assert (row.title, row.status, row.on) == ("元旦节前廉洁提醒", "draft", day)
    assert [one.days_before for one in row.rounds.all()] == [7, 3]
    city = person(Role.CITY_OP, tree.city)
    actions.submit(row, actor=city)
    actions.decide(row, "approve", actor=person(Role.CITY_REVIEWER, tree.city))


# -- pages ----------------------------------------------------------------------------------------


def test_pages_from_writing_to_approval(tree, signed_in, festival):
    county, chief = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    form = _form(tree, festival, form_token="5d0e7c1e-1111-4222-8333-444455556667")
    county.post(NEW, form)
    county.post(NEW, form)  # sent twice
    row = ReminderCampaign.objects.get()
    page = county.get(row.staff_url).content.decode()
    assert "没有人收得到" in page and "送审只告诉审批的人" in page
    county.post(f"{row.staff_url}step/", {"step": "submit"})
    assert [item.title for group in inbox.groups(_scope(chief)) for item in group.items] == ["元旦廉洁提醒"]
    assert county.post(f"{row.staff_url}step/", {"step": "approve"}).status_code == 403
    chief.post(f"{row.staff_url}step/", {"step": "return", "reason": "写明不收礼金"})
    county.post(f"{row.staff_url}edit/", _form(tree, festival, text="不收礼金，廉洁过节。", channel="site"))
    county.post(f"{row.staff_url}step/", {"step": "submit"})
    assert "等 2 人发站内消息" in chief.get(row.staff_url).content.decode()
    chief.post(f"{row.staff_url}step/", {"step": "approve"})
    row.refresh_from_db()
    assert (row.status, row.text) == ("approved", "不收礼金，廉洁过节。")
    assert county.get(f"{row.staff_url}edit/").status_code == 302
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(row.staff_url).status_code == 404
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get("/staff/calendar/reminders/").status_code == 403


def _scope(client):
    from portal.access.scope import scope_of  # deferred: read after the grants were made

    return scope_of(client.user, fresh=True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "字" * 65}, "text"),  # with 【阳泉妇联】 71 characters
        ({"rounds": "七天"}, "rounds"),
        ({"rounds": "90"}, "rounds"),
        ({"audience": "units"}, "units"),
        ({"audience": "external"}, "group"),
        ({"audience": "external", "group": "配偶", "channel": "site"}, "channel"),
        ({"on": "元旦"}, "on"),
        ({"unit": "140322000000"}, "unit"),
    ],
)
def test_mistakes_are_told_at_the_field(tree, signed_in, festival, fields, field):
    page = signed_in(Role.COUNTY_OP, tree.pingding).post(NEW, _form(tree, festival, **fields))
    assert page.status_code == 422 and field in page.context["form"].errors
    assert not ReminderCampaign.objects.exists()


def test_seventy_characters_with_the_signature_are_one_message(tree, signed_in, festival):
    signed_in(Role.COUNTY_OP, tree.pingding).post(NEW, _form(tree, festival, text="字" * 64))
    assert ReminderCampaign.objects.get().text == "字" * 64


def test_counts_are_told_on_the_page(tree, signed_in, festival):
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    row = make_reminder(
        tree.pingding, festival, status="done", channel="letter", audience="external", group="配偶", days=(7,)
    )
    row.rounds.update(sent_at=timezone.now())
    address = f"{row.staff_url}rounds/{row.rounds.get().pk}/"
    assert county.post(address, {"targets": "-1", "delivered": "5"}).status_code == 422
    county.post(address, {"targets": "10", "delivered": "9"})
    assert "90%" in county.get(row.staff_url).content.decode()


@pytest.mark.parametrize("address", ["/staff/calendar/reminders/", "/staff/inbox/"])
def test_list_costs_the_same_for_one_and_three(tree, signed_in, festival, address):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    make_reminder(tree.pingding, festival, status="submitted")
    for _ in range(3):  # the counts behind the menu are kept
        client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        make_reminder(tree.pingding, festival, status="submitted")
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)
