"""Checking or reminding many copies: each by itself, so that one that cannot go does not hold up the others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.tasks import actions, queries, rules
from campaigns.tasks.models import TaskCopy
from campaigns.tasks.rules import CopyStatus, TaskStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit

AT_ONCE, MOST, BATCH = 200, 20_000, 100
CHECK, REMIND = "check", "remind"


@dataclass(frozen=True)
class Plan:
    """What would happen: how many are chosen, how many the step fits, who is told."""

    total: int
    ready: int
    people: int
    names: list[str]

    @property
    def others(self) -> int:
        """Chosen, but not concerned."""
        return self.total - self.ready


@dataclass
class Outcome:
    """What happened; the skipped ones by reason."""

    done: int = 0
    people: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def fitting(rows: QuerySet[TaskCopy], name: str, scope: Scope) -> QuerySet[TaskCopy]:
    """Those of the chosen copies the step fits: of tasks whose issuing unit this person checks for."""
    states = [CopyStatus.DONE] if name == CHECK else rules.OWED
    issued_here = scope.rows(Unit, Perm.TASK_CHECK)
    rows = rows.filter(status__in=states, task__status=TaskStatus.ISSUED, task__unit__in=issued_here)
    return rows.exclude(done_by=scope.actor) if name == CHECK else rows


def plan(rows: QuerySet[TaskCopy], name: str, *, scope: Scope) -> Plan:
    """Count before asking; nothing is changed."""
    plain = rows.order_by()
    ready = fitting(plain, name, scope)
    units = set(ready.values_list("unit_id", flat=True)[:MOST])
    told = {user.pk: str(user) for users in queries.answerers(units).values() for user in users}
    return Plan(plain[:MOST].count(), ready[:MOST].count(), len(told), list(told.values())[:5])


def run(
    rows: QuerySet[TaskCopy], name: str, *, actor: User, text: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:  # fmt: skip
    """Take the step on every copy it fits. Running it again changes nothing more."""
    outcome = Outcome()
    keys = list(fitting(rows, name, scope_of(actor)).order_by("pk").values_list("pk", flat=True)[:MOST])
    for start in range(0, len(keys), BATCH):
        batch = list(
            TaskCopy.objects.filter(pk__in=keys[start : start + BATCH])
            .select_related("task__unit", "task__issued_by", "unit", "person")
            .order_by("pk")
        )
        if name == REMIND:
            units, people = actions.remind(actor=actor, copies=batch, text=text)
            outcome.done, outcome.people = outcome.done + units, outcome.people + people
            if len(batch) > units:
                outcome.skipped[_("半天内已提醒过")] += len(batch) - units
        else:
            for copy in batch:
                _check(copy, actor, outcome)
        if progress is not None:
            progress(min(start + BATCH, len(keys)), len(keys))
    return outcome


def _check(copy: TaskCopy, actor: User, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            actions.step(actor=actor, copy=copy, name=CHECK)
        outcome.done += 1
    except WorkflowError as error:
        outcome.skipped[str(error)] += 1
    except PermissionDenied:
        outcome.skipped[_("不归您办理")] += 1


def enqueue_for_query(*, actor: User, query: str, name: str, text: str) -> Job:
    """The same for everything a list query matches, as a job; rights are asked again when it runs."""
    return enqueue("tasks.bulk", args={"query": query[:2000], "name": name, "text": text[:300]}, by=actor)
