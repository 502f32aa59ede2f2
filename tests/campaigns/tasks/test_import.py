"""Tasks from a table: drafts only, what a row refuses, the way back."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.tasks import actions
from campaigns.tasks.models import Task, TaskCopy
from campaigns.tasks.tables import snapshot
from portal.access.roles import Role
from portal.importing.models import Import, ImportRow
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.notifications.models import Message
from tests.factories.activities import make_campaign
from tests.factories.tasks import make_task

NEW = "/staff/imports/tasks/new/"
HEAD = "任务名称,任务要求,完成期限,承办单位,下级妇联,任务清单,检查日期"


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


def soon(days=10):
    return (timezone.localdate() + timedelta(days=days)).strftime("%Y.%m.%d")


def upload(client, unit, data, name="任务.csv"):
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
def test_rows_become_drafts_and_nobody_is_told(city, tree, signed_in, encoding):
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    text = (
        f"{HEAD}\n作品征集,请组织,{soon()},{tree.pingding.unit_no}、{tree.yuxian.name},,转发通知；上报名单|家儿部,{soon(12)}\n"
        f"宣讲,,{soon(5)},,县(市、区)、乡镇（街道）,,"
    )
    batch = finish(city, upload(city, tree.city, text.encode(encoding)))
    first, second = Task.objects.get(title="作品征集"), Task.objects.get(title="宣讲")
    assert (first.status, second.status) == ("draft", "draft")
    assert first.address["units"] == sorted([tree.pingding.unit_no, tree.yuxian.unit_no])
    assert second.address["levels"] == [3, 4]
    assert [(item.text, item.owner) for item in first.items.all()] == [
        ("转发通知", ""),
        ("上报名单", "家儿部"),
    ]
    assert not TaskCopy.objects.exists()
    assert not Message.objects.filter(user=county.user).exists()
    finish(city, batch, "undo")
    assert set(Task.objects.values_list("status", flat=True)) == {"discarded"}
    assert JournalEntry.objects.filter(verb="task.discarded").count() == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("任务,,2020.1.1,,,,", "完成期限：2020-01-01 已经过去"),
        ("任务,,明天,,,,", "看不懂"),
        ("任务,,,,,,", "完成期限：请填写"),
        (",要求,{soon},,,,", "任务名称：请填写"),
        ("任务,,=TODAY(),,,,", "是公式"),
        ("任务,,{soon},,,,2020.1.1", "检查日期：早于完成期限"),
        ("任务,,{soon},山西省妇联,,,", "不能下达"),
        ("任务,,{soon},,国家级,,", "没有“国家级”，请从这些里选"),
        ("{long},,{soon},,,,", "超出 1 字"),
    ],
)
def test_wrong_cell_is_answered_at_its_row(city, tree, row, words):
    text = f"{HEAD}\n" + row.format(soon=soon(), long="长" * 81)
    batch = upload(city, tree.city, text.encode("gbk"))
    assert rows_of(batch)[0].verdict == "wrong"
    assert words in city.get(batch.staff_url).content.decode()
    finish(city, batch)
    assert not Task.objects.exists()


def test_closed_unit_is_named_with_its_heir(city, tree):
    tree.yuxian.closed_on, tree.yuxian.replaced_by = date(2026, 1, 1), tree.pingding
    tree.yuxian.save()
    batch = upload(city, tree.city, f"{HEAD}\n任务,,{soon()},{tree.yuxian.name},,,")
    assert f"请改选并入的“{tree.pingding.name}”" in rows_of(batch)[0].faults[0]


def test_unit_outside_may_not_issue(signed_in, tree):
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    batch = upload(county, tree.pingding, f"下达单位,任务名称,完成期限\n{tree.yuxian.name},任务,{soon()}")
    assert "您负责的范围内没有" in rows_of(batch)[0].faults[0]
    assert county.get("/staff/imports/tasks/template.xlsx").status_code == 200
    assert NEW in county.get("/staff/tasks/issued/").content.decode()
    village = signed_in(Role.VILLAGE_OP, tree.dongguan)
    assert village.get(NEW).status_code == 403


def _export(client, file_format):
    client.post("/staff/lists/export/", {"list": "tasks", "query": "", "format": file_format})
    run_all()
    return Job.objects.filter(kind="listing.export").order_by("-pk").first().open_file().read()


def test_export_comes_back_unchanged_and_a_changed_cell_is_an_update(city, tree):
    today = timezone.localdate()
    draft = make_task(
        tree.city, by=city.user, status="draft", issued_at=None, title="=草稿", text="第一段\r\n第二段", items=["一；二", "三"],
        address={"levels": [3], "kinds": ["organ"], "units": [tree.pingding.unit_no]}, deployed_on=today,
        check_on=today + timedelta(days=20), appraisal="考核", leader_name="王部长", contact_name="李干事",
        campaign=make_campaign(tree.city),
    )  # fmt: skip
    late = make_task(tree.city, [tree.pingding], by=city.user, due_on=today - timedelta(days=30))
    late.address = {"levels": [], "kinds": [], "units": [tree.pingding.unit_no]}
    late.save()
    before = {row.pk: snapshot(row) for row in (Task.objects.get(pk=draft.pk), Task.objects.get(pk=late.pk))}
    for file_format in ("csv", "xlsx"):
        batch = upload(city, tree.city, _export(city, file_format), f"任务.{file_format}")
        assert [(row.verdict, row.choice, row.differences, row.faults) for row in rows_of(batch)] == [
            ("same", "skip", [], [])
        ] * 2
    text = (
        f"任务编号,任务名称,完成期限,任务要求\n{draft.pk},=草稿,{soon(9)},新要求\n{late.pk},改名,{soon(9)},"
    )
    batch = upload(city, tree.city, text)
    first, second = rows_of(batch)
    assert (first.choice, sorted(key for key, *_ in first.differences)) == ("update", ["due_on", "text"])
    assert (second.choice, second.why_not[:6]) == ("skip", "任务已下达，")
    finish(city, batch)
    assert Task.objects.get(pk=draft.pk).text == "新要求"
    finish(city, batch, "undo")
    assert {pk: snapshot(Task.objects.get(pk=pk)) for pk in before} == before


def test_same_name_is_explained_and_an_issued_draft_is_not_taken_back(city, tree):
    there = make_task(tree.city, title="年度部署", by=city.user)
    text = (
        f"{HEAD}\n年度部署,,{soon()},,,,\n新任务,,{soon()},{tree.pingding.unit_no},,,\n新任务,,{soon()},,,,"
    )
    batch = upload(city, tree.city, text)
    first, second, third = rows_of(batch)
    assert (first.choice, second.choice, third.choice) == ("skip", "new", "skip")
    assert f"编号 {there.pk}" in first.match_why
    assert "本表第 3 行" in third.match_why
    finish(city, batch)
    actions.issue(actor=city.user, task=Task.objects.get(title="新任务"))
    finish(city, batch, "undo")
    assert Task.objects.get(title="新任务").status == "issued"
    assert "“状态”有过改动" in rows_of(batch)[1].outcome
