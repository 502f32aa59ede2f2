"""Key dates and reminders."""

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from campaigns.calendar.actions.reminders import moments
from campaigns.calendar.dates import DateKind
from campaigns.calendar.models import CalendarNode, ReminderCampaign, ReminderRound
from portal.units.models import Unit

_numbers = itertools.count(1)


def make_node(unit: Unit, on: date | None = None, **fields: Any) -> CalendarNode:
    """A fixed day on which the counties act; by default ten days from now."""
    day = on or timezone.localdate() + timedelta(days=10)
    values = {
        "name": f"节点{next(_numbers)}", "rule": DateKind.FIXED, "month": day.month, "day": day.day, "levels": [3],
    }  # fmt: skip
    return CalendarNode.objects.create(unit=unit, **(values | fields))


def make_reminder(unit: Unit, on: date, *, days: tuple[int, ...] = (7, 3), **fields: Any) -> ReminderCampaign:
    """A reminder in any state, with its rounds."""
    values = {
        "title": "元旦廉洁提醒",
        "text": "请廉洁过节。",
        "on": on,
        "channel": "site",
        "audience": "subtree",
    }
    row = ReminderCampaign.objects.create(unit=unit, **(values | fields))
    for before, moment in moments(on, days).items():
        ReminderRound.objects.create(campaign=row, days_before=before, send_at=moment)
    return row
