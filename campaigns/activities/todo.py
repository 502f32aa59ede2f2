"""Own records to finish, on the workbench: returned ones of the person's units, own drafts."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.activities.rules import Source, Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards import todo
from portal.reviews.queries import last_reasons
from portal.units.models import Unit


def to_finish(scope: Scope) -> QuerySet[Activity]:
    """Returned to the units this person writes for, or of what the person imported; and what they kept as a draft."""
    units = scope.rows(Unit, Perm.ACTIVITY_LOG)
    mine = Q(status=Status.RETURNED) | Q(status=Status.DRAFT, created_by=scope.actor)
    imported = Q(
        status=Status.RETURNED, source=Source.IMPORT, created_by=scope.actor,
        unit__in=scope.rows(Unit, Perm.ACTIVITY_IMPORT),
    )  # fmt: skip
    return Activity.objects.filter(mine & Q(unit__in=units) | imported).select_related("unit")


def _items(scope: Scope, limit: int) -> list[todo.Todo]:
    # "returned" sorts after "draft", so the descending order puts it first.
    rows = list(to_finish(scope).order_by("-status", "-updated_at")[:limit])
    reasons = last_reasons([row for row in rows if row.status == Status.RETURNED])
    return [
        todo.Todo(
            title=row.title,
            sub=f"{row.unit.short_name} · {row.get_kind_display()}",
            url=reverse("campaigns:activities:edit", args=[row.no]),
            since=row.updated_at,
            state=row.get_status_display(),
            action=_("去修改") if row.status == Status.RETURNED else _("继续填"),
            returned=row.status == Status.RETURNED,
            reason=reasons.get(row.pk, ""),
        )
        for row in rows
    ]


def _count(scope: Scope) -> int:
    return to_finish(scope).order_by()[:100].count() if scope.has(Perm.ACTIVITY_LOG) else 0


todo.register(
    todo.TodoSource("activities", _items, _count, "/staff/activities/?status=open", _("全部待改活动"))
)
