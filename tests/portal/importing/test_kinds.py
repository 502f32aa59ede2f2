"""An example kind – campaigns by slug – from the file to the undo: what every kind gets from the slice."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from campaigns.planning import actions as planning
from campaigns.planning.models import Campaign
from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.importing import actions, registry
from portal.importing.models import Import, ImportRow
from portal.importing.reading import read
from portal.importing.registry import KINDS, Column, ImportKind, Match, Option, Parsed, clean_heading
from portal.importing.rules import Choice, Refused
from portal.importing.template import workbook
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry

HEADINGS = ["网址名", "主题名称", "口号", "开始日期"]


def _day(text):
    if not text:
        return None
    try:
        return datetime.strptime(text.replace(".", "-"), "%Y-%m-%d").date().isoformat()
    except ValueError as error:
        raise ValueError(f"“{text}”不是日期，请写成 2026.05.06。") from error


def _parse(line, known, ask):
    said = line.values
    row = Parsed(line, label=said["name"], unit_no=ask.unit.unit_no)
    day = row.read("starts_on", "开始日期", _day)
    row.fields = {"slug": said["slug"], "name": said["name"], "slogan": said["slogan"], "starts_on": day}
    if not said["name"]:
        row.faults.append("主题名称：请填写。")
    return row


def _match(rows, known, ask):
    there = {row.slug: row for row in Campaign.objects.filter(slug__in=[row.fields["slug"] for row in rows])}
    return {
        row.line.number: Match(str(there[slug].pk), f"网址名 {slug} 已有", sure=True)
        for row in rows
        if (slug := row.fields["slug"]) in there
    }


def _create(*, actor, unit, fields, token, options):
    if fields["slug"] == "refused":
        raise Refused("这个网址名不能用。")
    day = date.fromisoformat(fields["starts_on"] or "2026-01-01")
    values = {"slogan": "", **fields, "starts_on": day, "ends_on": day + timedelta(days=90)}
    return planning.create_campaign(actor=actor, unit=unit, fields=values, client_token=token)


def _update(*, actor, target, changes):
    values = {**changes}
    if values.get("starts_on"):
        values["starts_on"] = date.fromisoformat(values["starts_on"])
    return planning.edit_campaign(actor=actor, campaign=target, fields=values)


def _remove(*, actor, target):
    target.delete()


def _snapshot(row):
    return {"slug": row.slug, "name": row.name, "slogan": row.slogan, "starts_on": row.starts_on.isoformat()}


KIND = ImportKind(
    code="example", label="主题", perm=Perm.CAMPAIGN_EDIT,
    columns=(
        Column("slug", "网址名", required=True), Column("name", "主题名称", ("名称",), required=True),
        Column("slogan", "口号"), Column("starts_on", "开始日期"),
    ),
    parse=_parse, match=_match, create=_create, update=_update, remove=_remove, snapshot=_snapshot,
    load=lambda refs: {str(row.pk): row for row in Campaign.objects.filter(pk__in=[int(ref) for ref in refs])},
    label_of=lambda key: dict(zip(("slug", "name", "slogan", "starts_on"), HEADINGS, strict=True))[key],
    options=(Option("loud", "同时通知"),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _registered(monkeypatch):
    monkeypatch.setitem(registry.KINDS, "example", KIND)


@pytest.fixture
def officer(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


def _csv(*rows):
    return "\n".join(",".join(row) for row in (HEADINGS, *rows)).encode("gbk")


def _upload(client, unit, data, **extra):
    client.post(
        "/staff/imports/example/new/",
        {"unit": unit.unit_no, "file": SimpleUploadedFile("主题.csv", data), **extra},
    )
    return Import.objects.order_by("-pk").first()


def _apply(client, batch):
    client.post(f"{batch.staff_url}confirm/", {})
    run_all()
    batch.refresh_from_db()


def _rows(batch):
    return list(ImportRow.objects.filter(batch=batch))


def test_new_update_skip_and_undo(officer, tree):
    old = planning.create_campaign(
        actor=officer.user, unit=tree.city,
        fields={"slug": "a", "name": "甲", "slogan": "旧口号", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 1)},
    )  # fmt: skip
    batch = _upload(
        officer, tree.city, _csv(["a", "甲改", "", "2026.1.1"], ["b", "乙", "新", ""], ["c", "丙", "", ""])
    )
    first, second, third = _rows(batch)
    assert (first.verdict, first.choice, first.differences) == ("known", "update", [["name", "甲", "甲改"]])
    assert (second.verdict, second.choice) == ("new", "new")
    page = officer.get(batch.staff_url).content.decode()
    assert "甲 → 甲改" in page
    assert "网址名 a 已有" in page
    assert Campaign.objects.count() == 1
    officer.post(f"{batch.staff_url}choose/", {f"choice-{third.pk}": "skip"})
    _apply(officer, batch)
    assert batch.result == {"created": 1, "updated": 1, "failed": 0, "undone": 0, "kept": 0, "skipped": 1}
    old.refresh_from_db()
    assert (old.name, old.slogan) == ("甲改", "旧口号")  # a blank does not overwrite
    assert {row.slug for row in Campaign.objects.all()} == {"a", "b"}
    officer.post(f"{batch.staff_url}undo/")
    run_all()
    old.refresh_from_db()
    assert (old.name, old.slogan) == ("甲", "旧口号")
    assert {row.slug for row in Campaign.objects.all()} == {"a"}
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {
        "import.read",
        "import.confirmed",
        "import.applied",
        "import.undo_asked",
        "import.undone",
    } <= verbs


def test_what_was_touched_since_is_kept_with_the_reason(officer, tree):
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", ""], ["c", "丙", "", ""]))
    _apply(officer, batch)
    touched = Campaign.objects.get(slug="b")
    planning.edit_campaign(actor=officer.user, campaign=touched, fields={"name": "乙改"})
    officer.post(f"{batch.staff_url}undo/")
    run_all()
    assert [row.slug for row in Campaign.objects.all()] == ["b"]
    kept = ImportRow.objects.get(batch=batch, state="kept")
    assert kept.outcome == "导入以后“主题名称”有过改动，没有撤销。"
    assert "1 条不能撤销" in officer.get(batch.staff_url).content.decode()


def test_undo_ends_after_seven_days(officer, tree):
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", ""]))
    _apply(officer, batch)
    assert "撤销这次导入" in officer.get(batch.staff_url).content.decode()
    Import.objects.update(applied_at=timezone.now() - timedelta(days=7, minutes=1))
    assert "撤销这次导入" not in officer.get(batch.staff_url).content.decode()
    officer.post(f"{batch.staff_url}undo/")
    run_all()
    assert Campaign.objects.filter(slug="b").exists()
    batch.refresh_from_db()
    with pytest.raises(Refused, match="7 天内"):
        actions.ask_undo(actor=officer.user, batch=batch)


def test_record_changed_after_the_check_is_not_overwritten(officer, tree):
    _apply(officer, _upload(officer, tree.city, _csv(["a", "甲", "", ""])))
    batch = _upload(officer, tree.city, _csv(["a", "甲二", "", ""]))
    planning.edit_campaign(
        actor=officer.user, campaign=Campaign.objects.get(slug="a"), fields={"name": "别人改的"}
    )
    _apply(officer, batch)
    assert Campaign.objects.get(slug="a").name == "别人改的"
    assert "又被人改过" in ImportRow.objects.get(batch=batch).outcome
    assert "1 行没有写入" in officer.get(batch.staff_url).content.decode()


def test_refused_row_leaves_the_others(officer, tree):
    batch = _upload(
        officer, tree.city, _csv(["b", "乙", "", ""], ["refused", "丙", "", ""], ["d", "丁", "", ""])
    )
    _apply(officer, batch)
    assert {row.slug for row in Campaign.objects.all()} == {"b", "d"}
    assert [row.outcome for row in _rows(batch) if row.state == "failed"] == ["这个网址名不能用。"]


def test_wrong_row_waits_for_a_decision(officer, tree):
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", "昨天"], ["c", "", "", ""], ["d", "丁", "", ""]))
    page = officer.get(batch.staff_url).content.decode()
    assert "开始日期：“昨天”不是日期" in page
    assert "主题名称：请填写。" in page
    _apply(officer, batch)
    assert not Campaign.objects.exists()
    wrong = ImportRow.objects.filter(batch=batch, verdict="wrong").first()
    officer.post(f"{batch.staff_url}choose/", {f"choice-{wrong.pk}": "new"})
    wrong.refresh_from_db()
    assert wrong.choice == ""
    officer.post(f"{batch.staff_url}choose/", {"all": "wrong:new"})
    wrong.refresh_from_db()
    assert wrong.choice == ""
    officer.post(f"{batch.staff_url}choose/", {"all": "wrong:skip"})
    _apply(officer, batch)
    assert [row.slug for row in Campaign.objects.all()] == ["d"]


def test_pages_hold_fifty_rows(officer, tree):
    batch = _upload(officer, tree.city, _csv(*[[f"s{n}", f"主题{n}", "", ""] for n in range(60)]))
    first = officer.get(batch.staff_url)
    assert len(first.context["rows"]) == 50
    second = officer.get(f"{batch.staff_url}?after={first.context['next_after']}")
    assert [row.label for row in second.context["rows"]] == [f"主题{n}" for n in range(50, 60)]
    assert officer.get(f"{batch.staff_url}?after=x&show=nonsense").status_code == 200


def test_cost_of_the_page_does_not_grow_with_the_rows(officer, tree):
    counts = []
    for size in (1, 3):
        batch = _upload(officer, tree.city, _csv(*[[f"r{size}{n}", "主题", "", ""] for n in range(size)]))
        officer.get(batch.staff_url)
        with CaptureQueriesContext(connection) as seen:
            officer.get(batch.staff_url)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_same_form_twice_is_one_import(officer, tree):
    token = "5d0e7c1e-1111-4222-8333-444455556666"
    for _again in range(2):
        _upload(officer, tree.city, _csv(["b", "乙", "", ""]), form_token=token)
    assert Import.objects.count() == 1


def test_only_who_holds_the_permission(signed_in, officer, tree):
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get("/staff/imports/example/new/").status_code == 403
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", ""]))
    assert signed_in(Role.CITY_OP, tree.city).get(batch.staff_url).status_code == 404
    index = officer.get("/staff/imports/").content.decode()
    assert "主题.csv" in index
    assert "/staff/imports/example/template.xlsx" in index
    assert officer.get("/staff/imports/example/template.xlsx").status_code == 200


def test_unread_table_can_be_thrown_away_and_is_forgotten_after_a_week(officer, tree):
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", ""]))
    officer.post(f"{batch.staff_url}discard/")
    assert not Import.objects.exists()
    _upload(officer, tree.city, _csv(["b", "乙", "", ""]))
    Import.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert actions.forget_old() == {"deleted": 1, "rows": 0}
    assert not Campaign.objects.exists()


def test_choices_are_closed_after_the_confirmation(officer, tree):
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", ""]))
    _apply(officer, batch)
    row = _rows(batch)[0]
    with pytest.raises(Refused):
        actions.choose(actor=officer.user, batch=batch, choices={row.pk: Choice.SKIP})
    with pytest.raises(Refused):
        actions.discard(actor=officer.user, batch=batch)


def test_merged_titles_formulas_and_dates_of_a_workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "2026 年主题一览"
    sheet.merge_cells("A1:D1")
    sheet["A2"] = "填报单位：阳泉市妇联"
    for number, name in enumerate(HEADINGS, start=1):
        sheet.cell(3, number, f"{name}＊")
    sheet.append(["a", "=A1&B1", "口号", date(2026, 5, 6)])
    sheet.append(["合计", None, None, None])
    buffer = io.BytesIO()
    book.save(buffer)
    table = read(buffer.getvalue(), known=KIND.headings)
    assert table.headings[:4] == HEADINGS
    assert table.rows[0][0] == 4
    assert table.rows[0][1][:4] == ["a", "=A1&B1", "口号", "2026-05-06"]


@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_table_made_on_an_english_page_is_read_on_a_chinese_one(code):
    kind = KINDS[code]
    with override("en"):
        book = openpyxl.load_workbook(io.BytesIO(workbook(kind)))
    headings = [cell.value for cell in book.worksheets[0][1]]
    wanted = [column.key for column in kind.columns if column.in_template]
    assert not any("\u4e00" <= char <= "\u9fff" for heading in headings for char in heading)
    with override("zh-hans"):
        assert [kind.headings[clean_heading(heading)] for heading in headings] == wanted


def test_registered_twice_is_refused():
    with pytest.raises(Exception, match="twice"):
        registry.register(ImportKind(**{**vars(KIND), "label": "别的"}))


def test_jobs_are_known_to_run_due(officer, tree, db):
    batch = _upload(officer, tree.city, _csv(["b", "乙", "", ""]))
    officer.post(f"{batch.staff_url}confirm/", {})
    call_command("run_due")
    assert Campaign.objects.filter(slug="b").exists()
