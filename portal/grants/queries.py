"""Reads of grants."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.roles import ROLES, Reach, Role
from portal.access.scope import GrantLine
from portal.accounts.models import User
from portal.grants.models import Grant
from portal.units.models import Unit


def active_on(day: date) -> QuerySet[Grant]:
    """Grants in force on a day, of people who may sign in."""
    return Grant.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        ended_at__isnull=True,
        starts_on__lte=day,
        user__is_active=True,
    )


def lines_of(user: User) -> Iterable[GrantLine]:
    """The active grants of a user as plain lines for Scope."""
    rows = (
        active_on(timezone.localdate())
        .filter(user=user)
        .values_list("role", "unit_id", "unit__path", "reach")
    )
    return [GrantLine(Role(role), unit_id, path, Reach(reach)) for role, unit_id, path, reach in rows]


def holders_at(perm: Perm, unit: Unit) -> QuerySet[User]:
    """People who hold `perm` for this unit, through a grant at it or above it."""
    roles = [role.value for role, spec in ROLES.items() if perm in spec.perms]
    wide = [role.value for role, spec in ROLES.items() if spec.perms.get(perm) == Reach.SUBTREE]
    above = [unit.path[: end + unit.steplen] for end in range(0, len(unit.path), unit.steplen)]
    grants = active_on(timezone.localdate()).filter(
        Q(role__in=roles, unit=unit) | Q(role__in=wide, reach=Reach.SUBTREE, unit__path__in=above)
    )
    return User.objects.filter(pk__in=grants.values("user_id"))


def home_unit(user: User) -> Unit | None:
    """The unit a person works for: that of the oldest active grant."""
    grant = active_on(timezone.localdate()).filter(user=user).select_related("unit").order_by("pk").first()
    return grant.unit if grant else None
