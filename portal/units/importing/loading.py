"""Writing a checked file: divisions always, units when asked; one transaction, batches, constant memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from portal.units.importing.overrides import Override
from portal.units.importing.planting import Planter
from portal.units.importing.reading import read_divisions
from portal.units.importing.staging import Row, Staging
from portal.units.models import Division, Unit
from portal.units.names import short_name

BATCH = 2000
T = TypeVar("T")
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress nobody watches."""


@dataclass
class Report:
    """What one file brought."""

    rows: int = 0
    divisions_new: int = 0
    divisions_changed: int = 0
    units_new: int = 0
    units_kept: int = 0

    def as_dict(self) -> dict[str, int]:
        """For the journal and for scripts."""
        return asdict(self)


def in_batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of up to `size` rows."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def load(
    path: Path,
    *,
    system: str,
    with_units: bool,
    overrides: dict[str, Override],
    valid_from: date | None = None,
    is_demo: bool = False,
    deepest: int = 5,
    progress: Progress = silent,
) -> Report:
    """Load one file; raises ImportRefused before anything is written, and leaves nothing half-loaded.

    Rows below the level `deepest` are left out.
    """
    report = Report()
    with Staging() as staging:
        report.rows = staging.fill(line for line in read_divisions(path) if line.level <= deepest)
        staging.check_parents(_known_parents(system, staging.outside_parents()))
        staging.attach_past_placeholders(_known_placeholders(system))
        with transaction.atomic():
            planter = None
            if with_units:
                for one in overrides.values():
                    staging.reparent(one.unit_no, one.parent_no)
                staging.mark_present(
                    Unit.objects.values_list("unit_no", flat=True).iterator(chunk_size=BATCH)
                )
                planter = Planter(overrides, opened_on=valid_from, is_demo=is_demo)
            _write(staging, system, valid_from, planter, report, progress)
            if planter is not None:
                planter.finish()
                report.units_new, report.units_kept = planter.made, planter.kept
    return report


def _write(
    staging: Staging,
    system: str,
    valid_from: date | None,
    planter: Planter | None,
    report: Report,
    progress: Progress,
) -> None:
    done = 0
    for batch in in_batches(staging.in_order()):
        ids = _upsert(batch, system, valid_from, report)
        if planter is not None:
            planter.plant(batch, ids)
        done += len(batch)
        progress(done, report.rows)


def _known_parents(system: str, codes: list[str]) -> dict[str, tuple[int, str]]:
    known: dict[str, tuple[int, str]] = {}
    for batch in in_batches(codes):
        rows = Division.objects.filter(code_system=system, code__in=batch)
        known |= {code: (level, name) for code, level, name in rows.values_list("code", "level", "name")}
    return known


def _known_placeholders(system: str) -> dict[str, str]:
    rows = Division.objects.filter(code_system=system, is_virtual=True, level__lt=5)
    return dict(rows.values_list("code", "parent_code"))


def _upsert(batch: list[Row], system: str, valid_from: date | None, report: Report) -> dict[str, int]:
    """Make new divisions, change those that differ (the old name is kept as an alias); returns code → pk."""
    known = {
        row.code: row
        for row in Division.objects.filter(code_system=system, code__in=[one.code for one in batch])
    }
    fresh: list[Division] = []
    changed: list[Division] = []
    for row in batch:
        wanted: dict[str, Any] = {
            "name": row.name, "short_name": short_name(row.name, row.level), "level": row.level,
            "parent_code": row.parent, "is_virtual": row.virtual,
        }  # fmt: skip
        division = known.get(row.code)
        if division is None:
            fresh.append(Division(code_system=system, code=row.code, valid_from=valid_from, **wanted))
        elif any(getattr(division, name) != value for name, value in wanted.items()):
            if division.name != row.name and division.name not in division.aliases:
                division.aliases = [*division.aliases, division.name]
            for name, value in wanted.items():
                setattr(division, name, value)
            changed.append(division)
    Division.objects.bulk_create(fresh)
    if changed:
        fields = ["name", "short_name", "level", "parent_code", "is_virtual", "aliases"]
        Division.objects.bulk_update(changed, fields, batch_size=500)
    report.divisions_new += len(fresh)
    report.divisions_changed += len(changed)
    return {row.code: row.pk for row in (*known.values(), *fresh)}
