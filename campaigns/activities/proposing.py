"""Drafts that the portal itself prepares for a unit: of a key date, of whatever else asks for one."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.activities import rules
from campaigns.activities.actions import FIELDS
from campaigns.activities.models import Activity
from campaigns.activities.numbers import allocate
from campaigns.activities.queries import usual_campaign
from portal.access.actors import SYSTEM
from portal.journal.actions import record
from portal.units.models import Unit


def propose_activity(
    *, unit: Unit, fields: Mapping[str, Any], client_token: str, is_demo: bool = False
) -> Activity:
    """A draft of `unit` that nobody wrote: whoever logs activities there fills it in or throws it away.

    The same `client_token` twice gives the first draft back. Raises ValidationError by field.
    """
    known = Activity.objects.filter(client_token=client_token).first()
    if known is not None:
        return known
    found = rules.faults(fields, now=timezone.now())
    if unit.is_closed or found:
        raise ValidationError({name: [str(words)] for name, words in found.items()} or str(unit))
    values = {"level": unit.level, "contact_phone": unit.contact_phone, "campaign": usual_campaign(unit)}
    values |= {name: fields[name] for name in FIELDS if name in fields}
    try:
        with transaction.atomic():
            number = allocate(timezone.localtime(fields["starts_at"]).year)[0]
            activity = Activity.objects.create(
                no=number, unit=unit, client_token=client_token, is_demo=is_demo, **values
            )
            record("activity.proposed", actor=SYSTEM, target=activity, changed=values.keys())
    except IntegrityError:
        return Activity.objects.get(client_token=client_token)
    return activity
