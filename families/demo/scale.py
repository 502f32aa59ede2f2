"""Many published works for benchmarks, in bulk."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from families.demo.mottos import MOTTOS, SURNAMES
from families.search.actions import compare
from families.works.models import Work, WorkCall, WorkCategory
from families.works.queries import county_of
from families.works.rules import Audience, PublishState, Status
from portal.demo.scaling import register
from portal.units.models import Level, Unit

BATCH = 2000
# Most of what families send is a motto; a filter has common and rare kinds to look for.
FIRST_CATEGORY, FIRST_CALL = 0.8, 0.9


@register("works")
def fill(count: int, *, seed: int, today: date) -> int:
    """Add published works until there are `count`, newest last, as they would have come in."""
    have = Work.every.count()
    calls = list(WorkCall.objects.order_by("pk"))
    if not calls or have >= count:
        return 0
    rows = _rows(have, count, random.Random(seed), calls)
    for start in range(have, count, BATCH):
        Work.every.bulk_create((next(rows) for _ in range(start, min(start + BATCH, count))), batch_size=500)
    compare()
    return count - have


def _rows(first: int, last: int, rng: random.Random, calls: list[WorkCall]) -> Iterator[Work]:
    """Works of all villages over three years. A story names its village, so that there are rare words too."""
    kinds: dict[int, list[WorkCategory]] = {call.pk: list(call.categories.all()) for call in calls}
    city = Unit.objects.get(unit_no="140300000000")
    villages = list(Unit.objects.under(city.path).filter(level=Level.VILLAGE))
    counties = {unit.pk: county_of(unit) for unit in villages}
    begin, step = timezone.now() - timedelta(days=3 * 365), timedelta(days=3 * 365) / (last - first)
    for number in range(first, last):
        call = calls[0] if rng.random() < FIRST_CALL else rng.choice(calls)
        category = (
            kinds[call.pk][0] if rng.random() < FIRST_CATEGORY or not kinds[call.pk][1:] else rng.choice(kinds[call.pk])
        )  # fmt: skip
        unit, (title, text, story) = rng.choice(villages), rng.choice(MOTTOS)
        at = begin + step * (number - first)
        yield Work(
            no=f"ZPX-{number:09d}", call=call, category=category, title=title, text=text,
            story=f"{story}{unit.short_name}{rng.choice(SURNAMES)}家，{rng.choice(MOTTOS)[2]}", unit=unit,
            county=counties[unit.pk], audience=Audience.PUBLIC, public_author=f"{rng.choice(SURNAMES)}*",
            display_name=f"{rng.choice(SURNAMES)}*", status=Status.ACCEPTED, is_demo=True,
            publish_state=PublishState.PUBLISHED, published_at=at, submitted_at=at - timedelta(days=3),
        )  # fmt: skip
