"""Issuing, answering, checking, chasing: refusal beside success."""

import threading
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from campaigns.tasks import actions, queries
from campaigns.tasks.models import Task, TaskAnswer, TaskCopy, TaskEvidence, TaskNotice, TaskTick
from campaigns.tasks.rules import Colour, CopyStatus, Stage, TaskStatus
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from portal.units.models import Level, UnitKind
from tests.factories.activities import make_activity
from tests.factories.tasks import make_task
from tests.factories.units import make_unit


def _today():
    return timezone.localdate()


def _draft(actor, unit, **fields):
    values = {"title": "任务", "due_on": _today() + timedelta(days=7), "address": {"levels": [3]}} | fields
    return actions.save_task(actor=actor, unit=unit, fields=values, items=[("转发", ""), ("上报", "家儿部")])


def test_issue_reaches_the_addressed_units_and_a_stranger_may_not(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        _draft(county, tree.city)
    task = _draft(
        city, tree.city, address={"levels": [3], "kinds": ["organ"], "units": [tree.guanshan.unit_no]}
    )
    with pytest.raises(PermissionDenied):
        actions.issue(actor=county, task=task)
    actions.issue(actor=city, task=task)
    run_all()
    assert [copy.unit for copy in task.copies.order_by("unit__path")] == sorted(
        [tree.pingding, tree.yuxian, tree.zone, tree.office, tree.guanshan], key=lambda unit: unit.path
    )
    assert Message.objects.filter(user=county, title="新任务：任务").count() == 1
    with pytest.raises(StaleState):
        actions.issue(actor=city, task=Task.objects.get(pk=task.pk))
    assert JournalEntry.objects.filter(verb="task.issued").count() == 1


def test_kinds_reach_only_their_kind(person, tree):
    city = person(Role.CITY_OP, tree.city)
    trade = make_unit(tree.city, "140300000000-02", "民政系统", Level.COUNTY, UnitKind.SYSTEM)
    task = _draft(city, tree.city, address={"kinds": ["system"]})
    assert queries.preview(task).units == [trade]
    assert queries.preview(task).silent == [trade]


def test_closed_unit_and_past_date_and_nobody_are_refused(person, tree):
    city = person(Role.CITY_OP, tree.city)
    task = _draft(city, tree.city, address={"units": [tree.zone.unit_no]})
    tree.zone.closed_on, tree.zone.replaced_by = _today(), tree.pingding
    tree.zone.save()
    with pytest.raises(WorkflowError, match=r"高新区妇联.*撤销.*平定县妇联"):
        actions.issue(actor=city, task=task)
    with pytest.raises(WorkflowError, match="还没有选择"):
        actions.issue(actor=city, task=_draft(city, tree.city, address={}))
    late = _draft(city, tree.city)
    with (
        time_machine.travel(timezone.now() + timedelta(days=9)),
        pytest.raises(WorkflowError, match="已经过去"),
    ):
        actions.issue(actor=city, task=late)
    assert not TaskCopy.objects.exists()


def test_recall_and_new_date_need_a_reason_and_all_are_told(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding], by=city)
    day = _today() + timedelta(days=20)
    with pytest.raises(WorkflowError, match="理由"):
        actions.change_due(actor=city, task=task, due_on=day, reason=" ")
    with pytest.raises(WorkflowError, match="早于今天"):
        actions.change_due(actor=city, task=task, due_on=_today() - timedelta(days=1), reason="晚了")
    actions.change_due(actor=city, task=task, due_on=day, reason="防汛")
    run_all()
    assert task.copies.get().due_on == day
    assert "防汛" in Message.objects.get(user=county).text
    actions.change_due(actor=city, task=task, due_on=_today() + timedelta(days=21), reason="再延")
    actions.change_due(actor=city, task=task, due_on=day, reason="改回")
    run_all()
    assert Message.objects.filter(user=county, text__contains="改回").count() == 1
    with pytest.raises(WorkflowError, match="理由"):
        actions.recall(actor=city, task=task, reason="")
    actions.recall(actor=city, task=task, reason="合并到别的任务")
    run_all()
    assert Message.objects.filter(user=county, title__startswith="任务已撤回").count() == 1
    copy = TaskCopy.objects.get()
    with pytest.raises(WorkflowError, match="撤回"):
        actions.add_answer(actor=county, copy=copy, text="办了")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert actions.chase() == 0


def test_unit_answers_with_existing_records_only_its_own(person, tree):
    county = person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding, tree.yuxian], items=["转发", "上报"])
    copy, other = task.copies.get(unit=tree.pingding), task.copies.get(unit=tree.yuxian)
    mine, foreign = (
        make_activity(tree.dongguan, status="county_ok"),
        make_activity(tree.xiushui, status="county_ok"),
    )
    items = list(task.items.all())
    with pytest.raises(PermissionDenied):
        actions.add_answer(actor=county, copy=other, text="x")
    with pytest.raises(WorkflowError, match="佐证"):
        actions.add_answer(actor=county, copy=copy, text="x", proofs=[f"activity:{foreign.pk}"])
    assert not TaskAnswer.objects.exists()
    actions.add_answer(actor=county, copy=copy, items=[items[0].pk], proofs=[f"activity:{mine.pk}"])
    assert (copy.status, copy.received_at is not None) == ("in_progress", True)
    assert TaskEvidence.objects.get().label == mine.title
    actions.add_answer(actor=county, copy=copy, items=[items[1].pk], shown_items=[items[0].pk], finish=True)
    assert (copy.status, copy.late) == ("done", 0)
    assert [tick.item for tick in TaskTick.objects.all()] == [items[1]]


def test_the_same_form_twice_is_one_answer(person, tree):
    county = person(Role.COUNTY_OP, tree.pingding)
    copy = make_task(tree.city, [tree.pingding]).copies.get()
    token = str(uuid.uuid4())
    for _twice in range(2):
        actions.add_answer(actor=county, copy=copy, text="办好了", client_token=token)
    assert TaskAnswer.objects.count() == 1


def test_only_the_issuer_checks_and_never_who_reported(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    copy = make_task(tree.city, [tree.pingding], by=city).copies.get()
    actions.add_answer(actor=county, copy=copy, text="办好了", finish=True)
    with pytest.raises(PermissionDenied):
        actions.step(actor=county, copy=copy, name="check")
    assert "check" not in queries.steps_for(copy, scope_of(county))
    assert Message.objects.filter(user=city, title__contains="报告完成").count() == 1
    with pytest.raises(WorkflowError, match="理由"):
        actions.step(actor=city, copy=copy, name="return")
    actions.step(actor=city, copy=copy, name="return", reason="缺名单")
    assert Message.objects.filter(user=county, text="缺名单").exists()
    actions.add_answer(actor=county, copy=copy, text="补了名单", finish=True)
    actions.step(actor=city, copy=copy, name="check")
    assert copy.status == CopyStatus.CHECKED
    with pytest.raises(StaleState):
        actions.add_answer(actor=county, copy=copy, text="检查后再补")
    own = make_task(tree.city, [tree.pingding]).copies.get()
    TaskCopy.objects.filter(pk=own.pk).update(done_by=city)
    own.refresh_from_db()
    actions.add_answer(actor=county, copy=own, text="完", finish=True)
    TaskCopy.objects.filter(pk=own.pk).update(done_by=city)
    own.refresh_from_db()
    with pytest.raises(SamePerson):
        actions.step(actor=city, copy=own, name="check")


def test_not_applicable_needs_a_reason_and_the_issuer_and_is_grey(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    copy = make_task(tree.city, [tree.pingding], by=city, due_on=_today() - timedelta(days=3)).copies.get()
    assert copy.light.colour is Colour.OVERDUE
    with pytest.raises(WorkflowError, match="理由"):
        actions.step(actor=county, copy=copy, name="claim_na")
    actions.step(actor=county, copy=copy, name="claim_na", reason="本县没有这类示范村")
    assert copy.light.tone != "bad"
    actions.step(actor=city, copy=copy, name="accept_na")
    assert (copy.light.colour, copy.light.tone, copy.late) == (Colour.NONE, "", 0)


def test_responsible_people_are_accounts_or_names(person, tree):
    county = person(Role.COUNTY_OP, tree.pingding, display_name="平定经办")
    copy = make_task(tree.city, [tree.pingding]).copies.get()
    actions.set_people(actor=county, copy=copy, leader_name="县妇联主席", person_name="平定经办")
    copy.refresh_from_db()
    assert (copy.leader, copy.leader_name, copy.person) == (None, "县妇联主席", county)


# -- handing down -----------------------------------------------------------------------------------


def test_county_hands_down_and_sees_the_gaps_of_its_townships(person, tree):
    county, other = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
    copy = make_task(tree.city, [tree.pingding]).copies.get()
    fields = {"title": "转发", "due_on": copy.due_on, "address": {"levels": [4]}}
    with pytest.raises(WorkflowError, match="本单位收到"):
        actions.save_task(actor=other, unit=tree.yuxian, fields=fields, parent_copy=copy)
    late = fields | {"due_on": copy.due_on + timedelta(days=1)}
    with pytest.raises(WorkflowError, match="不能晚于"):
        actions.save_task(actor=county, unit=tree.pingding, fields=late, parent_copy=copy)
    child = actions.save_task(actor=county, unit=tree.pingding, fields=fields, parent_copy=copy)
    actions.issue(actor=county, task=child)
    assert [row.unit for row in child.copies.all()] == [tree.guanshan]
    with time_machine.travel(timezone.now() + timedelta(days=12)):
        [(shown, colours)] = queries.children_of(copy)
        assert (shown, colours[Colour.OVERDUE]) == (child, 1)


# -- chasing ----------------------------------------------------------------------------------------


def _chase_daily(start: date, days: int) -> None:
    for number in range(days):
        noon = timezone.make_aware(timezone.datetime.combine(start, timezone.datetime.min.time()))
        with time_machine.travel(noon + timedelta(days=number, hours=9), tick=False):
            actions.chase()
            reminders.run()
            actions.chase()
            reminders.run()


def test_escalation_goes_to_the_leader_then_to_the_issuer_each_once(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    leader = person(Role.COUNTY_LEADER, tree.pingding)
    start = _today()
    task = make_task(tree.city, [tree.pingding], by=city, due_on=start + timedelta(days=10))
    actions.step(actor=county, copy=task.copies.get(), name="receive")
    _chase_daily(start, 24)  # superiors hear of it after working days
    stages = list(TaskNotice.objects.values_list("stage", "told"))
    assert stages == [
        ("soon", [county.pk]), ("last", [county.pk]), ("overdue", [county.pk]), ("late_leader", [leader.pk]),
        ("late_issuer", [city.pk]),
    ]  # fmt: skip
    assert Message.objects.filter(user=county, title="任务提醒").count() == 3
    assert Message.objects.filter(user=leader, title="任务提醒").count() == 1
    assert Message.objects.filter(user=city, title="任务提醒").count() == 1
    page = queries.history(task.copies.get())
    assert [row["title"] for row in page if "报" in str(row["title"])] == [
        "逾期报本单位领导",
        "逾期报下达单位",
    ]


def test_silence_is_reported_and_without_a_leader_straight_to_the_issuer(person, tree):
    city = person(Role.CITY_OP, tree.city)
    person(Role.COUNTY_OP, tree.pingding)
    start = _today()
    make_task(tree.city, [tree.pingding], by=city, due_on=start + timedelta(days=30))
    _chase_daily(start, 9)
    notice = TaskNotice.objects.get()
    assert (notice.stage, notice.told) == (Stage.SILENT_LEADER, [city.pk])
    assert "没有领导账号" in notice.note


def test_a_new_date_brings_new_reminders(person, tree):
    city = person(Role.CITY_OP, tree.city)
    person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding], by=city, due_on=_today() + timedelta(days=1))
    actions.chase()
    actions.change_due(actor=city, task=task, due_on=_today() + timedelta(days=3), reason="顺延")
    actions.chase()
    assert list(TaskNotice.objects.values_list("stage", flat=True)) == ["last", "soon"]


def test_reminding_by_hand_twice_is_one_reminder(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding], by=city)
    with time_machine.travel(timezone.now(), tick=False):
        assert actions.remind(actor=city, copies=list(task.copies.all())) == (1, 1)
        assert actions.remind(actor=city, copies=list(task.copies.all())) == (0, 0)
    assert actions.remind(actor=county, copies=list(task.copies.all())) == (0, 0)
    assert Message.objects.filter(user=county).count() == 1


# -- races ------------------------------------------------------------------------------------------


def _at_once(*works):
    errors, gate = [], threading.Barrier(len(works))

    def go(work):
        try:
            gate.wait(timeout=60)
            work()
        except Exception as error:  # noqa: BLE001 – the test looks at what was raised
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_lose_nothing(person, tree):
    first, second = person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding], items=["甲", "乙"])
    pk, (one, two) = task.copies.get().pk, list(task.items.all())
    activities = [make_activity(tree.dongguan, status="county_ok") for _n in range(2)]

    def answer(user, text, item, activity):
        copy = TaskCopy.objects.select_related("task", "unit").get(pk=pk)
        proofs = [f"activity:{activity.pk}"]
        actions.add_answer(actor=user, copy=copy, text=text, items=[item.pk], proofs=proofs, finish=True)

    _at_once(
        lambda: answer(first, "甲写的", one, activities[0]),
        lambda: answer(second, "乙写的", two, activities[1]),
    )
    copy = TaskCopy.objects.get(pk=pk)
    assert copy.status == CopyStatus.DONE
    assert {row.text for row in copy.answers.all()} == {"甲写的", "乙写的"}
    assert copy.ticks.count() == copy.evidence.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_reminder_job_in_two_workers_sends_once(person, tree):
    county = person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding], due_on=_today() - timedelta(days=1))

    def work():
        actions.chase()
        reminders.run()

    _at_once(work, work)
    work()
    assert TaskNotice.objects.filter(copy__task=task, stage=Stage.OVERDUE).count() == 1
    assert Message.objects.filter(user=county, title="任务提醒").count() == 1


def test_discarded_draft_is_gone(person, tree):
    city = person(Role.CITY_OP, tree.city)
    task = _draft(city, tree.city)
    actions.discard(actor=city, task=task)
    assert task.status == TaskStatus.DISCARDED
    assert not queries.visible_tasks(scope_of(city)).exists()


# -- recall goes down with the task -----------------------------------------------------------------


def _handed_down(tree, person):
    """City → county → township: (city, county, the task, the county's own one, the township's one)."""
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding, tree.yuxian], by=city)
    middle = make_task(
        tree.pingding, [tree.guanshan], by=county, parent_copy=task.copies.get(unit=tree.pingding)
    )
    low = make_task(tree.guanshan, [tree.dongguan], parent_copy=middle.copies.get())
    return city, county, task, middle, low


def test_recall_takes_back_what_was_handed_down_and_tells_every_level(person, tree):
    city, county, task, middle, low = _handed_down(tree, person)
    township, village = person(Role.TOWNSHIP_OP, tree.guanshan), person(Role.VILLAGE_OP, tree.dongguan)
    draft = make_task(
        tree.yuxian, [], parent_copy=task.copies.get(unit=tree.yuxian), status=TaskStatus.DRAFT, title="草稿"
    )
    assert [row.pk for row in queries.handed_down([task])] == [middle.pk, low.pk]
    actions.recall(actor=city, task=task, reason="合并到别的任务")
    states = dict(Task.objects.values_list("pk", "status"))
    assert {states[row.pk] for row in (task, middle, low)} == {TaskStatus.RECALLED}
    assert states[draft.pk] == TaskStatus.DRAFT
    run_all()
    assert "转发下级的 1 项任务已一并撤回" in Message.objects.get(user=county).text
    for user in (township, village):
        told = Message.objects.get(user=user)
        assert "一并撤回" in told.text and "合并到别的任务" in told.text
    with pytest.raises(WorkflowError, match="不能再转发"):
        actions.issue(actor=person(Role.COUNTY_OP, tree.yuxian), task=_addressed(draft, tree.xiushui))


def _addressed(draft, unit):
    Task.objects.filter(pk=draft.pk).update(address={"units": [unit.unit_no]})
    return Task.objects.select_related("parent_copy__task").get(pk=draft.pk)


def test_lower_level_takes_back_its_own_part_only(person, tree):
    _city, county, task, middle, low = _handed_down(tree, person)
    with pytest.raises(PermissionDenied):
        actions.recall(actor=county, task=task, reason="不想办")
    actions.recall(actor=county, task=middle, reason="改为县里统一办")
    states = dict(Task.objects.values_list("pk", "status"))
    assert (states[task.pk], states[middle.pk], states[low.pk]) == ("issued", "recalled", "recalled")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_recall_and_handing_down_at_the_same_moment_leave_nothing_running(person, tree):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    task = make_task(tree.city, [tree.pingding], by=city)
    draft = make_task(tree.pingding, [], by=county, parent_copy=task.copies.get(), status=TaskStatus.DRAFT)
    draft = _addressed(draft, tree.guanshan)
    start = threading.Barrier(2)

    def run(write):
        start.wait()
        try:
            write()
        except (WorkflowError, StaleState):
            pass
        finally:
            connection.close()

    writes = (
        lambda: actions.recall(actor=city, task=Task.objects.get(pk=task.pk), reason="撤"),
        lambda: actions.issue(actor=county, task=draft),
    )
    threads = [threading.Thread(target=run, args=(write,)) for write in writes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Task.objects.get(pk=task.pk).status == TaskStatus.RECALLED
    assert Task.objects.get(pk=draft.pk).status in {TaskStatus.RECALLED, TaskStatus.DRAFT}
