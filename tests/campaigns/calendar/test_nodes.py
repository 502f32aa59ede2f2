"""Key dates: drafts that wait a month before, once; the answer of a unit; pages."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.calendar import actions, queries
from campaigns.calendar.models import CalendarNode, NodeTurn, ReminderCampaign
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.jobs import actions as jobs
from portal.jobs import runner
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.reviews.workflow import WorkflowError
from tests.factories.activities import make_activity
from tests.factories.calendar import make_node

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW = "/staff/calendar/nodes/new/"
SPRING = {"name": "春节", "rule": "lunar", "month": 1, "day": 1, "levels": [3]}


def _form(tree, **fields):
    values = {
        "name": "母亲节", "alias_words": "母亲节、妈妈节", "rule": "nth_weekday", "month": "5", "nth": "2", "weekday": "7",
        "unit": tree.city.unit_no, "levels": ["3"], "perm": "activity.log", "days_before": "30",
        "activity_kind": "parent_child", "title": "“{节点}”亲子活动", "is_active": "on",
    }  # fmt: skip
    return values | fields


def _in_two_threads(work):
    """Two workers at the same moment; what one of them raises is raised."""
    barrier = threading.Barrier(2)

    def run():
        try:
            barrier.wait(10)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [one.result() for one in [pool.submit(run) for _ in range(2)]]


# -- preparing ------------------------------------------------------------------------------------


def test_thirty_days_before_spring_festival_each_county_has_its_draft_with_last_years_record(tree, person):
    """Feature 15: 2026-02-17 is 春节, so on 2026-01-18 the draft is there and the day before it is not."""
    with time_machine.travel(datetime(2026, 1, 1, 8, tzinfo=SHANGHAI)):
        county = person(Role.COUNTY_OP, tree.pingding)
    make_node(tree.city, **SPRING, aliases=["过年"], title="“{节点}”{单位}倡议")
    old = make_activity(
        tree.pingding, node="过年", status="city_ok", kind="initiative", place="文化馆",
        starts_at=datetime(2025, 1, 22, 9, tzinfo=SHANGHAI),
    )  # fmt: skip
    with time_machine.travel(datetime(2026, 1, 17, 8, tzinfo=SHANGHAI)):
        assert actions.prepare_due()["drafts"] == 0
    with time_machine.travel(datetime(2026, 1, 18, 8, tzinfo=SHANGHAI)):
        assert actions.prepare_due()["drafts"] == 4  # three counties and the office of the city
        assert actions.prepare_due()["drafts"] == 0
        turn = NodeTurn.objects.get(unit=tree.pingding)
        draft = turn.activity
        assert (draft.status, draft.node, draft.title) == ("draft", "春节", "“春节”平定县倡议")
        assert (draft.kind, draft.place, draft.created_by) == ("initiative", "文化馆", None)
        assert timezone.localtime(draft.starts_at).date() == date(2026, 2, 17)
        near = queries.near(scope_of(county), timezone.localdate())
        assert near == [turn]
        assert queries.past_of_turns(near) == {turn.pk: [old]}
        assert queries.past_for(draft) == [old]
    with time_machine.travel(datetime(2027, 1, 8, 8, tzinfo=SHANGHAI)):
        actions.prepare_due()
        assert set(NodeTurn.objects.filter(unit=tree.pingding).values_list("year", flat=True)) == {2026, 2027}


def test_what_was_logged_before_is_not_asked_again(tree):
    day = timezone.localdate() + timedelta(days=10)
    node = make_node(tree.city, day)
    known = make_activity(tree.pingding, node=node.name, status="submitted", starts_at=timezone.now())
    actions.prepare_due()
    assert NodeTurn.objects.get(unit=tree.pingding).activity == known
    assert NodeTurn.objects.get(unit=tree.yuxian).activity.status == "draft"


def test_chosen_units_levels_and_closed_units(tree):
    node = make_node(tree.city, levels=[3])
    node.only_units.set([tree.yuxian, tree.pingding])
    tree.yuxian.closed_on = timezone.localdate()
    tree.yuxian.save()
    make_node(tree.city, levels=[])
    make_node(tree.city, is_active=False)
    actions.prepare_due()
    assert [turn.unit for turn in NodeTurn.objects.all()] == [tree.pingding]


def test_thrown_away_draft_does_not_come_back(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    make_node(tree.city)
    actions.prepare_due()
    turn = NodeTurn.objects.get(unit=tree.pingding)
    from campaigns.activities.actions import discard_draft  # deferred: the only test that needs it

    discard_draft(actor=county, activity=turn.activity)
    actions.prepare_due()
    assert not Activity.objects.filter(unit=tree.pingding).exists()
    turn.refresh_from_db()
    assert turn.state[0] == "草稿已删除"


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_restarted_beat_prepare_each_draft_once(tree):
    """The beat fires twice for the same slot, two workers run at once, and `run_due` comes on top."""
    make_node(tree.city, with_reminder=True)
    jobs.enqueue_periodic()
    jobs.enqueue_periodic()  # the restarted beat
    _in_two_threads(actions.prepare_due)
    runner.run_all()
    assert NodeTurn.objects.count() == Activity.objects.count() == 4
    assert ReminderCampaign.objects.count() == 1


# -- answering ------------------------------------------------------------------------------------


def test_unit_declines_with_a_reason_and_may_think_again(tree, person):
    county, other = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
    make_node(tree.city)
    actions.prepare_due()
    turn = NodeTurn.objects.get(unit=tree.pingding)
    with pytest.raises(PermissionDenied):
        actions.decline(turn, actor=other, reason="替别人写")
    with pytest.raises(WorkflowError):
        actions.decline(turn, actor=county, reason=" ")
    assert Activity.objects.filter(unit=tree.pingding).count() == 1
    actions.decline(turn, actor=county, reason="与换届冲突")
    turn.refresh_from_db()
    assert turn.status == "declined" and turn.activity is None
    assert not Activity.objects.filter(unit=tree.pingding).exists()
    assert actions.prepare_due()["drafts"] == 0
    actions.resume(turn, actor=county)
    assert Activity.objects.get(unit=tree.pingding) == turn.activity


def test_record_that_was_sent_in_refuses_declining(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    node = make_node(tree.city)
    make_activity(tree.pingding, node=node.name, status="submitted", starts_at=timezone.now())
    actions.prepare_due()
    with pytest.raises(WorkflowError, match="已经提交过"):
        actions.decline(NodeTurn.objects.get(unit=tree.pingding), actor=county, reason="不办")


# -- reminders ------------------------------------------------------------------------------------


def _told(user, code):
    return Message.objects.filter(user=user, key__startswith=code).count()


def test_own_staff_are_told_when_ready_and_a_week_before(tree, person):
    county, city = person(Role.COUNTY_OP, tree.pingding), person(Role.CITY_OP, tree.city)
    today = timezone.localdate()
    make_node(tree.city, today + timedelta(days=20))
    actions.prepare_due()
    start = timezone.now()
    for days, expected in ((0, 1), (1, 1), (12, 1), (13, 2), (14, 2)):
        with time_machine.travel(start + timedelta(days=days)):
            reminders.run()
            reminders.run()
            assert _told(county, "calendar.node") == expected
    assert _told(city, "calendar.node") == 0  # the city has no draft of its own


def test_unit_that_fell_silent_is_told_every_thirty_days(tree, person):
    now = datetime(2026, 5, 6, 12, tzinfo=SHANGHAI)
    with time_machine.travel(now):
        county, other = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
    make_activity(tree.pingding, status="city_ok", starts_at=now - timedelta(days=31))
    make_activity(tree.yuxian, status="city_ok", starts_at=now - timedelta(days=29))
    for moment, expected in ((now, 1), (now + timedelta(days=27), 1), (now + timedelta(days=30), 2)):
        with time_machine.travel(moment):
            reminders.run()
            assert _told(county, "activities.silent") == expected
            assert _told(other, "activities.silent") == (moment > now)


def test_returned_draft_that_nobody_touches(tree, person):
    author = person(Role.VILLAGE_OP, tree.dongguan)
    make_activity(tree.dongguan, author, status="returned")
    start = timezone.now()
    for days, expected in ((1, 0), (4, 1), (9, 1)):
        with time_machine.travel(start + timedelta(days=days)):
            reminders.run()
            assert _told(author, "activities.returned") == expected


@pytest.mark.django_db(transaction=True)
def test_every_reminder_fires_once_across_two_workers_and_a_restarted_beat(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    make_node(tree.city)
    make_activity(tree.pingding, county, status="returned", updated_at=timezone.now())
    Activity.objects.update(updated_at=timezone.now() - timedelta(days=5))
    make_activity(tree.pingding, status="city_ok", starts_at=timezone.now() - timedelta(days=60))
    Activity.objects.filter(status="returned").update(starts_at=timezone.now() - timedelta(days=50))
    actions.prepare_due()
    _in_two_threads(reminders.run)
    jobs.enqueue_periodic()
    jobs.enqueue_periodic()
    runner.run_all()
    for code in ("calendar.node", "activities.silent", "activities.returned"):
        assert _told(county, code) == 1, code


# -- pages ----------------------------------------------------------------------------------------


def test_adding_a_node_is_a_form(tree, signed_in):
    city = signed_in(Role.CITY_OP, tree.city)
    form = _form(tree, form_token="5d0e7c1e-1111-4222-8333-444455556666")
    assert city.post(NEW, form).status_code == 302
    city.post(NEW, form)  # the same page sent twice
    node = CalendarNode.objects.get()
    assert node.aliases == ["母亲节", "妈妈节"]
    assert node.in_year(2026).first == date(2026, 5, 10)
    page = city.get("/staff/calendar/?year=2026").content.decode()
    assert "母亲节" in page and "5月10日" in page
    city.post(f"/staff/calendar/nodes/{node.pk}/edit/", _form(tree, rule="fixed", month="5", day="11"))
    node.refresh_from_db()
    assert node.in_year(2026).first == date(2026, 5, 11)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"nth": "0"}, "nth"),
        ({"rule": "fixed", "month": "2", "day": "30"}, "day"),
        ({"rule": "lunar", "month": "8", "day": "31"}, "day"),
        ({"rule": "solar_term", "term": ""}, "term"),
        ({"rule": "period", "month": "8", "day": "1"}, "until_month"),
        ({"days_before": "90"}, "days_before"),
        ({"name": ""}, "name"),
        ({"unit": "140321000000"}, "unit"),
    ],
)
def test_mistakes_are_told_at_the_field(tree, signed_in, fields, field):
    page = signed_in(Role.CITY_OP, tree.city).post(NEW, _form(tree, **fields))
    assert page.status_code == 422 and field in page.context["form"].errors
    assert not CalendarNode.objects.exists()


def test_same_name_twice_is_refused(tree, signed_in):
    make_node(tree.city, name="母亲节")
    page = signed_in(Role.CITY_OP, tree.city).post(NEW, _form(tree))
    assert page.status_code == 422 and CalendarNode.objects.count() == 1


def test_who_may_see_and_change_nodes(tree, signed_in):
    node, own = make_node(tree.city), make_node(tree.pingding, levels=[4])
    county, other = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.yuxian)
    village = signed_in(Role.VILLAGE_OP, tree.dongguan)
    assert county.get(node.staff_url).status_code == 200
    assert county.get(f"{node.staff_url}edit/").status_code == 403  # kept by the city
    assert county.get(f"{own.staff_url}edit/").status_code == 200
    assert other.get(own.staff_url).status_code == 404
    assert village.get(own.staff_url).status_code == 200
    assert village.get(NEW).status_code == 403


def test_node_page_workbench_and_answer(tree, signed_in):
    county, city = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.CITY_OP, tree.city)
    node = make_node(tree.city, name="重要节点")
    year = timezone.localdate().year
    old = make_activity(
        tree.pingding,
        node="重要节点",
        status="city_ok",
        title="旧年的活动",
        starts_at=timezone.now() - timedelta(days=340),
    )
    actions.prepare_due()
    turn = NodeTurn.objects.get(unit=tree.pingding)
    for page in (county.get("/staff/"), county.get(node.staff_url), county.get(turn.activity.staff_url)):
        assert "旧年的活动" in page.content.decode() and old.staff_url in page.content.decode()
    assert "旧年的活动" in county.get(f"{turn.activity.staff_url}edit/").content.decode()
    address = f"/staff/calendar/turns/{turn.pk}/decline/"
    assert signed_in(Role.COUNTY_OP, tree.yuxian).post(address, {"reason": "x"}).status_code == 404
    county.post(address, {"reason": ""})
    turn.refresh_from_db()
    assert turn.status == "prepared"
    county.post(address, {"reason": "与换届冲突", "from": "workbench"})
    page = city.get(f"{node.staff_url}?year={turn.year}").content.decode()
    assert "与换届冲突" in page and "今年不办" in page
    assert "不办 1" in city.get(f"/staff/calendar/?year={turn.year}").content.decode()
    assert turn.year in {year, year + 1}


def test_calendar_file_has_the_days(tree, signed_in):
    make_node(tree.city, **SPRING, about="节前提醒")
    answer = signed_in(Role.COUNTY_OP, tree.pingding).get("/staff/calendar/2026.ics")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(event["summary"]), event["dtstart"].dt) for event in events] == [
        ("春节", date(2026, 2, 17)), ("春节", date(2027, 2, 6)),
    ]  # fmt: skip


def test_usual_nodes_are_taken_over_once(tree, signed_in):
    city = signed_in(Role.CITY_OP, tree.city)
    assert "载入常用节点" in city.get("/staff/calendar/").content.decode()
    for _ in range(2):
        city.post("/staff/calendar/nodes/usual/", {"unit": tree.city.unit_no})
    assert CalendarNode.objects.count() == 29
    page = city.get("/staff/calendar/?year=2026").content.decode()
    assert "全国家庭教育宣传周" in page and "到 5月17日" in page


@pytest.mark.parametrize(
    "address", ["/staff/calendar/?year={year}", "/staff/calendar/nodes/{node}/", "/staff/"]
)
def test_pages_cost_the_same_with_more_rows(tree, signed_in, address):
    city = signed_in(Role.CITY_OP, tree.city)
    node = make_node(tree.city, levels=[2])
    make_activity(tree.city, node=node.name, status="city_ok", starts_at=timezone.now() - timedelta(days=400))
    actions.prepare_due()
    url = address.format(year=timezone.localdate().year, node=node.pk)
    city.get(url)
    with CaptureQueriesContext(connection) as one:
        city.get(url)
    CalendarNode.objects.filter(pk=node.pk).update(levels=[2, 3])
    make_node(tree.city, levels=[2, 3])
    make_node(tree.city, levels=[2, 3])
    actions.prepare_due()
    city.get(url)
    with CaptureQueriesContext(connection) as many:
        city.get(url)
    assert len(many) == len(one)
