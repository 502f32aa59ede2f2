"""Tag sets, documents and packages, without asking anybody."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.packages.models import Package, PackageItem, PackageUnit
from campaigns.planning.models import Campaign, PolicyDocument, PolicyReceipt, Tag, TagSet
from portal.units.models import Unit

_numbers = itertools.count(1)


def make_tag_set(unit: Unit, *names: str, campaign: Campaign | None = None) -> list[Tag]:
    """A set with these tags, used by a campaign; returns the tags."""
    tag_set = TagSet.objects.create(unit=unit, name=f"四项举措{next(_numbers)}")
    if campaign is not None:
        campaign.tag_sets.add(tag_set)
    return [Tag.objects.create(tag_set=tag_set, name=name, sort=sort) for sort, name in enumerate(names)]


def make_policy(campaign: Campaign, *units: Unit, days_ago: int = 0, **fields: Any) -> PolicyDocument:
    """A document that was sent to units some days ago."""
    values = {"title": f"指导意见{next(_numbers)}", "unit": campaign.unit} | fields
    policy = PolicyDocument.objects.create(campaign=campaign, **values)
    sent = timezone.now() - timedelta(days=days_ago)
    for unit in units:
        PolicyReceipt.objects.create(policy=policy, unit=unit, addressed_at=sent)
    return policy


def make_package(
    unit: Unit, *units: Unit, items: tuple[tuple[str, str, str, int], ...] = (), **fields: Any
) -> Package:
    """An open package of this year; items are (name, fulfilment, option, needed)."""
    today = timezone.localdate()
    values = {
        "name": f"七个一{next(_numbers)}",
        "starts_on": today.replace(month=1, day=1),
        "ends_on": today.replace(month=12, day=31),
        "status": "open",
    } | fields
    package = Package.objects.create(unit=unit, **values)
    for addressed in units:
        PackageUnit.objects.create(package=package, unit=addressed)
    for sort, (name, fulfilment, option, needed) in enumerate(items):
        PackageItem.objects.create(
            package=package, sort=sort, name=name, fulfilment=fulfilment, option=option, needed=needed
        )
    return package
