"""What the form arrives filled with: nothing is asked that the system knows."""

from datetime import datetime, timedelta
from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone

from campaigns.activities import queries
from campaigns.activities.actions import FIELDS
from campaigns.activities.models import Activity
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.dashboards.queries import home_for
from portal.units.models import Unit

COPIED = (
    "kind",
    "place",
    "form",
    "audiences",
    "campaign",
    "node",
    "contact",
    "contact_phone",
    "measure_note",
    "level",
    "area",
    "more_campaigns",
    "part_of",
)


def blank(user: User, scope: Scope, units: list[Unit] | None = None) -> dict[str, Any]:
    """A fresh form: today, the running campaign, the person's own unit and name. `units`: where they may log, when
    that is known already."""
    units = list(queries.units_to_log_for(scope)[:50]) if units is None else units
    home = home_for(user)
    unit = home if home is not None and home in units else units[0] if units else None
    return {
        "starts_at": _begin(timezone.localtime()),
        "unit": unit.unit_no if unit else None,
        "campaign": queries.usual_campaign(unit) if unit else None,
        "contact": user.display_name,
        "contact_phone": unit.contact_phone if unit else "",
    }


def _begin(now: datetime) -> datetime:
    """The last full hour of today, within the working day."""
    hour = min(max(now.hour - 1, 8), 19)
    return now.replace(hour=hour, minute=0, second=0, microsecond=0)


def from_record(activity: Activity) -> dict[str, Any]:
    """Everything of a record, for changing it."""
    values = model_to_dict(
        activity, fields=[name for name in FIELDS if not name.startswith("campaign") and name != "part_of"]
    )
    return values | {
        "campaign": activity.campaign_id,
        "unit": activity.unit.unit_no,
        "co_units": [unit.unit_no for unit in activity.co_units.all()],
        "tags": [tag.pk for tag in activity.tags.all()],
        "more_campaigns": [campaign.pk for campaign in activity.more_campaigns.all()],
        "part_of": activity.part_of.no if activity.part_of else "",
        "partners": "、".join(partner.name for partner in activity.partners.all()),
        "version": activity.version,
    }


def copied(activity: Activity) -> dict[str, Any]:
    """再记一场: what is likely the same, a day of its own, no figures and no photos."""
    known = from_record(activity)
    kept = {name: known[name] for name in (*COPIED, "unit", "co_units", "partners", "tags")}
    begin = timezone.localtime(activity.starts_at)
    today = timezone.localtime().replace(hour=begin.hour, minute=begin.minute, second=0, microsecond=0)
    return kept | {
        "starts_at": today if today <= timezone.now() + timedelta(hours=1) else _begin(timezone.localtime())
    }


def media_of(activity: Activity) -> list[dict[str, Any]]:
    """The media rows of a record."""
    return [model_to_dict(link, exclude=["id", "activity"]) for link in activity.media_links.all()]
