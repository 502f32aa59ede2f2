"""Many plausible activities for benchmarks, in bulk and in constant memory."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from campaigns.activities.models import Activity
from campaigns.activities.numbers import allocate
from campaigns.activities.rules import Source, Status
from campaigns.demo import logs
from campaigns.planning.models import Campaign
from portal.demo.scaling import register
from portal.units.models import Level, Unit

BATCH = 5000


@register("activities")
def fill(count: int, *, seed: int, today: date) -> int:
    """Add activities until there are `count`; spread over four years and all units of 阳泉."""
    missing = count - Activity.objects.count()
    if missing <= 0:
        return 0
    rng = random.Random(seed)
    units = list(Unit.objects.under(Unit.objects.get(unit_no="140300000000").path))
    weights = [
        40 if unit.level == Level.COUNTY else 12 if unit.level == Level.TOWNSHIP else 1 for unit in units
    ]
    campaign = Campaign.objects.order_by("-starts_on").first()
    rows = _rows(rng, units, weights, missing, today)
    while batch := list(islice(rows, BATCH)):
        _insert(batch, campaign)
    return missing


def _rows(
    rng: random.Random, units: list[Unit], weights: list[int], count: int, today: date
) -> Iterator[dict[str, Any]]:
    for unit in rng.choices(units, weights=weights, k=count):
        yield {
            **logs.row(rng, unit, today - timedelta(days=rng.randint(1, 4 * 365))),
            "status": rng.choices([Status.CITY_OK, Status.COUNTY_OK, Status.SUBMITTED], weights=[90, 8, 2])[
                0
            ],
            "is_published": False,
        }


def _insert(batch: list[dict[str, Any]], campaign: Campaign | None) -> None:
    by_year: dict[int, list[dict[str, Any]]] = {}
    for fields in batch:
        by_year.setdefault(fields["starts_at"].year, []).append(fields)
    with transaction.atomic():
        for year, fields_list in sorted(by_year.items()):
            numbers = allocate(year, len(fields_list))
            Activity.objects.bulk_create(
                [
                    Activity(no=no, campaign=campaign, source=Source.DEMO, is_demo=True, **fields)
                    for no, fields in zip(numbers, fields_list, strict=True)
                ],
                batch_size=1000,
            )
