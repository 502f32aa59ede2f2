"""Lists of tasks and copies, their colours and boxes."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.tasks import rules
from campaigns.tasks.models import Task, TaskCopy, TaskItem, TaskNotice, TaskTick
from campaigns.tasks.rules import Colour, CopyStatus, TaskStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.reviews.workflow import Transition, available
from portal.units.models import Unit

GAPS_SHOWN = 200


Rows = QuerySet[Any]


def _count_of(model: Any, **lookup: Any) -> Any:
    rows = model.objects.filter(**lookup).order_by().values(next(iter(lookup))).annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")[:1], output_field=IntegerField()), Value(0))


def with_progress(copies: QuerySet[TaskCopy]) -> QuerySet[TaskCopy]:
    """The same with what a line shows: task, issuer, unit, ticks and length of the checklist; one query."""
    return copies.select_related("task__unit", "unit").annotate(
        ticked=_count_of(TaskTick, copy=OuterRef("pk")),
        item_count=_count_of(TaskItem, task=OuterRef("task_id")),
    )


def visible_copies(scope: Scope) -> QuerySet[TaskCopy]:
    """Copies of tasks that were issued, of units in reach."""
    rows = scope.rows(TaskCopy, Perm.TASK_VIEW).exclude(task__status=TaskStatus.DRAFT)
    return with_progress(rows)


def running(copies: QuerySet[TaskCopy]) -> QuerySet[TaskCopy]:
    """Copies of tasks that still run."""
    return copies.filter(task__status=TaskStatus.ISSUED)


def own_units(scope: Scope) -> QuerySet[Unit]:
    """The units this person works for: where they answer tasks, else where they see them."""
    perm = Perm.TASK_ANSWER if scope.has(Perm.TASK_ANSWER) else Perm.TASK_VIEW
    return Unit.objects.filter(pk__in={line.unit_id for _reach, line in scope.lines_for(perm)})


def received(scope: Scope) -> QuerySet[TaskCopy]:
    """Copies of the person's own units, not of those below."""
    return visible_copies(scope).filter(unit__in=own_units(scope))


def to_do(scope: Scope) -> QuerySet[TaskCopy]:
    """What the own units still owe, the nearest date first."""
    return running(received(scope)).filter(status__in=rules.OWED).order_by("due_on", "pk")


def visible_tasks(scope: Scope) -> QuerySet[Task]:
    """Tasks issued by units in reach; other people's drafts are left out unless one may issue them."""
    rows = scope.rows(Task, Perm.TASK_VIEW).select_related("unit", "campaign")
    if not scope.has(Perm.TASK_ISSUE):
        rows = rows.exclude(status=TaskStatus.DRAFT)
    return rows.exclude(status=TaskStatus.DISCARDED)


def with_counts(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """The same with the numbers of a list line: copies, open gaps, overdue, to check."""
    today = timezone.localdate()
    owed = Q(copies__status__in=rules.OWED)
    return tasks.annotate(
        copies_n=Count("copies"),
        overdue_n=Count("copies", filter=owed & Q(copies__due_on__lt=today)),
        owed_n=Count("copies", filter=owed),
        check_n=Count("copies", filter=Q(copies__status__in=rules.TO_CHECK)),
    )


def to_check(scope: Scope) -> QuerySet[TaskCopy]:
    """What waits for this person as the issuer: done or declared not applicable, not reported by themselves."""
    units = scope.rows(Unit, Perm.TASK_CHECK)
    rows = TaskCopy.objects.filter(
        status__in=rules.TO_CHECK, task__status=TaskStatus.ISSUED, task__unit__in=units
    )
    rows = rows.exclude(done_by=scope.actor)
    return rows.select_related("task__unit", "unit").order_by("done_at", "pk")


def gaps_of(task: Task) -> list[TaskCopy]:
    """Copies with a gap: overdue, due soon, behind, then waiting for the check; in division order inside."""
    rows = with_progress(task.copies.exclude(status__in=rules.FINISHED)).order_by("unit__path")[:3000]
    found = [row for row in rows if row.light.colour in rules.GAP_ORDER]
    found.sort(key=lambda row: (rules.GAP_ORDER.index(row.light.colour), row.due_on))
    return found[:GAPS_SHOWN]


def colours_of(task: Task) -> dict[str, int]:
    """How many copies stand in which colour."""
    counts = dict.fromkeys(Colour.values, 0)
    for row in with_progress(task.copies.all()):
        counts[row.light.colour] += 1
    return counts


def coverage(task: Task) -> dict[str, int]:
    """How many units have received the task and how many are through with it."""
    rows: dict[str, int] = task.copies.aggregate(
        all=Count("pk"),
        received=Count("pk", filter=~Q(status=CopyStatus.ISSUED)),
        finished=Count("pk", filter=Q(status__in=rules.FINISHED)),
    )
    return rows


def _within_soon_days(today: date) -> Q:
    """Due within the number of days that each task sets for itself."""
    used = (
        Task.objects.filter(status=TaskStatus.ISSUED)
        .order_by()
        .values_list("soon_days", flat=True)
        .distinct()
    )
    near = Q(pk__in=[])
    for days in used:
        near |= Q(task__soon_days=days, due_on__lte=rules.day_after(today, days))
    return near


def in_box(copies: QuerySet[TaskCopy], box: str, today: date) -> QuerySet[TaskCopy]:
    """The boxes of the list: gaps (the default), overdue, soon, to check, owed, finished, not applicable."""
    owed = Q(status__in=rules.OWED, task__status=TaskStatus.ISSUED)
    waiting = Q(status__in=rules.TO_CHECK, task__status=TaskStatus.ISSUED)
    late = Q(due_on__lt=today)
    near = Q(due_on__gte=today) & _within_soon_days(today)
    boxes = {
        "gaps": (owed & (late | near)) | waiting,
        "overdue": owed & late,
        "soon": owed & near,
        "check": waiting,
        "owed": owed,
        "done": Q(status=CopyStatus.CHECKED),
        "na": Q(status__in=[CopyStatus.NA_ASKED, CopyStatus.NOT_APPLICABLE]),
    }
    return copies.filter(boxes[box]) if box in boxes else copies


def steps_for(copy: TaskCopy, scope: Scope) -> dict[str, Transition]:
    """Steps this person may take on a copy now; the issuer's steps belong to the unit that issued the task."""
    if not copy.task.is_running:
        return {}
    found = {step.name: step for step in available(copy, scope)}
    if not scope.may(Perm.TASK_CHECK, copy.task.unit):
        found = {name: step for name, step in found.items() if name not in rules.ISSUER_STEPS}
    return found


def task_steps(task: Task, scope: Scope) -> dict[str, Transition]:
    """Steps this person may take on a task now."""
    return {step.name: step for step in available(task, scope)}


def recent_notices(since: Any) -> QuerySet[TaskNotice]:
    """Steps of chasing whose messages may still have to be written."""
    rows = TaskNotice.objects.filter(at__gte=since).exclude(stage=rules.Stage.MANUAL)
    return rows.select_related("copy__task", "copy__unit").order_by("pk")


def chased() -> QuerySet[TaskCopy]:
    """Copies the job looks at: owed, of running tasks."""
    rows = TaskCopy.objects.filter(status__in=rules.OWED, task__status=TaskStatus.ISSUED)
    return rows.select_related("task__unit", "task__issued_by", "unit", "person").order_by("pk")


def late_for_issuer(scope: Scope) -> int:
    """How many copies of tasks this person checks are overdue; counting stops at a hundred."""
    units = scope.rows(Unit, Perm.TASK_CHECK)
    rows = TaskCopy.objects.filter(
        status__in=rules.OWED,
        task__status=TaskStatus.ISSUED,
        task__unit__in=units,
        due_on__lt=timezone.localdate(),
    )
    return rows[:100].count()
