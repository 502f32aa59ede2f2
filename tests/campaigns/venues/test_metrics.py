"""Figures of venues agree with a recount by SQL, and their links open exactly the rows behind them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.venues.actions import venues as actions
from portal.access.roles import Role
from portal.dashboards.recount import checks
from portal.dashboards.rollup import month_of, roll_up
from portal.jobs import runner
from portal.metrics import SOURCES
from portal.units.models import Unit
from tests.factories.venues import make_base, make_batch, make_venue, make_visit

FIGURES = {"venues": "venues.count", "venue_checks": "venues.checks", "visits": "venues.visitors", "bases": "venues.bases"}  # fmt: skip


@pytest.fixture
def rows(tree, person):
    venue = make_venue(tree.dongguan)
    make_venue(tree.dongguan, status="closed", name="停用的")
    when = timezone.now() - timedelta(minutes=5)
    make_visit(venue, status="visited", came=45, starts_at=when)
    make_visit(venue, status="no_show", starts_at=when)
    make_base(make_batch(tree.city), venue, status="named")
    actions.inspect(
        actor=person(Role.VILLAGE_OP, tree.dongguan), venue=venue, on=timezone.localdate(), result="ok"
    )
    return venue


def test_figures_agree_with_a_recount(tree, rows):
    for code in FIGURES:
        roll_up(code, month_of(timezone.localdate()))
    units = Unit.objects.filter(pk__in=[tree.city.pk, tree.dongguan.pk, tree.yuxian.pk])
    found = [check for check in checks(units) if check.source in FIGURES]
    assert found and all(check.is_equal for check in found)
    shown = {(c.unit_no, c.metric): c.shown for c in found if c.metric in FIGURES.values()}
    for unit in (tree.city, tree.dongguan):
        values = {metric: shown[unit.unit_no, metric] for metric in FIGURES.values()}
        assert values == {"venues.count": 1, "venues.checks": 1, "venues.visitors": 45, "venues.bases": 1}


def test_an_inspection_queues_its_month(rows):
    runner.run_all()
    today = timezone.localdate()
    mine = [c for c in checks(Unit.objects.filter(pk=rows.unit_id)) if c.source == "venue_checks"]
    assert mine and all(check.is_equal for check in mine)
    assert {check.month for check in mine} == {f"{today:%Y-%m}"}


@pytest.mark.parametrize(
    ("source", "seen", "unseen"),
    [("venues", "家风馆", "停用的"), ("venue_checks", "家风馆", "停用的"), ("visits", "45", "未到访<"), ("bases", "T-", "停用的")],
)  # fmt: skip
def test_links_open_the_rows_behind_a_figure(tree, rows, signed_in, source, seen, unseen):
    today = timezone.localdate()
    link = SOURCES[source].link(tree.pingding, today.replace(day=1), today, "")
    page = signed_in(Role.COUNTY_OP, tree.pingding).get(link)
    table = page.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    assert page.status_code == 200 and seen in table and unseen not in table
