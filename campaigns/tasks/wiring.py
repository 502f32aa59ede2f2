"""What tasks bring to other pages: menu, inbox, workbench, reminders, files, evidence."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities import queries as activities
from campaigns.activities.models import Activity
from campaigns.tasks import demo, evidence, lists, queries, rules, tables  # noqa: F401 – some register themselves
from campaigns.tasks import links as _links  # noqa: F401 – registers itself
from campaigns.tasks import staffing as _staffing  # noqa: F401 – registers itself
from campaigns.tasks.models import TaskCopy
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.dashboards import workbench
from portal.files import serving
from portal.notifications import reminders
from portal.reviews import inbox
from portal.ui import menu
from portal.ui.narrow import narrow
from portal.units import impact
from portal.units.models import Unit

SHOWN = 5


# -- evidence: activities of the unit and below -----------------------------------------------------


def _proof(row: Activity) -> evidence.Proof:
    return evidence.Proof(
        row.pk, row.title, row.staff_url, timezone.localdate(row.starts_at), unit_id=row.unit_id
    )


def _activities(scope: Scope, unit: Unit) -> Any:
    return activities.visible(scope).filter(activities.in_subtree(unit.unit_no)).exclude(status="draft")


def _offered(scope: Scope, unit: Unit, limit: int) -> Iterable[evidence.Proof]:
    return [_proof(row) for row in _activities(scope, unit).order_by("-starts_at", "-pk")[:limit]]


def _found(scope: Scope, unit: Unit, ids: Iterable[int]) -> Mapping[int, evidence.Proof]:
    return {row.pk: _proof(row) for row in _activities(scope, unit).filter(pk__in=list(ids))}


evidence.register(evidence.EvidenceKind("activity", gettext_lazy("活动记录"), _offered, _found, order=10))


# -- inbox: what waits for the issuer's check --------------------------------------------------------


def _items(scope: Scope, limit: int) -> list[inbox.InboxItem]:
    return [
        inbox.InboxItem(
            row.task.title,
            f"{row.unit.short_name} · {row.get_status_display()}",
            row.staff_url,
            row.done_at or row.created_at,
        )
        for row in narrow(
            queries.to_check(scope), "task__title", "unit__short_name", "status", "done_at", "created_at"
        )[:limit]
    ]


inbox.register(
    inbox.InboxSource(
        "tasks",
        gettext_lazy("待检查的任务"),
        "list-check",
        queries.to_check,
        _items,
        "/staff/tasks/copies/?box=check",
        order=25,
    )
)


# -- reminders: messages of the rows that the chasing job has written --------------------------------


def _due(now: datetime) -> Iterable[reminders.Due]:
    rows = list(queries.recent_notices(now - timedelta(days=2)))
    people = User.objects.in_bulk({pk for row in rows for pk in row.told})
    for row in rows:
        copy: TaskCopy = row.copy
        if not copy.is_owed or not copy.task.is_running or row.due_on != copy.due_on:
            continue  # answered or moved meanwhile: nobody is disturbed any more
        words = _("%(unit)s：%(title)s（%(stage)s，期限 %(due)s）") % {
            "unit": copy.unit.short_name, "title": copy.task.title, "stage": row.get_stage_display(),
            "due": row.due_on.isoformat(),
        }  # fmt: skip
        urgent = row.stage not in {rules.Stage.SOON, rules.Stage.LAST}
        for pk in row.told:
            if pk in people and people[pk].is_active:
                yield reminders.Due(
                    key=str(row.pk),
                    text=words,
                    url=copy.staff_url,
                    user=people[pk],
                    unit=copy.unit,
                    urgent=urgent,
                )


reminders.register(reminders.Reminder("tasks.due", gettext_lazy("任务提醒"), _due))


# -- menu, workbench, files --------------------------------------------------------------------------


def _badge(request: HttpRequest) -> Any:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return queries.to_do(scope)[:100] if scope.has(Perm.TASK_ANSWER) else None


def _panel(request: Any) -> dict[str, Any] | None:
    rows = queries.with_missing_below(list(queries.to_do(request.scope)[:SHOWN]))
    return {"rows": rows, "may_issue": request.scope.has(Perm.TASK_ISSUE)} if rows else None


def _gaps(request: Any) -> workbench.Stat | None:
    if not request.scope.has(Perm.TASK_CHECK):
        return None
    late = queries.late_for_issuer(request.scope)
    if not late:
        return None
    return workbench.Stat(
        "alarm", late, gettext_lazy("下级任务逾期"), "/staff/tasks/copies/?box=overdue", "bad"
    )


def _can_see(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and len(target_id) < 19 and queries.may_see_task(scope, int(target_id))


def _can_see_copy(request: HttpRequest, target_id: str, variant: str) -> bool:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return target_id.isdigit() and len(target_id) < 19 and queries.copy_of(scope, int(target_id)) is not None


menu.register(
    menu.MenuItem(
        section=menu.PLAN, label=gettext_lazy("任务"), icon="list-check", url_name="campaigns:tasks:index",
        perm=Perm.TASK_VIEW, badge=_badge, order=10, tab=True,
    )
)  # fmt: skip
workbench.register(
    workbench.WorkPanel(
        "tasks.mine", workbench.MAIN, "campaigns/tasks/_panel.html", _panel, order=10, perm=Perm.TASK_ANSWER
    )
)
workbench.register_stat(_gaps, order=15)
serving.register("task", can_see=_can_see)
serving.register("taskcopy", can_see=_can_see_copy)
impact.register(
    gettext_lazy("任务单"), lambda units: TaskCopy.objects.filter(unit__in=units).count(), code="task_copies"
)
