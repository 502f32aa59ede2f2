"""Figures are true: counted once above, moved with corrections, and proven by a recount."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.activities.models import Activity, ActivityUnit
from campaigns.activities.rules import Status
from portal.access.actors import SYSTEM
from portal.access.roles import Role
from portal.dashboards.models import MetricRollup
from portal.dashboards.periods import parse
from portal.dashboards.recount import checks
from portal.dashboards.rollup import roll_up_all
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.actions import record
from portal.units import actions as units
from portal.units.models import Level
from tests.factories.units import make_unit

ZONE = timezone.get_default_timezone()
_number = iter(range(1, 10_000_000))


def make(unit, *, day=date(2026, 5, 15), status=Status.COUNTY_OK, co=(), hour=9, **fields):
    at = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
    fields = {"headcount": 10, **fields}
    row = Activity.objects.create(
        no=f"HD-{next(_number):06d}", title="家风宣讲", kind="talk", unit=unit, level=unit.level,
        starts_at=at, status=status, **fields,
    )  # fmt: skip
    for other in co:
        ActivityUnit.objects.create(activity=row, unit=other)
    return row


def shown(unit, month=date(2026, 5, 1)):
    return MetricRollup.objects.filter(source="activities", unit=unit, month=month).first()


def test_joint_activity_counts_for_each_and_once_above(tree):
    make(tree.pingding, co=[tree.yuxian, tree.guanshan])
    roll_up_all()
    for unit in (tree.pingding, tree.yuxian, tree.guanshan, tree.city, tree.province):
        assert shown(unit).values["activities.sessions"] == 1, unit
        assert shown(unit).values["activities.headcount"] == 10, unit
    assert shown(tree.zone) is None


def test_waiting_rows_stand_beside_the_figure(tree):
    make(tree.guanshan, status=Status.SUBMITTED)
    make(tree.guanshan, status=Status.DRAFT)
    make(tree.guanshan)
    roll_up_all()
    row = shown(tree.city)
    assert (row.rows, row.pending) == (1, 1)


def test_midnight_belongs_to_the_local_day(tree):
    make(tree.guanshan, day=date(2026, 6, 1), hour=0)
    roll_up_all()
    assert shown(tree.city) is None
    assert shown(tree.city, date(2026, 6, 1)).days["activities.sessions"] == {"1": 1}


def test_journal_entry_queues_the_month_and_the_last_job_does_the_work(tree):
    row = make(tree.guanshan)
    for _ in range(3):
        with transaction.atomic():
            record("activity.approved", actor=SYSTEM, target=row)
    run_all()
    jobs = Job.objects.filter(kind="dashboards.rollup").order_by("pk")
    assert [bool(job.result.get("superseded")) for job in jobs] == [True, True, False]
    assert shown(tree.city).rows == 1


def test_rows_of_a_merged_or_moved_unit_count_elsewhere_at_once(tree, signed_in, person):
    make(tree.dongguan)
    make(tree.guanshan)
    roll_up_all()
    city = person(Role.CITY_OP, tree.city)
    units.merge(
        unit=tree.dongguan, into=tree.nanguan, actor=city, effective_on=timezone.localdate(), reason="合并"
    )
    tree.guanshan.refresh_from_db()
    units.move(
        unit=tree.guanshan, parent=tree.yuxian, actor=city, effective_on=timezone.localdate(), reason="划转"
    )
    run_all()
    assert shown(tree.nanguan).rows == 1
    assert shown(tree.yuxian).rows == 2
    assert shown(tree.pingding) is None
    jobs = Job.objects.filter(kind="dashboards.rollup_units").order_by("pk")
    assert [bool(job.result.get("superseded")) for job in jobs] == [True, False]
    told = signed_in(Role.CITY_OP, tree.city).get(f"/staff/units/{tree.nanguan.unit_no}/").content.decode()
    assert "东关社区妇联并入本单位" in told


@settings(max_examples=15)
@given(
    plan=st.lists(
        st.tuples(
            st.sampled_from(["pingding", "yuxian", "zone", "guanshan", "dongguan", "xiushui", "office"]),
            st.lists(st.sampled_from(["pingding", "yuxian", "nanguan", "city"]), max_size=2, unique=True),
            st.sampled_from(list(Status)),
            st.integers(0, 400),
            st.integers(0, 300),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_rollups_agree_with_a_recount_by_sql(tree, plan):
    for name, partners, status, offset, heads in plan:
        unit = getattr(tree, name)
        co = [getattr(tree, other) for other in partners if other != name]
        make(unit, day=date(2025, 12, 1) + timedelta(days=offset), status=status, co=co, headcount=heads)
    roll_up_all()
    assert [check for check in checks() if not check.is_equal] == []


def test_recount_command_finds_a_false_figure(tree, capsys):
    make(tree.guanshan)
    roll_up_all()
    call_command("recount", "--json")
    body = json.loads(capsys.readouterr().out)
    assert body["different"] == 0
    assert body["figures"] > 0
    MetricRollup.objects.filter(unit=tree.city).update(values={"activities.sessions": 99})
    with pytest.raises(CommandError):
        call_command("recount")


def test_recount_finds_rows_without_a_figure_and_asks_nothing_for_empty_units(tree):
    make(tree.guanshan, co=(tree.xiushui,))
    places = {check.unit_no: check.is_equal for check in checks() if check.source == "activities"}
    with_rows = (tree.guanshan, tree.pingding, tree.xiushui, tree.yuxian, tree.city, tree.province)
    assert places == {unit.unit_no: False for unit in with_rows}
    MetricRollup.objects.create(
        source="activities", unit=tree.nanguan, month=date(2026, 5, 1), rows=3, values={}, pending=0, as_of=timezone.now(),
    )  # fmt: skip
    assert not all(check.is_equal for check in checks() if check.unit_no == tree.nanguan.unit_no)


def test_dashboard_shows_gaps_and_opens_rows(tree, signed_in, django_assert_max_num_queries):
    make(tree.guanshan, day=timezone.localdate().replace(day=1))
    roll_up_all()
    client = signed_in(Role.COUNTY_LEADER, tree.pingding)
    with django_assert_max_num_queries(25):  # with the menu's numbers, which are kept outside of tests
        page = client.get(f"/dashboard/{tree.pingding.unit_no}/")
    assert page.status_code == 200
    assert "冠山镇" in page.content.decode()
    assert "/staff/activities/?" in page.content.decode()
    assert client.get(f"/dashboard/{tree.yuxian.unit_no}/").status_code == 404
    assert client.get(f"/dashboard/{tree.pingding.unit_no}/?format=csv").content.startswith(b"\xef\xbb\xbf")


def test_many_silent_units_are_one_line(tree, signed_in):
    for number in range(7):
        make_unit(tree.guanshan, f"1403211001{number:02d}", f"第{number}村", Level.VILLAGE)
    make(tree.guanshan, day=timezone.localdate().replace(day=1))
    roll_up_all()
    client = signed_in(Role.CITY_OP, tree.city)
    view = client.get(f"/dashboard/{tree.guanshan.unit_no}/?period={timezone.localdate().year}").context[
        "view"
    ]
    quiet = [row for row in view.children if not row.is_comparable]
    assert len(quiet) > 5
    assert f"等 {len(quiet)} 个单位" in view.left_out
    assert [notice.title for notice in view.notices if notice.tone == "bad"] == [
        f"{len(quiet)} 个单位上报完整度低于 80%"
    ]


def test_waiting_rows_are_counted_once_and_open_their_list(tree, signed_in):
    today = timezone.localdate()
    make(tree.pingding, day=today, co=[tree.yuxian], status=Status.SUBMITTED)
    make(tree.city, day=today, status=Status.SUBMITTED)
    roll_up_all()
    client = signed_in(Role.CITY_OP, tree.city)
    page = client.get(f"/dashboard/{tree.city.unit_no}/").content.decode()
    assert "2 条活动待审核" in page
    link = f"/staff/activities/?unit={tree.city.unit_no}&amp;status=submitted"
    assert link in page
    year = f"&since={today.year}-01-01&until={today.year}-12-31"
    assert "共 2 条" in client.get(link.replace("&amp;", "&") + year).content.decode()


def test_last_activity_does_not_depend_on_the_period(tree, signed_in):
    this_month = timezone.localdate().replace(day=1)
    earlier = this_month - timedelta(days=40)
    make(tree.pingding, day=earlier)
    make(tree.pingding, day=this_month.replace(year=this_month.year - 1, day=3))
    roll_up_all()
    page = signed_in(Role.CITY_OP, tree.city).get(
        f"/dashboard/{tree.city.unit_no}/?period={this_month:%Y-%m}"
    )
    last = next(row.last_on for row in page.context["view"].children if row.unit == tree.pingding)
    assert last == earlier


def test_dashboard_queries_do_not_grow_with_units(tree, signed_in, django_assert_num_queries):
    city, county = signed_in(Role.CITY_LEADER, tree.city), signed_in(Role.COUNTY_LEADER, tree.pingding)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for client, unit in ((city, tree.city), (county, tree.pingding)):
        for _ in range(2):  # the counts behind the menu are kept
            client.get(f"/dashboard/{unit.unit_no}/")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(f"/dashboard/{unit.unit_no}/")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_totals_only_role_gets_no_link_to_rows(tree, signed_in):
    make(tree.guanshan, day=timezone.localdate().replace(day=1))
    roll_up_all()
    client = signed_in(Role.PROVINCE_VIEWER, tree.province)
    page = client.get(f"/dashboard/{tree.city.unit_no}/").content.decode()
    assert "/staff/activities/?" not in page


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("2026", "2026"),
        ("2026Q3", "2026Q3"),
        ("2026-05", "2026-05"),
        ("2026-13", "2026"),
        ("x", "2026"),
        ("9999", "2026"),
    ],
)
def test_period_of_an_address(code, expected):
    assert parse(code, today=date(2026, 11, 23)).code == expected


def test_same_stretch_of_last_year_is_cut_at_the_same_day():
    period = parse("2026", today=date(2026, 11, 23))
    assert period.last_year().until == date(2025, 11, 23)
    assert period.time_percent == pytest.approx(89.6, abs=0.1)
