"""A small, real piece of the division tree."""

from dataclasses import dataclass

from portal.units.models import CodeSystem, Division, Level, Unit, UnitKind


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


def make_tree() -> Tree:
    """See `tests.conftest.tree`."""
    province = make_unit(None, "140000000000", "山西省", Level.PROVINCE)
    city = make_unit(province, "140300000000", "阳泉市", Level.CITY)
    pingding = make_unit(city, "140321000000", "平定县", Level.COUNTY)
    yuxian = make_unit(city, "140322000000", "盂县", Level.COUNTY)
    zone = make_unit(city, "140311400000", "高新区", Level.COUNTY, UnitKind.DEVELOPMENT_ZONE)
    office = make_unit(city, "140300000000-01", "市直机关妇委会", Level.COUNTY, UnitKind.WOMEN_COMMITTEE)
    guanshan = make_unit(pingding, "140321100000", "冠山镇", Level.TOWNSHIP)
    xiushui = make_unit(yuxian, "140322100000", "秀水镇", Level.TOWNSHIP)
    dongguan = make_unit(guanshan, "140321100001", "东关社区", Level.VILLAGE)
    nanguan = make_unit(guanshan, "140321100002", "南关社区", Level.VILLAGE)
    return Tree(province, city, pingding, yuxian, zone, office, guanshan, xiushui, dongguan, nanguan)
