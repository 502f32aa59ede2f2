"""What key dates lend to others: sent reminders as items of packages, where an activity is used."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.activities import uses
from campaigns.activities.models import Activity
from campaigns.calendar import queries
from campaigns.calendar.models import ReminderRound
from campaigns.calendar.rules import Channel
from campaigns.packages import registry
from campaigns.packages.counting import counter
from portal.access.scope import Scope
from portal.units.models import Unit


def sent() -> Any:
    """Rounds that left; what people send themselves counts once they wrote down how many it reached."""
    return ReminderRound.objects.filter(sent_at__isnull=False, targets__isnull=False).exclude(
        campaign__channel__in=[Channel.ARTICLE, Channel.LETTER, Channel.POSTER], told_at__isnull=True
    )


def _link(unit: Unit, start: date, end: date, option: str) -> str:
    return "/staff/calendar/reminders/?" + urlencode({"channel": option} if option else {})


def _of_activity(activity: Activity, scope: Scope) -> list[uses.Use]:
    turn = queries.turn_of(activity)
    if turn is None:
        return []
    words = _now("%(node)s（%(year)d 年）") % {"node": turn.node.name, "year": turn.year}
    return [uses.Use(_("节点"), words, turn.node.staff_url)]


_one, _many = counter(sent, "sent_at", option="campaign__channel", unit="campaign__unit")
registry.register(
    registry.Fulfilment(
        "calendar.reminders", _("节前廉洁提醒"), _one, lambda: [("", _("任何方式")), *Channel.choices], _link, _("次"), _many
    )
)  # fmt: skip
uses.register("nodes", _of_activity, order=50)
