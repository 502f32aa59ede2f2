"""Log once: further fields, several campaigns counted once, the ledger sheet, where a record is used."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.activities import uses
from campaigns.activities.models import Activity
from portal.access.roles import Role
from portal.files.models import StoredFile
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.publication.models import Publication
from tests.factories.activities import form_data, make_activity, make_campaign

NEW = "/staff/activities/new/"
MEDIA = {"media-TOTAL_FORMS": "2", "media-INITIAL_FORMS": "0"}


@pytest.fixture
def officer(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def _docx():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


def test_every_field_of_the_log_goes_in_is_shown_and_exported(officer, tree):
    first, second = make_campaign(tree.city, name="清廉家庭"), make_campaign(tree.city, name="巾帼心向党")
    week = make_activity(tree.pingding, officer.user, title="家庭教育宣传周")
    data = form_data(
        unit=tree.pingding.unit_no, campaign=first.pk, more_campaigns=[second.pk], part_of=week.no, is_featured="on",
        headcount="近2万", children="约300", invited="66", online_visits="3.3万", reach="30万余", works_count="100余",
        audiences=["spouses"], node="三八", measure_note="平台后台", highlights="亮点文字", level="3", remark="备注文字",
        co_units=[tree.guanshan.unit_no], partners="市委宣传部、新华书店", confirm="on", ends_at="",
        documents=SimpleUploadedFile("方案.docx", _docx()), **MEDIA, **{
            "media-0-outlet": "阳泉日报", "media-0-level": "市级", "media-0-title": "好家风", "media-0-url": "https://e.cn/1",
            "media-0-published_on": "2026-05-06", "media-1-outlet": "",
        },
    )  # fmt: skip
    answer = officer.post(NEW, data)
    assert answer.status_code == 302, answer.content.decode()
    run_all()
    activity = Activity.objects.exclude(pk=week.pk).get()
    shown = {name: (value, about) for name, _label, value, _unit, about in activity.measures}
    assert shown["headcount"] == (20_000, True)
    assert shown["children"] == (300, True)
    assert shown["invited"] == (66, False)
    assert shown["online_visits"] == (33_000, False)
    assert shown["reach"] == (300_000, True)
    assert shown["works_count"] == (100, True)
    page = officer.get(activity.staff_url).content.decode()
    for words in (
        "清廉家庭、巾帼心向党", "家庭教育宣传周", "阳泉日报", "好家风", "2026.05.06", "方案.docx", "平台后台", "亮点文字",
        "干部家属", "三八", "市委宣传部", "冠山镇", "备注文字", "重点", "点赞转发等传播量", "这条记录用在了哪里",
    ):  # fmt: skip
        assert words in page, words
    file = StoredFile.objects.get()
    download = officer.get(file.master_url)
    assert download.status_code == 200
    assert "attachment" in download["Content-Disposition"]
    officer.post("/staff/lists/export/", {"list": "activities", "query": "", "format": "csv"})
    run_all()
    text = officer.get("/staff/activities/").content.decode()
    assert activity.title in text


def test_document_with_macros_or_of_another_kind_is_refused_and_nothing_is_lost(officer, tree):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<w/>")
        package.writestr("word/vbaProject.bin", "x")
    for name, data, words in (
        ("宏.docx", buffer.getvalue(), "文件里有宏"), ("程序.pdf", b"MZ" * 90, "这里只能上传 PDF"),
        ("坏.pdf", b"%PDF-1.4 nothing", "文件打不开"),
    ):  # fmt: skip
        sent = form_data(
            unit=tree.pingding.unit_no, documents=SimpleUploadedFile(name, data), summary="写了很多字"
        )
        page = officer.post(NEW, sent).content.decode()
        assert words in page
        assert name in page
        assert "写了很多字" in page
    assert not Activity.objects.exists()


def test_photo_of_sixty_megabytes_is_refused_at_the_field_and_nothing_is_lost(officer, tree):
    photo = SimpleUploadedFile("大照片.jpg", b"\xff\xd8\xff" + b"0" * 60_000_000)
    page = officer.post(
        NEW, form_data(unit=tree.pingding.unit_no, photos=photo, summary="写了很多字")
    ).content.decode()
    assert "大照片.jpg" in page
    assert "超过" in page
    assert "写了很多字" in page
    assert not Activity.objects.exists()


def test_more_media_rows_without_scripts(officer, tree):
    data = form_data(unit=tree.pingding.unit_no, more_media="1", **MEDIA, **{"media-0-outlet": "阳泉日报"})
    page = officer.post(NEW, data).content.decode()
    assert 'name="media-3-outlet"' in page
    assert "阳泉日报" in page
    assert not Activity.objects.exists()
    many = data | {"media-TOTAL_FORMS": "10"}
    assert 'name="media-10-outlet"' not in officer.post(NEW, many).content.decode()


def test_media_row_is_removed_by_its_tick(officer, tree):
    activity = make_activity(tree.pingding, officer.user, status="draft")
    activity.media_links.create(outlet="阳泉日报")
    data = form_data(
        version=activity.version, **MEDIA, **{"media-0-outlet": "阳泉日报", "media-0-DELETE": "on"}
    )
    officer.post(f"/staff/activities/{activity.no}/edit/", data)
    assert not activity.media_links.exists()


def test_one_meeting_of_several_campaigns_is_one_row_in_each_list(officer, tree):
    first, second = make_campaign(tree.city), make_campaign(tree.city)
    meeting = make_activity(
        tree.pingding, officer.user, status="county_ok", campaign=first, title="三项工作部署会"
    )
    meeting.more_campaigns.add(second)
    for campaign in (first, second):
        page = officer.get(f"/staff/activities/?campaign={campaign.slug}")
        assert [row.obj.pk for row in page.context["page"].rows] == [meeting.pk]
    assert len(officer.get("/staff/activities/").context["page"].rows) == 1


def test_copy_of_the_last_one(officer, tree):
    make_activity(tree.pingding, officer.user, place="旧地方")
    make_activity(tree.pingding, officer.user, place="文化站", kind="reading")
    page = officer.get(NEW)
    assert "照上次填" in page.content.decode()
    form = officer.get(f"{NEW}?copy=last").context["form"]
    assert (form["place"].value(), form["kind"].value(), form["unit"].value()) == (
        "文化站",
        "reading",
        tree.pingding.unit_no,
    )
    assert form["headcount"].value() is None


def test_copy_of_the_last_one_without_any_is_the_blank_form(signed_in, tree):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    page = client.get(f"{NEW}?copy=last")
    assert page.status_code == 200
    assert "照上次填" not in page.content.decode()


def test_ledger_sheet_of_one_record(officer, signed_in, tree):
    activity = make_activity(
        tree.pingding, officer.user, status="county_ok", title="=危险", headcount=64, headcount_estimated=True,
        online_visits=500, households=20, materials_count=100, contact="李", contact_phone="0353-1234567", summary="经过",
    )  # fmt: skip
    activity.media_links.create(outlet="阳泉日报", level="市级", url="https://e.cn/1")
    answer = officer.post(f"/staff/activities/{activity.no}/ledger.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.active
    assert [cell.value for cell in sheet[3]] == [
        "序号", "单位", "活动名称", "活动类型", "时间", "地点", "主办/协办", "形式", "参与人数(线下)", "参与人次(线上)",
        "覆盖家庭(户)", "发放资料(份)", "主要内容", "媒体报道(媒体/级别/链接)", "佐证材料", "填报人", "联系电话", "备注",
    ]  # fmt: skip
    row = [cell.value for cell in sheet[4]]
    day = f"{timezone.localtime(activity.starts_at):%Y.%m.%d}"
    assert row[:5] == [1, tree.pingding.name, "'=危险", "宣讲", day]
    assert row[8:12] == ["约64", 500, 20, 100]
    assert [cell.value for cell in sheet[5]][:12:8] == ["合计", "约64"]
    assert "A1:R1" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["A2"].value.startswith(f"填报单位：{tree.pingding.name}")
    assert "盖章" in sheet["A7"].value
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"
    assert JournalEntry.objects.filter(verb="activity.exported").count() == 1
    waiting = make_activity(tree.pingding, officer.user, status="submitted")
    assert officer.post(f"/staff/activities/{waiting.no}/ledger.xlsx").status_code == 302
    stranger = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert stranger.post(f"/staff/activities/{activity.no}/ledger.xlsx").status_code == 404


def test_ledger_sheet_of_the_chosen_ones(officer, tree):
    rows = [make_activity(tree.pingding, officer.user, status="county_ok") for _n in range(2)]
    draft = make_activity(tree.pingding, officer.user, status="draft")
    keys = [row.pk for row in (*rows, draft)]
    answer = officer.post("/staff/activities/bulk/", {"step": "ledger", "chosen": keys})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [sheet.cell(line, 1).value for line in (4, 5, 6)] == [1, 2, "合计"]
    assert (
        officer.post("/staff/activities/bulk/", {"step": "ledger", "chosen": [draft.pk]}).status_code == 302
    )


def test_record_says_where_it_is_used_and_others_may_add(officer, tree, monkeypatch):
    campaign = make_campaign(tree.city, name="清廉家庭")
    activity = make_activity(tree.pingding, officer.user, status="county_ok", campaign=campaign)
    activity.co_units.add(tree.yuxian)
    monkeypatch.setattr(uses, "_providers", dict(uses._providers))
    uses.register("tasks", lambda row, scope: [uses.Use("任务", "三八节任务", "/staff/tasks/1/")])
    uses.register("broken", lambda row, scope: 1 / 0)
    page = officer.get(activity.staff_url).content.decode()
    for words in (
        "这条记录用在了哪里",
        "年活动台账",
        "共同的上级只计一次",
        "还没有公开",
        "三八节任务",
        "/staff/tasks/1/",
        "清廉家庭",
    ):
        assert words in page, words


def test_one_press_makes_the_prefilled_public_draft(officer, tree):
    activity = make_activity(
        tree.pingding, officer.user, status="county_ok", title="家风课", summary="讲三件小事", headcount=64
    )
    page = officer.get(activity.staff_url).content.decode()
    assert "申请公开" in page
    officer.post(f"/staff/activities/{activity.no}/publish/")
    draft = Publication.objects.get()
    assert draft.snapshot["title"] == "家风课"
    assert draft.snapshot["text"] == "讲三件小事"
    assert ["参与人数（线下）", "64人"] in [list(fact) for fact in draft.snapshot["facts"]]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("starts_at", "2026-13-01", "年-月-日"), ("headcount", "-3", "不能填负数"), ("invited", "一些", "请填数字"),
        ("part_of", "HD1999-000001", "没有找到这个编号"), ("headcount", "70000", "超过 5 万人"),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_the_field_and_kept(officer, tree, field, typed, words):
    data = form_data(unit=tree.pingding.unit_no, summary="写了很多字") | {field: typed}
    page = officer.post(NEW, data).content.decode()
    assert words in page
    assert typed in page
    assert "写了很多字" in page
    assert not Activity.objects.exists()
