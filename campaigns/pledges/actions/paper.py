"""What staff do: paper batches, voiding, and reading an identity with a reason."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.pledges.models import PledgeRecord, PledgeSignature, PledgeTemplate
from campaigns.pledges.numbers import next_no
from campaigns.pledges.rules import PAPER, PageState, RecordState
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.files import actions as files
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.journal.once import once
from portal.privacy import actions as privacy
from portal.privacy.rules import ConsentType
from portal.reviews.workflow import WorkflowError, move
from portal.units.models import Unit

BATCH_FIELDS = ("signed_at", "method", "signatures", "households", "households_estimated", "note")
REASON_LEAST = 4


@once(PledgeRecord, by="entered_by")
def enter_batch(
    *, actor: Any, template: PledgeTemplate, unit: Unit, fields: Mapping[str, Any], scans: Picked | None = None,
    documents: Picked | None = None,
    token: str | None = None, is_demo: bool = False,
) -> PledgeRecord:  # fmt: skip
    """Write down pledges signed on paper: people and households, each counted on its own. Needs PLEDGE_ENTER at the
    unit; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.PLEDGE_ENTER, unit)
    if template.status in (PageState.DRAFT, PageState.REVIEW):
        raise WorkflowError(_("承诺书公开后才能登记纸质签署。"))
    _check(fields)
    row = PledgeRecord.objects.create(
        no=next_no(), template=template, unit=unit, entered_by=actor, client_token=token or None,
        is_demo=is_demo, **{name: fields[name] for name in BATCH_FIELDS if name in fields},
    )  # fmt: skip
    files.settle_all(target=row, actor=actor, picked=(scans, documents))
    record("pledge.batch_entered", actor=actor, target=row, changed=sorted(fields))
    return row


def _check(fields: Mapping[str, Any]) -> None:
    if fields["method"] not in PAPER:
        raise WorkflowError(_("请选择纸质签署或现场集体签名。"))
    if fields["signed_at"] > timezone.now():
        raise WorkflowError(_("签署日期不能在今天之后。"))
    if fields["households"] > fields["signatures"]:
        raise WorkflowError(_("户数不会多于签名人数，请核对两个数。"))


@transaction.atomic
def correct_batch(
    *,
    actor: Any,
    row: PledgeRecord,
    fields: Mapping[str, Any],
    reason: str,
    scans: Picked | None = None,
    documents: Picked | None = None,
) -> PledgeRecord:
    """Correct a batch; the old figures and the reason stay in the journal."""
    scope_of(actor).require(Perm.PLEDGE_ENTER, row)
    if not row.is_paper:
        raise WorkflowError(_("网上签的由本人处理，不能更正。"))
    if len(reason.strip()) < REASON_LEAST:
        raise WorkflowError(_("请写明为什么更正，例如“少数了一页”。"))
    values = {name: fields[name] for name in BATCH_FIELDS if name in fields}
    _check({**{name: getattr(row, name) for name in BATCH_FIELDS}, **values})
    before = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
    rows = PledgeRecord.objects.filter(pk=row.pk, version=row.version, status=RecordState.VALID)
    if not rows.update(**values, version=F("version") + 1, updated_at=timezone.now()):
        raise WorkflowError(_("刚刚有另一位同事改过这条登记，请刷新后再改。"))
    files.settle_all(target=row, actor=actor, picked=(scans, documents))
    row.refresh_from_db()
    after = {name: values[name] for name in before}
    record(
        "pledge.batch_corrected", actor=actor, target=row, changed=sorted(before),
        details={"before": before, "after": after, "reason": reason.strip()},
    )  # fmt: skip
    return row


@transaction.atomic
def void(*, actor: Any, row: PledgeRecord, reason: str) -> None:
    """作废: a batch entered by mistake, or a signature that is plainly made up. It no longer counts."""
    perm = Perm.PLEDGE_ENTER if row.is_paper else Perm.PLEDGE_EDIT
    scope_of(actor).require(perm, row)
    move(row, "void", actor=actor, reason=reason)
    signature = PledgeSignature.objects.filter(record=row).first()
    if signature is not None:
        PledgeSignature.objects.filter(pk=signature.pk).update(open_key=None, display_consent=False)
        privacy.withdraw(
            actor=actor, target=signature, kind=ConsentType.PUBLICATION, reason=_("工作人员作废")
        )


@transaction.atomic
def reveal(*, actor: Any, row: PledgeRecord, reason: str) -> PledgeSignature:
    """The signer behind a record; who looked and why stays in the journal. Needs PLEDGE_EDIT at the unit, and
    WORK_REVEAL for a child: break-glass lies with the city's reviewer (domain reference §10.3)."""
    signature = PledgeSignature.objects.filter(record=row).first()
    if signature is None:
        raise WorkflowError(_("这条记录没有个人信息，或已按期限清除。"))
    scope_of(actor).require(Perm.WORK_REVEAL if signature.is_child else Perm.PLEDGE_EDIT, row)
    if len(reason.strip()) < REASON_LEAST:
        raise WorkflowError(_("请写明为什么要看签署人的身份，例如“本人来电要求更正”。"))
    record("pledge.identity_read", actor=actor, target=row, details={"reason": reason.strip()})
    return signature
