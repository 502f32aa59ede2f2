"""A small, real piece of the division tree."""

from dataclasses import dataclass
from functools import cache

from portal.units.models import CodeSystem, Division, Level, Unit, UnitKind
from portal.units.names import search_text


@dataclass
class Tree:
    """The units of the default test tree."""

    province: Unit
    city: Unit
    pingding: Unit
    yuxian: Unit
    zone: Unit
    office: Unit
    guanshan: Unit
    xiushui: Unit
    dongguan: Unit
    nanguan: Unit


def make_unit(
    parent: Unit | None,
    unit_no: str,
    name: str,
    level: Level,
    kind: str = UnitKind.FEDERATION,
    **fields: object,
) -> Unit:
    """One unit under a parent, with its division when the number is a division code."""
    fields = {
        "unit_no": unit_no,
        "name": f"{name}妇联",
        "short_name": name,
        "level": level,
        "kind": kind,
        **fields,
    }
    if parent is None:
        unit = Unit.objects.add_root(fields)
    else:
        parent.refresh_from_db()
        unit = Unit.objects.add_child(parent, fields)
    if unit_no.isdigit() and len(unit_no) == 12:
        parent_no = parent.unit_no if parent is not None else ""
        division, _ = Division.objects.get_or_create(
            code_system=CodeSystem.NBS,
            code=unit_no,
            defaults={"name": name, "short_name": name, "level": level, "parent_code": parent_no},
        )
        unit.divisions.add(division)
    return unit


# number, name, level, kind; a unit stands below the one whose position is named first.
_PLAN: tuple[tuple[int | None, str, str, Level, UnitKind], ...] = (
    (None, "140000000000", "山西省", Level.PROVINCE, UnitKind.FEDERATION),
    (0, "140300000000", "阳泉市", Level.CITY, UnitKind.FEDERATION),
    (1, "140321000000", "平定县", Level.COUNTY, UnitKind.FEDERATION),
    (1, "140322000000", "盂县", Level.COUNTY, UnitKind.FEDERATION),
    (1, "140311400000", "高新区", Level.COUNTY, UnitKind.DEVELOPMENT_ZONE),
    (1, "140300000000-01", "市直机关妇委会", Level.COUNTY, UnitKind.WOMEN_COMMITTEE),
    (2, "140321100000", "冠山镇", Level.TOWNSHIP, UnitKind.FEDERATION),
    (3, "140322100000", "秀水镇", Level.TOWNSHIP, UnitKind.FEDERATION),
    (6, "140321100001", "东关社区", Level.VILLAGE, UnitKind.FEDERATION),
    (6, "140321100002", "南关社区", Level.VILLAGE, UnitKind.FEDERATION),
)


def make_tree() -> Tree:
    """See `tests.conftest.tree`. Half of all tests begin with it: three inserts where no unit stands yet, not ninety
    queries."""
    there = Unit.objects.exists() or Division.objects.exists()
    return Tree(*(_one_by_one() if there else _at_once()))


@cache
def _search_text(name: str) -> str:
    return search_text([name, name])


def _one_by_one() -> list[Unit]:
    units: list[Unit] = []
    for above, unit_no, name, level, kind in _PLAN:
        units.append(make_unit(None if above is None else units[above], unit_no, name, level, kind))
    return units


def _at_once() -> list[Unit]:
    """What `_one_by_one` makes, as tests/portal/units/test_factory.py proves."""
    units: list[Unit] = []
    for above, unit_no, name, level, kind in _PLAN:
        parent = None if above is None else units[above]
        unit = Unit(
            unit_no=unit_no, name=f"{name}妇联", short_name=name, level=level, kind=kind,
            depth=1 if parent is None else parent.depth + 1, search=_search_text(name),
        )  # fmt: skip
        unit.path = (
            Unit.path_below("", 1) if parent is None else Unit.path_below(parent.path, parent.numchild + 1)
        )
        if parent is not None:
            parent.numchild += 1
        units.append(unit)
    Unit.objects.bulk_create(units)
    coded = [(at, row) for at, row in enumerate(_PLAN) if row[1].isdigit()]
    divisions = [
        Division(
            code_system=CodeSystem.NBS, code=unit_no, name=name, short_name=name, level=level,
            parent_code="" if above is None else _PLAN[above][1],
        )
        for _, (above, unit_no, name, level, _kind) in coded
    ]  # fmt: skip
    Division.objects.bulk_create(divisions)
    link = Unit.divisions.through
    link.objects.bulk_create(
        link(unit_id=units[at].pk, division_id=division.pk)
        for (at, _), division in zip(coded, divisions, strict=True)
    )
    return units
