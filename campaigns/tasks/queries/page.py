"""What the page of one task or one copy shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from campaigns.tasks import evidence, rules
from campaigns.tasks.models import Task, TaskCopy, TaskEvidence
from campaigns.tasks.queries.people import issuing_units
from campaigns.tasks.queries.rows import colours_of, visible_copies, visible_tasks
from campaigns.tasks.rules import CopyStatus, TaskStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.queries import attached_to
from portal.journal.actions import read_details
from portal.journal.models import JournalEntry
from portal.reviews.models import StatusChange
from portal.reviews.queries import history_of


def copy_of(scope: Scope, pk: int) -> TaskCopy | None:
    """One copy in reach, with everything its page shows."""
    rows = visible_copies(scope).select_related(
        "task__unit", "task__campaign", "task__policy", "unit", "done_by", "leader", "person", "task__issued_by",
    )  # fmt: skip
    return rows.filter(pk=pk).first()


def history(copy: TaskCopy) -> list[dict[str, Any]]:
    """Steps and reminders of a copy in one line of time."""
    steps = rules.COPY_TRANSITIONS
    rows: list[dict[str, Any]] = [
        {"title": _("任务下达"), "at": copy.created_at, "by": copy.task.unit.short_name}
    ]
    rows += [
        {
            "title": str(steps[row.step].label) if row.step in steps else row.step,
            "at": row.at,
            "by": str(row.by) if row.by else "",
            "note": row.reason,
            "tone": rules.COPY_TONES.get(row.after, "") if row.after in CopyStatus.values else "",  # type: ignore[call-overload]
        }
        for row in history_of(copy)
    ]
    rows += [
        {
            "title": notice.get_stage_display(),
            "at": notice.at,
            "by": "",
            "note": notice.note,
            "tone": "warn" if notice.stage in (*rules.TO_LEADER, *rules.TO_ISSUER, "overdue") else "",
        }
        for notice in copy.notices.all()
    ]
    return sorted(rows, key=lambda row: row["at"])


def children_of(copy: TaskCopy) -> list[tuple[Task, dict[str, int]]]:
    """Tasks handed down from a copy with the colours of their copies."""
    tasks = copy.handed_down.exclude(status=TaskStatus.DISCARDED).order_by("pk").select_related("unit")
    return [(task, colours_of(task)) for task in tasks]


def handed_down(tasks: Sequence[Task]) -> list[Task]:
    """Every running task below these, handed down from their copies or from copies of those, the upper ones first.
    One query for each level that handed down."""
    found, level = [], [task.pk for task in tasks]
    while level:
        rows = list(
            Task.objects.filter(parent_copy__task__in=level)
            .exclude(status__in=[TaskStatus.DRAFT, TaskStatus.DISCARDED])
            .select_related("unit")
            .annotate(copies_n=Count("copies"))
            .order_by("unit__path", "pk")
        )
        found += rows
        level = [row.pk for row in rows]
    return [row for row in found if row.is_running]


def followed_from(task: Task) -> dict[int, int]:
    """How many tasks handed down from each copy of a task were taken back; one query."""
    followed = StatusChange.objects.filter(target_type=Task._meta.label_lower, step="follow").values(
        "target_id"
    )
    rows = Task.objects.filter(parent_copy__task=task, status=TaskStatus.RECALLED, pk__in=followed)
    return dict(rows.order_by().values_list("parent_copy_id").annotate(Count("pk")))


def attachments(task: Task) -> list[Any]:
    """Files of a task that can be shown."""
    return [row for row in attached_to(task, "attachments") if row.is_ready]


def documents(owner: Task | TaskCopy) -> list[Any]:
    """PDF, Word and Excel files of a task or of a unit's answer."""
    return list(attached_to(owner, "documents"))


def numbered(scope: Scope, numbers: Iterable[str]) -> dict[str, Task]:
    """Tasks this person sees on the list of issued ones, by number; for imports."""
    keys = [int(number) for number in numbers if number.isdecimal() and len(number) < 19]
    rows = visible_tasks(scope).filter(pk__in=keys).prefetch_related("items")
    return {str(row.pk): row for row in rows}


def by_unit_and_title(units: Iterable[str], titles: Iterable[str]) -> dict[tuple[str, str], Task]:
    """(unit number, title) → the newest task that is there."""
    rows = Task.objects.exclude(status=TaskStatus.DISCARDED)
    rows = rows.filter(unit__unit_no__in=list(units), title__in=list(titles))
    return {(row.unit.unit_no, row.title): row for row in rows.select_related("unit").order_by("pk")}


def by_refs(refs: Iterable[str]) -> dict[str, Task]:
    """Tasks by key with their checklists, for imports."""
    keys = [int(ref) for ref in refs if ref.isdecimal()]
    rows = Task.objects.filter(pk__in=keys).select_related("unit", "parent_copy__task")
    return {str(row.pk): row for row in rows.prefetch_related("items")}


def campaign_numbered(pk: int | None) -> Campaign | None:
    """The campaign that an import has kept by its key."""
    return Campaign.objects.filter(pk=pk).first() if pk else None


def may_see_task(scope: Scope, pk: int) -> bool:
    """May this person read the task: as issuing side, or as an addressed unit?"""
    if visible_tasks(scope).filter(pk=pk).exists():
        return True
    return (
        scope.rows(TaskCopy, Perm.TASK_VIEW)
        .filter(task_id=pk)
        .exclude(task__status=TaskStatus.DRAFT)
        .exists()
    )


def parent_for(scope: Scope, pk: str) -> TaskCopy | None:
    """The copy a task is handed down from: of a unit this person issues tasks for."""
    if not pk.isdigit() or len(pk) > 18:
        return None
    rows = scope.rows(TaskCopy, Perm.TASK_ISSUE).filter(
        task__status=TaskStatus.ISSUED, unit__in=issuing_units(scope)
    )
    return rows.select_related("task__campaign", "task__policy", "unit").filter(pk=pk).first()


def with_everything(tasks: QuerySet[Task] | None = None) -> QuerySet[Task]:
    """Tasks with what their page shows."""
    rows = Task.objects.exclude(status=TaskStatus.DISCARDED) if tasks is None else tasks
    return rows.select_related(
        "unit",
        "campaign",
        "policy",
        "issued_by",
        "created_by",
        "parent_copy__task__unit",
        "parent_copy__unit",
    )


def due_changes(task: Task) -> list[dict[str, Any]]:
    """Earlier dates with reasons, from the journal."""
    entries = JournalEntry.objects.filter(
        target_type=task._meta.label_lower, target_id=str(task.pk), verb="task.due_changed"
    ).order_by("pk")
    found = []
    for entry in entries:
        said = read_details(entry) or {}
        words = _("期限 %(before)s → %(after)s") % {
            "before": said.get("before", "?"),
            "after": said.get("after", "?"),
        }
        found.append({"title": words, "at": entry.at, "by": "", "note": said.get("reason", "")})
    return found


def proofs_shown(copy: TaskCopy, scope: Scope) -> list[tuple[TaskEvidence, str, str]]:
    """(row, kind in words, address when this person may open it) of the records linked to a copy."""
    rows = list(copy.evidence.all())
    found = {
        code: kind.found(scope, copy.unit, [row.object_id for row in rows if row.kind == code])
        for code, kind in evidence.KINDS.items()
        if any(row.kind == code for row in rows)
    }
    shown = []
    for row in rows:
        proof = found.get(row.kind, {}).get(row.object_id)
        label = str(evidence.KINDS[row.kind].label) if row.kind in evidence.KINDS else row.kind
        shown.append((row, label, proof.url if proof else ""))
    return shown


def with_missing_below(copies: list[TaskCopy]) -> list[TaskCopy]:
    """The same, each with `missing`: short names of units that still owe a task handed down from it; one query."""
    rows = TaskCopy.objects.filter(
        task__parent_copy__in=copies, task__status=TaskStatus.ISSUED, status__in=rules.OWED
    ).order_by("unit__path")
    names: dict[int, list[str]] = {}
    for parent, name in rows.values_list("task__parent_copy_id", "unit__short_name"):
        names.setdefault(parent, []).append(name)
    for copy in copies:
        copy.missing = names.get(copy.pk, [])  # type: ignore[attr-defined]
    return copies
