"""What becomes of roles when units change: merged into another they go along, closed they end."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.access.actors import Actor
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.grants import queries
from portal.grants.models import Grant
from portal.units import impact, panels
from portal.units.models import Unit

impact.register(
    _("在岗人员"),
    lambda units: (
        queries.active_on(timezone.localdate()).filter(unit__in=units).values("user").distinct().count()
    ),
    code="people",
)


@impact.on_merge
def go_along(*, unit: Unit, into: Unit, actor: Actor) -> dict[str, Any]:
    """Open grants move to the survivor; one the person holds there already just ends."""
    moved = 0
    for grant in Grant.objects.filter(unit=unit, ended_at__isnull=True):
        same = Grant.objects.filter(user=grant.user_id, role=grant.role, unit=into, ended_at__isnull=True)
        if same.filter(delegated_from=grant.delegated_from_id).exists():
            Grant.objects.filter(pk=grant.pk).update(ended_at=timezone.now(), end_reason=gettext("单位合并"))
        else:
            Grant.objects.filter(pk=grant.pk).update(unit=into)
            moved += 1
    return {"grants_moved": moved}


@impact.on_close
def end(*, unit: Unit, actor: Actor) -> dict[str, Any]:
    """Roles at a closed unit end with it."""
    return {
        "grants_ended": Grant.objects.filter(unit=unit, ended_at__isnull=True).update(
            ended_at=timezone.now(), end_reason=gettext("单位撤销")
        )
    }


def _people(unit: Unit, scope: Scope) -> list[tuple[str, str, str]]:
    """Who holds which role at this unit."""
    rows = (
        queries.active_on(timezone.localdate())
        .filter(unit=unit)
        .select_related("user")
        .order_by("role", "pk")
    )
    return [(str(grant.user), str(grant.role_label), "") for grant in rows[:100]]


panels.register(
    panels.Panel("people", _("人员和角色"), Perm.GRANT_VIEW, _people, empty=_("还没有人在这个单位任职。"))
)
