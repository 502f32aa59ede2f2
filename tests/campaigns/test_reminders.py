"""Every reminder that campaign work needs is registered; public notices that end are told once, in time."""

from datetime import date, datetime

import time_machine
from django.utils import timezone

from campaigns.quizzes.models import Draw, Quiz
from portal.access.roles import Role
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.workdays.models import Holiday
from tests.factories.venues import make_base, make_batch, make_venue

NEEDED = {
    "tasks.due", "series.due", "calendar.node", "venues.refresh", "activities.silent", "venues.notice", "quizzes.notice",
    "grants.last_days", "planning.receipts", "visits.due", "venues.bookings", "venues.bases", "quizzes.closing",
    "publication.waiting", "complaints.due", "activities.returned",
}  # fmt: skip


def _run(day):
    with time_machine.travel(datetime(2027, *day, 8, 30, tzinfo=timezone.get_default_timezone()), tick=False):
        reminders.run()
        reminders.run()
        return list(Message.objects.values_list("title", flat=True)) + list(
            Message.objects.values_list("text", flat=True)
        )


def test_every_needed_reminder_is_registered():
    assert set(reminders.REMINDERS) >= NEEDED


def test_notice_of_a_base_that_ends_is_told_once_before_its_last_day(tree, person):
    leader, other = person(Role.CITY_LEADER, tree.city), person(Role.COUNTY_LEADER, tree.pingding)
    for day in ("2027-10-01", "2027-10-04"):
        Holiday.objects.create(date=day, kind="holiday", name="国庆节")
    venue = make_venue(tree.xiushui, name="秀水家风馆", due_on=date(2028, 6, 1))
    make_base(
        make_batch(tree.city), venue, status="publicity", public_from=date(2027, 9, 28), public_until=date(2027, 10, 5)
    )  # fmt: skip
    sent = [row for row in _run((9, 29)) if "公示" in row and "结束" in row]
    assert not sent
    _run((9, 30))  # the next working day is 10-05, the last of the notice
    found = Message.objects.filter(user=leader, title__contains="秀水家风馆") | Message.objects.filter(
        user=leader, text__contains="秀水家风馆"
    )
    assert found.count() == 1
    _run((10, 5))
    assert found.count() == 1
    assert not Message.objects.filter(user=other).exists()


def test_notice_of_winners_that_ends_is_told_once(tree, person):
    clerk = person(Role.COUNTY_OP, tree.pingding)
    quiz = Quiz.objects.create(
        slug="q", title="廉洁问答", unit=tree.pingding, status="closed", opens_on=date(2027, 3, 1), closes_on=date(2027, 3, 5),
        prize_count=1,
    )  # fmt: skip
    draw = Draw.objects.create(
        quiz=quiz, unit=tree.pingding, seed="0" * 64, commitment="1" * 64, status="confirmed", notice_until=date(2027, 3, 12)
    )  # fmt: skip
    told = Message.objects.filter(user=clerk, url=draw.staff_url)
    _run((3, 10))
    assert not told.exists()
    _run((3, 11))
    _run((3, 12))
    assert told.count() == 1
    _run((3, 13))
    assert told.count() == 1
