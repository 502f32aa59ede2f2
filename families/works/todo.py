"""Works typed in for a family that came back, on the workbench of who typed them in."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from families.works.models import Work
from families.works.rules import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.dashboards import todo
from portal.reviews.queries import last_reasons


def to_correct(scope: Scope) -> QuerySet[Work]:
    """Returned, and typed in by this person."""
    return Work.objects.filter(entered_by=scope.actor, status=Status.RETURNED)


def _items(scope: Scope, limit: int) -> list[todo.Todo]:
    rows = list(to_correct(scope).select_related("unit", "category").order_by("-updated_at")[:limit])
    reasons = last_reasons(rows)
    return [
        todo.Todo(
            title=f"{work.category.name}《{work.title}》",
            sub=f"{work.unit.short_name} · {work.display_name}",
            url=reverse("families:works:correct", args=[work.no]),
            since=work.updated_at,
            state=work.get_status_display(),
            action=_("去修改"),
            returned=True,
            reason=reasons.get(work.pk, ""),
        )
        for work in rows
    ]


def _count(scope: Scope) -> int:
    return to_correct(scope)[:100].count() if scope.has(Perm.WORK_ENTER) else 0


todo.register(todo.TodoSource("works", _items, _count, "/staff/works/?status=returned", _("退回的作品")))
