"""Series and episodes."""

import itertools
from typing import Any

from django.utils import timezone

from campaigns.series.models import Episode, Series
from campaigns.series.rules import EpisodeStatus
from portal.accounts.models import User
from portal.units.models import Unit

_numbers = itertools.count(1)


def make_series(unit: Unit, by: User | None = None, **fields: Any) -> Series:
    """A running series of ten episodes, none planned yet."""
    number = next(_numbers)
    values = {"slug": f"series-{number}", "title": f"家教专栏{number}", "kind": "column", "planned": 10}
    return Series.objects.create(unit=unit, created_by=by, **(values | fields))


def make_episode(series: Series, number: int, **fields: Any) -> Episode:
    """One episode in any state, without asking anybody."""
    values: dict[str, Any] = {"topic": f"第{number}讲", "unit": series.unit}
    if fields.get("status") == EpisodeStatus.PUBLISHED:
        values["aired_at"] = timezone.now()
    return Episode.objects.create(series=series, number=number, **(values | fields))
