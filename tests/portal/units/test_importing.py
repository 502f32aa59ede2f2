"""Division files: read in any packing and encoding, refused with line numbers, loaded all or nothing."""

import gzip
import lzma
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from portal.access.actors import SYSTEM, Visitor
from portal.journal.models import JournalEntry
from portal.units import actions
from portal.units.importing.reading import ImportRefused
from portal.units.models import CodeSystem, Division, Level, Unit, UnitKind

pytestmark = pytest.mark.django_db
DATA = Path("portal/units/data")
HEADER = "code,name,level,parent_code\n"
SMALL = HEADER + (
    "140000000000,山西省,1,\n"
    "140300000000,阳泉市,2,140000000000\n"
    "140321000000,平定县,3,140300000000\n"
    "140321100000,冠山镇,4,140321000000\n"
    "140321100001,东关社区居委会,5,140321100000\n"
    "140321100498,冠山镇虚拟社区,5,140321100000\n"
    "140321100201,河头村委会,5,140321100000\n"
)


def write(folder, text, name="rows.csv", encoding="utf-8"):
    path = folder / name
    raw = text.encode(encoding)
    path.write_bytes({".gz": gzip.compress, ".xz": lzma.compress}.get(path.suffix, bytes)(raw))
    return path


def load(path, **options):
    options = {"system": CodeSystem.NBS, "actor": SYSTEM, **options}
    return actions.import_file(path=path, **options)[0]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("a.csv", "utf-8"),
        ("a.csv", "utf-8-sig"),
        ("a.csv", "gb18030"),
        ("a.csv.gz", "utf-8"),
        ("a.csv.xz", "gbk"),
    ],
)
def test_file_loads_in_every_packing_and_encoding(tmp_path, name, encoding):
    report = load(write(tmp_path, SMALL, name, encoding))
    assert (report.rows, report.divisions_new, report.units_new) == (7, 7, 6)
    village = Unit.objects.get(unit_no="140321100201")
    assert (village.name, village.short_name, village.level) == ("河头村妇联", "河头村", Level.VILLAGE)
    assert Unit.objects.get_parent(village).unit_no == "140321100000"
    assert [division.code for division in village.divisions.all()] == ["140321100201"]
    assert Division.objects.get(code="140321100498").is_virtual
    assert not any(Unit.objects.find_problems())


def test_order_of_lines_does_not_matter(tmp_path):
    head, *lines = SMALL.splitlines()
    load(write(tmp_path, "\n".join([head, *reversed(lines)])))
    assert not any(Unit.objects.find_problems())
    names = [unit.short_name for unit in Unit.objects.order_by("path")]
    assert names == ["山西省", "阳泉市", "平定县", "冠山镇", "东关社区", "河头村"]


def test_again_changes_nothing_and_leaves_what_people_arranged(tmp_path):
    path = write(tmp_path, SMALL)
    load(path)
    Unit.objects.filter(unit_no="140321100201").update(name="新名妇联")
    report = load(path)
    assert (report.divisions_new, report.divisions_changed, report.units_new, report.units_kept) == (
        0,
        0,
        0,
        6,
    )
    assert Unit.objects.get(unit_no="140321100201").name == "新名妇联"
    assert not any(Unit.objects.find_problems())


def test_later_file_adds_children_below_known_parents(tmp_path):
    load(write(tmp_path, SMALL))
    more = HEADER + (
        "140321100202,河尾村委会,5,140321100000\n140321101000,冶西镇,4,140321000000\n"
        "140321101200,甲村委会,5,140321101000\n140321100201,河头上村委会,5,140321100000\n"
    )
    report = load(write(tmp_path, more))
    assert (report.divisions_new, report.divisions_changed, report.units_new, report.units_kept) == (
        3,
        1,
        3,
        1,
    )
    assert not any(Unit.objects.find_problems())
    assert Division.objects.get(code="140321100201").aliases == ["河头村委会"]


def test_placeholders_are_skipped_and_jumps_kept(tmp_path):
    text = HEADER + (
        "110000000000,北京市,1,\n110100000000,市辖区,2,110000000000\n110101000000,东城区,3,110100000000\n"
        "440000000000,广东省,1,\n441900000000,东莞市,2,440000000000\n441900003000,东城街道,4,441900000000\n"
    )
    load(write(tmp_path, text))
    dongcheng = Unit.objects.get(unit_no="110101000000")
    assert Unit.objects.get_parent(dongcheng).short_name == "北京市"
    assert dongcheng.level == Level.COUNTY
    assert not Unit.objects.filter(short_name="市辖区").exists()
    street = Unit.objects.get(unit_no="441900003000")
    assert street.level == Level.TOWNSHIP
    assert street.depth == 3
    assert not any(Unit.objects.find_problems())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("编码,名称\n1,2\n", "第 1 行：表头应有"),
        (HEADER + "14,山西省,1,\n", "第 2 行：代码“14”不是 12 位数字"),
        (HEADER + "１４００００００００００,山西省,1,\n", "不是 12 位数字"),
        (SMALL + "140321100001,又一个,5,140321100000\n", "第 9 行：代码 140321100001 在第 6 行已经有了"),
        (SMALL + "140399100001,孤儿村,5,140399100000\n", "第 9 行：上级 140399100000 不在文件里"),
        (
            SMALL + "150321100001,外省村,5,140321100000\n",
            "第 9 行：150321100001 与上级 140321100000 的前几位数字不同",
        ),
        (SMALL + "140321100333,怪村,4,140321100000\n", "第 9 行：140321100333 的级别不低于"),
        (SMALL + "140321100333,怪村,9,140321100000\n", "第 9 行：级别“9”应是 1 到 5"),
        (SMALL + "140321100333,,5,140321100000\n", "第 9 行：名称应有"),
        (SMALL + "140321100333,某村,5\n", "第 9 行：列数不对"),
        (SMALL + "140321100333,某村,5,\n", "第 9 行：没有上级代码"),
    ],
)
def test_bad_file_is_refused_with_its_line_and_loads_nothing(tmp_path, text, sentence):
    with pytest.raises(ImportRefused) as refused:
        load(write(tmp_path, text))
    assert any(sentence in fault for fault in refused.value.faults), refused.value.faults
    assert not Division.objects.exists()
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    ("name", "raw"), [("a.csv.gz", b"no gzip"), ("a.csv.xz", b"no xz"), ("a.csv", b"\xff\xfe\x00\x81")]
)
def test_broken_file_is_refused(tmp_path, name, raw):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(ImportRefused):
        load(tmp_path / name)


def test_half_an_xz_file_loads_nothing(tmp_path):
    path = write(
        tmp_path,
        SMALL + "".join(f"1403211{n:02}000,镇{n},4,140321000000\n" for n in range(1, 90)),
        "a.csv.xz",
    )
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ImportRefused):
        load(path)
    assert not Division.objects.exists()


def test_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="找不到文件"):
        call_command("import_units", tmp_path / "none.csv", skip_checks=True)


def test_dry_run_counts_and_writes_nothing(tmp_path):
    report = load(write(tmp_path, SMALL), dry_run=True)
    assert report.units_new == 6
    assert not Unit.objects.exists()
    assert not Division.objects.exists()


def test_only_the_operator_imports(tmp_path):
    with pytest.raises(PermissionDenied):
        load(write(tmp_path, SMALL), actor=Visitor("someone"))
    load(write(tmp_path, SMALL))
    assert JournalEntry.objects.filter(verb="unit.imported").count() == 1


@pytest.fixture
def yangquan():
    load(DATA / "nbs2023_shanxi_yangquan_l1-5.csv", overrides=DATA / "yangquan_overrides.csv")


def test_development_zone_owns_its_villages(yangquan):
    zone = Unit.objects.get(unit_no="140311400000")
    assert (zone.name, zone.level, zone.kind) == ("高新区妇联", Level.COUNTY, UnitKind.DEVELOPMENT_ZONE)
    assert Unit.objects.get_parent(zone).short_name == "阳泉市"
    assert Unit.objects.get_children(zone).count() == 24 == zone.numchild
    assert "开发区妇委会" in zone.aliases
    suburb = Unit.objects.get(unit_no="140311000000")
    assert not Unit.objects.filter(path__startswith=suburb.path, unit_no__startswith="140311400").exists()
    division = Division.objects.get(code="140311400000", code_system=CodeSystem.NBS)
    assert (division.level, division.parent_code) == (4, "140311000000")
    assert Unit.objects.filter(level=Level.VILLAGE).count() == 777
    assert Unit.objects.get(unit_no="140300000000-01").name == "市直机关妇委会"
    assert not any(Unit.objects.find_problems())


def test_two_code_systems_stay_apart(yangquan):
    load(DATA / "nbs2023_guizhou_tongren_l1-5.csv")
    actions.import_file(
        path=DATA / "mca2025_yangquan_tongren_gansu_l1-4.csv", system=CodeSystem.MCA, with_units=False,
        crosswalk=DATA / "crosswalk_township_nbs2023_mca2025.csv", actor=SYSTEM,
    )  # fmt: skip

    def codes(unit_no):
        rows = Unit.objects.get(unit_no=unit_no).divisions.values_list("code_system", "code", "name")
        return {system: (code, name) for system, code, name in rows}

    assert codes("520622002000") == {
        CodeSystem.NBS: ("520622002000", "平溪街道"),
        CodeSystem.MCA: ("520622001000", "平溪街道"),
    }
    assert codes("520622001000")[CodeSystem.MCA] == ("520622002000", "皂角坪街道")
    assert CodeSystem.MCA not in codes("140302100000")  # 义井镇 of 城区: in the other system it lies in 郊区
    assert not Division.objects.get(code_system=CodeSystem.MCA, code="140311102000").units.exists()
    assert codes("140321000000")[CodeSystem.MCA] == ("140321000000", "平定县")
    assert not Unit.objects.filter(unit_no="140311102000").exists()
