"""Pages of tasks: insiders, outsiders, mistakes at the field, bulk, flat queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.tasks.models import Task, TaskAnswer, TaskCopy, TaskNotice
from campaigns.tasks.rules import CopyStatus, TaskStatus
from portal.access.roles import Role
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.notifications.models import Message
from portal.units.models import Unit
from tests.factories.activities import make_activity
from tests.factories.tasks import make_task, task_form

NEW, COPIES = "/staff/tasks/new/", "/staff/tasks/copies/"


def _copy_url(copy, rest=""):
    return f"{COPIES}{copy.pk}/{rest}"


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


@pytest.fixture
def county(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"due_on": "2020-01-01"}, "due_on", "已经过去"),
        ({"due_on": "明天"}, "due_on", "年-月-日"),
        ({"title": ""}, "title", ""),
        ({"units": ["140322100000-77"]}, "units", "不是本单位的下级"),
        ({"last_days": "9"}, "last_days", "第一次之后"),
        ({"items_text": "长" * 121}, "items_text", "不超过"),
        ({"levels": ["1"]}, "levels", ""),
        ({"check_on": "2021-01-01"}, "check_on", "早于完成期限"),
    ],
)
def test_mistakes_are_told_at_the_field_and_nothing_is_kept(city, fields, field, words):
    answer = city.post(NEW, task_form(text="写了很多字", **fields))
    assert answer.status_code == 422
    assert words in "".join(answer.context["form"].errors[field])
    assert "写了很多字" in answer.content.decode()
    assert not Task.objects.exists()


def test_closed_unit_is_named_with_its_successor(city, tree):
    Unit.objects.filter(pk=tree.zone.pk).update(closed_on=timezone.localdate(), replaced_by=tree.yuxian)
    answer = city.post(NEW, task_form(levels=[], units=[tree.zone.unit_no]))
    assert "高新区妇联”已于" in answer.context["form"].errors["units"][0]
    assert "盂县妇联" in answer.context["form"].errors["units"][0]


def test_draft_is_kept_edited_and_issued_and_the_form_twice_is_one(city, tree):
    form = task_form(act="draft")
    first, second = city.post(NEW, form), city.post(NEW, form)
    task = Task.objects.get()
    assert first.url == second.url == f"/staff/tasks/{task.pk}/edit/"
    page = city.get(first.url).content.decode()
    assert "上报作品 | 家儿部" in page
    assert not Message.objects.exists()
    changed = task_form(title="改了名", levels=[], units=[tree.pingding.unit_no], version=task.version)
    assert city.post(first.url, changed).url == f"/staff/tasks/{task.pk}/preview/"
    assert "改了名" in city.get(f"/staff/tasks/{task.pk}/preview/").content.decode()
    city.post(f"/staff/tasks/{task.pk}/issue/")
    assert [copy.unit for copy in TaskCopy.objects.all()] == [tree.pingding]
    assert city.get(first.url).status_code == 302


def test_two_people_editing_a_draft_do_not_overwrite_each_other(city, tree):
    city.post(NEW, task_form(act="draft"))
    task = Task.objects.get()
    path = f"/staff/tasks/{task.pk}/edit/"
    assert city.post(path, task_form(title="先改的", version="1", act="draft")).status_code == 302
    answer = city.post(path, task_form(title="后改的", version="1", act="draft"))
    assert answer.status_code == 422
    assert "后改的" in answer.content.decode()
    task.refresh_from_db()
    assert task.title == "先改的"


def test_soon_follows_the_setting_of_the_task(city, tree):
    day = timezone.localdate() + timedelta(days=8)
    make_task(tree.city, [tree.pingding], due_on=day, soon_days=10, title="早提醒")
    make_task(tree.city, [tree.pingding], due_on=day, title="照常")
    rows = city.get(f"{COPIES}?box=soon").context["page"].rows
    assert [row.obj.task.title for row in rows] == ["早提醒"]
    assert [row.obj.light.tone for row in rows] == ["warn"]


def test_outsiders_reach_nothing(city, county, signed_in, tree, client):
    task = make_task(tree.city, [tree.pingding], by=city.user)
    copy, other = task.copies.get(), signed_in(Role.COUNTY_OP, tree.yuxian)
    for path in (f"/staff/tasks/{task.pk}/", _copy_url(copy)):
        assert other.get(path).status_code == 404
        assert client.get(path).status_code == 302
    assert county.get(f"/staff/tasks/{task.pk}/").status_code == 404  # the issuing side's page
    assert county.get(_copy_url(copy)).status_code == 200
    assert other.post(_copy_url(copy, "answer/"), {"text": "x"}).status_code == 404
    assert county.post(f"/staff/tasks/{task.pk}/recall/", {"recall-reason": "不想办"}).status_code == 404
    assert signed_in(Role.COUNTY_LEADER, tree.pingding).post(_copy_url(copy, "answer/")).status_code == 403
    assert county.post(_copy_url(copy, "step/check/")).status_code == 403
    assert not TaskAnswer.objects.exists()


def test_unit_receives_answers_with_a_record_and_the_city_checks(city, county, tree):
    task = make_task(tree.city, [tree.pingding], by=city.user, items=["转发"])
    copy, activity = task.copies.get(), make_activity(tree.dongguan, status="county_ok", title="东关宣讲")
    county.post(_copy_url(copy, "step/receive/"))
    assert "东关宣讲" in county.get(_copy_url(copy)).content.decode()
    empty = county.post(_copy_url(copy, "answer/"), {"act": "finish"})
    assert (empty.status_code, "text" in empty.context["answer_form"].errors) == (422, True)
    said = {"act": "finish", "proofs": [f"activity:{activity.pk}"], "text": "办完了"}
    county.post(_copy_url(copy, "answer/"), said)
    copy.refresh_from_db()
    assert copy.status == CopyStatus.DONE
    page = city.get(_copy_url(copy)).content.decode()
    assert activity.staff_url in page
    assert "检查通过" in page
    assert city.get("/staff/inbox/").content.decode().count(task.title) >= 1
    city.post(_copy_url(copy, "step/check/"))
    copy.refresh_from_db()
    assert copy.status == CopyStatus.CHECKED
    late = county.post(_copy_url(copy, "answer/"), {"act": "save", "text": "再补一句"})
    assert late.status_code == 409
    assert "再补一句" in late.content.decode()


def test_evidence_can_be_taken_off_and_the_record_stays(county, tree):
    copy, activity = (
        make_task(tree.city, [tree.pingding]).copies.get(),
        make_activity(tree.dongguan, status="county_ok"),
    )
    county.post(_copy_url(copy, "answer/"), {"act": "save", "proofs": [f"activity:{activity.pk}"]})
    row = copy.evidence.get()
    county.post(_copy_url(copy, f"evidence/{row.pk}/remove/"))
    assert not copy.evidence.exists()
    activity.refresh_from_db()


def test_not_applicable_over_the_pages_needs_a_reason(city, county, tree):
    copy = make_task(tree.city, [tree.pingding], by=city.user).copies.get()
    assert county.post(_copy_url(copy, "step/claim_na/"), {"claim_na-reason": " "}).status_code == 422
    county.post(_copy_url(copy, "step/claim_na/"), {"claim_na-reason": "没有示范村"})
    assert "没有示范村" in city.get(_copy_url(copy)).content.decode()
    city.post(_copy_url(copy, "step/accept_na/"))
    rows = city.get(f"{COPIES}?box=na").context["page"].rows
    assert rows[0].cells[0].value == "不适用"


def test_handing_down_over_the_pages(county, signed_in, tree):
    copy = make_task(tree.city, [tree.pingding], items=["转发"]).copies.get()
    path = f"{NEW}?from={copy.pk}"
    assert copy.task.title in county.get(path).content.decode()
    late = county.post(path, task_form(levels=["4"], due_on=(copy.due_on + timedelta(days=1)).isoformat()))
    assert "不能比它晚" in late.context["form"].errors["due_on"][0]
    county.post(path, task_form(levels=["4"], due_on=copy.due_on.isoformat()))
    child = Task.objects.get(parent_copy=copy)
    county.post(f"/staff/tasks/{child.pk}/issue/")
    assert child.copies.get().unit == tree.guanshan
    TaskCopy.objects.filter(task=child).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "逾期 1 个" in county.get(_copy_url(copy)).content.decode()
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(path).status_code == 404
    assert "转发下级" in county.get(_copy_url(copy)).content.decode()
    city = signed_in(Role.CITY_OP, tree.city)
    assert "转发下级" not in city.get(_copy_url(copy)).content.decode()  # it is the county's to hand down


def test_recall_and_due_date_over_the_pages(city, tree):
    task = make_task(tree.city, [tree.pingding], by=city.user)
    past = city.post(f"/staff/tasks/{task.pk}/due/", {"due-due_on": "2020-01-01", "due-reason": "x"})
    assert past.status_code == 422
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    city.post(f"/staff/tasks/{task.pk}/due/", {"due-due_on": day, "due-reason": "防汛"})
    assert "防汛" not in city.get(f"/staff/tasks/{task.pk}/").context["task"].title
    task.refresh_from_db()
    assert task.due_on.isoformat() == day
    assert city.post(f"/staff/tasks/{task.pk}/recall/", {"recall-reason": ""}).status_code == 422
    city.post(f"/staff/tasks/{task.pk}/recall/", {"recall-reason": "合并"})
    task.refresh_from_db()
    assert task.status == TaskStatus.RECALLED


def test_bulk_asks_first_says_who_is_told_and_then_acts_once(city, county, signed_in, tree):
    task = make_task(
        tree.city, [tree.pingding, tree.yuxian, tree.zone], by=city.user, due_on=timezone.localdate()
    )
    keys = [str(pk) for pk in task.copies.values_list("pk", flat=True)]
    ask = city.post(f"{COPIES}bulk/", {"step": "remind", "chosen": keys})
    assert county.user.display_name in ask.content.decode()
    assert not TaskNotice.objects.exists()
    city.post(f"{COPIES}bulk/", {"step": "remind", "chosen": keys, "sure": "1"})
    city.post(f"{COPIES}bulk/", {"step": "remind", "chosen": keys, "sure": "1"})
    assert TaskNotice.objects.count() == 3
    assert Message.objects.filter(user=county.user, title__startswith="任务提醒").count() == 1
    county.post(_copy_url(task.copies.get(unit=tree.pingding), "answer/"), {"act": "finish", "text": "办完"})
    answer = city.post(
        f"{COPIES}bulk/", {"step": "check", "chosen": keys, "sure": "1", "back": f"/staff/tasks/{task.pk}/"}
    )
    assert answer.url == f"/staff/tasks/{task.pk}/"
    assert task.copies.filter(status=CopyStatus.CHECKED).count() == 1
    assert city.post(f"{COPIES}bulk/", {"step": "check", "chosen": keys, "back": "//evil"}).status_code == 200
    assert (
        signed_in(Role.VILLAGE_OP, tree.dongguan).post(f"{COPIES}bulk/", {"step": "check"}).status_code == 403
    )


def test_boxes_of_the_list(city, tree):
    today = timezone.localdate()
    late = make_task(tree.city, [tree.pingding], due_on=today - timedelta(days=1), title="迟")
    make_task(tree.city, [tree.pingding], due_on=today + timedelta(days=2), title="近")
    make_task(tree.city, [tree.pingding], due_on=today + timedelta(days=20), title="远")
    done = make_task(tree.city, [tree.yuxian], title="报")
    TaskCopy.objects.filter(task=done).update(status=CopyStatus.DONE, done_at=timezone.now())
    gone = make_task(
        tree.city, [tree.pingding], due_on=today - timedelta(days=1), title="撤", status="recalled"
    )

    def titles(query):
        return {row.obj.task.title for row in city.get(f"{COPIES}?{query}").context["page"].rows}

    cases = {
        "box=gaps": {"迟", "近", "报"}, "box=overdue": {"迟"}, "box=soon": {"近"}, "box=check": {"报"},
        "box=owed": {"迟", "近", "远"}, "": {"迟", "近", "远", "报", "撤"}, f"task={late.pk}": {"迟"},
        "unit=140322000000": {"报"}, "q=远": {"远"}, f"box=reported&done_since={today}": {"报"},
        f"box=reported&done_until={today - timedelta(days=1)}": set(), "task=abc": {"迟", "近", "远", "报", "撤"},
    }  # fmt: skip
    for query, expected in cases.items():
        assert titles(query) == expected, query
    assert gone.pk


def test_lists_and_task_page_cost_the_same_for_one_and_three(city, tree):
    def more(units):
        task = make_task(tree.city, units, by=city.user, items=["甲"], due_on=timezone.localdate())
        for copy in task.copies.all():
            TaskNotice.objects.create(copy=copy, stage="soon", due_on=copy.due_on)
        return task

    one_task = more([tree.pingding])
    paths = [COPIES, "/staff/tasks/issued/", f"/staff/tasks/{one_task.pk}/", "/staff/tasks/quotas/"]

    def cost(path):
        city.get(path)
        with CaptureQueriesContext(connection) as found:
            assert city.get(path).status_code == 200
        return len(found)

    before = [cost(path) for path in paths]
    three_task = more([tree.pingding, tree.yuxian, tree.zone])
    more([tree.pingding, tree.yuxian])
    paths[2] = f"/staff/tasks/{three_task.pk}/"
    assert [path for path, cheap in zip(paths, before, strict=True) if cost(path) > cheap] == []


def test_workbench_shows_my_tasks_and_the_gaps_below(city, county, tree):
    make_task(
        tree.city,
        [tree.pingding],
        by=city.user,
        due_on=timezone.localdate() - timedelta(days=2),
        title="催办的",
    )
    page = county.get("/staff/").content.decode()
    assert "我的任务" in page
    assert "逾期 2 天" in page
    assert "下级任务逾期" in city.get("/staff/").content.decode()
    assert "我的任务" not in city.get("/staff/").content.decode()


def test_index_shows_received_or_goes_to_issued(city, county, tree):
    make_task(tree.city, [tree.pingding], title="收到的这项")
    assert county.get("/staff/tasks/").url == "/staff/tasks/?box=owed"
    assert "收到的这项" in county.get("/staff/tasks/?box=owed").content.decode()
    assert city.get("/staff/tasks/").url == "/staff/tasks/issued/"


def test_list_is_exported_with_columns_that_can_be_read_back(city, tree):
    make_task(tree.city, [tree.pingding], title="导出我")
    answer = city.post("/staff/lists/export/", {"list": "task_copies", "query": "", "format": "csv"})
    run_all()
    job = Job.objects.filter(kind="listing.export").last()
    assert answer.status_code in {200, 302}
    assert job is not None
    assert job.result.get("rows") == 1, (job.state, job.result)


def test_large_choice_becomes_a_job(city, tree, monkeypatch):
    from campaigns.tasks import bulk

    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    make_task(tree.city, [tree.pingding, tree.yuxian], by=city.user)
    answer = city.post(f"{COPIES}bulk/", {"step": "remind", "all_matching": "1", "query": "", "sure": "1"})
    assert "/jobs/" in answer.url
    run_all()
    assert TaskNotice.objects.count() == 2


def test_a_successor_takes_over_open_copies_and_drafts(city, county, person, tree):
    from campaigns.tasks import staffing

    copy = make_task(tree.city, [tree.pingding]).copies.get()
    TaskCopy.objects.filter(pk=copy.pk).update(person=county.user, person_name="旧")
    make_task(tree.pingding, by=county.user, status=TaskStatus.DRAFT)
    new = person(Role.COUNTY_OP, tree.pingding, display_name="新经办")
    assert staffing._count(county.user) == 2
    assert staffing._move(county.user, new) == 2
    copy.refresh_from_db()
    assert (copy.person, copy.person_name, staffing._count(county.user)) == (new, "新经办", 0)


def test_my_tasks_name_the_units_below_that_are_missing(county, tree):
    copy = make_task(tree.city, [tree.pingding]).copies.get()
    make_task(tree.pingding, [tree.guanshan], parent_copy=copy)
    assert "还差 冠山镇 等 1 个" in county.get("/staff/").content.decode()


def test_recall_shows_beforehand_what_goes_with_it(city, tree):
    task = make_task(tree.city, [tree.pingding])
    plain = city.get(task.staff_url).content.decode()
    assert "一并撤回并告诉他们" not in plain
    make_task(tree.pingding, [tree.guanshan], parent_copy=task.copies.get(), title="转发到乡镇")
    page = city.get(task.staff_url)
    assert (page.context["lower_n"], page.context["lower_units"]) == (1, 1)
    assert "平定县：转发到乡镇" in page.content.decode()
