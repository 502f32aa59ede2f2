"""Drafting, issuing, recalling a task and moving its date."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.tasks import queries, rules
from campaigns.tasks.models import Task, TaskCopy, TaskItem
from campaigns.tasks.rules import TaskStatus
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.journal.once import once
from portal.notifications.actions import tell
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "title", "text", "campaign", "policy", "due_on", "deployed_on", "check_on", "appraisal", "leader_name",
    "contact_name", "soon_days", "last_days", "overdue_days", "silent_days", "address",
)  # fmt: skip
AT_ONCE = 500


@once(Task)
def save_task(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    items: Sequence[tuple[str, str]] = (),
    task: Task | None = None,
    parent_copy: TaskCopy | None = None,
    picked: Picked | None = None,
    documents: Picked | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> Task:
    """Keep a draft; nobody is told. `items` are (text, owner). The same token twice gives the first one back.

    Raises PermissionDenied, WorkflowError when the draft was issued meanwhile or when a task that is handed
    down ends later than its own copy.
    """
    scope_of(actor).require(Perm.TASK_ISSUE, unit)
    values = {name: fields[name] for name in FIELDS if name in fields}
    parent = parent_copy if task is None else task.parent_copy
    if parent is not None:
        _check_parent(parent, unit, values.get("due_on"))
    if task is not None:
        return _change(actor=actor, task=task, values=values, items=items, picked=(picked, documents))
    task = Task.objects.create(
        unit=unit,
        created_by=actor,
        parent_copy=parent,
        client_token=client_token,
        is_demo=is_demo,
        **values,
    )
    _set_items(task, items)
    settle_all(target=task, actor=actor, picked=(picked, documents))
    record("task.drafted", actor=actor, target=task, changed=values.keys())
    return task


def _check_parent(parent: TaskCopy, unit: Unit, due_on: date | None) -> None:
    if parent.unit_id != unit.pk:
        raise WorkflowError(_("只能转发本单位收到的任务。"))
    if not parent.task.is_running:
        raise WorkflowError(_("上级任务已撤回或归档，不能再转发。"))
    if due_on is not None and due_on > parent.due_on:
        raise WorkflowError(_("完成期限不能晚于上级要求的 %(day)s。") % {"day": parent.due_on.isoformat()})


def _hold_parent(parent: TaskCopy) -> None:
    # Writes the row that a recall writes: of the two, the later one sees what the earlier one did.
    Task.objects.filter(pk=parent.task_id).update(updated_at=timezone.now())
    parent.task.refresh_from_db(fields=["status"])


@transaction.atomic
def _change(
    *, actor: User, task: Task, values: dict[str, Any], items: Sequence[tuple[str, str]],
    picked: Sequence[Picked | None],
) -> Task:  # fmt: skip
    changed = [name for name, value in values.items() if getattr(task, name) != value]
    done = Task.objects.filter(pk=task.pk, status=TaskStatus.DRAFT, version=task.version).update(
        **values, version=task.version + 1, updated_at=timezone.now()
    )
    if not done:
        raise StaleState(_("这份草稿刚刚被另一位同事修改或下达了，请打开最新的再改。您填的内容还在这一页。"))
    task.refresh_from_db()
    _set_items(task, items)
    settle_all(target=task, actor=actor, picked=picked)
    record("task.edited", actor=actor, target=task, changed=changed)
    return task


def _set_items(task: Task, items: Sequence[tuple[str, str]]) -> None:
    task.items.all().delete()  # a draft has no ticks yet
    TaskItem.objects.bulk_create(
        [
            TaskItem(task=task, text=text, owner=owner, sort=number)
            for number, (text, owner) in enumerate(items)
        ]
    )


@transaction.atomic
def issue(*, actor: User, task: Task) -> Task:
    """Give every addressed unit its copy; a job tells their people after the commit.

    Raises WorkflowError when a unit was closed meanwhile, nobody is addressed or the date has passed.
    """
    scope_of(actor).require(Perm.TASK_ISSUE, task)
    found = queries.preview(task)
    if found.fault:
        raise WorkflowError(found.fault)
    if task.due_on < timezone.localdate():
        raise WorkflowError(_("完成期限已经过去，请先修改期限再下达。"))
    if task.parent_copy is not None:
        _hold_parent(task.parent_copy)
        _check_parent(task.parent_copy, task.unit, task.due_on)
    now = timezone.now()
    move(task, "issue", actor=actor, fields={"issued_at": now, "issued_by": actor})
    TaskCopy.objects.bulk_create(
        [TaskCopy(task=task, unit=unit, due_on=task.due_on, created_at=now) for unit in found.units],
        batch_size=AT_ONCE,
    )
    _announce_later(task, "issued", actor)
    return task


def recall(*, actor: User, task: Task, reason: str) -> Task:
    """Take a task back with a reason, and every task that was handed down from it, down to the last level. The
    units read it, nothing is owed any more."""
    with transaction.atomic():
        _end(task, "recall", actor=actor, reason=reason)
        for lower in queries.handed_down([task]):
            _end(lower, "follow", actor=actor, reason=reason)
    return task


def close(*, actor: User, task: Task, reason: str) -> Task:
    """Put a task on file; open copies are owed no more."""
    return _end(task, "close", actor=actor, reason=reason)


@transaction.atomic
def _end(task: Task, name: str, *, actor: User, reason: str) -> Task:
    move(task, name, actor=actor, reason=reason)
    _announce_later(task, name, actor, note=reason)
    return task


def discard(*, actor: User, task: Task) -> Task:
    """Drop a draft."""
    move(task, "discard", actor=actor)
    return task


@transaction.atomic
def change_due(*, actor: User, task: Task, due_on: date, reason: str) -> Task:
    """Move the date of a running task with a reason; all units are told.

    Raises WorkflowError for a past date, a missing reason or a task that no longer runs.
    """
    scope_of(actor).require(Perm.TASK_ISSUE, task)
    if not reason.strip():
        raise WorkflowError(_("请写明调整期限的理由，各单位会看到。"))
    if due_on < timezone.localdate():
        raise WorkflowError(_("期限不能早于今天。"))
    if task.parent_copy is not None and due_on > task.parent_copy.due_on:
        raise WorkflowError(
            _("完成期限不能晚于上级要求的 %(day)s。") % {"day": task.parent_copy.due_on.isoformat()}
        )
    old = task.due_on
    changed = Task.objects.filter(pk=task.pk, status=TaskStatus.ISSUED, due_on=old).update(
        due_on=due_on, version=task.version + 1
    )
    if not changed:
        raise StaleState(_("任务刚刚变动过，请刷新后再调整期限。"))
    task.due_on, task.version = due_on, task.version + 1
    task.copies.exclude(status__in=rules.FINISHED).update(due_on=due_on)
    record(
        "task.due_changed", actor=actor, target=task, changed=["due_on"],
        details={"before": old, "after": due_on, "reason": reason.strip()},
    )  # fmt: skip
    _announce_later(task, "due", actor, note=reason)
    return task


def _announce_later(task: Task, what: str, actor: User, *, note: str = "") -> None:
    mark = f"{task.due_on.isoformat()}:{task.version}"
    args = {"task_id": task.pk, "what": what, "note": note.strip()[:300], "mark": mark}
    enqueue("tasks.announce", args=args, slot=f"task:{task.pk}:{what}:{mark}", by=actor)


def announce(*, task_id: int, what: str, mark: str, note: str = "") -> int:
    """Tell the people of every addressed unit what happened to a task; `mark` makes a second run a no-op."""
    task = Task.objects.select_related("unit").get(pk=task_id)
    texts = {
        "issued": (_("新任务：%(title)s"), _("%(unit)s下达，请在 %(due)s 前完成。")),
        "recall": (_("任务已撤回：%(title)s"), _("%(unit)s撤回了任务，不用再办。理由：%(note)s")),
        "follow": (
            _("任务已撤回：%(title)s"),
            _("上级撤回了这项任务，%(unit)s转发的也一并撤回，不用再办。理由：%(note)s"),
        ),
        "close": (_("任务已归档：%(title)s"), _("%(unit)s归档了任务。说明：%(note)s")),
        "due": (_("任务期限有调整：%(title)s"), _("%(unit)s把完成期限调整为 %(due)s。理由：%(note)s")),
    }
    title, text = texts[what]
    said = {"title": task.title, "unit": task.unit.short_name, "due": task.due_on.isoformat(), "note": note}
    copies = list(task.copies.select_related("unit").order_by("pk"))
    people = queries.answerers(copy.unit_id for copy in copies)
    followed = queries.followed_from(task) if what in {"recall", "follow"} else {}
    count = 0
    for copy in copies:
        users = people.get(copy.unit_id, [])
        words = text % said
        if followed.get(copy.pk):
            words += _("本单位转发下级的 %(n)d 项任务已一并撤回，下级会收到消息。") % {"n": followed[copy.pk]}
        with transaction.atomic():
            key = f"task:{copy.pk}:{what}:{mark}"
            tell(users=users, title=title % said, text=words, url=copy.staff_url, key=key)
        count += len(users)
    return count
