"""Campaigns and activities."""

import itertools
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.activities.numbers import allocate
from campaigns.activities.rules import Kind
from campaigns.planning.models import Campaign
from portal.accounts.models import User
from portal.units.models import Unit

_numbers = itertools.count(1)


def make_campaign(unit: Unit, **fields: Any) -> Campaign:
    """A running campaign of this year."""
    number = next(_numbers)
    today = timezone.localdate()
    values = {
        "slug": f"campaign-{number}",
        "name": f"清廉家庭创建{number}",
        "starts_on": today.replace(month=1, day=1),
        "ends_on": today.replace(month=12, day=31),
        "status": "running",
    }
    return Campaign.objects.create(unit=unit, **(values | fields))


def make_activity(unit: Unit, by: User | None = None, **fields: Any) -> Activity:
    """One record of yesterday, in any state, without asking anybody."""
    number = next(_numbers)
    values = {
        "title": f"家风宣讲第{number}场",
        "kind": Kind.TALK,
        "starts_at": timezone.now() - timedelta(days=1),
        "place": "东关社区",
        "headcount": 60,
        "level": unit.level,
        "created_by": by,
    }
    if fields.get("status", "draft") != "draft":
        values |= {"submitted_by": by, "submitted_at": timezone.now()}
    values |= fields
    with transaction.atomic():
        no = values.pop("no", None) or allocate(timezone.localtime(values["starts_at"]).year)[0]
        return Activity.objects.create(no=no, unit=unit, **values)


def form_data(**fields: Any) -> dict[str, Any]:
    """What a browser without JavaScript posts from the one-minute form."""
    import uuid

    values = {
        "form_token": str(uuid.uuid4()),
        "kind": "talk",
        "place": "东关社区",
        "starts_at": f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}T09:30",
        "headcount": "60",
        "campaign": "",
        "summary": "宣讲员从三件家常小事讲廉洁",
        "title": "",
        "act": "submit",
    }
    return values | fields
