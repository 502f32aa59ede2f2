"""Goals as a table, beside what was reached and the time that is gone."""

from datetime import date

import pytest
import time_machine

from campaigns.planning import actions, progress
from campaigns.planning.models import Goal
from portal.access.roles import Role
from portal.dashboards import rollup
from portal.journal.models import JournalEntry
from tests.factories.activities import make_activity, make_campaign

METRIC = "activities.headcount"


@pytest.fixture
def campaign(tree):
    return make_campaign(tree.city, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))


@pytest.fixture
def leader(signed_in, tree):
    return signed_in(Role.CITY_LEADER, tree.city)


def _url(campaign, **query):
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{campaign.staff_url}goals/?{words}"


def _post(tree, **targets):
    data = {"year": "2026", "metric": METRIC, "unit": tree.city.unit_no}
    return data | {f"target-{getattr(tree, name).unit_no}": value for name, value in targets.items()}


def test_whole_table_is_saved_at_once_and_cleared_cells_go(leader, tree, campaign):
    leader.post(_url(campaign), _post(tree, city="300", pingding="120", yuxian="100"))
    assert {(goal.unit.short_name, goal.target) for goal in Goal.objects.all()} == {
        ("阳泉市", 300), ("平定县", 120), ("盂县", 100),
    }  # fmt: skip
    page = leader.get(_url(campaign, year=2026, metric=METRIC)).content.decode()
    assert "下级目标合计 220，比本级目标 300 少 80" in page
    leader.post(_url(campaign), _post(tree, city="300", pingding="120", yuxian=""))
    assert Goal.objects.count() == 2
    assert JournalEntry.objects.filter(verb="goal.removed").count() == 1
    assert JournalEntry.objects.filter(verb="goal.set").count() == 3


def test_wrong_cell_keeps_all_that_was_typed(leader, tree, campaign):
    answer = leader.post(_url(campaign), _post(tree, city="300", pingding="-5", yuxian="八十"))
    page = answer.content.decode()
    assert "目标不能是负数" in page and "请填整数" in page
    assert 'value="300"' in page and 'value="八十"' in page
    assert not Goal.objects.exists()


def test_county_leader_sets_goals_of_the_own_subtree_only(signed_in, tree, campaign):
    client = signed_in(Role.COUNTY_LEADER, tree.pingding)
    client.post(_url(campaign), {"year": "2026", "metric": METRIC, f"target-{tree.guanshan.unit_no}": "40",
                                 f"target-{tree.xiushui.unit_no}": "9"})  # fmt: skip
    assert [goal.unit for goal in Goal.objects.all()] == [tree.guanshan]
    assert client.get(_url(campaign, unit=tree.city.unit_no)).status_code == 404
    assert signed_in(Role.COUNTY_OP, tree.pingding).get(_url(campaign)).status_code == 403


def test_pace_compares_share_reached_with_time_gone(signed_in, client, tree, campaign):
    with time_machine.travel("2026-07-02 12:00 +0800", tick=False):
        leader = signed_in(Role.CITY_LEADER, tree.city)
        user = leader.user
        for unit in (tree.city, tree.pingding):
            actions.set_goal(actor=user, unit=unit, metric=METRIC, year=2026, target=100, campaign=campaign)
        make_activity(tree.yuxian, status="county_ok", headcount=60)
        rollup.roll_up_all()
        goals = Goal.objects.select_related("unit").order_by("unit__path")
        rows = progress.reached(campaign, goals, year=2026, today=date(2026, 7, 2))
        assert [row.elapsed for row in rows] == [50.1, 50.1]
        assert [(row.done, row.pace.code) for row in rows] == [(60, "on_time"), (0, "behind")]
        page = client.get(campaign.get_absolute_url()).content.decode()
        assert "达到序时进度" in page and "完成 60.0%，时间过了 50.1%" in page
        assert "落后于序时进度" in leader.get(campaign.staff_url).content.decode()


def test_campaign_of_part_of_a_year_is_measured_by_its_own_days(tree):
    campaign = make_campaign(tree.city, starts_on=date(2022, 3, 1), ends_on=date(2022, 12, 31))
    span = progress.stretch(campaign, 2022)
    assert (span.elapsed(date(2022, 2, 1)), span.elapsed(date(2026, 1, 1))) == (0, 100)
    assert [period.start.month for period in span.months(date(2022, 4, 5))] == list(range(3, 13))
    assert progress.stretch(campaign, 2023) is None
