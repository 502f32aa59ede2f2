"""Writes on policy documents: issue, correct, replace, address, confirm."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.planning import queries
from campaigns.planning.models import Campaign, PolicyDocument, PolicyReceipt
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.reviews.workflow import StaleState, WorkflowError
from portal.units.models import Unit

AT_ONCE = 100
POLICY_FIELDS = ("issue_no", "title", "issued_on", "summary", "text", "is_public", "confirm_days", "levels")


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in POLICY_FIELDS if name in fields}


def _by_token(token: str | None, actor: User) -> PolicyDocument | None:
    """The document that this form made before; somebody else's token is refused."""
    known = (
        PolicyDocument.objects.filter(client_token=token).select_related("campaign").first()
        if token
        else None
    )
    if known is not None and known.created_by_id != actor.pk:
        raise PermissionDenied("another person's form token")
    return known


def issue_policy(
    *,
    actor: User,
    campaign: Campaign,
    fields: Mapping[str, Any],
    receivers: Sequence[Unit] = (),
    picked: Picked | None = None,
    documents: Picked | None = None,
    unit: Unit | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> PolicyDocument:
    """Put a document under a campaign and send it to `receivers`, whose people are told. The same token twice
    gives the first one back; IntegrityError when the campaign has a document of this title."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, campaign.unit)
    known = _by_token(client_token, actor)
    if known is not None:
        return known
    with transaction.atomic():
        policy = PolicyDocument.objects.create(
            campaign=campaign,
            unit=unit or campaign.unit,
            created_by=actor,
            client_token=client_token or None,
            is_demo=is_demo,
            **_values(fields),
        )
        record("policy.issued", actor=actor, target=policy, changed=fields.keys())
        _complete(policy, actor=actor, receivers=receivers, picked=(picked, documents))
        return policy


def renew_policy(
    *,
    actor: User,
    policy: PolicyDocument,
    fields: Mapping[str, Any],
    receivers: Sequence[Unit],
    picked: Picked | None = None,
    documents: Picked | None = None,
    client_token: str | None = None,
) -> PolicyDocument:
    """A new version replaces this one, which stays readable; everybody addressed confirms anew.

    Raises StaleState when there is a newer version already (the unique key decides between two writers).
    """
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, policy.campaign.unit)
    known = _by_token(client_token, actor)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            new = PolicyDocument.objects.create(
                campaign=policy.campaign,
                unit=policy.unit,
                version=policy.version + 1,
                replaces=policy,
                created_by=actor,
                client_token=client_token or None,
                is_demo=policy.is_demo,
                **_values(fields),
            )
            record("policy.renewed", actor=actor, target=new, changed=fields.keys())
            _complete(new, actor=actor, receivers=receivers, picked=(picked, documents))
            return new
    except IntegrityError as error:
        if not PolicyDocument.objects.filter(replaces=policy).exists():
            raise
        raise StaleState(_("这份文件已经有更新的版本，请打开最新版再发。")) from error


@transaction.atomic
def edit_policy(
    *,
    actor: User,
    policy: PolicyDocument,
    fields: Mapping[str, Any],
    receivers: Sequence[Unit] | None = None,
    picked: Picked | None = None,
    documents: Picked | None = None,
) -> PolicyDocument:
    """Correct a document nobody has confirmed yet; afterwards only the addressees can still be changed, because
    what was confirmed must stay what was sent. Raises WorkflowError."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, policy.campaign.unit)
    if PolicyDocument.objects.filter(replaces=policy).exists():
        raise StaleState(_("这是旧版本，只能查看；请在最新版上修改。"))
    changed = [name for name in POLICY_FIELDS if name in fields and getattr(policy, name) != fields[name]]
    frozen = [name for name in changed if name not in {"is_public", "confirm_days", "levels"}]
    if (frozen or picked or documents) and policy.receipts.filter(confirmed_at__isnull=False).exists():
        raise WorkflowError(_("已有单位签收，内容不能再改；需要修改请点“发新版本”，各单位重新签收。"))
    for name in changed:
        setattr(policy, name, fields[name])
    if changed:
        policy.save(update_fields=changed)
        record("policy.edited", actor=actor, target=policy, changed=changed)
    before = _addressed(policy)
    _complete(policy, actor=actor, receivers=receivers, picked=(picked, documents))
    after = _addressed(policy)
    if before != after:
        details = {"added": sorted(after - before), "removed": sorted(before - after)}
        record("policy.readdressed", actor=actor, target=policy, changed=["receivers"], details=details)
    return policy


def _addressed(policy: PolicyDocument) -> set[str]:
    return set(policy.receipts.values_list("unit__unit_no", flat=True))


def _complete(
    policy: PolicyDocument, *, actor: User, receivers: Sequence[Unit] | None, picked: Sequence[Picked | None]
) -> None:
    settle_all(target=policy, actor=actor, picked=picked)
    if receivers is not None:
        _address(policy, actor=actor, units=receivers)


def _address(policy: PolicyDocument, *, actor: User, units: Sequence[Unit]) -> None:
    """Exactly these units, and the levels the document names below them, are addressed; a receipt that was confirmed
    stays. Each new one tells its unit; those of the levels below, which may be thousands, come by a job."""
    foreign = [unit for unit in units if not unit.path.startswith(policy.unit.path) or unit.is_closed]
    if foreign:
        raise WorkflowError(_("“%(name)s”不是可以收文的下级单位。") % {"name": foreign[0].short_name})
    known = set(policy.receipts.values_list("unit_id", flat=True))
    lower = queries.receivers_below(units, policy.levels)
    unasked = policy.receipts.filter(confirmed_at__isnull=True).exclude(unit__in=units)
    unasked.exclude(unit__in=lower.values("pk")).delete()
    for unit in units:
        if unit.pk not in known and unit.pk != policy.unit_id:
            receipt = PolicyReceipt.objects.create(policy=policy, unit=unit)
            record("policy.addressed", actor=actor, target=receipt)
    if lower.exists():
        args = {"policy_id": policy.pk, "unit_ids": sorted(unit.pk for unit in units)}
        enqueue("planning.address_below", args=args, by=actor)


def address_below(
    *,
    actor: User,
    policy: PolicyDocument,
    unit_ids: Sequence[int] | None = None,
    progress: Callable[[int, int], None],
) -> int:
    """Ask the levels a document names for their receipts, some hundred units at a time; returns how many were asked.
    Whoever was asked before is passed over, so that a second run writes nothing."""
    scope_of(actor).require(Perm.CAMPAIGN_EDIT, policy.campaign.unit)
    units = list(queries.still_to_address(policy, unit_ids))
    for start in range(0, len(units), AT_ONCE):
        with transaction.atomic():
            for unit in units[start : start + AT_ONCE]:
                receipt, made = PolicyReceipt.objects.get_or_create(policy=policy, unit=unit)
                if made:
                    record("policy.addressed", actor=actor, target=receipt)
        progress(min(start + AT_ONCE, len(units)), len(units))
    return len(units)


@transaction.atomic
def confirm_receipt(*, actor: User, receipt: PolicyReceipt) -> bool:
    """确认收到, by somebody of the receiving unit; pressed twice it counts once (False the second time)."""
    scope_of(actor).require(Perm.POLICY_RECEIVE, receipt)
    if PolicyDocument.objects.filter(replaces=receipt.policy_id).exists():
        raise StaleState(_("这份文件已有新版本，请签收新版本。"))
    moment = timezone.now()
    rows = PolicyReceipt.objects.filter(pk=receipt.pk, confirmed_at__isnull=True)
    if not rows.update(confirmed_at=moment, confirmed_by=actor):
        return False
    receipt.confirmed_at, receipt.confirmed_by = moment, actor
    record("policy.confirmed", actor=actor, target=receipt, changed=["confirmed_at"])
    return True
