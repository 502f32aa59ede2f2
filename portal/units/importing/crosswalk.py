"""Ties units to their division in the second code system, by an explicit table – never by equal digits alone."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import OuterRef, Subquery

from portal.units.importing.loading import in_batches
from portal.units.importing.reading import read_rows
from portal.units.models import CodeSystem, Division, Level, Unit

COLUMNS = ("county", "name", "nbs2023_code", "mca2025_code", "status")


@dataclass
class Tied:
    """How many units were tied to a division of the second system, and how many lines had no unit."""

    units: int = 0
    unknown: int = 0


@transaction.atomic
def tie(path: Path) -> Tied:
    """Counties and above: same code and same name in both systems. Townships: as the table says."""
    tied = Tied()
    _add(_upper_levels(), tied)
    pairs = ((row["nbs2023_code"], row["mca2025_code"]) for _n, row in read_rows(path, COLUMNS))
    for batch in in_batches(pair for pair in pairs if all(pair)):
        units = _units_by_nbs([nbs for nbs, _mca in batch])
        divisions = dict(
            Division.objects.filter(
                code_system=CodeSystem.MCA, code__in=[mca for _nbs, mca in batch]
            ).values_list("code", "pk")
        )
        links = [(units[nbs], divisions[mca]) for nbs, mca in batch if nbs in units and mca in divisions]
        tied.unknown += len(batch) - len(links)
        _add(links, tied)
    return tied


def _upper_levels() -> list[tuple[int, int]]:
    same = Division.objects.filter(code_system=CodeSystem.MCA, code=OuterRef("code"), name=OuterRef("name"))
    rows = Division.objects.filter(code_system=CodeSystem.NBS, level__lte=Level.COUNTY, units__isnull=False)
    pairs = rows.annotate(twin=Subquery(same.values("pk")[:1])).exclude(twin=None)
    return list(pairs.values_list("units", "twin"))


def _units_by_nbs(codes: list[str]) -> dict[str, int]:
    rows = Division.objects.filter(code_system=CodeSystem.NBS, code__in=codes, units__isnull=False)
    return dict(rows.values_list("code", "units"))


def _add(links: list[tuple[int, int]], tied: Tied) -> None:
    through = Unit.divisions.through
    through.objects.bulk_create(
        [through(unit_id=unit, division_id=division) for unit, division in links],
        ignore_conflicts=True,
        batch_size=500,
    )
    tied.units += len(links)
