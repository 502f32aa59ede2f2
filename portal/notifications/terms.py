"""Reminders of the kernel's own: a mandate about to end. (A month before, the grants slice tells it as well.)"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.grants.queries import last_days
from portal.notifications import reminders

LAST_DAYS = 7


def _ending(now: datetime) -> Iterable[reminders.Due]:
    """The person, a week before: time to hand over (domain reference §11.3, term end)."""
    today = timezone.localdate(now)
    for grant in last_days(today, today + timedelta(days=LAST_DAYS)):
        yield reminders.Due(
            key=f"{grant.pk}:{grant.ends_on:%Y%m%d}",
            text=_(
                "您担任的“%(role)s”（%(unit)s）%(day)s 到期。请在此之前交接手头的事，需要续任的请上级延期。"
            )
            % {"role": grant.role_label, "unit": grant.unit.short_name, "day": grant.ends_on},
            url=reverse("portal:reviews:inbox"),
            user=grant.user,
            urgent=True,
        )


reminders.register(reminders.Reminder("grants.last_days", gettext_lazy("任期即将届满"), _ending))
