"""One step on many records: each by itself, so that one that cannot go does not hold up the others."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.activities import actions, rules
from campaigns.activities.models import Activity
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.reviews.workflow import WorkflowError

AT_ONCE = 200
MOST = 50_000


@dataclass(frozen=True)
class Plan:
    """What would happen: how many are chosen, how many stand where the step begins."""

    total: int
    ready: int

    @property
    def others(self) -> int:
        """Chosen, but in another state."""
        return self.total - self.ready


@dataclass
class Outcome:
    """What happened; the skipped ones by reason."""

    done: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def plan(rows: QuerySet[Activity], name: str, *, scope: Scope) -> Plan:
    """Count before asking; nothing is changed."""
    plain = rows.order_by()
    sources = rules.TRANSITIONS[name].sources
    return Plan(plain[:MOST].count(), plain.filter(status__in=sources)[:MOST].count())


def run(
    rows: QuerySet[Activity], name: str, *, actor: User, reason: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:  # fmt: skip
    """Take the step on every row it can be taken on. Running it again changes nothing more."""
    outcome = Outcome()
    keys = list(rows.order_by("starts_at", "pk").values_list("pk", flat=True)[:MOST])
    for start in range(0, len(keys), 100):
        batch = (
            Activity.objects.filter(pk__in=keys[start : start + 100])
            .select_related("unit")
            .order_by("starts_at", "pk")
        )
        for activity in batch:
            _one(activity, name, actor=actor, reason=reason, outcome=outcome)
        if progress is not None:
            progress(min(start + 100, len(keys)), len(keys))
    return outcome


def _one(activity: Activity, name: str, *, actor: User, reason: str, outcome: Outcome) -> None:
    row = rules.TRANSITIONS[name]
    if activity.status not in row.sources:
        outcome.skipped[_("现在的状态不需要这一步")] += 1
        return
    try:
        with transaction.atomic():
            actions.step(actor=actor, activity=activity, name=name, reason=reason)
        outcome.done += 1
    except WorkflowError as error:
        outcome.skipped[str(error)] += 1
    except PermissionDenied:
        outcome.skipped[_("不归您办理")] += 1


def enqueue_for_query(*, actor: User, query: str, name: str, reason: str) -> Job:
    """The same for everything a list query matches, as a job; rights are asked again when it runs."""
    return enqueue(
        "activities.bulk", args={"query": query[:2000], "name": name, "reason": reason[:500]}, by=actor
    )
