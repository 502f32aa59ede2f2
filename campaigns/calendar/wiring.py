"""Key dates in the menu, on the workbench, in the inbox."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.calendar import demo, due, lists, queries, reminder_queries  # noqa: F401 – they register themselves
from campaigns.calendar import links as _links  # noqa: F401 – registers itself
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards import workbench
from portal.reviews import inbox
from portal.ui import menu


def _near(request: Any) -> dict[str, Any] | None:
    """临近节点: drafts that wait at the person's own units, with last year's records."""
    turns = queries.near(request.scope, timezone.localdate())
    if not turns:
        return None
    past = queries.past_of_turns(turns)
    return {"turns": [(turn, past.get(turn.pk, [])) for turn in turns]}


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            row.title,
            _("%(unit)s · %(channel)s") % {"unit": row.unit.short_name, "channel": row.get_channel_display()},
            row.staff_url,
            row.submitted_at or row.created_at,
        )
        for row in reminder_queries.to_approve(scope).order_by("submitted_at", "pk")[:limit]
    ]


workbench.register(
    workbench.WorkPanel(
        "nodes", workbench.MAIN, "campaigns/calendar/_near.html", _near, order=25, perm=Perm.ACTIVITY_LOG
    )
)
inbox.register(
    inbox.InboxSource(
        "reminders",
        gettext_lazy("待批节前提醒"),
        "bell",
        reminder_queries.to_approve,
        _items,
        "/staff/calendar/reminders/?status=submitted",
        order=50,
    )
)
menu.register(
    menu.MenuItem(
        section=menu.PLAN,
        label=gettext_lazy("节点日历"),
        icon="calendar3",
        url_name="campaigns:calendar:index",
        perm=Perm.CAMPAIGN_VIEW,
        order=40,
    )
)
menu.register(
    menu.MenuItem(
        section=menu.PLAN,
        label=gettext_lazy("节前提醒"),
        icon="bell",
        url_name="campaigns:calendar:reminders",
        perm=Perm.REMINDER_EDIT,
        order=45,
    )
)
