"""Reads of tasks, copies, and the people behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.planning.queries import visible_to
from campaigns.tasks import evidence, rules
from campaigns.tasks.models import Task, TaskCopy, TaskEvidence, TaskItem, TaskNotice, TaskTick
from campaigns.tasks.rules import Colour, CopyStatus, TaskStatus
from portal.access.permissions import Perm
from portal.access.roles import ROLES, Role
from portal.access.scope import Scope, below
from portal.accounts.models import User
from portal.files.queries import attached_to
from portal.grants.queries import active_on
from portal.journal.actions import read_details
from portal.journal.models import JournalEntry
from portal.reviews.queries import history_of
from portal.reviews.workflow import Transition, available
from portal.units.models import Level, Unit

LEADERS = (
    Role.COUNTY_LEADER, Role.CITY_LEADER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_REVIEWER, Role.CITY_REVIEWER,
)  # fmt: skip
GAPS_SHOWN = 200
UNITS_OFFERED = 400
Rows = QuerySet[Any]


# -- tasks and copies -------------------------------------------------------------------------------


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


def in_box(copies: QuerySet[TaskCopy], box: str, today: date) -> QuerySet[TaskCopy]:
    """The boxes of the list: gaps (the default), overdue, soon, to check, owed, finished, not applicable."""
    owed = Q(status__in=rules.OWED, task__status=TaskStatus.ISSUED)
    waiting = Q(status__in=rules.TO_CHECK, task__status=TaskStatus.ISSUED)
    late, near = (
        Q(due_on__lt=today),
        Q(due_on__gte=today, due_on__lte=rules.day_after(today, rules.SOON_DAYS)),
    )
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


# -- whom a task is for -----------------------------------------------------------------------------


def issuing_units(scope: Scope) -> QuerySet[Unit]:
    """Units this person issues tasks for: those of their grants."""
    ids = {line.unit_id for _reach, line in scope.lines_for(Perm.TASK_ISSUE)}
    return Unit.objects.open().filter(pk__in=ids).order_by("path")


def levels_below(unit: Unit) -> list[tuple[int, str]]:
    """Levels a unit can address."""
    found = Unit.objects.open().under(unit.path).exclude(pk=unit.pk).filter(kind__in=rules.TERRITORIAL)
    used = set(found.order_by().values_list("level", flat=True).distinct())
    return [(level.value, str(level.label)) for level in Level if level.value in used and level > unit.level]


def offered_units(unit: Unit) -> list[Unit]:
    """Units that can be ticked one by one: open, up to two steps below, the nearest first."""
    rows = Unit.objects.open().under(unit.path).filter(depth__gt=unit.depth, depth__lte=unit.depth + 2)
    return list(rows.order_by("depth", "path")[:UNITS_OFFERED])


def units_numbered(unit: Unit, numbers: Iterable[str]) -> list[Unit]:
    """Units below `unit` with these numbers, closed ones too, so that a refusal can name them."""
    rows = Unit.objects.under(unit.path).exclude(pk=unit.pk).filter(unit_no__in=list(numbers))
    return list(rows.select_related("replaced_by").order_by("path"))


def closed_words(unit: Unit) -> str:
    """Why a closed unit cannot get a task, and which one can."""
    words = _("“%(name)s”已于 %(day)s 撤销，不能下达任务") % {"name": unit.name, "day": unit.closed_on}
    if unit.replaced_by is not None:
        return _("%(words)s，请改选并入的“%(name)s”。") % {"words": words, "name": unit.replaced_by.name}
    return _("%(words)s，请去掉它。") % {"words": words}


def addressed(unit: Unit, address: dict[str, Any]) -> list[Unit]:
    """Every unit the address of a task of `unit` means, in the order of the tree; chosen closed ones included."""
    kinds = [kind for group in address.get("kinds", []) for kind in rules.KIND_GROUPS[group][1]]
    wanted = Q(closed_on__isnull=True) & (
        Q(level__in=address.get("levels", []), kind__in=rules.TERRITORIAL) | Q(kind__in=kinds)
    )
    wanted |= Q(unit_no__in=address.get("units", []))
    rows = Unit.objects.under(unit.path).exclude(pk=unit.pk).filter(wanted)
    return list(rows.select_related("replaced_by").order_by("path")[: rules.UNITS_MOST])


def people_at(
    unit_ids: Iterable[int], perm: Perm, roles: Iterable[Role] | None = None
) -> dict[int, list[User]]:
    """Who holds `perm` through a grant at exactly these units, by unit; one query for all of them."""
    wanted = [role.value for role in (roles or ROLES) if perm in ROLES[role].perms]
    grants = active_on(timezone.localdate()).filter(unit_id__in=list(unit_ids), role__in=wanted)
    found: dict[int, dict[int, User]] = {}
    for grant in grants.select_related("user").order_by("unit_id", "user_id"):
        found.setdefault(grant.unit_id, {})[grant.user_id] = grant.user
    return {unit_id: list(users.values()) for unit_id, users in found.items()}


def answerers(unit_ids: Iterable[int]) -> dict[int, list[User]]:
    """Who works on the tasks of these units."""
    return people_at(unit_ids, Perm.TASK_ANSWER)


def leaders(unit_ids: Iterable[int]) -> dict[int, list[User]]:
    """Who leads at these units: told when a task is late or nobody reacts (domain reference §11.3, §11.4)."""
    return people_at(unit_ids, Perm.TASK_VIEW, LEADERS)


def issuers(task: Task) -> list[User]:
    """Who is told at the issuing unit: those who check tasks there, and whoever issued it while active."""
    people = {user.pk: user for user in people_at([task.unit_id], Perm.TASK_CHECK).get(task.unit_id, [])}
    if task.issued_by is not None and task.issued_by.is_active:
        people.setdefault(task.issued_by.pk, task.issued_by)
    return list(people.values())


@dataclass(frozen=True)
class Preview:
    """Who gets a task and who is told, before it is issued."""

    units: list[Unit]
    people: int = 0
    silent: list[Unit] = field(default_factory=list)
    closed: list[Unit] = field(default_factory=list)

    @property
    def fault(self) -> str:
        """Why it cannot be issued; "" when it can."""
        if self.closed:
            return " ".join(closed_words(unit) for unit in self.closed)
        return "" if self.units else _("还没有选择下达给谁，请回到上一步勾选。")


def preview(task: Task) -> Preview:
    """Units and people a draft would reach now."""
    units = addressed(task.unit, task.address)
    known = answerers(unit.pk for unit in units)
    told = {user.pk for users in known.values() for user in users}
    return Preview(
        units,
        people=len(told),
        silent=[unit for unit in units if unit.pk not in known],
        closed=[unit for unit in units if unit.is_closed],
    )


def campaigns_for(scope: Scope) -> QuerySet[Campaign]:
    """Campaigns a task can belong to."""
    return visible_to(scope).order_by("-starts_on", "-pk")


def policies_for(scope: Scope) -> QuerySet[PolicyDocument]:
    """Documents a task can rest on."""
    return PolicyDocument.objects.filter(campaign__in=visible_to(scope)).order_by("-issued_on", "-pk")


def people_of_unit(unit: Unit) -> list[User]:
    """Everybody with a grant at the unit: offered as 责任领导 and 责任人."""
    grants = active_on(timezone.localdate()).filter(unit=unit, delegated_from__isnull=True)
    return list(User.objects.filter(pk__in=grants.values("user_id")).order_by("display_name", "pk"))


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


def attachments(task: Task) -> list[Any]:
    """Files of a task that can be shown."""
    return [row for row in attached_to(task, "attachments") if row.is_ready]


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


def recent_notices(since: Any) -> QuerySet[TaskNotice]:
    """Steps of chasing whose messages may still have to be written."""
    rows = TaskNotice.objects.filter(at__gte=since).exclude(stage=rules.Stage.MANUAL)
    return rows.select_related("copy__task", "copy__unit").order_by("pk")


def chased() -> QuerySet[TaskCopy]:
    """Copies the job looks at: owed, of running tasks."""
    rows = TaskCopy.objects.filter(status__in=rules.OWED, task__status=TaskStatus.ISSUED)
    return rows.select_related("task__unit", "task__issued_by", "unit", "person").order_by("pk")


def in_subtree(unit_no: str) -> Q:
    """Copies of a unit and everything below; an unknown number matches nothing."""
    path = Unit.objects.filter(unit_no=unit_no).values_list("path", flat=True).first()
    return below(path, "unit__") if path is not None else Q(pk__in=[])


def units_in(units: list[Unit]) -> QuerySet[Unit]:
    """These units as a queryset, for a form's choice."""
    return Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")


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


def has_units_below(unit: Unit) -> bool:
    """Is there anybody to hand a task down to?"""
    return Unit.objects.open().under(unit.path).filter(depth__gt=unit.depth).exists()


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


def told_words(copy: TaskCopy) -> str:
    """Who gets a reminder when the button is pressed."""
    users = answerers([copy.unit_id]).get(copy.unit_id, [])
    if not users:
        return _("这个单位没有经办账号，请电话联系。")
    names = "、".join(str(user) for user in users[:5])
    return _("会给 %(names)s 等 %(n)d 人发站内消息。") % {"names": names, "n": len(users)}


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
