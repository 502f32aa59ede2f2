"""The proof: every roll-up beside a count made from the rows by SQL, on another path than the roll-up's."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from portal.access.scope import below
from portal.dashboards.models import MetricRollup
from portal.metrics import SOURCES, Source, metrics_of
from portal.units.models import Unit


@dataclass(frozen=True)
class Check:
    """One figure: what pages show, and what the rows say."""

    source: str
    unit_no: str
    month: str
    metric: str
    shown: int
    recounted: int

    @property
    def is_equal(self) -> bool:
        """Do they agree?"""
        return self.shown == self.recounted

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "equal": self.is_equal}


def _below(source: Source, rows: QuerySet[Any], unit: Unit) -> QuerySet[Any]:
    condition = below(unit.path, f"{source.unit}__")
    for name in source.also:
        field: Any = rows.model._meta.get_field(name)
        back, there = field.m2m_field_name(), field.m2m_reverse_field_name()
        links = field.remote_field.through._default_manager.filter(below(unit.path, f"{there}__"))
        condition |= Q(pk__in=links.values(f"{back}_id"))
    return rows.filter(condition)


def _recounted(source: Source, unit: Unit) -> dict[tuple[str, str], int]:
    """(month, metric) → value, by one grouped query over the unit's rows and one over the waiting ones."""
    metrics = metrics_of(source.code)
    sums: dict[str, Any] = {
        f"m{number}": Sum(metric.field) if metric.field else Count("pk")
        for number, metric in enumerate(metrics)
    }
    zone = timezone.get_default_timezone()
    month = TruncMonth(source.date_field, tzinfo=zone)
    found: dict[tuple[str, str], int] = {}
    counted = _below(source, source.counted(), unit).order_by().annotate(in_month=month).values("in_month")
    for row in counted.annotate(n_rows=Count("pk"), **sums):
        key = f"{row['in_month']:%Y-%m}"
        found[key, "rows"] = row["n_rows"]
        for number, metric in enumerate(metrics):
            found[key, metric.code] = row[f"m{number}"] or 0
    waiting = _below(source, source.pending(), unit).order_by().annotate(in_month=month).values("in_month")
    for row in waiting.annotate(n_rows=Count("pk")):
        found[f"{row['in_month']:%Y-%m}", "pending"] = row["n_rows"]
    return found


def _places(source: Source) -> set[str]:
    """Paths of units that rows stand at: one query for each table of links and one for the rows themselves."""
    found: set[str] = set()
    for rows in (source.counted(), source.pending()):
        found |= set(rows.order_by().values_list(f"{source.unit}__path", flat=True).distinct())
        for name in source.also:
            found |= set(rows.order_by().values_list(f"{name}__path", flat=True).distinct()) - {None}
    return found


def _worth_asking(source: Source) -> Iterator[Unit]:
    """Units that have a row at or below them, or a roll-up. The other thousands have nothing to compare."""
    above = {
        path[:end] for path in _places(source) for end in range(Unit.steplen, len(path) + 1, Unit.steplen)
    }
    shown = MetricRollup.objects.filter(source=source.code).order_by().values_list("unit__path", flat=True)
    known = above | set(shown.distinct())
    return (unit for unit in Unit.objects.order_by("path").iterator() if unit.path in known)


def checks(units: QuerySet[Any] | None = None) -> Iterator[Check]:
    """Every figure of every unit that has rows or roll-ups."""
    for source in SOURCES.values():
        for unit in units.iterator() if units is not None else _worth_asking(source):
            yield from _checks_of(source, unit)


def _checks_of(source: Source, unit: Unit) -> Iterator[Check]:
    real = _recounted(source, unit)
    shown: dict[tuple[str, str], int] = {}
    for row in MetricRollup.objects.filter(source=source.code, unit=unit):
        key = f"{row.month:%Y-%m}"
        shown[key, "rows"], shown[key, "pending"] = row.rows, row.pending
        for metric in metrics_of(source.code):
            shown[key, metric.code] = int(row.values.get(metric.code, 0))
    for key in sorted(real.keys() | shown.keys()):
        yield Check(source.code, unit.unit_no, key[0], key[1], shown.get(key, 0), real.get(key, 0))
