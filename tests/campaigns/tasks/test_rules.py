"""Colours and stages by date."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.tasks import rules
from campaigns.tasks.rules import Colour, CopyStatus, Stage

START = date(2026, 3, 2)
days = st.integers(0, 60)


def _colour(left, status=CopyStatus.RECEIVED, **fields):
    values = {
        "issued_on": START - timedelta(days=1),
        "due_on": START + timedelta(days=left),
        "today": START,
        "soon_days": 3,
    }
    return rules.colour_of(status=status, **(values | fields))


def test_a_day_ends_at_midnight_in_shanghai():
    zone = timezone.get_default_timezone()
    assert not rules.is_late(START, datetime(2026, 3, 2, 23, 59, 59, tzinfo=zone))
    assert rules.is_late(START, datetime(2026, 3, 3, 0, 0, tzinfo=zone))


def test_colours_by_date():
    assert [_colour(left) for left in (-1, 0, 3, 4)] == [
        Colour.OVERDUE, Colour.SOON, Colour.SOON, Colour.ON_TIME,
    ]  # fmt: skip
    assert _colour(-5, CopyStatus.DONE) is Colour.WAITING
    assert _colour(-5, CopyStatus.NOT_APPLICABLE) is Colour.NONE
    assert rules.LOOK[Colour.NONE][0] == ""
    assert len({icon for _tone, icon in rules.LOOK.values()}) == len(rules.LOOK)


def test_behind_is_measured_against_the_time_gone():
    half = {"issued_on": START - timedelta(days=20), "due_on": START + timedelta(days=10)}
    assert _colour(0, **half) is Colour.BEHIND
    assert _colour(0, ticked=1, items=4, **half) is Colour.BEHIND
    assert _colour(0, ticked=3, items=4, **half) is Colour.ON_TIME


@given(st.sampled_from(CopyStatus.values), days, days, days)
def test_what_is_not_owed_is_never_red_nor_chased(status, before, left, soon):
    colour = _colour(-left, status, issued_on=START - timedelta(days=before), soon_days=soon)
    stages = _stages(before, -left, status=status)
    if status not in rules.OWED:
        assert colour not in {Colour.OVERDUE, Colour.SOON, Colour.BEHIND}
        assert stages == []


def _stages(issued_ago, left, status=CopyStatus.ISSUED, **fields):
    values = {"soon_days": 3, "last_days": 1, "overdue_days": 3, "silent_days": 5}
    return rules.stages_due(
        status=status, issued_on=START - timedelta(days=issued_ago), due_on=START + timedelta(days=left), today=START,
        **(values | fields),
    )  # fmt: skip


@given(days, st.integers(-60, 60))
def test_escalation_never_skips_the_leader_or_the_reminder(issued_ago, left):
    stages = _stages(issued_ago, left)
    if Stage.LATE_ISSUER in stages:
        assert Stage.LATE_LEADER in stages
    if Stage.LATE_LEADER in stages:
        assert Stage.OVERDUE in stages
    if Stage.SILENT_ISSUER in stages:
        assert Stage.SILENT_LEADER in stages
    assert not {Stage.SOON, Stage.LAST} <= set(stages)
    assert (Stage.OVERDUE in stages) == (left < 0)


def test_silence_is_only_that_of_who_did_not_receive():
    assert _stages(6, 20) == [Stage.SILENT_LEADER]
    assert _stages(6, 20, CopyStatus.RECEIVED) == []
    assert _stages(6, 20, silent_days=7) == []
