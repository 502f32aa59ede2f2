"""Reads of campaigns."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from campaigns.planning.models import (
    Campaign,
    Goal,
    LeadingGroup,
    LeadingGroupMember,
    Partner,
    PolicyDocument,
)
from campaigns.planning.rules import PUBLIC_STATES, CampaignStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Level, Unit


def _paths_above(unit: Unit) -> list[str]:
    """Paths of the unit and of everything above it."""
    return [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]


def open_for(unit: Unit) -> QuerySet[Campaign]:
    """Running campaigns a unit can log activities for: its own and those of the units above, newest first."""
    return Campaign.objects.filter(
        Q(unit__path__in=_paths_above(unit)) | Q(organisers=unit), status=CampaignStatus.RUNNING
    ).distinct()


def visible_to(scope: Scope) -> QuerySet[Campaign]:
    """What staff may see: campaigns in their scope, and every one that is public anyway."""
    inside = scope.rows(Campaign, Perm.CAMPAIGN_VIEW)
    return Campaign.objects.filter(
        Q(pk__in=inside.values("pk")) | Q(status__in=PUBLIC_STATES)
    ).select_related("unit")


def public() -> QuerySet[Campaign]:
    """Campaigns shown to everybody, running ones first."""
    return (
        Campaign.objects.filter(status__in=PUBLIC_STATES)
        .select_related("unit")
        .order_by("-status", "-starts_on")
    )


def with_everything(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """The same with organisers, partners, leading groups and documents, in a fixed number of queries."""
    members = Prefetch("members", queryset=LeadingGroupMember.objects.order_by("sort", "pk"))
    groups = Prefetch("leading_groups", queryset=LeadingGroup.objects.prefetch_related(members))
    return campaigns.select_related("unit").prefetch_related("organisers", "partners", "policies", groups)


def goals_of(units: QuerySet[Unit], year: int, metric: str = "") -> QuerySet[Goal]:
    """Targets of units in a year."""
    rows = Goal.objects.filter(unit__in=units, year=year).select_related("unit", "campaign")
    return rows.filter(metric=metric) if metric else rows


def target(unit: Unit, metric: str, year: int) -> int | None:
    """The target a unit has for a metric in a year, over all campaigns; None when none was set."""
    rows = list(Goal.objects.filter(unit=unit, metric=metric, year=year).values_list("target", flat=True))
    return sum(rows) if rows else None


def partners_named(names: list[str]) -> list[Partner]:
    """Partners by name; unknown names are left out."""
    return list(Partner.objects.filter(name__in=names))


def all_partners() -> QuerySet[Partner]:
    """The name list of partners."""
    return Partner.objects.all()


def policy_of(campaign: Campaign, pk: int) -> PolicyDocument:
    """One document of a campaign, as it is in the database."""
    return PolicyDocument.objects.select_related("campaign__unit").get(campaign=campaign, pk=pk)


def member_values(member: LeadingGroupMember) -> dict[str, Any]:
    """A member as a form shows it."""
    return {name: getattr(member, name) for name in ("name", "office", "duty", "since", "until")}


def serving(group: LeadingGroup, day: date | None = None) -> list[LeadingGroupMember]:
    """Who is in the group on a day (today), in order."""
    when = day or timezone.localdate()
    return [member for member in group.members.all() if member.is_serving(when)]


def units_that_plan(scope: Scope) -> QuerySet[Unit]:
    """Units of county level and above that this person may start a campaign for."""
    return (
        scope.rows(Unit.objects.open(), Perm.CAMPAIGN_EDIT).filter(level__lte=Level.COUNTY).order_by("path")
    )


def units_that_join(scope: Scope) -> QuerySet[Unit]:
    """Units of county level and above that can be named as organisers."""
    return scope.rows(Unit.objects.open(), Perm.UNIT_VIEW).filter(level__lte=Level.COUNTY).order_by("path")


def units_in_reach(scope: Scope, perm: Perm) -> QuerySet[Unit]:
    """Units down to township level for a select."""
    return scope.rows(Unit.objects.open(), perm).filter(level__lte=Level.TOWNSHIP).order_by("path")
