"""Complaints in the menu, the inbox and the reminders."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.complaints import demo, queries, rules  # noqa: F401 – demo registers itself
from portal.notifications import reminders
from portal.reviews import inbox
from portal.ui import menu


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            f"{row.get_kind_display()} {row.no}",
            _("%(unit)s · %(state)s · %(due)s前答复")
            % {
                "unit": row.unit.short_name,
                "state": row.get_status_display(),
                "due": row.due_on.strftime("%m-%d"),
            },
            row.staff_url,
            row.created_at,
        )
        for row in queries.waiting_for(scope)[:limit]
    ]


def _due(now: datetime) -> Iterable[reminders.Due]:
    today = timezone.localdate(now)
    for row in queries.due_until(today + timedelta(days=rules.REMIND_DAYS_BEFORE)):
        late = row.due_on < today
        sentence = _("来信 %(no)s 已超过答复期限。") if late else _("来信 %(no)s 快到答复期限（%(due)s）。")
        yield reminders.Due(
            key=f"{row.pk}:{row.unit_id}:{'late' if late else 'soon'}",
            text=sentence % {"no": row.no, "due": row.due_on.isoformat()},
            url=row.staff_url,
            perm=Perm.COMPLAINT_ANSWER,
            unit=row.unit,
            urgent=late,
        )


inbox.register(
    inbox.InboxSource(
        "complaints",
        gettext_lazy("意见投诉"),
        "envelope-open",
        queries.waiting_for,
        _items,
        "/staff/complaints/?box=waiting",
        order=40,
    )
)
reminders.register(reminders.Reminder("complaints.due", gettext_lazy("来信快到答复期限"), _due))
menu.register(
    menu.MenuItem(
        section=menu.MANAGE,
        label=gettext_lazy("意见投诉"),
        icon="envelope-open",
        url_name="portal:complaints:list",
        perm=Perm.COMPLAINT_VIEW,
        order=60,
    )
)
