"""The venue registry as a table: what a row becomes, what it refuses, the way back."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.venues.actions import venues as actions
from campaigns.venues.models import Venue
from campaigns.venues.tables import snapshot
from portal.access.roles import Role
from portal.importing.models import Import, ImportRow
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from tests.factories.venues import make_venue

NEW = "/staff/imports/venues/new/"
HEAD = "单位,名称,类型,地址,面积(平方米),建成(启用)日期,可容纳(人)"


@pytest.fixture
def officer(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def upload(client, unit, data, name="阵地.csv"):
    data = data if isinstance(data, bytes) else data.encode()
    answer = client.post(NEW, {"unit": unit.unit_no, "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Import.objects.order_by("-pk").first()


def rows_of(batch):
    return list(ImportRow.objects.filter(batch=batch).order_by("number"))


def finish(client, batch):
    client.post(f"{batch.staff_url}confirm/", {})
    run_all()
    batch.refresh_from_db()
    return batch


def _book(text):
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "encode", [str.encode, lambda s: s.encode("utf-8-sig"), lambda s: s.encode("gbk"), _book]
)
def test_rows_become_venues_in_every_file_and_go_again(officer, tree, encode):
    text = f"{HEAD}\n,东关家风馆,家风馆,东关街 1 号,80.5,2022.5.6,40\n{tree.dongguan.name},宣传栏,宣传栏（宣传板）,村口,,,"
    batch = upload(officer, tree.pingding, encode(text), "阵地.xlsx" if encode is _book else "阵地.csv")
    assert [row.verdict for row in rows_of(batch)] == ["new", "new"]
    assert not Venue.objects.exists()
    finish(officer, batch)
    one = Venue.objects.get(name="东关家风馆")
    assert (one.unit, one.kind, one.area_m2, one.opened_on, one.capacity) == (
        tree.pingding, "family_hall", Decimal("80.5"), date(2022, 5, 6), 40,
    )  # fmt: skip
    assert Venue.objects.get(name="宣传栏").unit == tree.dongguan
    officer.post(f"{batch.staff_url}undo/")
    run_all()
    assert not Venue.objects.exists()
    assert JournalEntry.objects.filter(verb="venue.import_undone").count() == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("盂县妇联,馆,家风馆,街,,,", "您负责的范围内没有"),
        (",馆,家风馆,街,-5,,", "面积(平方米)：不能是负数"),
        (",馆,家风馆,街,,2022.2.30,", "没有“2022.2.30”这一天"),
        (",馆,家风馆,街,,去年,", "看不懂"),
        (",馆,家风馆,街,,2099.1.1,", "晚于今天"),
        (",馆,家风馆,街,=1+1,,", "是公式"),
        (",馆,家风馆,街,,=TODAY(),", "是公式"),
        (",馆,茶馆,街,,,", "没有“茶馆”，请从这些里选"),
        (",馆,家风馆,,,,", "地址：请填写"),
        (",馆,家风馆,街,,,1.5", "不是整数"),
        (f",{'长' * 61},家风馆,街,,,", "超出 1 字"),
    ],
)
def test_wrong_cell_is_answered_at_its_row(officer, tree, row, words):
    batch = upload(officer, tree.pingding, f"{HEAD}\n{row}\n,好的馆,家风馆,街,,,".encode("gbk"))
    wrong, good = rows_of(batch)
    assert (wrong.verdict, wrong.choice, good.verdict) == ("wrong", "", "new")
    assert words in officer.get(batch.staff_url).content.decode()
    finish(officer, batch)
    assert not Venue.objects.exists()
    officer.post(f"{batch.staff_url}choose/", {"all": "wrong:skip"})
    finish(officer, batch)
    assert [venue.name for venue in Venue.objects.all()] == ["好的馆"]


def test_closed_unit_is_named_with_its_heir(officer, tree):
    tree.dongguan.closed_on = date(2026, 1, 1)
    tree.dongguan.replaced_by = tree.guanshan
    tree.dongguan.save()
    batch = upload(officer, tree.pingding, f"{HEAD}\n{tree.dongguan.name},馆,家风馆,街,,,")
    [row] = rows_of(batch)
    assert row.verdict == "wrong"
    assert "撤销，请改写并入的" in row.faults[0]


def _export(client, file_format):
    client.post("/staff/lists/export/", {"list": "venues", "query": "", "format": file_format})
    run_all()
    return Job.objects.filter(kind="listing.export").order_by("-pk").first().open_file().read()


def test_export_comes_back_unchanged_and_a_changed_cell_is_an_update(officer, tree):
    made = [
        make_venue(
            tree.dongguan, officer.user, name="=馆", kind="book_room", address="街 1 号", area_m2=Decimal("12.5"),
            capacity=9, docents=2, opened_on=date(2020, 1, 2), features="有书", annual_plan="讲家风", honours="示范点",
            contact_phone="0353-123", opening_hours="周一", owner_org="居委会", remark="注", refresh_months=3,
        ),
        make_venue(tree.pingding, officer.user, name="空馆"),
    ]  # fmt: skip
    before = {row.pk: snapshot(Venue.objects.get(pk=row.pk)) for row in made}
    for file_format in ("csv", "xlsx"):
        batch = upload(officer, tree.pingding, _export(officer, file_format), f"台账.{file_format}")
        assert [(row.verdict, row.choice, row.differences, row.faults) for row in rows_of(batch)] == [
            ("same", "skip", [], [])
        ] * 2
    text = f"编号,名称,类型,地址,可容纳\n{made[0].no},=馆,廉政书屋,新街,30"
    batch = upload(officer, tree.pingding, text)
    [row] = rows_of(batch)
    assert (row.choice, sorted(key for key, *_ in row.differences)) == ("update", ["address", "capacity"])
    finish(officer, batch)
    assert Venue.objects.get(pk=made[0].pk).address == "新街"
    officer.post(f"{batch.staff_url}undo/")
    run_all()
    assert {row.pk: snapshot(Venue.objects.get(pk=row.pk)) for row in made} == before


def test_likely_duplicate_is_explained_and_preset_to_skip(officer, tree):
    there = make_venue(tree.pingding, name="家风馆")
    text = f"{HEAD}\n,家风馆,家风馆,新地址,,,\n,书屋,廉政书屋,街,,,\n,书屋,廉政书屋,街,,,"
    batch = upload(officer, tree.pingding, text)
    first, second, third = rows_of(batch)
    assert (first.verdict, first.choice, third.choice) == ("known", "skip", "skip")
    page = officer.get(batch.staff_url).content.decode()
    assert there.no in page
    assert "和本表第 3 行" in page
    assert second.choice == "new"


def test_venue_somebody_worked_with_stays(officer, tree):
    batch = finish(officer, upload(officer, tree.pingding, f"{HEAD}\n,馆,家风馆,街,,,"))
    venue = Venue.objects.get()
    actions.inspect(actor=officer.user, venue=venue, on=timezone.localdate(), result="ok")
    officer.post(f"{batch.staff_url}undo/")
    run_all()
    assert Venue.objects.filter(pk=venue.pk).exists()
    assert "“状态”有过改动" in rows_of(batch)[0].outcome


def test_number_of_another_unit_is_not_taken_over(officer, tree, signed_in):
    theirs, mine = make_venue(tree.yuxian), make_venue(tree.dongguan)
    text = (
        f"编号,单位,名称,类型,地址\n{theirs.no},,馆,家风馆,街\n{mine.no},{tree.guanshan.name},新名,家风馆,街"
    )
    batch = upload(officer, tree.pingding, text)
    first, second = rows_of(batch)
    assert first.match_ref == ""
    assert "范围以外" in first.match_why
    assert (second.choice, second.why_not[:7]) == ("skip", "这个编号的阵地")


def test_who_may_and_where_the_button_is(officer, tree, signed_in):
    page = officer.get("/staff/venues/").content.decode()
    assert NEW in page
    assert officer.get("/staff/imports/venues/template.xlsx").status_code == 200
    viewer = signed_in(Role.COUNTY_LEADER, tree.pingding)
    assert NEW not in viewer.get("/staff/venues/").content.decode()
    assert viewer.get(NEW).status_code == 403


def test_chinese_table_is_read_by_who_uses_the_page_in_english(officer, tree):
    officer.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    batch = upload(officer, tree.pingding, f"{HEAD}\n,馆,家风馆,街,,,")
    assert [(row.verdict, row.fields["kind"]) for row in rows_of(batch)] == [("new", "family_hall")]
