"""Many published works for benchmarks, in bulk."""

import random
from datetime import date, timedelta

from django.utils import timezone

from families.demo.mottos import MOTTOS, SURNAMES
from families.works.models import Work, WorkCall
from families.works.queries import county_of
from families.works.rules import Audience, PublishState, Status
from portal.demo.scaling import register
from portal.units.models import Level, Unit

BATCH = 2000


@register("works")
def fill(count: int, *, seed: int, today: date) -> int:
    """Add published works until there are `count`."""
    have = Work.every.count()
    rng = random.Random(seed)
    call = WorkCall.objects.order_by("pk").first()
    if call is None or have >= count:
        return 0
    category = call.categories.first()
    city = Unit.objects.get(unit_no="140300000000")
    villages = list(Unit.objects.under(city.path).filter(level=Level.VILLAGE))
    counties = {unit.pk: county_of(unit) for unit in villages}
    for start in range(have, count, BATCH):
        rows = []
        for number in range(start, min(start + BATCH, count)):
            unit, (title, text, story) = rng.choice(villages), rng.choice(MOTTOS)
            at = timezone.now() - timedelta(minutes=rng.randint(1, 3 * 365 * 1440))
            rows.append(
                Work(
                    no=f"ZPX-{number:09d}", call=call, category=category, title=title, text=text, story=story, unit=unit,
                    county=counties[unit.pk], audience=Audience.PUBLIC, public_author=f"{rng.choice(SURNAMES)}*",
                    display_name=f"{rng.choice(SURNAMES)}*", status=Status.ACCEPTED, is_demo=True,
                    publish_state=PublishState.PUBLISHED, published_at=at, submitted_at=at - timedelta(days=3),
                )
            )  # fmt: skip
        Work.every.bulk_create(rows, batch_size=500)
    return count - have
