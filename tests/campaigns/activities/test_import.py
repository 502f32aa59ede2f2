"""Tables: read in every encoding, judged row by row, written only when confirmed, once."""

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.activities import actions, queries, values
from campaigns.activities.models import Activity
from campaigns.activities.tables import cells
from campaigns.activities.tables.kind import KIND
from campaigns.planning.actions import partners_by_name
from portal.access.roles import Role
from portal.importing.models import Import, ImportRow
from portal.importing.reading import TableError, read
from portal.importing.template import workbook
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from tests.factories.activities import make_activity, make_campaign

IMPORT = "/staff/imports/"
NEW = f"{IMPORT}activities/new/"
HEAD = [
    "序号",
    "单位",
    "活动名称",
    "活动类型",
    "时间",
    "地点",
    "主办/协办",
    "形式",
    "参与人数(线下)",
    "参与人次(线上)",
    "主要内容",
    "备注",
]
ROWS = [
    [
        "1",
        "东关社区",
        "家风宣讲进社区",
        "宣讲",
        "2026.05.06",
        "东关社区",
        "县纪委监委、盂县",
        "线下",
        "60",
        "",
        "讲故事",
        "",
    ],
    [
        "2",
        "",
        "国防主题诵读",
        "诵读/阅读",
        "2026-04-23 09:30",
        "新华书店",
        "",
        "线上线下",
        "近2万",
        "3.3万多",
        "",
        "=1+1",
    ],
    ["3", "冠山镇", "三天培训班", "培训", "2026年5月13日至15日", "", "", "线上", "", "33000", "", ""],
]


def _csv(rows, encoding="utf-8", delimiter=","):
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in [HEAD, *rows])
    return text.encode(encoding)


def _xlsx(rows, before=()):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([*before, HEAD, *rows]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.close()
    return buffer.getvalue()


@pytest.fixture
def officer(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def _confirm(client, *, submit=True, **choices):
    batch = Import.objects.order_by("-pk").first()
    data = {f"choice-{key}": value for key, value in choices.items()}
    return client.post(f"{IMPORT}{batch.public_id}/confirm/", data | ({"option": "submit"} if submit else {}))


def _row(number=None):
    rows = ImportRow.objects.filter(batch=Import.objects.order_by("-pk").first())
    return rows.get(number=number) if number else rows.first()


def _upload(client, data, unit, name="台账.csv"):
    return client.post(NEW, {"unit": unit.unit_no, "file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding(encoding, delimiter):
    table = read(_csv(ROWS, encoding, delimiter), known=KIND.headings)
    assert table.headings == HEAD
    assert [row[1][2] for row in table.rows] == ["家风宣讲进社区", "国防主题诵读", "三天培训班"]
    assert [row[0] for row in table.rows] == [2, 3, 4]


def test_headings_are_found_below_a_title_and_with_other_brackets():
    data = _xlsx(ROWS, before=[["平定县活动台账"], ["填报人：李", "时间"]])
    assert len(read(data, known=KIND.headings).rows) == 3
    text = ",".join(HEAD).replace("(", "（").replace(")", "）").replace("活动名称", "* 活动 名称")
    assert read(f"{text}\n,,甲,宣讲,2026.1.1".encode(), known=KIND.headings).headings == HEAD


def _zip(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries:
            package.writestr(name, data)
    return buffer.getvalue()


BAD_FILES = {
    "empty": b"",
    "no headings": "随便,什么\n1,2".encode(),
    "noise": bytes(range(256)) * 40,
    "old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "zip that is no book": _zip([("a.txt", "x")]),
    "bomb": _zip([("xl/workbook.xml", "<x/>"), ("xl/worksheets/sheet1.xml", b"0" * 60_000_000)]),
    "many entries": _zip([(f"f{number}", "x") for number in range(201)]),
    "macro": _zip([("xl/workbook.xml", "<x/>"), ("xl/vbaProject.bin", b"x")]),
    "broken package": _zip([("xl/workbook.xml", "<x/>")])[:-30],
    "xml that is no book": _zip([("xl/workbook.xml", "<x/>"), ("[Content_Types].xml", "<x/>")]),
    "entity": _zip(
        [("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), ("[Content_Types].xml", "<a/>")]
    ),
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_hostile_files_are_refused_with_a_sentence(name):
    with pytest.raises(TableError) as caught:
        read(BAD_FILES[name], known=KIND.headings)
    assert len(str(caught.value.message)) > 5


def test_far_cell_and_too_many_rows():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for column, cell in enumerate(HEAD):
        sheet.write(0, column, cell)
    sheet.write(1, 2, "甲")
    sheet.write("XFD1048576", "far")
    book.close()
    assert len(read(buffer.getvalue(), known=KIND.headings).rows) == 1
    with pytest.raises(TableError, match="5000"):
        read(_csv([["", "", "甲"]] * 5001), known=KIND.headings)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026.05.06", "2026-05-06 00:00", None), ("2026-5-6 14:30", "2026-05-06 14:30", None),
        ("2026/05/06", "2026-05-06 00:00", None), ("2026年5月6日", "2026-05-06 00:00", None),
        ("２０２６.０５.０６", "2026-05-06 00:00", None), ("46148", "2026-05-06 00:00", None),
        ("2026年5月13日至15日", "2026-05-13 00:00", "2026-05-15 23:59"),
        ("2026.5.13-5.15", "2026-05-13 00:00", "2026-05-15 23:59"),
        ("2026.12.30—2027.1.2", "2026-12-30 00:00", "2027-01-02 23:59"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text, begin, end):
    found = cells.period(text)
    shown = [f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else None for moment in found]
    assert shown == [begin, end]


@pytest.mark.parametrize(
    "text", ["", "昨天", "2026.13.01", "2026.02.30", "2026.5.6-5.1", "5月6日", "99999999"]
)
def test_dates_that_are_none(text):
    with pytest.raises(ValueError, match=r"时间|没有"):
        cells.period(text)


@pytest.mark.parametrize("make", [_csv, _xlsx])
def test_whole_way(officer, tree, make):
    page = _upload(officer, make(ROWS), tree.pingding, "台账.xlsx").content.decode()
    assert "确认导入 3 条" in page
    assert not Activity.objects.exists()
    batch = Import.objects.get()
    address = f"{IMPORT}{batch.public_id}/"
    _confirm(officer)
    _confirm(officer)
    assert Job.objects.filter(kind="importing.apply").count() == 1
    assert not Activity.objects.exists()
    run_all()
    rows = {row.title: row for row in Activity.objects.all()}
    assert len(rows) == 3
    first, second, third = (rows[row[2]] for row in ROWS)
    assert (first.unit, second.unit, third.unit) == (tree.dongguan, tree.pingding, tree.guanshan)
    assert {row.status for row in rows.values()} == {"submitted"}
    assert {row.source for row in rows.values()} == {"import"}
    assert (second.headcount, second.headcount_estimated) == (20_000, True)
    assert (second.online_visits, second.online_visits_estimated) == (33_000, True)
    assert [unit.short_name for unit in first.co_units.all()] == ["盂县"]
    assert [partner.name for partner in first.partners.all()] == ["县纪委监委"]
    assert timezone.localtime(third.ends_at).day == 15
    assert "新增 3 条" in officer.get(address).content.decode()


def test_same_table_again_is_known(officer, tree):
    _upload(officer, _csv(ROWS), tree.pingding)
    _confirm(officer, submit=False)
    run_all()
    assert set(Activity.objects.values_list("status", flat=True)) == {"draft"}
    page = _upload(officer, _csv(ROWS), tree.pingding).content.decode()
    assert "没有新记录" in page
    assert "同一单位同一天已有" in page


def test_row_twice_in_one_table_is_taken_once(officer, tree):
    page = _upload(officer, _csv([ROWS[0], ROWS[0]]), tree.pingding).content.decode()
    assert "确认导入 1 条" in page
    assert "本表第 2 行" in page


def test_wrong_rows_are_told_by_number_and_nothing_is_written(officer, tree):
    bad = [
        ["1", "秀水镇", "别县的", "宣讲", "2026.5.6", "", "", "", "", "", "", ""],
        ["2", "", "", "跳伞", "某天", "", "", "空中", "很多", "", "字" * 501, ""],
        ["3", "", "五万零一", "宣讲", "2026.5.6", "", "", "", "50001", "", "", ""],
        *ROWS,
    ]
    page = _upload(officer, _csv(bad), tree.pingding).content.decode()
    for words in (
        "您负责的范围内没有“秀水镇”",
        "没有“跳伞”这个类型",
        "时间“某天”看不懂",
        "形式请写",
        "不是数字",
        "超过 500 字",
        "超过 5 万人",
        "3 行有错误",
    ):
        assert words in page
    assert "确认导入" not in page
    _confirm(officer)
    run_all()
    assert not Activity.objects.exists()
    batch = Import.objects.get()
    officer.post(f"{IMPORT}{batch.public_id}/choose/", {"all": "wrong:skip"})
    assert "确认导入 3 条" in officer.get(f"{IMPORT}{batch.public_id}/").content.decode()
    _confirm(officer)
    run_all()
    assert Activity.objects.count() == 3


def test_unit_number_of_another_county_is_refused(officer, tree):
    text = f"单位编号,活动名称,活动类型,时间\n{tree.xiushui.unit_no},甲,宣讲,2026.5.6"
    page = _upload(officer, text.encode("gbk"), tree.pingding).content.decode()
    assert "不在您负责的范围内" in page
    refused = _upload(officer, _csv(ROWS), tree.xiushui).content.decode()
    assert "您不能为这个单位导入" in refused


def test_formula_cells_stay_text(officer, tree):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(
        [
            "1",
            "",
            "=cmd|'/c calc'!A1",
            "宣讲",
            "2026.5.6",
            '=HYPERLINK("http://x")',
            "",
            "",
            "=1+1",
            "",
            "",
            "@SUM(A1)",
        ]
    )
    buffer = io.BytesIO()
    book.save(buffer)
    page = _upload(officer, buffer.getvalue(), tree.pingding, "a.xlsx")
    assert "“=1+1”是公式" in page.content.decode()
    assert _row().fields["place"] == '=HYPERLINK("http://x")'
    text = _csv([["1", "", "'=甲", "宣讲", "2026.5.6", "+86", "", "", "", "", "", "@x"]], "gbk")
    _upload(officer, text, tree.pingding)
    row = _row()
    assert row.label == "=甲"
    assert row.fields["remark"] == "@x"
    bad = _csv([["1", "", "乙", "宣讲", "2026.5.6", "", "", "", "=SUM(A1:A3)", "", "", ""]], "gbk")
    assert "是公式，请在表格里" in _upload(officer, bad, tree.pingding).content.decode()
    assert not Activity.objects.exists()


def _exported(officer):
    for file_format in ("xlsx", "csv"):
        officer.post("/staff/lists/export/", {"list": "activities", "query": "", "format": file_format})
    run_all()
    return [job.open_file().read() for job in Job.objects.filter(kind="listing.export").order_by("-pk")[:2]]


def test_what_the_list_exports_is_read_back_unchanged(officer, tree):
    """Every field of the record goes out and comes back the same; a changed cell is an update, a blank is not."""
    campaign = make_campaign(tree.city)
    one = make_activity(
        tree.dongguan, officer.user, status="draft", campaign=campaign, headcount=300, headcount_estimated=True,
        title="=危险标题", form="mixed", online_visits=50, place="文化站", reach=9, invited=66, children=12,
        ends_at=timezone.now(), measure_note="签到表", highlights="亮", audiences=["spouses", "children"], node="三八",
        level=3, is_featured=True, late_reason="补", contact_phone="0353-1234567", summary="一句话",
    )  # fmt: skip
    one.media_links.create(
        outlet="阳泉日报",
        level="市级",
        url="https://example.cn/a?b=1",
        title="好家风",
        published_on=timezone.localdate(),
    )
    one.co_units.set([tree.guanshan, tree.yuxian])
    one.partners.set(partners_by_name(["新华书店", "县纪委监委"]))
    one.more_campaigns.set([make_campaign(tree.city)])
    one.part_of = make_activity(
        tree.pingding, officer.user, title="宣传周", starts_at=timezone.now() - timedelta(days=3)
    )
    one.area = tree.dongguan.divisions.first()
    one.save(update_fields=["part_of", "area"])
    before = values.snapshot(queries.whole(one.pk))
    for data in _exported(officer):
        page = _upload(officer, data, tree.pingding, "台账.xlsx").content.decode()
        assert f"编号 {one.no} 已在平台里" in page
        rows = list(ImportRow.objects.filter(batch=Import.objects.order_by("-pk").first()))
        assert [(row.verdict, row.choice, row.differences) for row in rows] == [("same", "skip", [])] * 2
        assert [row.notes for row in rows if "没有" in str(row.notes)] == []
    book = openpyxl.load_workbook(io.BytesIO(_exported(officer)[1]))
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[3]}
    line = next(number for number in (4, 5) if sheet.cell(number, heads["编号"]).value == one.no)
    sheet.cell(line, heads["参与人数(线下)"]).value = "320"
    sheet.cell(line, heads["地点"]).value = None
    buffer = io.BytesIO()
    book.save(buffer)
    page = _upload(officer, buffer.getvalue(), tree.pingding, "台账.xlsx").content.decode()
    row = _row(line)
    assert (row.verdict, row.choice) == ("known", "update")
    assert sorted(name for name, _old, _new in row.differences) == ["headcount", "headcount_estimated"]
    assert "300 → 320" in page
    _confirm(officer)
    run_all()
    after = values.snapshot(queries.whole(one.pk))
    assert {name for name in after if after[name] != before[name]} == {"headcount", "headcount_estimated"}
    assert (after["headcount"], after["place"]) == (320, "文化站")
    officer.post(f"{IMPORT}{Import.objects.order_by('-pk').first().public_id}/undo/")
    run_all()
    assert values.snapshot(queries.whole(one.pk)) == before


def test_exported_table_makes_the_same_record_elsewhere(officer, tree):
    one = make_activity(
        tree.dongguan, officer.user, status="draft", title="家风课", headcount=60, place="礼堂"
    )
    one.media_links.create(outlet="阳泉日报", level="市级", url="https://example.cn/a?b=1", title="好家风")
    before = values.snapshot(queries.whole(one.pk))
    files = _exported(officer)
    for data in files:
        Activity.objects.all().delete()
        _upload(officer, data, tree.pingding, "台账.xlsx")
        _confirm(officer, submit=False)
        run_all()
        assert values.snapshot(queries.whole(Activity.objects.get().pk)) == before


def test_submitted_record_is_not_updated_by_a_table(officer, tree):
    one = make_activity(tree.dongguan, officer.user, status="county_ok", headcount=60)
    text = f"编号,活动名称,活动类型,时间,参与人数\n{one.no},{one.title},宣讲,{timezone.localtime(one.starts_at):%Y.%m.%d %H:%M},70"
    page = _upload(officer, text.encode(), tree.pingding).content.decode()
    assert "不能用表格改" in page
    row = _row()
    assert row.choice == "skip"
    officer.post(f"{IMPORT}{row.batch.public_id}/choose/", {f"choice-{row.pk}": "update"})
    assert _row().choice == "skip"


def test_whole_import_is_taken_back_except_what_was_approved(officer, signed_in, tree):
    _upload(officer, _csv(ROWS), tree.pingding)
    _confirm(officer)
    run_all()
    reviewer = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    first = Activity.objects.get(title=ROWS[0][2])
    reviewer.post(f"/staff/activities/{first.no}/step/", {"step": "approve"})
    address = Import.objects.get().staff_url
    assert reviewer.post(f"{address}undo/").status_code == 404
    officer.post(f"{address}undo/")
    officer.post(f"{address}undo/")
    run_all()
    assert [row.title for row in Activity.objects.all()] == [first.title]
    page = officer.get(f"{address}?show=kept").content.decode()
    assert "导入以后“状态”有过改动" in page
    assert "撤销 2 条" in page


def test_template_can_be_filled_and_read(officer):
    answer = officer.get(f"{IMPORT}activities/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book.worksheets[0].append(["", "", "家风课", "宣讲", "2026.05.06"])
    buffer = io.BytesIO()
    book.save(buffer)
    table = read(buffer.getvalue(), known=KIND.headings)
    assert len(table.rows) == 1
    assert len(workbook(KIND)) > 1000


def test_tables_belong_to_who_uploaded_them(officer, signed_in, tree):
    _upload(officer, _csv(ROWS), tree.pingding)
    address = f"{IMPORT}{Import.objects.get().public_id}/"
    for role, unit in ((Role.COUNTY_OP, tree.pingding), (Role.COUNTY_OP, tree.yuxian)):
        other = signed_in(role, unit)
        assert other.get(address).status_code == 404
        for step in ("choose", "confirm", "undo", "discard"):
            assert other.post(f"{address}{step}/").status_code == 404
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get(NEW).status_code == 403


def test_former_addresses_lead_on(officer):
    assert officer.get("/staff/activities/import/")["Location"] == NEW
    assert (
        officer.get("/staff/activities/import/template.xlsx")["Location"]
        == f"{IMPORT}activities/template.xlsx"
    )


def test_interrupted_import_goes_on_where_it_stopped(officer, tree, monkeypatch):
    _upload(officer, _csv(ROWS), tree.pingding)
    _confirm(officer)
    real, calls = actions.import_activity, []

    def dies(**fields):
        calls.append(1)
        if len(calls) == 2:
            raise OSError("killed")
        return real(**fields)

    monkeypatch.setattr(actions, "import_activity", dies)
    run_all()
    assert Activity.objects.count() == 1
    Job.objects.update(run_after=timezone.now(), published_at=None)
    run_all()
    assert Activity.objects.count() == 3


def test_thousands_of_rows_of_one_day_are_checked_quickly(officer, tree):
    rows = [
        ["", "", f"第{number}场活动记录", "宣讲", "2026.5.6", "", "", "", "", "", "", ""]
        for number in range(1500)
    ]
    begun = timezone.now()
    _upload(officer, _csv(rows), tree.pingding)
    assert Import.objects.get().total == 1500
    assert (timezone.now() - begun).total_seconds() < 60


def test_closed_unit_is_named_and_a_known_record_keeps_its_unit(officer, tree):
    mine = make_activity(tree.dongguan, officer.user, status="draft", title="家风课")
    tree.nanguan.closed_on = timezone.localdate()
    tree.nanguan.save()
    day = f"{timezone.localtime(mine.starts_at):%Y.%m.%d %H:%M}"
    text = f"编号,单位,活动名称,活动类型,时间\n,{tree.nanguan.name},新课,宣讲,{day}\n{mine.no},{tree.guanshan.name},家风课,宣讲,{day}"
    page = _upload(officer, text.encode(), tree.pingding).content.decode()
    assert "撤销，不能再登记" in page
    assert "表格不能把它改到别的单位" in page
