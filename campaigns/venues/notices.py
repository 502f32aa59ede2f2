"""Public notices of bases that are about to end: the last chance to answer what came in."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.venues.queries import bases
from portal.access.permissions import Perm
from portal.notifications import reminders
from portal.workdays.queries import add_workdays


def _ending(now: datetime) -> Iterable[reminders.Due]:
    """From the working day before the last one on."""
    today = timezone.localdate(now)
    for row in bases.notices_ending(today, add_workdays(today, 1)):
        words = {"name": row.venue.name, "day": row.public_until, "n": bases.open_objections(row)}
        yield reminders.Due(
            key=f"{row.pk}:{row.public_until}",
            text=_("基地“%(name)s”的公示 %(day)s 结束，还有 %(n)d 条异议没有答复。") % words,
            url=row.staff_url,
            perm=Perm.VENUE_DECIDE,
            unit=row.batch.unit,
        )


reminders.register(reminders.Reminder("venues.notice", gettext_lazy("基地公示快结束"), _ending))
