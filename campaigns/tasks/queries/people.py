"""Whom a task is for, and who is told at the units."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.planning.queries import visible_to
from campaigns.planning.rules import TERRITORIAL
from campaigns.tasks import rules
from campaigns.tasks.models import Task, TaskCopy
from portal.access.permissions import Perm
from portal.access.roles import ROLES, Role
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.grants.queries import active_on
from portal.units.models import Level, Unit

LEADERS = (
    Role.COUNTY_LEADER, Role.CITY_LEADER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_REVIEWER, Role.CITY_REVIEWER,
)  # fmt: skip
UNITS_OFFERED = 400


def issuing_units(scope: Scope) -> QuerySet[Unit]:
    """Units this person issues tasks for: those of their grants."""
    ids = {line.unit_id for _reach, line in scope.lines_for(Perm.TASK_ISSUE)}
    return Unit.objects.open().filter(pk__in=ids).order_by("path")


def levels_below(unit: Unit) -> list[tuple[int, str]]:
    """Levels a unit can address."""
    found = Unit.objects.open().under(unit.path).exclude(pk=unit.pk).filter(kind__in=TERRITORIAL)
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


def units_called(said: Iterable[str]) -> list[Unit]:
    """Units with one of these numbers or names, closed ones too, so that a refusal can name them."""
    words = list(said)
    rows = Unit.objects.filter(Q(unit_no__in=words) | Q(name__in=words) | Q(short_name__in=words))
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
        Q(level__in=address.get("levels", []), kind__in=TERRITORIAL) | Q(kind__in=kinds)
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


def units_in(units: list[Unit]) -> QuerySet[Unit]:
    """These units as a queryset, for a form's choice."""
    return Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")


def may_hand_down(scope: Scope, copy: TaskCopy) -> bool:
    """Does this person issue tasks for the copy's own unit, and is there anybody below it?"""
    if not any(line.unit_id == copy.unit_id for _reach, line in scope.lines_for(Perm.TASK_ISSUE)):
        return False
    return Unit.objects.open().under(copy.unit.path).filter(depth__gt=copy.unit.depth).exists()


def told_words(copy: TaskCopy) -> str:
    """Who gets a reminder when the button is pressed."""
    users = answerers([copy.unit_id]).get(copy.unit_id, [])
    if not users:
        return _("这个单位没有经办账号，请电话联系。")
    names = "、".join(str(user) for user in users[:5])
    return _("会给 %(names)s 等 %(n)d 人发站内消息。") % {"names": names, "n": len(users)}
