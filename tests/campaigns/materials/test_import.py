"""Booklets and films from a table."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.materials.models import Material
from campaigns.materials.tables import snapshot
from portal.access.roles import Role
from portal.importing.models import Import, ImportRow
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from tests.factories.activities import make_campaign
from tests.factories.materials import make_film, make_material, make_placement

NEW = "/staff/imports/materials/new/"
HEAD = "名称,类型,版次,数量,片长(分钟),制作(采购)日期,链接"


@pytest.fixture
def officer(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def upload(client, unit, data, name="资料.csv"):
    data = data if isinstance(data, bytes) else data.encode()
    answer = client.post(NEW, {"unit": unit.unit_no, "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Import.objects.order_by("-pk").first()


def rows_of(batch):
    return list(ImportRow.objects.filter(batch=batch).order_by("number"))


def finish(client, batch, path="confirm"):
    client.post(f"{batch.staff_url}{path}/", {})
    run_all()
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_rows_become_materials_and_go_again_unless_they_are_out(officer, tree, encoding):
    text = f"{HEAD}\n读本,读本、宣传册,第一版,约2000,,2022.5.6,\n镜鉴家风,影片,,,45,,https://example.cn/film"
    batch = finish(officer, upload(officer, tree.pingding, text.encode(encoding)))
    one, film = Material.objects.get(kind="booklet"), Material.objects.get(kind="film")
    assert (one.copies, one.copies_estimated, one.made_on, film.minutes) == (2000, True, date(2022, 5, 6), 45)
    make_placement(one)
    finish(officer, batch, "undo")
    assert list(Material.objects.all()) == [one]
    assert "投放和观影" in rows_of(batch)[0].outcome
    assert JournalEntry.objects.filter(verb="material.import_undone").count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("读本,茶杯,,,,,", "没有“茶杯”，请从这些里选"), (",影片,,,,,", "名称：请填写"), ("片,影片,,-5,,,", "不是数量"),
        ("片,影片,,=1+1,,,", "是公式"), ("片,影片,,,-1,,", "不能是负数"), ("片,影片,,,,2099.1.1,", "晚于今天"),
        ("片,影片,,,,五月,", "看不懂"), ("片,影片,,,,,javascript:1", "请填完整网址"),
    ],
)  # fmt: skip
def test_wrong_cell_is_answered_at_its_row(officer, tree, row, words):
    batch = upload(officer, tree.pingding, f"{HEAD}\n{row}".encode("gbk"))
    assert rows_of(batch)[0].verdict == "wrong"
    assert words in officer.get(batch.staff_url).content.decode()
    finish(officer, batch)
    assert not Material.objects.exists()


def test_export_comes_back_unchanged(officer, tree):
    made = [
        make_material(
            tree.pingding, officer.user, title="=读本", edition="第一版", copies=500, copies_estimated=True, summary="一\r\n二",
            partners="新华书店", link="https://example.cn/a", made_on=date(2022, 1, 2), campaign=make_campaign(tree.city),
        ),
        make_film(tree.dongguan, minutes=45),
    ]  # fmt: skip
    before = {row.pk: snapshot(Material.objects.get(pk=row.pk)) for row in made}
    for file_format in ("csv", "xlsx"):
        officer.post("/staff/lists/export/", {"list": "materials", "query": "", "format": file_format})
        run_all()
        data = Job.objects.filter(kind="listing.export").order_by("-pk").first().open_file().read()
        batch = upload(officer, tree.pingding, data, f"资料.{file_format}")
        assert [(row.verdict, row.choice, row.differences, row.faults) for row in rows_of(batch)] == [
            ("same", "skip", [], [])
        ] * 2
    batch = finish(officer, upload(officer, tree.pingding, f"资料编号,名称,数量\n{made[0].pk},=读本,600"))
    assert Material.objects.get(pk=made[0].pk).copies == 600
    finish(officer, batch, "undo")
    assert {pk: snapshot(Material.objects.get(pk=pk)) for pk in before} == before


def test_duplicates_are_explained_and_the_reach_holds(officer, tree, signed_in):
    there = make_material(tree.pingding, title="读本")
    text = f"单位,名称,类型\n,读本,影片\n,新书,影片\n,新书,影片\n{tree.yuxian.name},书,影片"
    first, second, third, fourth = rows_of(upload(officer, tree.pingding, text))
    assert [row.choice for row in (first, second, third, fourth)] == ["skip", "new", "skip", ""]
    assert f"编号 {there.pk}" in first.match_why
    assert "您负责的范围内没有" in fourth.faults[0]
    assert NEW in officer.get("/staff/materials/").content.decode()
    assert signed_in(Role.COUNTY_LEADER, tree.pingding).get(NEW).status_code == 403
