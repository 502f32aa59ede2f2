"""Late codes and notices. Every write: permission, one transaction, journal."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from families.calls import queries
from families.calls.models import CallReceipt, LateCode, LateEntry
from families.calls.rules import LATE_ALPHABET, LATE_LENGTH, LATE_MOST
from families.works.models import Work, WorkCall
from families.works.rules import CallState
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit

LATE_FIELDS = ("given_to", "reason", "most", "expires_at")


class LateCodeRefused(WorkflowError):
    """The code is not one of this call, or not any more."""


@once(LateCode, by="given_by")
def give_late_code(
    *, actor: Any, call: WorkCall, fields: Mapping[str, Any], token: str | None = None
) -> LateCode:
    """发放补投码: for one family (most=1) or a counted number of works. Needs CALL_EDIT; journalled with who and why."""
    scope_of(actor).require(Perm.CALL_EDIT, call)
    if call.status == CallState.DRAFT:
        raise WorkflowError(_("征集还没有发布，不需要补投码。"))
    if not 1 <= fields["most"] <= LATE_MOST or fields["expires_at"] <= timezone.now():
        raise WorkflowError(_("请检查件数和有效期。"))
    code = "".join(secrets.choice(LATE_ALPHABET) for _n in range(LATE_LENGTH))
    row = LateCode.objects.create(
        call=call, code=code, code_hash=queries.late_hash(code), given_by=actor, client_token=token,
        **{name: fields[name] for name in LATE_FIELDS},
    )  # fmt: skip
    record(
        "call.late_code_given", actor=actor, target=call, changed=["late_codes"],
        details={"given_to": row.given_to, "reason": row.reason, "most": row.most},
    )  # fmt: skip
    return row


@transaction.atomic
def revoke_late_code(*, actor: Any, code: LateCode) -> bool:
    """收回: what came in with it stays. Pressed twice it counts once."""
    scope_of(actor).require(Perm.CALL_EDIT, code.call)
    if not LateCode.objects.filter(pk=code.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        return False
    record("call.late_code_revoked", actor=actor, target=code.call, details={"given_to": code.given_to})
    return True


def check_late(call: WorkCall, typed: str) -> LateCode:
    """The usable code behind what was typed; raises LateCodeRefused with what is wrong with it."""
    row = queries.late_code(call, typed)
    if row is None:
        raise LateCodeRefused(_("这个补投码不对，请核对后再填；写的内容都还在。"))
    if not row.is_valid:
        raise LateCodeRefused(_("这个补投码%(state)s，请联系主办方。") % {"state": row.state})
    if not call.has_ended:
        raise LateCodeRefused(_("征集还没有开始，补投码要等截止之后才用。"))
    return row


def use_late(call: WorkCall, typed: str, work: Work, *, actor: Any) -> None:
    """Count the code down for a work, inside the submission's transaction. Two families who send at the same moment
    with a code for one cannot both get in: the update asks for what is left."""
    row = check_late(call, typed)
    rows = LateCode.objects.filter(
        pk=row.pk, used__lt=F("most"), revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    if not rows.update(used=F("used") + 1):
        raise LateCodeRefused(_("这个补投码刚刚用完了，请联系主办方。"))
    LateEntry.objects.create(code=row, work=work)
    record("call.late_code_used", actor=actor, target=call, details={"work": work.no})


# -- notices ------------------------------------------------------------------------------------------


@transaction.atomic
def send_notice(
    *, actor: Any, call: WorkCall, units: Sequence[Unit], note: str = "", wanted: int = 0
) -> list[CallReceipt]:
    """下发通知: each unit gets the call among its 待办 and a message. Sent again, only new units are added."""
    scope_of(actor).require(Perm.CALL_EDIT, call)
    if call.status != CallState.OPEN:
        raise WorkflowError(_("请先发布征集，再下发通知。"))
    foreign = [unit for unit in units if not unit.path.startswith(call.unit.path) or unit.is_closed]
    if foreign:
        raise WorkflowError(_("“%(name)s”不是可以收文的下级单位。") % {"name": foreign[0].short_name})
    known = set(CallReceipt.objects.filter(call=call).values_list("unit_id", flat=True))
    made = []
    for unit in units:
        if unit.pk in known or unit.pk == call.unit_id:
            continue
        row, is_new = CallReceipt.objects.get_or_create(
            call=call, unit=unit, defaults={"note": note.strip()[:300], "wanted": wanted}
        )
        if is_new:
            record("call.notice_sent", actor=actor, target=row)
            made.append(row)
    return made


@transaction.atomic
def confirm_notice(*, actor: Any, receipt: CallReceipt) -> bool:
    """签收, by somebody of the unit; pressed twice it counts once (False the second time)."""
    scope_of(actor).require(Perm.POLICY_RECEIVE, receipt)
    rows = CallReceipt.objects.filter(pk=receipt.pk, confirmed_at__isnull=True)
    if not rows.update(confirmed_at=timezone.now(), confirmed_by=actor):
        return False
    receipt.refresh_from_db()
    record("call.notice_confirmed", actor=actor, target=receipt, changed=["confirmed_at"])
    return True
