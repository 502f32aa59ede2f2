"""Reads of campaigns."""

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from campaigns.planning.models import (
    Campaign,
    Goal,
    LeadingGroup,
    LeadingGroupMember,
    Partner,
    PolicyDocument,
    PolicyReceipt,
    Tag,
    TagSet,
)
from campaigns.planning.rules import PUBLIC_STATES, CampaignStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.files.models import StoredFile
from portal.files.queries import by_target
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


def current_policies(campaign: Campaign) -> list[tuple[PolicyDocument, list[PolicyDocument]]]:
    """The newest version of each document with the ones it replaced, newest first; no query of its own when the
    campaign was read `with_everything`."""
    rows = {row.pk: row for row in campaign.policies.all()}
    replaced = {row.replaces_id for row in rows.values()}
    found = []
    for row in rows.values():
        if row.pk in replaced:
            continue
        older, before = [], rows.get(row.replaces_id or 0)
        while before is not None:
            older.append(before)
            before = rows.get(before.replaces_id or 0)
        found.append((row, older))
    return found


def policies_visible(scope: Scope) -> QuerySet[PolicyDocument]:
    """Documents of the campaigns a person sees, and whatever is addressed to a unit in reach."""
    sent = scope.rows(PolicyReceipt, Perm.CAMPAIGN_VIEW).values("policy_id")
    condition = Q(campaign__in=visible_to(scope)) | Q(pk__in=sent)
    if not scope.has(Perm.CAMPAIGN_VIEW):
        return PolicyDocument.objects.none()
    return PolicyDocument.objects.filter(condition).select_related("campaign__unit", "unit", "replaces")


def policies_public() -> QuerySet[PolicyDocument]:
    """Documents everybody may read."""
    return PolicyDocument.objects.filter(is_public=True, campaign__status__in=PUBLIC_STATES)


def policy_seen(scope: Scope, slug: str, pk: int) -> PolicyDocument:
    """One document inside the scope; Http404 outside."""
    row = policies_visible(scope).filter(pk=pk, campaign__slug=slug).first()
    if row is None:
        raise Http404
    return row


def versions_of(policy: PolicyDocument) -> list[PolicyDocument]:
    """Every version of a document, the newest first. A chain is short: one query for each step."""
    found = [newest_version(policy)]
    while found[-1].replaces_id is not None:
        found.append(PolicyDocument.objects.select_related("campaign").get(pk=found[-1].replaces_id))
    return found


def newest_version(policy: PolicyDocument) -> PolicyDocument:
    """The version that is in force."""
    row: PolicyDocument | None = policy
    while row is not None:
        policy = row
        row = PolicyDocument.objects.select_related("campaign").filter(replaces=policy.pk).first()
    return policy


def scans_of(policies: list[PolicyDocument]) -> dict[int, list[StoredFile]]:
    """The scanned pages of several documents; one query."""
    found = by_target(PolicyDocument, [row.pk for row in policies], "scan")
    return {int(pk): [file for file in files if file.is_ready] for pk, files in found.items()}


def addressed(policy: PolicyDocument) -> list[str]:
    """Numbers of the units a document was sent to."""
    return list(policy.receipts.values_list("unit__unit_no", flat=True))


def receipts_addressed() -> QuerySet[PolicyReceipt]:
    """Every receipt with what a confirmation needs."""
    return PolicyReceipt.objects.select_related("policy__campaign", "unit")


def receipts_of(policy: PolicyDocument, scope: Scope) -> list[PolicyReceipt]:
    """The addressed units in the reader's reach, those that have not confirmed first, then in division order."""
    rows = scope.rows(PolicyReceipt, Perm.CAMPAIGN_VIEW).filter(policy=policy)
    found = list(rows.select_related("unit", "confirmed_by").order_by("unit__path"))
    for row in found:
        row.policy = policy
    return sorted(found, key=lambda row: row.confirmed_at is not None)


def receipt_counts(policies: list[PolicyDocument], scope: Scope) -> dict[int, tuple[int, int]]:
    """(confirmed, addressed) of each document within the reader's reach; one query."""
    rows = scope.rows(PolicyReceipt, Perm.CAMPAIGN_VIEW).filter(policy__in=policies).order_by()
    counts = rows.values_list("policy_id").annotate(Count("confirmed_at"), Count("pk"))
    return {policy: (confirmed, everybody) for policy, confirmed, everybody in counts}


def receipts_visible(scope: Scope) -> QuerySet[PolicyReceipt]:
    """Receipts of the newest versions in the reader's reach, for the list."""
    rows = scope.rows(PolicyReceipt, Perm.CAMPAIGN_VIEW).filter(policy__replaced_by__isnull=True)
    return rows.select_related("policy__campaign", "policy__unit", "unit", "confirmed_by")


def open_receipts() -> QuerySet[PolicyReceipt]:
    """Whatever is addressed and not confirmed, of newest versions."""
    rows = PolicyReceipt.objects.filter(confirmed_at__isnull=True, policy__replaced_by__isnull=True)
    return rows.select_related("policy__campaign", "policy__unit", "unit")


def receipts_to_confirm(scope: Scope) -> QuerySet[PolicyReceipt]:
    """What waits for this person's unit, oldest first."""
    return scope.rows(open_receipts(), Perm.POLICY_RECEIVE).order_by("addressed_at", "pk")


def addressees(unit: Unit) -> QuerySet[Unit]:
    """Open units right below an issuing unit: who a document can be sent to."""
    return Unit.objects.open().under(unit.path).filter(depth=unit.depth + 1).order_by("path")


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
    return (
        Tag.objects.filter(tag_set__campaigns__in=visible_to(request.scope))
        .select_related("tag_set")
        .distinct()
    )


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


def goal_top(scope: Scope, unit_no: str) -> Unit | None:
    """The unit a table of goals is about: the one asked for inside the scope, else the highest one."""
    rows = units_in_reach(scope, Perm.GOAL_EDIT)
    if unit_no:
        return rows.filter(unit_no=unit_no).first()
    return rows.order_by("depth", "path").first()


def goal_units(scope: Scope, top: Unit) -> list[Unit]:
    """The unit and those right below it, in division order."""
    rows = units_in_reach(scope, Perm.GOAL_EDIT).filter(below(top.path), depth__lte=top.depth + 1)
    return list(rows.order_by("depth", "sort", "path"))


def with_units_below(units: list[Unit], top: Unit) -> set[int]:
    """Which of the units below `top` have a table of their own."""
    return {unit.pk for unit in units if unit.pk != top.pk and unit.numchild and unit.level < Level.TOWNSHIP}


def targets_of(campaign: Campaign, units: list[Unit], metric: str, year: int) -> dict[int, int]:
    """Targets of a campaign by unit."""
    rows = Goal.objects.filter(campaign=campaign, unit__in=units, metric=metric, year=year)
    return dict(rows.values_list("unit_id", "target"))
