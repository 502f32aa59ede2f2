"""A record as plain values: what corrections and imports compare, keep and put back.

Keys are the names of the form; times are local to the minute, units their numbers, partners their names.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities import queries
from campaigns.activities.models import FIELD_LABELS, Activity
from campaigns.activities.rules import MEASURES, Audience, Form, Kind
from campaigns.planning.models import Campaign
from portal.units.models import Level

TIMES = ("starts_at", "ends_at")
PLAIN = (
    "title", "kind", "level", "place", "form", "measure_note", "summary", "highlights", "node", "contact",
    "contact_phone", "remark", "late_reason", "is_featured",
)  # fmt: skip
BESIDE = ("co_units", "partners", "media", "more_campaigns")
MEDIA = ("outlet", "level", "title", "url", "published_on")


def when(moment: datetime | None) -> str | None:
    """A time as it is compared: local, to the minute."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment is not None else None


def snapshot(activity: Activity) -> dict[str, Any]:
    """Every value of a record, its state included. Reads co-units, partners, media and campaigns from what was
    prefetched."""
    found: dict[str, Any] = {name: getattr(activity, name) for name in PLAIN}
    found |= {name: when(getattr(activity, name)) for name in TIMES}
    for name in MEASURES:
        found[name] = getattr(activity, name)
        found[f"{name}_estimated"] = getattr(activity, f"{name}_estimated")
    found |= {
        "campaign_id": activity.campaign_id,
        "area_id": activity.area_id,
        "part_of": activity.part_of.no if activity.part_of else None,
        "audiences": sorted(activity.audiences),
        "co_units": sorted(unit.unit_no for unit in activity.co_units.all()),
        "partners": sorted(partner.name for partner in activity.partners.all()),
        "more_campaigns": sorted(campaign.pk for campaign in activity.more_campaigns.all()),
        "media": [media_row(link) for link in activity.media_links.all()],
        "status": activity.status,
    }
    return found


def media_row(link: Any) -> dict[str, str]:
    """One report, from a row or from a form's cleaned values."""
    read = link.get if isinstance(link, Mapping) else lambda name: getattr(link, name)
    row = {name: read(name) or "" for name in MEDIA}
    if isinstance(row["published_on"], date):
        row["published_on"] = row["published_on"].isoformat()
    return row


def wanted(
    fields: Mapping[str, Any],
    *,
    co_units: Any = None,
    partners: Any = None,
    media: Any = None,
    more_campaigns: Any = None,
) -> dict[str, Any]:
    """The same shape from a form's clean values; None leaves a part out."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name in TIMES:
            found[name] = when(value)
        elif name in ("campaign", "area"):
            found[f"{name}_id"] = value.pk if value else None
        elif name == "part_of":
            found[name] = value.no if value else None
        elif name == "audiences":
            found[name] = sorted(value or [])
        elif name in PLAIN or name == "campaign_id" or name.removesuffix("_estimated") in MEASURES:
            found[name] = value
    if co_units is not None:
        found["co_units"] = sorted(unit.unit_no for unit in co_units)
    if partners is not None:
        found["partners"] = sorted(set(partners))
    if media is not None:
        found["media"] = [media_row(link) for link in media]
    if more_campaigns is not None:
        found["more_campaigns"] = sorted(campaign.pk for campaign in more_campaigns)
    return found


def to_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the record for an UPDATE; what stands beside it is left out (see `beside`)."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name in TIMES:
            found[name] = timezone.make_aware(datetime.fromisoformat(value)) if value else None
        elif name == "part_of":
            found["part_of_id"] = queries.key_of(value) if value else None
        elif name not in BESIDE and name != "status":
            found[name] = value
    return found


def beside(values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of `actions.attach` for the parts that are among the values."""
    found: dict[str, Any] = {}
    if "co_units" in values:
        found["co_units"] = list(queries.units_numbered(list(values["co_units"])))
    if "partners" in values:
        found["partners"] = list(values["partners"])
    if "more_campaigns" in values:
        found["more_campaigns"] = list(queries.campaigns_by_key(list(values["more_campaigns"])))
    if "media" in values:
        found["media"] = [
            {**row, "published_on": date.fromisoformat(row["published_on"]) if row["published_on"] else None}
            for row in values["media"]
        ]
    return found


def label_of(name: str) -> str:
    """The name of a value."""
    if name == "status":
        return _("状态")
    if name.endswith("_estimated"):
        return _("%(name)s（约数）") % {"name": label_of(name.removesuffix("_estimated"))}
    known = FIELD_LABELS.get(name)
    return str(known or Activity._meta.get_field(name.removesuffix("_id")).verbose_name)


LABELS: dict[str, dict[Any, Any]] = {
    "kind": dict(Kind.choices), "form": dict(Form.choices), "level": dict(Level.choices), "audiences": dict(Audience.choices),
}  # fmt: skip


def show(name: str, value: Any) -> str:
    """A value in words."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name in SHOWN:
        return SHOWN[name](value)
    names = LABELS.get(name, {})
    return "、".join(str(names.get(item, item)) for item in (value if isinstance(value, list) else [value]))


def _time(value: str) -> str:
    return value.replace("T", " ").replace("-", ".")


def _units(numbers: list[str]) -> str:
    return "、".join(unit.short_name for unit in queries.units_numbered(list(numbers)))


def _reports(rows: list[dict[str, str]]) -> str:
    return "；".join("/".join(part for part in row.values() if part) for row in rows)


def _campaigns(keys: list[int]) -> str:
    rows: list[Campaign] = list(queries.campaigns_by_key(keys))
    return "、".join(row.name for row in rows)


SHOWN: dict[str, Callable[[Any], str]] = {
    "starts_at": _time, "ends_at": _time, "campaign_id": lambda key: _campaigns([key]), "area_id": queries.division_name, "more_campaigns": _campaigns,
    "co_units": _units, "media": _reports,
}  # fmt: skip
