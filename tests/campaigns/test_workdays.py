"""Where limits are counted in working days: across a holiday, and with its make-up days (2026: 国庆节 10-01 to 10-07 off,
09-20 and 10-10 at work)."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from campaigns.tasks.actions import chase
from campaigns.tasks.models import TaskNotice
from campaigns.tasks.rules import Stage
from campaigns.venues.queries import bases
from portal.access.roles import Role
from portal.workdays import rules
from portal.workdays.models import Holiday
from tests.factories.tasks import make_task

ZONE = timezone.get_default_timezone()


@pytest.fixture
def arrangement(db):
    """The published days of 2026."""
    Holiday.objects.bulk_create(
        Holiday(date=day, kind=kind, name=name) for day, kind, name in rules.PUBLISHED[2026]
    )


def at(month, day, hour=9):
    return datetime(2026, month, day, hour, tzinfo=ZONE)


def test_notice_of_a_base_waits_for_the_holiday_and_uses_the_make_up_day(arrangement):
    assert bases.last_public_day(date(2026, 9, 30), 5) == date(2026, 10, 12)
    assert bases.last_public_day(date(2026, 10, 3), 1) == date(2026, 10, 8)
    assert bases.last_public_day(date(2026, 9, 20), 1) == date(2026, 9, 20)


def test_without_an_arrangement_monday_to_friday_counts(db):
    assert bases.last_public_day(date(2026, 9, 30), 5) == date(2026, 10, 6)


def test_superiors_hear_of_a_late_task_after_working_days_only(arrangement, tree, person):
    person(Role.COUNTY_LEADER, tree.yuxian)
    person(Role.COUNTY_OP, tree.yuxian)
    with time_machine.travel(at(9, 21), tick=False):
        task = make_task(tree.city, [tree.yuxian], due_on=date(2026, 9, 30), overdue_days=3)
        task.copies.update(status="received")

    def stages(now):
        with time_machine.travel(now, tick=False):
            chase()
        return set(TaskNotice.objects.values_list("stage", flat=True))

    assert Stage.OVERDUE in stages(at(10, 1))  # red on the next morning, holiday or not
    assert Stage.LATE_LEADER not in stages(at(10, 8))
    assert Stage.LATE_LEADER not in stages(at(10, 10))  # the third working day, a Saturday at work
    assert Stage.LATE_LEADER in stages(at(10, 12))


def test_nobody_is_reported_silent_over_a_holiday(arrangement, tree, person):
    person(Role.COUNTY_LEADER, tree.yuxian)
    with time_machine.travel(at(9, 29), tick=False):
        make_task(tree.city, [tree.yuxian], due_on=date(2026, 11, 30), silent_days=5)

    def silent(now):
        with time_machine.travel(now, tick=False):
            chase()
        return TaskNotice.objects.filter(stage=Stage.SILENT_LEADER).exists()

    assert not silent(at(10, 10))  # 09-30, 10-08, 10-09, 10-10
    assert silent(at(10, 12))
