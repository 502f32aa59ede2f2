"""The registry of figures: every page, report and export shows the same numbers because they come from here.

A slice registers a `Source` (rows that count, by unit and date) and the `Metric`s read from it in its
`metrics.py`. Different measures are different metrics and are never added (design §5).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.functional import Promise

from portal.access.permissions import Perm

Text = str | Promise


@dataclass(frozen=True)
class Source:
    """Rows behind figures. `counted` and `pending` give unscoped rows: roll-ups are made by jobs.

    `link(unit, start, end, part)` is the address of the list that shows exactly these rows; `end` is the
    last day; `pending_link(unit, start, end)` that of the rows that wait. `also` names many-to-many fields to further units: a row counts once in every common superior.
    """

    code: str
    label: Text
    model_label: str
    counted: Callable[[], QuerySet[Any]]
    pending: Callable[[], QuerySet[Any]]
    date_field: str
    link: Callable[[Any, date, date, str], str]
    perm: Perm
    unit: str = "unit"
    also: tuple[str, ...] = ()
    part_field: str = ""
    part_labels: Callable[[], Mapping[str, Text]] = dict
    pending_link: Callable[[Any, date, date], str] | None = None


@dataclass(frozen=True)
class Metric:
    """One figure. `field` is summed; without it rows are counted. `meaning` is its definition in words."""

    code: str
    label: Text
    unit: Text
    meaning: Text
    source: str
    field: str = ""
    estimated_field: str = ""
    card: bool = True
    icon: str = "bar-chart"


SOURCES: dict[str, Source] = {}
METRICS: dict[str, Metric] = {}
GoalReader = Callable[[Iterable[int], int], Mapping[tuple[int, str], int]]
_goals: GoalReader | None = None


def register_source(source: Source, *metrics: Metric) -> None:
    """Add a source with its metrics; codes are given once."""
    for metric in metrics:
        if metric.source != source.code or METRICS.get(metric.code, metric) != metric:
            raise ImproperlyConfigured(f"metric {metric.code} is registered twice or under a foreign source")
        METRICS[metric.code] = metric
    SOURCES[source.code] = source


def metrics_of(source: str) -> list[Metric]:
    """The metrics read from one source, in the order of registration."""
    return [metric for metric in METRICS.values() if metric.source == source]


def set_goal_reader(reader: GoalReader) -> None:
    """Tell how yearly goals are read: (unit ids, year) → {(unit id, metric code): target}."""
    global _goals
    _goals = reader


def goals(unit_ids: Iterable[int], year: int) -> Mapping[tuple[int, str], int]:
    """The targets of these units for a year; empty when nobody sets goals."""
    return _goals(unit_ids, year) if _goals is not None else {}
