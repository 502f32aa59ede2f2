"""What the clock reminds of: key dates, units that fell silent, returned drafts that nobody touches."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.calendar import queries, rules
from portal.access.permissions import Perm
from portal.notifications.reminders import Due, Reminder, register


def _nodes(now: datetime) -> Iterable[Due]:
    """When the draft is ready, and once more a week before if nobody touched it."""
    today = timezone.localdate(now)
    for turn in queries.open_turns(today):
        left = (turn.first - today).days
        is_last = left <= rules.NUDGE_DAYS_BEFORE
        yield Due(
            key=f"{turn.pk}:{'week' if is_last else 'ready'}",
            text=_("%(node)s（%(day)s）还有 %(n)d 天，活动草稿已备好；有往年记录的一并附上了。")
            % {"node": turn.node.name, "day": turn.first.strftime("%m-%d"), "n": max(left, 0)},
            url=turn.staff_url,
            perm=Perm(turn.node.perm),
            unit=turn.unit,
            here=True,
        )


def _silent(now: datetime) -> Iterable[Due]:
    """Once for every thirty days of silence; the unit's own people, never a list of who is silent."""
    for unit, last in queries.silent_units(now):
        yield Due(
            key=f"{unit.pk}:{last:%Y%m%d}:{(now - last).days // rules.SILENT_DAYS}",
            text=_("%(unit)s已有 %(n)d 天没有记活动。办过的请补记；没有办的可以看看临近节点。")
            % {"unit": unit.short_name, "n": (now - last).days},
            url=reverse("campaigns:activities:new"),
            perm=Perm.ACTIVITY_LOG,
            unit=unit,
            here=True,
        )


def _returned(now: datetime) -> Iterable[Due]:
    """Once per return; to who sent it in, else to the unit."""
    for row in queries.returned_and_untouched(now):
        person = row.submitted_by or row.created_by
        yield Due(
            key=f"{row.pk}:{row.updated_at:%Y%m%d%H%M}",
            text=_("“%(title)s”退回已超过 %(n)d 天，还没有修改。")
            % {"title": row.title, "n": rules.RETURNED_DAYS},
            url=reverse("campaigns:activities:edit", args=[row.no]),
            user=person if person is not None and person.is_active else None,
            perm=Perm.ACTIVITY_LOG,
            unit=row.unit,
            here=True,
        )


register(Reminder("calendar.node", gettext_lazy("临近节点"), _nodes))
register(Reminder("activities.silent", gettext_lazy("好久没有记活动"), _silent))
register(Reminder("activities.returned", gettext_lazy("退回的活动还没有改"), _returned))
