"""Counted records: corrected with a reason, by two people, for everybody to see; figures follow."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.activities import actions, corrections
from campaigns.activities.models import Activity, Amendment, Correction
from campaigns.activities.rules import QUARTER_CLOSE_DAYS, is_closed, quarter_closes
from portal.access.roles import Role
from portal.dashboards.models import MetricRollup
from portal.dashboards.rollup import roll_up_all
from portal.jobs.runner import run_all
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from tests.factories.activities import form_data, make_activity
from tests.factories.people import give

OLD = timedelta(days=200)


@pytest.fixture
def county(person, tree):
    return person(Role.COUNTY_OP, tree.pingding)


@pytest.fixture
def reviewer(person, tree):
    return person(Role.COUNTY_REVIEWER, tree.pingding)


def _propose(by, activity, reason="签到表复核，少记了四人", **fields):
    return corrections.propose(actor=by, activity=activity, version=activity.version, reason=reason, fields={
        "title": activity.title, "starts_at": activity.starts_at, **fields,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 1, 1), date(2026, 4, 1)), (date(2026, 3, 31), date(2026, 4, 1)), (date(2026, 4, 1), date(2026, 7, 1)),
        (date(2026, 9, 30), date(2026, 10, 1)), (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)  # fmt: skip
def test_a_quarter_closes_some_days_after_its_end(day, closes, settings):
    assert quarter_closes(day) == closes + timedelta(days=QUARTER_CLOSE_DAYS)
    settings.QUARTER_CLOSE_DAYS = 0
    assert quarter_closes(day) == closes
    moment = timezone.make_aware(datetime(day.year, day.month, day.day, 23, 59))
    assert not is_closed(moment, today=closes - timedelta(days=1))
    assert is_closed(moment, today=closes)


def test_second_person_confirms_and_figures_follow(county, reviewer, tree):
    activity = make_activity(
        tree.pingding, county, status="county_ok", headcount=60, starts_at=timezone.now() - OLD
    )
    roll_up_all("activities")
    assert _headcount(tree.pingding) == 60
    correction = _propose(county, activity, headcount=64)
    activity.refresh_from_db()
    assert activity.headcount == 60
    with pytest.raises(SamePerson):
        corrections.decide(actor=_also_reviewer(county, tree), correction=correction, name="confirm")
    corrections.decide(actor=reviewer, correction=correction, name="confirm")
    activity.refresh_from_db()
    assert (activity.headcount, activity.amendment_count, activity.status) == (64, 1, "county_ok")
    line = Amendment.objects.get()
    assert (line.field, line.old, line.new, line.old_text, line.new_text) == ("headcount", 60, 64, "60", "64")
    assert (correction.reason, correction.by, correction.decided_by) == (
        "签到表复核，少记了四人",
        county,
        reviewer,
    )
    run_all()
    assert _headcount(tree.pingding) == 64
    assert _headcount(tree.city) == 64


def _headcount(unit):
    return sum(row.values.get("activities.headcount", 0) for row in MetricRollup.objects.filter(unit=unit))


def _also_reviewer(user, tree):
    give(user, Role.COUNTY_REVIEWER, tree.pingding)
    user._scope = None
    return user


def test_refusals(county, reviewer, person, tree):
    activity = make_activity(tree.pingding, county, status="county_ok", headcount=60)
    with pytest.raises(WorkflowError, match="原因"):
        _propose(county, activity, reason=" ", headcount=64)
    with pytest.raises(WorkflowError, match="没有改动"):
        _propose(county, activity, headcount=60)
    with pytest.raises(PermissionDenied):
        _propose(person(Role.COUNTY_OP, tree.yuxian), activity, headcount=64)
    draft = make_activity(tree.pingding, county, status="draft")
    with pytest.raises(WorkflowError, match="直接修改"):
        _propose(county, draft, headcount=64)
    correction = _propose(county, activity, headcount=64)
    with pytest.raises(WorkflowError, match="等确认"):
        _propose(county, activity, headcount=65)
    with pytest.raises(PermissionDenied):
        corrections.decide(actor=reviewer, correction=correction, name="withdraw")
    with pytest.raises(WorkflowError, match="理由"):
        corrections.decide(actor=reviewer, correction=correction, name="refuse")
    corrections.decide(actor=reviewer, correction=correction, name="refuse", reason="签到表上是 60")
    activity.refresh_from_db()
    assert (activity.headcount, activity.amendment_count) == (60, 0)
    again = _propose(county, activity, headcount=65)
    corrections.decide(actor=county, correction=again, name="withdraw")
    assert Correction.objects.filter(status="withdrawn").count() == 1


def test_two_corrections_of_one_version_do_not_both_pass(county, reviewer, tree):
    activity = make_activity(tree.pingding, county, status="county_ok", headcount=60)
    correction = _propose(county, activity, headcount=64)
    Activity.objects.filter(pk=activity.pk).update(version=9)
    with pytest.raises(StaleState):
        corrections.decide(actor=reviewer, correction=correction, name="confirm")
    correction.refresh_from_db()
    assert correction.status == "waiting"


def test_closed_quarter_is_not_reopened_by_returning(county, reviewer, tree):
    old = make_activity(tree.pingding, county, status="county_ok", starts_at=timezone.now() - OLD)
    with pytest.raises(WorkflowError, match="更正"):
        actions.step(actor=reviewer, activity=old, name="return", reason="人数不对")
    fresh = make_activity(tree.pingding, county, status="county_ok", starts_at=timezone.now())
    actions.step(actor=reviewer, activity=fresh, name="return", reason="人数不对")
    assert fresh.status == "returned"


def test_the_pages_from_form_to_mark_in_the_list(signed_in, tree):
    officer, reviewer = (
        signed_in(Role.COUNTY_OP, tree.pingding),
        signed_in(Role.COUNTY_REVIEWER, tree.pingding),
    )
    activity = make_activity(tree.pingding, officer.user, status="county_ok", title="家风课", headcount=60)
    address = f"/staff/activities/{activity.no}/"
    assert officer.get(f"{address}edit/")["Location"] == f"{address}correct/"
    page = officer.get(f"{address}correct/").content.decode()
    assert "更正原因" in page
    assert 'value="60"' in page
    data = form_data(
        title="家风课", version=activity.version, headcount="约64",
        starts_at=f"{timezone.localtime(activity.starts_at):%Y-%m-%dT%H:%M}",
    )  # fmt: skip
    refused = officer.post(f"{address}correct/", data).content.decode()
    assert "请写明更正的原因" in refused
    assert "约64" in refused
    for _twice in range(2):
        officer.post(f"{address}correct/", data | {"correction_reason": "复核签到表"})
    correction = Correction.objects.get()
    assert reviewer.get("/staff/activities/corrections/").content.decode().count("复核签到表") == 1
    assert "60" in reviewer.get(address).content.decode()
    outsider = signed_in(Role.COUNTY_REVIEWER, tree.yuxian)
    decide = f"/staff/activities/corrections/{correction.pk}/"
    assert outsider.post(decide, {"step": "confirm"}).status_code == 404
    reviewer.post(decide, {"step": "confirm"})
    activity.refresh_from_db()
    assert (activity.headcount, activity.headcount_estimated) == (64, True)
    shown = officer.get(address).content.decode()
    for words in ("更正 1 次", "复核签到表", "参与人数（线下）", ">60<", ">64<", str(reviewer.user)):
        assert words in shown
    assert "更正 1 次" in officer.get("/staff/activities/").content.decode()
    assert "家风课" in officer.get("/staff/activities/?amended=1").content.decode()
