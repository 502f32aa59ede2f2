"""Eight of ten stays eight of ten, numbers of what went out never change, two people open the public page."""

import itertools
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.models import Campaign
from campaigns.series import actions, queries, rules
from campaigns.series.models import Episode, Series
from campaigns.series.rules import EpisodeStatus, Every
from portal.access.roles import Role
from portal.dashboards.models import MetricRollup
from portal.dashboards.rollup import month_of, roll_up
from portal.files.serving import RULES
from portal.jobs import runner
from portal.jobs.actions import enqueue
from portal.notifications.models import Message
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.publication.rules import CHECKLIST
from portal.reviews.workflow import SamePerson, WorkflowError
from tests.factories.activities import make_campaign
from tests.factories.series import make_episode, make_series

TODAY = timezone.localdate


@pytest.fixture
def op(tree, person):
    return person(Role.COUNTY_OP, tree.pingding)


@pytest.fixture
def readers(tree, person):
    return person(Role.EDITOR, tree.city), person(Role.PUBLISHER, tree.city)


@pytest.fixture
def series(tree, op):
    """Ten planned, eight went out, two are planned for the next weeks."""
    found = make_series(tree.pingding, op, slug="radio")
    for number in range(1, 9):
        make_episode(found, number, status=EpisodeStatus.PUBLISHED)
    make_episode(found, 9, due_on=TODAY() + timedelta(days=2), topic="第九讲")
    make_episode(found, 10, due_on=TODAY() + timedelta(days=9), topic="第十讲")
    return found


def _pass(episode, readers, actor):
    process = actions.request_public(actor=actor, episode=episode)
    gate.pass_edit(process, actor=readers[0], answers=CHECKLIST)
    gate.publish(process, actor=readers[1], answers=CHECKLIST)
    episode.refresh_from_db()
    return process


def _topics(series):
    return {row.number: (row.topic, row.due_on) for row in Episode.objects.filter(series=series)}


# -- counting and order -----------------------------------------------------------------------------


def test_eight_of_ten_on_staff_page_public_page_and_in_the_figure(
    series, signed_in, tree, client, op, readers
):
    first = Episode.objects.get(series=series, number=1)
    _pass(first, readers, op)
    staff = signed_in(Role.COUNTY_OP, tree.pingding)
    assert "8/10" in staff.get("/staff/series/radio/").content.decode()
    assert "8/10" in staff.get("/staff/series/").content.decode()
    page = client.get("/series/radio/").content.decode()
    assert "8/10" in page and "还有 2 期" in page and "第九讲" not in page
    roll_up("series", month_of(TODAY()))
    row = MetricRollup.objects.get(source="series", unit=tree.pingding)
    assert row.values["series.episodes"] == 8


def test_moving_swaps_what_is_planned_and_keeps_numbers_and_days(series, op):
    before = _topics(series)
    ninth = Episode.objects.get(series=series, number=9)
    actions.shift(actor=op, episode=ninth, up=False)
    after = _topics(series)
    assert after[9] == ("第十讲", before[9][1]) and after[10] == ("第九讲", before[10][1])
    assert {number: after[number] for number in range(1, 9)} == {n: before[n] for n in range(1, 9)}
    ninth.refresh_from_db()
    with pytest.raises(WorkflowError, match="没有可以对调"):
        actions.shift(actor=op, episode=ninth, up=False)


def test_number_of_what_went_out_never_changes(series, op):
    published = Episode.objects.get(series=series, number=3)
    planned = Episode.objects.get(series=series, number=9)
    with pytest.raises(WorkflowError, match="不能再变"):
        actions.renumber(actor=op, episode=published, number=11)
    with pytest.raises(WorkflowError, match="不能再变"):
        actions.renumber(actor=op, episode=planned, number=3)
    actions.renumber(actor=op, episode=planned, number=12)
    planned.refresh_from_db()
    published.refresh_from_db()
    assert (planned.number, published.number) == (12, 3)


def test_stale_copy_does_not_move(series, op):
    stale = Episode.objects.get(series=series, number=9)
    actions.renumber(actor=op, episode=Episode.objects.get(pk=stale.pk), number=11)
    with pytest.raises(WorkflowError, match="刚刚有同事"):
        actions.renumber(actor=op, episode=stale, number=12)
    assert Episode.objects.get(pk=stale.pk).number == 11


def test_several_at_once_are_there_once(tree, op):
    series = make_series(tree.pingding, op)
    token = str(uuid.uuid4())
    days = rules.schedule(date(2026, 1, 31), count=4, step=1, every=Every.MONTH)
    rows = [(day, "", "") for day in days]
    assert len(actions.add_many(actor=op, series=series, rows=rows, client_token=token)) == 4
    assert actions.add_many(actor=op, series=series, rows=rows, client_token=token) == []
    found = list(Episode.objects.filter(series=series).order_by("number").values_list("number", "due_on"))
    assert found == list(
        enumerate([date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)], 1)
    )


@given(
    first=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    count=st.integers(1, 60),
    step=st.integers(1, 12),
    every=st.sampled_from(list(Every)),
)
def test_a_schedule_goes_forward_without_gaps(first, count, step, every):
    days = rules.schedule(first, count=count, step=step, every=every)
    assert len(days) == count and days[0] == first
    assert all(earlier < later for earlier, later in itertools.pairwise(days))


def test_number_that_is_taken_and_topic_that_is_missing(series, op):
    with pytest.raises(ValidationError):
        actions.add_episode(actor=op, series=series, fields={"topic": "x"}, number=3)
    empty = actions.add_episode(actor=op, series=series, fields={})
    for refused in (
        lambda: actions.step(actor=op, episode=empty, name="air"),
        lambda: actions.request_public(actor=op, episode=empty),
        lambda: actions.step(actor=op, episode=empty, name="publish"),
        lambda: actions.step(actor=op, episode=empty, name="air", aired_on=TODAY() + timedelta(days=1)),
    ):
        with pytest.raises(WorkflowError):
            refused()
    assert empty.status == EpisodeStatus.PLANNED


# -- who may, and the gate --------------------------------------------------------------------------


def test_refusals_beside_the_same_setup(tree, series, person, op):
    episode = Episode.objects.get(series=series, number=9)
    for stranger in (person(Role.COUNTY_OP, tree.yuxian), person(Role.VILLAGE_OP, tree.dongguan)):
        for refused in (
            lambda who: actions.create_series(actor=who, unit=tree.pingding, fields={"kind": "column"}),
            lambda who: actions.edit_series(actor=who, series=series, fields={"title": "x"}),
            lambda who: actions.step_series(actor=who, series=series, name="close"),
            lambda who: actions.add_episode(actor=who, series=series, fields={}),
            lambda who: actions.add_many(actor=who, series=series, rows=[], client_token="t"),
            lambda who: actions.edit_episode(actor=who, episode=episode, fields={"topic": "x"}),
            lambda who: actions.shift(actor=who, episode=episode, up=False),
            lambda who: actions.renumber(actor=who, episode=episode, number=11),
            lambda who: actions.step(actor=who, episode=episode, name="air"),
            lambda who: actions.request_public(actor=who, episode=episode),
        ):
            with pytest.raises(PermissionDenied):
                refused(stranger)
    actions.step(actor=op, episode=episode, name="air")
    assert episode.is_published


def test_gate_publishes_and_the_writer_cannot_read_it_through(series, op, readers, client):
    episode = Episode.objects.get(series=series, number=9)
    assert client.get("/series/radio/9/").status_code == 404
    process = actions.request_public(actor=op, episode=episode)
    with pytest.raises((SamePerson, PermissionDenied)):
        gate.pass_edit(process, actor=op, answers=CHECKLIST)
    gate.pass_edit(process, actor=readers[0], answers=CHECKLIST)
    episode.refresh_from_db()
    assert episode.status == EpisodeStatus.PLANNED
    gate.publish(process, actor=readers[1], answers=CHECKLIST)
    episode.refresh_from_db()
    assert episode.is_public and episode.is_published and episode.aired_at
    assert client.get("/series/radio/9/").status_code == 200


def test_changed_words_go_back_behind_the_gate_but_stay_counted(series, op, readers, client):
    episode = Episode.objects.get(series=series, number=2)
    _pass(episode, readers, op)
    actions.edit_episode(actor=op, episode=episode, fields={"online_visits": 1200})
    assert episode.is_public  # a figure is not what the readers read
    actions.edit_episode(actor=op, episode=episode, fields={"topic": "换了题目"})
    episode.refresh_from_db()
    assert not episode.is_public and episode.is_published and episode.number == 2
    assert client.get("/series/radio/2/").status_code == 404
    assert queries.with_counts(Series.objects.all()).get(pk=series.pk).done == 8


def test_new_title_of_the_series_is_read_again(series, op, readers):
    episode = Episode.objects.get(series=series, number=1)
    _pass(episode, readers, op)
    actions.edit_series(actor=op, series=series, fields={"planned": 12})
    episode.refresh_from_db()
    assert episode.is_public
    actions.edit_series(actor=op, series=Series.objects.get(pk=series.pk), fields={"title": "新名称"})
    episode.refresh_from_db()
    assert not episode.is_public


def test_taken_down_and_corrected(series, op, readers):
    episode = Episode.objects.get(series=series, number=1)
    process = _pass(episode, readers, op)
    with pytest.raises(WorkflowError, match="先在发布审核里撤下"):
        actions.step(actor=op, episode=episode, name="retract", reason="重复登记")
    gate.take_down(process, actor=readers[1], reason="音频有误")
    episode.refresh_from_db()
    assert not episode.is_public and episode.is_published
    actions.step(actor=op, episode=episode, name="retract", reason="重复登记")
    actions.step(actor=op, episode=episode, name="restore")
    episode.refresh_from_db()
    assert (episode.status, episode.aired_at) == (EpisodeStatus.PLANNED, None)


def test_cancelling_takes_it_out_of_the_review(series, op):
    episode = Episode.objects.get(series=series, number=9)
    actions.request_public(actor=op, episode=episode)
    actions.step(actor=op, episode=episode, name="cancel", reason="嘉宾有事")
    assert open_of(episode) is None and episode.status == EpisodeStatus.CANCELLED


# -- reminder ---------------------------------------------------------------------------------------


def test_next_one_reminds_once_before_and_once_after(series, op):
    start = timezone.now()

    def remind(day):
        with time_machine.travel(start + timedelta(days=day)):
            runner.run(enqueue("notifications.remind").pk)
            return Message.objects.filter(user=op, key__startswith="series.due").count()

    assert remind(0) == 1  # the ninth is due in two days
    assert remind(1) == 1
    assert remind(4) == 2  # and now it is late
    episode = Episode.objects.get(series=series, number=9)
    actions.step(actor=op, episode=episode, name="air")
    assert remind(7) == 3  # the tenth
    actions.step_series(actor=op, series=series, name="close")
    assert remind(20) == 3


# -- pages ------------------------------------------------------------------------------------------


def _post(client, url, **fields):
    return client.post(url, {"form_token": str(uuid.uuid4()), **fields})


def test_from_nothing_to_a_planned_series(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    campaign = make_campaign(tree.city)
    fields = {"title": "《妇廉纪语》", "kind": "brief", "planned": "8", "unit": tree.pingding.unit_no, "campaign": campaign.pk, "slug": "Jiyu-2026"}  # fmt: skip
    token = str(uuid.uuid4())
    first = client.post("/staff/series/new/", {**fields, "form_token": token})
    client.post("/staff/series/new/", {**fields, "form_token": token})
    series = Series.objects.get()
    assert first.url == "/staff/series/jiyu-2026/bulk/" and series.campaign == campaign
    lines = "2026-12-25 节前话廉洁\n2027年1月30日：春节前\n"
    assert _post(client, first.url, lines=lines, sections="on").status_code == 302
    rows = list(Episode.objects.order_by("number").values_list("number", "topic", "section", "due_on"))
    assert rows == [
        (1, "节前话廉洁", "discipline", date(2026, 12, 25)),
        (2, "春节前", "law", date(2027, 1, 30)),
    ]
    assert _post(client, "/staff/series/new/", **fields).status_code == 422  # the address is taken


def test_bulk_form_proposes_what_the_plan_still_lacks(series, signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    form = client.get("/staff/series/radio/bulk/").context["form"]
    assert form["count"].value() is None  # all ten have a row already
    Series.objects.filter(pk=series.pk).update(planned=14)
    assert client.get("/staff/series/radio/bulk/").context["form"]["count"].value() == 4


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lines": "十二月二十五 春节"}, "第 1 行看不出日期"),
        ({"lines": "2026-02-30 春节"}, "第 1 行看不出日期"),
        ({}, "请填排几期"),
        ({"count": "3"}, "请填第一期的日期"),
        ({"count": "3", "first_on": "2026-12-01", "lines": "2026-12-25"}, "请只用一种"),
    ],
)
def test_odd_schedules_are_answered(series, signed_in, tree, fields, words):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    answer = _post(client, "/staff/series/radio/bulk/", **fields)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Episode.objects.filter(series=series).count() == 10


def test_episode_form_understands_figures_and_keeps_what_was_typed(series, signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    episode = Episode.objects.get(series=series, number=9)
    url = f"/staff/series/radio/{episode.pk}/edit/"
    good = {
        "number": "9",
        "topic": "线上课",
        "online_visits": "3.3万多",
        "likes": "近30万",
        "headcount": "40",
        "works": "《诫子书》\n《竹石》\n",
    }
    assert _post(client, url, **good).status_code == 302
    episode.refresh_from_db()
    assert (episode.online_visits, episode.online_visits_estimated, episode.likes) == (33000, True, 300000)
    assert episode.headcount == 40 and episode.works == ["《诫子书》", "《竹石》"]
    bad = _post(client, url, **{**good, "link": "javascript:alert(1)", "topic": "没丢的题目"})
    assert bad.status_code == 422 and "没丢的题目" in bad.content.decode()
    assert "约33000" in client.get(url).content.decode()


def test_steps_and_moves_over_the_pages(series, signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    ninth = Episode.objects.get(series=series, number=9)
    base = f"/staff/series/radio/{ninth.pk}/"
    client.post(f"{base}move/", {"to": "down"})
    ninth.refresh_from_db()
    assert ninth.number == 10
    client.post(f"{base}step/", {"step": "air", "aired_on": "2026-13-40"})
    ninth.refresh_from_db()
    assert ninth.is_planned
    client.post(f"{base}step/", {"step": "air", "aired_on": TODAY().isoformat()})
    client.post(f"{base}publish/")
    ninth.refresh_from_db()
    assert ninth.is_published and open_of(ninth) is not None
    assert "正在发布审核" in client.get(base).content.decode()
    client.post("/staff/series/radio/step/", {"step": "close"})
    series.refresh_from_db()
    assert not series.is_running


def test_outsiders(series, signed_in, tree, client):
    neighbour = signed_in(Role.COUNTY_OP, tree.yuxian)
    for url in ("/staff/series/radio/", "/staff/series/radio/edit/", "/staff/series/radio/bulk/"):
        assert neighbour.get(url).status_code == 404
    village = signed_in(Role.VILLAGE_OP, tree.dongguan)
    assert village.get("/staff/series/new/").status_code == 403
    leader = signed_in(Role.CITY_LEADER, tree.city)
    assert leader.get("/staff/series/radio/").status_code == 200
    assert leader.get("/staff/series/radio/edit/").status_code == 403
    assert client.get("/series/radio/").status_code == 404  # nothing of it is public yet


def test_neighbours_on_the_public_page(series, op, readers, client):
    for number in (1, 3):
        _pass(Episode.objects.get(series=series, number=number), readers, op)
    page = client.get("/series/radio/1/").content.decode()
    assert 'rel="next"' in page and "/series/radio/3/" in page and 'rel="prev"' not in page
    assert "/series/radio/" in client.get("/series/").content.decode()


def test_campaign_page_search_and_home_lead_there(series, op, readers, client, tree):
    campaign: Campaign = make_campaign(tree.city, slug="qinglian")
    actions.edit_series(actor=op, series=series, fields={"campaign": campaign})
    _pass(Episode.objects.get(series=series, number=9), readers, op)
    assert "/series/radio/" in client.get("/campaigns/qinglian/").content.decode()
    assert "/series/radio/9/" in client.get("/search/?q=第九讲").content.decode()
    assert "/series/radio/" in client.get("/").content.decode()


def test_workbench_says_what_is_due(series, signed_in, tree):
    page = signed_in(Role.COUNTY_OP, tree.pingding).get("/staff/").content.decode()
    assert "系列节目快到期" in page
    assert "系列节目快到期" not in signed_in(Role.COUNTY_OP, tree.yuxian).get("/staff/").content.decode()


def test_lists_cost_the_same_with_more_rows(series, signed_in, tree, op):
    client = signed_in(Role.CITY_OP, tree.city)
    for address in ("/staff/series/", "/staff/series/episodes/", "/staff/series/radio/"):
        client.get(address)
        with CaptureQueriesContext(connection) as one:
            client.get(address)
        other = make_series(tree.pingding, op, campaign=make_campaign(tree.city))
        make_episode(other, 1)
        make_episode(series, 100 + series.episodes.count())
        with CaptureQueriesContext(connection) as more:
            client.get(address)
        assert len(more) <= len(one), address


def test_editor_without_the_campaign_right_plans_a_series(tree, signed_in):
    """编辑 hold SERIES_EDIT but see no campaigns: the list, the form and the episode page still open."""
    client = signed_in(Role.EDITOR, tree.city)
    fields = {"title": "大讲堂", "kind": "lecture", "planned": "2", "unit": tree.city.unit_no, "slug": "hall"}
    assert _post(client, "/staff/series/new/", **fields).status_code == 302
    assert _post(client, "/staff/series/hall/new/", topic="第一讲", number="1").status_code == 302
    episode = Episode.objects.get()
    assert "第一讲" in client.get(episode.staff_url).content.decode()
    assert "大讲堂" in client.get("/staff/series/").content.decode()


def test_episode_photo_is_public_with_its_episode_only(series, op, readers, client):
    """The serving rule follows the gate."""
    rule = RULES["episode"]
    episode = Episode.objects.get(series=series, number=1)
    assert rule.is_public is not None and not rule.is_public(str(episode.pk), "web")
    _pass(episode, readers, op)
    assert rule.is_public(str(episode.pk), "web") and not rule.is_public("../1", "web")
