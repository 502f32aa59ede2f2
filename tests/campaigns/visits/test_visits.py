"""A family may stay anonymous; what it said is encrypted; what it needs is followed up; no case is stored."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.visits import actions, lists, rules
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import Status
from portal.access.roles import Role
from portal.dashboards.models import MetricRollup
from portal.dashboards.rollup import month_of, roll_up
from portal.drafts.models import FormDraft
from portal.jobs import runner
from portal.jobs.actions import enqueue
from portal.journal.models import JournalEntry
from portal.notifications.models import Message
from portal.privacy.registry import RETENTION
from portal.reviews.workflow import WorkflowError
from tests.factories.visits import make_visit

NEW = "/staff/visits/new/"


def _form(**fields):
    values = {
        "form_token": str(uuid.uuid4()),
        "visited_on": timezone.localdate().isoformat(),
        "area": "东关社区",
        "visitors": "社区妇联、县纪委监委",
        "family_kind": "official",
        "households": "3",
        "checks": ["greeted", "pledge_signed"],
        "needs": "",
    }
    return values | fields


@pytest.fixture
def village(tree, person):
    return person(Role.VILLAGE_OP, tree.dongguan)


@pytest.fixture
def visit(tree, village):
    return make_visit(
        tree.dongguan, village, status=Status.OPEN, family_name="李小明", needs="想找志愿者辅导作业"
    )


# -- writing down -----------------------------------------------------------------------------------


def test_one_minute_form_keeps_an_anonymous_visit_once(tree, signed_in):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    fields = _form()
    first, second = client.post(NEW, fields), client.post(NEW, fields)
    visit = FamilyVisit.objects.get()
    assert first.url == second.url == visit.staff_url
    assert (visit.households, visit.checks_done, visit.status, visit.unit) == (
        3,
        2,
        Status.NONE,
        tree.dongguan,
    )
    assert visit.masked_family == "匿名"
    page = client.get(NEW).content.decode()
    assert "社区妇联、县纪委监委" in page  # nothing is asked twice


def test_follow_up_goes_to_the_county_which_is_told_without_a_word_of_it(tree, signed_in, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    client.post(NEW, _form(needs="想问助学政策", follow_up="on", responsible=tree.pingding.unit_no))
    visit = FamilyVisit.objects.get()
    assert visit.is_open and visit.responsible == tree.pingding
    assert visit.due_on == timezone.localdate() + timedelta(days=rules.DEFAULT_DAYS)
    runner.run_all()
    message = Message.objects.get(user=county)
    assert "助学" not in message.title + message.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"visited_on": "2099-01-01"}, "还没到"),
        ({"visited_on": ""}, "请填家访日期"),
        ({"households": "0"}, "households"),
        ({"family_kind": ""}, "请选家庭类型"),
        ({"follow_up": "on"}, "请写清是什么事"),
        ({"follow_up": "on", "needs": "修路灯", "due_on": "2020-01-01"}, "已经过去"),
        ({"follow_up": "on", "needs": "修路灯", "responsible": "140322000000"}, "请选本单位或上级"),
        ({"needs": "长" * 501}, "超出 1 字"),
        ({"children": "-1"}, "children"),
    ],
)
def test_odd_input_is_answered_and_nothing_is_lost(tree, signed_in, fields, words):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    answer = client.post(NEW, _form(**fields))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "社区妇联、县纪委监委" in page
    assert not FamilyVisit.objects.exists()


def test_violence_leads_to_the_hotlines_and_is_not_stored(tree, signed_in, visit):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    answer = client.post(NEW, _form(needs="她说丈夫喝酒后家暴"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "tel:12338" in page and "tel:110" in page
    assert FamilyVisit.objects.count() == 1
    assert client.post(NEW, _form(needs="想听反家庭暴力法讲座", not_a_case="on")).status_code == 302
    client.post(f"{visit.staff_url}handle/", {"handle-text": "丈夫又打我，已劝"})
    visit.refresh_from_db()
    assert visit.is_open and visit.outcome == ""


def test_typed_words_survive_a_lost_network(tree, signed_in):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    token = str(uuid.uuid4())
    client.post(
        "/drafts/save/", _form(form_token=token, form_code="visits.new", draft_path=NEW, needs="想办亲子活动")
    )
    draft = FormDraft.objects.get()
    assert draft.label == "家访登记"
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM portal_formdraft")
        assert "亲子" not in cursor.fetchone()[0]
    assert "想办亲子活动" in client.get(f"{NEW}?restore={token}").content.decode()
    client.post(NEW, _form(form_token=token))
    assert not FormDraft.objects.exists()


# -- following up -----------------------------------------------------------------------------------


def test_open_handled_closed(tree, visit, village):
    with pytest.raises(WorkflowError):
        actions.handle(actor=village, visit=visit, outcome="  ")
    actions.handle(actor=village, visit=visit, outcome="已联系志愿者每周六辅导")
    actions.reopen(actor=village, visit=visit, reason="换了时间")
    actions.handle(actor=village, visit=visit, outcome="改到周日")
    actions.close(actor=village, visit=visit)
    visit.refresh_from_db()
    assert (visit.status, visit.outcome, visit.handled_by) == (Status.CLOSED, "改到周日", village)


def test_only_the_responsible_unit_handles(tree, person, village):
    visit = make_visit(tree.dongguan, village, status=Status.OPEN, responsible=tree.pingding, needs="助学")
    county = person(Role.COUNTY_OP, tree.pingding)
    for stranger in (village, person(Role.COUNTY_OP, tree.yuxian), person(Role.CITY_LEADER, tree.city)):
        with pytest.raises(PermissionDenied):
            actions.handle(actor=stranger, visit=visit, outcome="办了")
    with pytest.raises(PermissionDenied):
        actions.log_visit(actor=county, unit=tree.dongguan, fields={})
    actions.handle(actor=county, visit=visit, outcome="已对接教育局")
    with pytest.raises(PermissionDenied):
        actions.close(actor=county, visit=visit)
    actions.close(actor=village, visit=visit)
    assert visit.status == Status.CLOSED


def test_follow_up_is_raised_later_and_waits_in_the_inbox(tree, signed_in, village):
    visit = make_visit(tree.dongguan, village)
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    assert client.post(f"{visit.staff_url}raise/", {"raise-due_on": "2020-01-01"}).status_code == 422
    client.post(f"{visit.staff_url}raise/", {"raise-responsible": "", "raise-due_on": ""})
    visit.refresh_from_db()
    assert visit.is_open
    assert "家访跟进：东关社区" in client.get("/staff/inbox/").content.decode()
    client.post(f"{visit.staff_url}handle/", {"handle-text": "已办"})
    assert client.post(f"{visit.staff_url}handle/", {"handle-text": "又办"}).status_code == 409
    client.post(f"{visit.staff_url}close/")
    visit.refresh_from_db()
    assert (visit.status, visit.outcome) == (Status.CLOSED, "已办")


def test_reminder_comes_once_before_and_once_after(tree, visit, village):
    start = timezone.now()

    def remind(day):
        with time_machine.travel(start + timedelta(days=day)):
            runner.run(enqueue("notifications.remind").pk)
            return Message.objects.filter(user=village, key__startswith="visits.due").count()

    assert [remind(day) for day in (1, 7, 8, 11, 12)] == [0, 1, 1, 2, 2]
    actions.handle(actor=village, visit=visit, outcome="好")
    assert remind(30) == 2
    assert all("志愿者" not in message.text and "李" not in message.text for message in Message.objects.all())


# -- what stays hidden ------------------------------------------------------------------------------


def test_database_list_and_export_hold_no_name_and_no_text(tree, visit, signed_in):
    with connection.cursor() as cursor:
        cursor.execute("SELECT family_name, needs FROM campaigns_familyvisit")
        stored = "".join(cursor.fetchone())
    assert "李小明" not in stored and "志愿者" not in stored
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    page = client.get("/staff/visits/").content.decode()
    assert "李*明" in page and "李小明" not in page and "志愿者辅导" not in page
    exported = [column for column in lists.SPEC.columns if column.in_export]
    values = " ".join(str((column.export_value or column.value)(visit)) for column in exported)
    assert "李" not in values and "志愿者" not in values
    assert not {"family", "children", "needs"} & {column.key for column in exported}


def test_name_is_shown_for_a_reason_only(tree, visit, signed_in):
    client = signed_in(Role.TOWNSHIP_OP, tree.guanshan)
    assert "李小明" not in client.get(visit.staff_url).content.decode()
    assert client.post(f"{visit.staff_url}reveal/", {"reveal-text": "看"}).status_code == 409
    shown = client.post(f"{visit.staff_url}reveal/", {"reveal-text": "回访前核对是哪一户"}).content.decode()
    assert "李小明" in shown
    assert JournalEntry.objects.get(verb="family_visit.identity_read").actor_ref == str(client.user.ref)


def test_edit_with_an_empty_name_keeps_the_name(tree, visit, signed_in):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    url = f"{visit.staff_url}edit/"
    assert "李小明" not in client.get(url).content.decode()
    client.post(url, _form(households="5", needs="改了"))
    visit.refresh_from_db()
    assert (visit.households, visit.family_name, visit.needs) == (5, "李小明", "改了")


def test_outsiders(tree, visit, signed_in, client):
    neighbour = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert neighbour.get(visit.staff_url).status_code == 404
    assert neighbour.post(f"{visit.staff_url}reveal/", {"reveal-text": "随便看看吧"}).status_code == 404
    leader = signed_in(Role.CITY_LEADER, tree.city)
    assert leader.get(visit.staff_url).status_code == 200
    assert leader.get(NEW).status_code == 403
    assert signed_in(Role.PROVINCE_VIEWER, tree.province).get("/staff/visits/").status_code == 403
    assert client.get("/staff/visits/").status_code == 302


def test_names_and_texts_go_after_three_years(tree, visit):
    with time_machine.travel(timezone.now() + timedelta(days=3 * 365 + 5)):
        assert RETENTION["family_visits"].purge(timezone.now()) == 1
        assert RETENTION["family_visits"].purge(timezone.now()) == 0
    visit.refresh_from_db()
    assert (visit.family_name, visit.needs, visit.households) == ("", "", 2)


# -- figures and cost -------------------------------------------------------------------------------


def test_households_are_counted_up_the_tree(tree, village):
    visit = make_visit(tree.dongguan, village, households=3)
    make_visit(tree.guanshan, village, households=4)
    for month in {month_of(visit.day)}:
        roll_up("family_visits", month)
    row = MetricRollup.objects.get(source="family_visits", unit=tree.pingding)
    assert (row.values["family_visits.households"], row.values["family_visits.rounds"]) == (7, 2)


def test_rows_behind_the_figure(tree, village, signed_in):
    visit = make_visit(tree.dongguan, village)
    make_visit(tree.xiushui, village)
    client = signed_in(Role.CITY_OP, tree.city)
    day = visit.day.isoformat()
    page = client.get(f"/staff/visits/?unit={tree.pingding.unit_no}&since={day}&until={day}").context["page"]
    assert [row.obj.pk for row in page.rows] == [visit.pk]
    assert client.get("/staff/visits/?box=late&q=东关&family_kind=party").status_code == 200


def test_list_costs_the_same_with_more_rows(tree, village, signed_in):
    client = signed_in(Role.CITY_OP, tree.city)
    make_visit(tree.dongguan, village, status=Status.OPEN, responsible=tree.pingding, family_name="王芳")
    client.get("/staff/visits/")
    with CaptureQueriesContext(connection) as one:
        client.get("/staff/visits/")
    for _number in range(3):
        make_visit(tree.dongguan, village, status=Status.OPEN, responsible=tree.guanshan, family_name="王芳")
    with CaptureQueriesContext(connection) as more:
        client.get("/staff/visits/")
    assert len(more) <= len(one)
