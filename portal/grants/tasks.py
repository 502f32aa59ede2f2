"""Mandates: told a month before they run out; without any, the account closes."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM
from portal.accounts import sessions
from portal.accounts.messages import tell
from portal.accounts.models import User
from portal.grants import queries
from portal.grants.models import Grant
from portal.grants.rules import WARN_DAYS
from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.journal.actions import record

DAY = 86_400


@periodic("grants.warn_ending", every=DAY, offset=3 * 3600)
def warn_ending(run: Run) -> dict[str, Any]:
    """Tell the person and the unit 30 days before a mandate ends, once."""
    today = timezone.localdate()
    count = 0
    for grant in queries.ending_soon(today, today + timedelta(days=WARN_DAYS)):
        with transaction.atomic():
            if Grant.objects.filter(pk=grant.pk, warned_at__isnull=True).update(warned_at=timezone.now()):
                record("grant.ends_soon", actor=SYSTEM, target=grant, unit=grant.unit)
                tell(
                    grant.user,
                    _("您担任的“%(role)s”将于 %(day)s 到期。")
                    % {"role": grant.role_label, "day": grant.ends_on},
                )
                count += 1
    return {"warned": count}


@periodic("grants.end_terms", every=DAY, offset=3 * 3600 + 600)
def end_terms(run: Run) -> dict[str, Any]:
    """Disable accounts whose every mandate is over; safe to run twice."""
    count = 0
    for user in queries.without_mandate(timezone.localdate()):
        with transaction.atomic():
            changed = User.objects.filter(pk=user.pk, is_active=True).update(
                is_active=False, disabled_reason=_("任期已满")
            )
            if changed:
                sessions.end(user)
                record("account.disabled", actor=SYSTEM, target=user, changed=["is_active"])
                count += 1
    return {"disabled": count}
