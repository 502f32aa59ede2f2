"""Making the roll-ups of one source and month: one pass over its rows, whatever the number of units."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from portal.dashboards.models import MetricRollup
from portal.metrics import SOURCES, Source, metrics_of
from portal.ui import badges
from portal.units.models import Unit

STEP = Unit.steplen


@dataclass
class Totals:
    """What is added up for one unit path."""

    rows: int = 0
    pending: int = 0
    values: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    estimated: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    parts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    last_on: date | None = None


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def span(month: date) -> tuple[datetime, datetime]:
    """The aware start and end of a month in local time; the end is exclusive."""
    zone = timezone.get_default_timezone()
    end = next_month(month)
    return (
        datetime(month.year, month.month, 1, tzinfo=zone),
        datetime(end.year, end.month, 1, tzinfo=zone),
    )


def _paths(source: Source, rows: QuerySet[Any]) -> dict[int, set[str]]:
    """Row → paths of its further units, read from the link tables."""
    found: dict[int, set[str]] = defaultdict(set)
    for name in source.also:
        through: Any = rows.model._meta.get_field(name).remote_field.through
        field_: Any = rows.model._meta.get_field(name)
        back, there = field_.m2m_field_name(), field_.m2m_reverse_field_name()
        links = through._default_manager.filter(**{f"{back}__in": rows.values("pk")})
        for pk, path in links.values_list(f"{back}_id", f"{there}__path"):
            found[pk].add(path)
    return found


def superiors(paths: set[str]) -> set[str]:
    """The paths themselves and every path above them, each once."""
    return {path[:end] for path in paths for end in range(STEP, len(path) + 1, STEP)}


def _fill(source: Source, rows: QuerySet[Any], totals: dict[str, Totals], *, pending: bool) -> None:
    metrics = metrics_of(source.code)
    names = [metric.field for metric in metrics if metric.field]
    flags = [metric.estimated_field for metric in metrics if metric.estimated_field]
    columns = ["pk", f"{source.unit}__path", source.date_field, *names, *flags]
    if source.part_field:
        columns.append(source.part_field)
    extra = _paths(source, rows)
    for values in rows.values(*columns).iterator(chunk_size=2000):
        above = superiors({values[f"{source.unit}__path"], *extra.get(values["pk"], ())})
        for path in above:
            total = totals[path]
            if pending:
                total.pending += 1
            else:
                _add(total, values, metrics, source)


def _add(total: Totals, values: dict[str, Any], metrics: list[Any], source: Source) -> None:
    moment = values[source.date_field]
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    total.rows += 1
    total.last_on = max(total.last_on or day, day)
    if source.part_field:
        total.parts[values[source.part_field]] += 1
    for metric in metrics:
        amount = int(values[metric.field] or 0) if metric.field else 1
        if amount:
            total.values[metric.code] += amount
            total.days[metric.code][str(day.day)] += amount
        if metric.estimated_field and values[metric.estimated_field]:
            total.estimated[metric.code] += 1


def compute(source: Source, month: date) -> dict[str, Totals]:
    """Unit path → totals of one month."""
    start, end = span(month)
    within = {f"{source.date_field}__gte": start, f"{source.date_field}__lt": end}
    totals: dict[str, Totals] = defaultdict(Totals)
    _fill(source, source.counted().filter(**within), totals, pending=False)
    _fill(source, source.pending().filter(**within), totals, pending=True)
    return totals


def roll_up(source_code: str, month: date) -> int:
    """Replace the roll-ups of one source and month; returns how many units have figures."""
    source = SOURCES[source_code]
    with transaction.atomic():
        totals = compute(source, month)
        now = timezone.now()
        units = dict(_unit_ids(set(totals)))
        MetricRollup.objects.filter(source=source_code, month=month).delete()
        MetricRollup.objects.bulk_create(
            (
                _row(source_code, units[path], month, total, now)
                for path, total in totals.items()
                if path in units
            ),
            batch_size=500,
        )
        transaction.on_commit(badges.forget)  # pages kept for people show the figures too
    return len(totals)


def _unit_ids(paths: set[str]) -> Iterator[tuple[str, int]]:
    ordered = sorted(paths)
    for start in range(0, len(ordered), 500):
        yield from Unit.objects.filter(path__in=ordered[start : start + 500]).values_list("path", "pk")


def _row(source: str, unit_id: int, month: date, total: Totals, now: datetime) -> MetricRollup:
    return MetricRollup(
        source=source, unit_id=unit_id, month=month, rows=total.rows, pending=total.pending,
        values=dict(total.values), estimated=dict(total.estimated),
        days={code: dict(days) for code, days in total.days.items()}, parts=dict(total.parts),
        last_on=total.last_on, as_of=now,
    )  # fmt: skip


def months_with_rows(source: Source) -> list[date]:
    """Every month from the first row to the last one, and those that still have roll-ups."""
    found = set(MetricRollup.objects.filter(source=source.code).values_list("month", flat=True))
    for rows in (source.counted(), source.pending()):
        edge = rows.aggregate(first=Min(source.date_field), last=Max(source.date_field))
        if edge["first"] is None:
            continue
        month, last = (month_of(timezone.localdate(edge[name])) for name in ("first", "last"))
        while month <= last:
            found.add(month)
            month = next_month(month)
    return sorted(found)


def roll_up_all(source_code: str | None = None) -> int:
    """Everything again, month by month; returns the number of months."""
    count = 0
    for source in SOURCES.values():
        if source_code in {None, source.code}:
            for month in months_with_rows(source):
                roll_up(source.code, month)
                count += 1
    return count
