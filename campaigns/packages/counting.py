"""Rows of any slice as a way to fulfil an item: one query for all its options, whatever the number of units.

one, many = counter(metrics.counted, "visited_at", option="family_kind", measure="households")
register(Fulfilment("visits.households", _("清廉家访"), one, kinds, link, _("户"), many))
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count as CountRows
from django.db.models import DateTimeField, Q, QuerySet, Sum
from django.utils import timezone

from campaigns.packages.registry import Count, CountMany, by_subtree, paths_of
from portal.access.scope import below


def between(rows: QuerySet[Any], day: str, start: date, end: date) -> QuerySet[Any]:
    """Rows of these days, both included, whether `day` holds days or moments."""
    if not isinstance(rows.model._meta.get_field(day), DateTimeField):
        return rows.filter(**{f"{day}__gte": start, f"{day}__lte": end})
    zone = timezone.get_default_timezone()
    first = datetime.combine(start, time.min, zone)
    after = datetime.combine(end + timedelta(days=1), time.min, zone)
    return rows.filter(**{f"{day}__gte": first, f"{day}__lt": after})


def counter(
    rows: Callable[[], QuerySet[Any]], day: str, *, option: str = "", measure: str = "", unit: str = "unit"
) -> tuple[Count, CountMany]:
    """Functions that count `rows()` by unit, summing `measure` where it is given. The empty option takes every row,
    any other one those whose field `option` holds it."""

    def many(
        unit_ids: Collection[int], start: date, end: date, options: Sequence[str]
    ) -> Mapping[str, Mapping[int, int]]:
        paths = paths_of(unit_ids)
        inside = Q(pk__in=[])
        for path in paths.values():
            inside |= below(path, f"{unit}__")
        keys = [option, f"{unit}__path"] if option else [f"{unit}__path"]
        grouped = between(rows().filter(inside), day, start, end).order_by().values_list(*keys)
        counted: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for *value, path, number in grouped.annotate(Sum(measure) if measure else CountRows("pk")):
            for key in {"", *(str(part) for part in value)}:
                counted[key].append((path, number or 0))
        return {asked: by_subtree(paths, counted[asked]) for asked in options}

    def one(unit_ids: Collection[int], start: date, end: date, wanted: str) -> Mapping[int, int]:
        return many(unit_ids, start, end, [wanted])[wanted]

    return one, many
