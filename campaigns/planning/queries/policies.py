"""Reads of policy documents and their receipts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404

from campaigns.planning.models import Campaign, PolicyDocument, PolicyReceipt
from campaigns.planning.queries.campaigns import visible_to
from campaigns.planning.rules import PUBLIC_STATES, TERRITORIAL
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.files.models import StoredFile
from portal.files.queries import by_target
from portal.units.models import Level, Unit

RECEIPTS_SHOWN = 30


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


def documents_of(policies: list[PolicyDocument]) -> dict[int, list[StoredFile]]:
    """The PDF, Word and Excel files of several documents; one query."""
    found = by_target(PolicyDocument, [row.pk for row in policies], "documents")
    return {int(pk): [file for file in files if file.is_ready] for pk, files in found.items()}


def scans_of(policies: list[PolicyDocument]) -> dict[int, list[StoredFile]]:
    """The scanned pages of several documents; one query."""
    found = by_target(PolicyDocument, [row.pk for row in policies], "scan")
    return {int(pk): [file for file in files if file.is_ready] for pk, files in found.items()}


def addressed(policy: PolicyDocument) -> list[str]:
    """Numbers of the units a document was sent to; those of the levels below, which a job asks, are not among them."""
    sent = policy.receipts.filter(unit__depth=policy.unit.depth + 1)
    return list(sent.values_list("unit__unit_no", flat=True))


def receipts_addressed() -> QuerySet[PolicyReceipt]:
    """Every receipt with what a confirmation needs."""
    return PolicyReceipt.objects.select_related("policy__campaign", "unit")


def receipts_of(policy: PolicyDocument, scope: Scope) -> list[PolicyReceipt]:
    """The first of the addressed units in the reader's reach: those that have not confirmed, then the upper levels, in
    division order."""
    rows = scope.rows(PolicyReceipt, Perm.CAMPAIGN_VIEW).filter(policy=policy)
    waits = Case(When(confirmed_at__isnull=True, then=0), default=1)
    found = list(
        rows.select_related("unit", "confirmed_by").order_by(waits, "unit__depth", "unit__path")[
            :RECEIPTS_SHOWN
        ]
    )
    for row in found:
        row.policy = policy
    return found


def own_receipts(policy: PolicyDocument, scope: Scope) -> list[PolicyReceipt]:
    """What this person's unit has to confirm, or has confirmed."""
    rows = (
        scope.rows(PolicyReceipt, Perm.POLICY_RECEIVE).filter(policy=policy).select_related("unit", "policy")
    )
    return list(rows.order_by("unit__path"))


@dataclass
class Tally:
    """Receipts of one level, or of one branch: how many confirmed, how many were asked."""

    name: str
    confirmed: int = 0
    asked: int = 0
    url: str = ""

    @property
    def left(self) -> int:
        """Not confirmed yet."""
        return self.asked - self.confirmed


@dataclass
class Branch:
    """One unit right below the issuer: its own receipt (None when it was not asked) and those below, by level."""

    unit: Unit
    own: bool | None
    levels: list[Tally]


def tallies(policy: PolicyDocument, scope: Scope) -> tuple[list[Tally], list[Branch]]:
    """Receipts in the reader's reach by level, and level by level below each unit right under the issuer; two
    queries. Branches stand in division order, never by a figure."""
    rows = scope.rows(PolicyReceipt, Perm.CAMPAIGN_VIEW).filter(policy=policy)
    values = list(rows.order_by("unit__path").values_list("unit__path", "unit__level", "confirmed_at"))
    if len({level for _path, level, _at in values}) < 2:
        return [], []
    step = len(policy.unit.path) + Unit.steplen
    levels: dict[int, Tally] = {}
    branches: dict[str, dict[int, Tally]] = {}
    own: dict[str, bool] = {}
    for path, level, at in values:
        places = [levels]
        if len(path) > step:
            places.append(branches.setdefault(path[:step], {}))
        else:
            own[path] = at is not None
        for place in places:
            tally = place.setdefault(level, Tally(str(Level(level).label)))
            tally.asked += 1
            tally.confirmed += at is not None
    units = Unit.objects.filter(path__in=[*branches]).order_by("path")
    found = [
        Branch(unit, own.get(unit.path), [part[level] for level in sorted(part)])
        for unit in units
        for part in (branches[unit.path],)
    ]
    return [levels[level] for level in sorted(levels)], found


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
    """Whatever is addressed and not confirmed, of newest versions; a unit that was closed is asked no more."""
    rows = PolicyReceipt.objects.filter(
        confirmed_at__isnull=True, policy__replaced_by__isnull=True, unit__closed_on__isnull=True
    )
    return rows.select_related("policy__campaign", "policy__unit", "unit")


def receipts_to_confirm(scope: Scope) -> QuerySet[PolicyReceipt]:
    """What waits for this person's unit, oldest first."""
    return scope.rows(open_receipts(), Perm.POLICY_RECEIVE).order_by("addressed_at", "pk")


def levels_below_addressees(unit: Unit) -> list[tuple[int, str]]:
    """Levels that can be asked beside the direct addressees of an issuing unit."""
    rows = Unit.objects.open().under(unit.path).filter(depth__gt=unit.depth + 1, kind__in=TERRITORIAL)
    used = set(rows.order_by().values_list("level", flat=True).distinct())
    return [(level.value, str(level.label)) for level in Level if level.value in used]


def receivers_below(units: Iterable[Unit], levels: Sequence[int]) -> QuerySet[Unit]:
    """Open federations of these levels below the units a document was sent to."""
    inside = Q(pk__in=[])
    for unit in units:
        inside |= below(unit.path)
    rows = Unit.objects.open().filter(inside, level__in=levels, kind__in=TERRITORIAL)
    return rows.exclude(pk__in=[unit.pk for unit in units])


def still_to_address(policy: PolicyDocument, unit_ids: Iterable[int] | None = None) -> QuerySet[Unit]:
    """Units of the levels a document names that have no receipt of it yet, in division order; only below `unit_ids`, the
    units it is addressed to now: a receipt that was confirmed stays when its unit is not addressed any more."""
    sent = policy.receipts.filter(unit__depth=policy.unit.depth + 1).select_related("unit")
    if unit_ids is not None:
        sent = sent.filter(unit__in=list(unit_ids))
    rows = receivers_below([row.unit for row in sent], policy.levels)
    return rows.exclude(pk__in=policy.receipts.values("unit_id")).order_by("path")


def addressees(unit: Unit) -> QuerySet[Unit]:
    """Open units right below an issuing unit: who a document can be sent to."""
    return Unit.objects.open().under(unit.path).filter(depth=unit.depth + 1).order_by("path")


def policy_of(campaign: Campaign, pk: int) -> PolicyDocument:
    """One document of a campaign, as it is in the database."""
    return PolicyDocument.objects.select_related("campaign__unit").get(campaign=campaign, pk=pk)


def policy_in_full(pk: int) -> PolicyDocument:
    """One document for a job."""
    return PolicyDocument.objects.select_related("campaign__unit", "unit").get(pk=pk)
