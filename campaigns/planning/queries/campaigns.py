"""Reads of campaigns, their tags and groups."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from campaigns.planning.models import Campaign, LeadingGroup, LeadingGroupMember, Partner, Tag, TagSet
from campaigns.planning.rules import PUBLIC_STATES, CampaignStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Unit


def _paths_above(unit: Unit) -> list[str]:
    """Paths of the unit and of everything above it."""
    return [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]


def open_for(unit: Unit) -> QuerySet[Campaign]:
    """Running campaigns a unit can log activities for: its own and those of the units above, newest first."""
    return open_for_any([unit])


def open_for_any(units: Iterable[Unit]) -> QuerySet[Campaign]:
    """The same for several units: what any of them can log for."""
    known = list(units)
    paths = {path for unit in known for path in _paths_above(unit)}
    return Campaign.objects.filter(
        Q(unit__path__in=sorted(paths)) | Q(organisers__in=[unit.pk for unit in known]),
        status=CampaignStatus.RUNNING,
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
    return campaigns.select_related("unit", "part_of").prefetch_related(
        "outcomes",
        "organisers",
        "partners",
        "pilots",
        "phases",
        "liaisons__partner",
        "policies",
        "tag_sets__tags",
        groups,
    )


def partners_named(names: list[str]) -> list[Partner]:
    """Partners by name; unknown names are left out."""
    return list(Partner.objects.filter(name__in=names))


def all_partners() -> QuerySet[Partner]:
    """The name list of partners."""
    return Partner.objects.all()


def can_hold(scope: Scope, campaign: Campaign) -> QuerySet[Campaign]:
    """Campaigns that another one can be a part of: no parts themselves, and not the one in question."""
    rows = visible_to(scope).filter(part_of__isnull=True)
    return rows.exclude(pk=campaign.pk) if campaign.pk else rows


def parts_of(campaign: Campaign, rows: QuerySet[Campaign]) -> list[Campaign]:
    """Those of `rows` that are parts of a campaign: themed weeks and months, in the order of time."""
    return list(rows.filter(part_of=campaign).order_by("starts_on", "pk"))


def tag_sets_to_edit(scope: Scope) -> QuerySet[TagSet]:
    """Sets this person may change."""
    return scope.rows(TagSet, Perm.CAMPAIGN_EDIT).select_related("unit").prefetch_related("tags")


def tag_sets_on_offer(units: QuerySet[Unit], scope: Scope) -> QuerySet[TagSet]:
    """Sets a campaign of these units can use: their own and those of units above and below in reach."""
    paths = {path for unit in units for path in _paths_above(unit)}
    mine = scope.rows(TagSet, Perm.CAMPAIGN_EDIT).values("pk")
    return TagSet.objects.filter(Q(unit__path__in=paths) | Q(pk__in=mine)).select_related("unit")


def tags_for(campaigns: QuerySet[Campaign], activity: Any = None) -> QuerySet[Tag]:
    """Tags on offer for records of these campaigns; a retired one stays on the record that bears it."""
    wanted = Q(tag_set__campaigns__in=campaigns, is_retired=False)
    if activity is not None:
        wanted |= Q(activities=activity)
    return Tag.objects.filter(wanted).select_related("tag_set").distinct()


def tags_in_lists(request: Any) -> QuerySet[Tag]:
    """Tags a list can be filtered by."""
    if request is None:
        return Tag.objects.all()
    return Tag.objects.filter(tag_set__campaigns__in=visible_to(request.scope)).only("name").distinct()


def serving(group: LeadingGroup, day: date | None = None) -> list[LeadingGroupMember]:
    """Who is in the group on a day (today), in order."""
    when = day or timezone.localdate()
    return [member for member in group.members.all() if member.is_serving(when)]


def coming(group: LeadingGroup, day: date | None = None) -> list[LeadingGroupMember]:
    """Who will join later."""
    when = day or timezone.localdate()
    return [member for member in group.members.all() if member.since is not None and member.since > when]


def past(group: LeadingGroup, day: date | None = None) -> list[LeadingGroupMember]:
    """Who was in the group and has left."""
    when = day or timezone.localdate()
    return [member for member in group.members.all() if member.until is not None and member.until < when]
