"""Reads of policy documents and their receipts."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from campaigns.planning.models import Campaign, PolicyDocument, PolicyReceipt
from campaigns.planning.queries.campaigns import visible_to
from campaigns.planning.rules import PUBLIC_STATES
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.files.models import StoredFile
from portal.files.queries import by_target
from portal.units.models import Unit


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
    """Whatever is addressed and not confirmed, of newest versions; a unit that was closed is asked no more."""
    rows = PolicyReceipt.objects.filter(
        confirmed_at__isnull=True, policy__replaced_by__isnull=True, unit__closed_on__isnull=True
    )
    return rows.select_related("policy__campaign", "policy__unit", "unit")


def receipts_to_confirm(scope: Scope) -> QuerySet[PolicyReceipt]:
    """What waits for this person's unit, oldest first."""
    return scope.rows(open_receipts(), Perm.POLICY_RECEIVE).order_by("addressed_at", "pk")


def addressees(unit: Unit) -> QuerySet[Unit]:
    """Open units right below an issuing unit: who a document can be sent to."""
    return Unit.objects.open().under(unit.path).filter(depth=unit.depth + 1).order_by("path")


def policy_of(campaign: Campaign, pk: int) -> PolicyDocument:
    """One document of a campaign, as it is in the database."""
    return PolicyDocument.objects.select_related("campaign__unit").get(campaign=campaign, pk=pk)
