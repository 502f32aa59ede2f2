"""Jobs of key dates; both may run as often as they like."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.calendar import actions
from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS

KIND_WORDS |= {
    "calendar.prepare": _("备好临近节点的活动草稿"),
    "calendar.send_reminders": _("发送节前提醒"),
}


@periodic("calendar.prepare", every=21_600, offset=600, limit=600)
def prepare(run: Run) -> dict[str, Any]:
    """Drafts and reminder campaigns of the key dates whose time has come."""
    return dict(actions.prepare_due())


@periodic("calendar.send_reminders", every=900, limit=600)
def send_reminders(run: Run) -> dict[str, Any]:
    """Rounds of approved reminders whose time has come."""
    return dict(actions.send_due())
