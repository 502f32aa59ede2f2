"""Family visits in the menu, the inbox, the reminders and the table of retention."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.visits import actions, demo, queries, rules  # noqa: F401 – demo registers itself
from campaigns.visits import links as _links  # noqa: F401 – registers itself
from campaigns.visits.models import FamilyVisit
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.drafts import labels
from portal.notifications import reminders
from portal.privacy.registry import Retention, register_retention
from portal.reviews import inbox
from portal.ui.menu import CARRIER, MenuItem, register
from portal.ui.narrow import narrow
from portal.units import impact

register(
    MenuItem(
        section=CARRIER, label=gettext_lazy("清廉家访"), icon="house-heart", url_name="campaigns:visits:index",
        perm=Perm.FAMILY_VISIT_VIEW, order=40,
    )
)  # fmt: skip
labels.register("visits.new", gettext_lazy("家访登记"))
labels.register("visits.edit", gettext_lazy("修改家访"))


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    """Date and place; what the family said is not shown in a list."""
    return [
        inbox.InboxItem(
            _("家访跟进：%(area)s") % {"area": row.area},
            _("%(unit)s · %(due)s前") % {"unit": row.unit.short_name, "due": f"{row.due_on:%m-%d}"},
            row.staff_url,
            row.created_at,
        )
        for row in narrow(queries.to_follow_up(scope), "area", "unit__short_name", "due_on", "created_at")[
            :limit
        ]
    ]


inbox.register(
    inbox.InboxSource(
        "visits",
        gettext_lazy("家访跟进"),
        "house-heart",
        queries.to_follow_up,
        _items,
        "/staff/visits/?box=open",
        order=50,
    )
)


def _due(now: datetime) -> Iterable[reminders.Due]:
    today = timezone.localdate(now)
    for row in queries.due_until(today + timedelta(days=rules.REMIND_DAYS_BEFORE)):
        late = row.due_on is not None and row.due_on < today
        sentence = (
            _("%(area)s的家访跟进事项已超过期限（%(due)s）。")
            if late
            else _("%(area)s的家访跟进事项快到期限（%(due)s）。")
        )
        yield reminders.Due(
            key=f"{row.pk}:{row.due_on}:{row.answers_for.pk}:{'late' if late else 'soon'}",
            text=sentence % {"area": row.area, "due": row.due_on},
            url=row.staff_url,
            perm=Perm.FAMILY_VISIT_LOG,
            unit=row.answers_for,
            urgent=late,
        )


reminders.register(reminders.Reminder("visits.due", gettext_lazy("家访跟进快到期限"), _due))
register_retention(
    Retention(
        code="family_visits",
        what=gettext_lazy("家访的户主称呼、意见需求和处理情况"),
        how_long=gettext_lazy("家访满 3 年清除，只留日期、地点、家庭类型和户数"),
        purge=actions.erase_old,
    )
)
impact.register(
    gettext_lazy("家访记录"), lambda units: FamilyVisit.objects.filter(unit__in=units).count(), code="visits"
)
