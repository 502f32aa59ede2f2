"""Upkeep of accounts."""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM
from portal.accounts import queries, sessions
from portal.accounts.models import PhoneCode, SignedInDevice, User
from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.journal.actions import record

DAY = 86_400


@periodic("accounts.disable_unused", every=DAY, offset=7200)
def disable_unused(run: Run) -> dict[str, Any]:
    """Disable accounts that nobody used for 90 days; safe to run twice."""
    count = 0
    for user in queries.unused(timezone.now()):
        with transaction.atomic():
            changed = User.objects.filter(pk=user.pk, is_active=True).update(
                is_active=False, disabled_reason=_("连续 90 天没有登录")
            )
            if changed:
                sessions.end(user)
                record("account.disabled", actor=SYSTEM, target=user, changed=["is_active"])
                count += 1
    return {"disabled": count}


@periodic("accounts.purge", every=DAY, offset=7500)
def purge(run: Run) -> dict[str, Any]:
    """Forget phone codes after a week, devices whose session must be over, and counted failures."""
    now = timezone.now()
    codes, _kinds = PhoneCode.objects.filter(created_at__lt=now - timedelta(days=7)).delete()
    devices, _kinds = SignedInDevice.objects.filter(began_at__lt=now - timedelta(days=2)).delete()
    attempts, _kinds = AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(days=1)).delete()
    return {"codes": codes, "devices": devices, "attempts": attempts}
