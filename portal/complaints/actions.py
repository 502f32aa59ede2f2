"""Receiving and answering."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM, Visitor
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.complaints import queries, rules
from portal.complaints.models import Complaint
from portal.journal.actions import record
from portal.notifications.actions import send_sms
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit
from portal.workdays.queries import next_workday


def submit(
    *,
    kind: str,
    text: str,
    token: str,
    name: str = "",
    phone: str = "",
    page: str = "",
    unit: Unit | None = None,
) -> tuple[Complaint, str]:
    """Keep what somebody wrote; returns it with its query code. The same form sent twice is kept once.

    Anybody may: no account, no name. Raises WorkflowError when the site has no unit to receive it.
    """
    code = rules.query_code(token)
    known = Complaint.objects.filter(client_token=token).first()
    if known is not None:
        return known, code
    at = unit or queries.unit_of_page(page) or queries.default_unit()
    if at is None:
        raise WorkflowError(_("网站还没有设置接收单位，请直接拨打咨询电话。"))
    fields = {"kind": kind, "text": text, "name": name, "phone": phone, "page": page, "unit": at}
    for _attempt in range(8):
        number = rules.new_number(timezone.localdate().year)
        try:
            with transaction.atomic():
                row = Complaint.objects.create(
                    no=number,
                    code_hash=rules.code_hash(number, code),
                    due_on=next_workday(rules.due_on(timezone.localdate())),
                    client_token=token,
                    **fields,
                )
                record("complaint.received", actor=Visitor(ref=f"complaint:{number}"), target=row)
                return row, code
        except IntegrityError:
            known = Complaint.objects.filter(client_token=token).first()
            if known is not None:
                return known, code
    raise WorkflowError(_("编号暂时分配不出来，请过一会儿再提交。"))


def accept(row: Complaint, *, actor: Any) -> None:
    """受理."""
    move(row, "accept", actor=actor)


def answer(row: Complaint, *, actor: Any, text: str) -> None:
    """答复: the writer reads it with number and code, and gets a short message when there is a number."""
    if not text.strip():
        raise WorkflowError(_("请写答复内容。"))
    fields = {"answer": text.strip(), "answered_by": actor, "answered_at": timezone.now()}
    with transaction.atomic():
        move(row, "answer", actor=actor, fields=fields)
        _notify(row, _("您的来信 %(no)s 已答复，请到本站“意见与投诉”用查询码查看。"))


def reject(row: Complaint, *, actor: Any, reason: str) -> None:
    """不予受理: the writer reads why."""
    with transaction.atomic():
        move(row, "reject", actor=actor, reason=reason)
        _notify(row, _("您的来信 %(no)s 有处理结果，请到本站“意见与投诉”用查询码查看。"))


def transfer(row: Complaint, *, actor: Any, unit: Unit, reason: str) -> None:
    """转办: the other unit answers, within the same date; its people are told."""
    if not queries.transfer_targets(row, scope_of(actor)).filter(pk=unit.pk).exists():
        raise WorkflowError(_("不能转给这个单位，请从列表里选。"))
    move(row, "transfer", actor=actor, reason=reason, fields={"unit": unit})


def close(row: Complaint, *, actor: Any) -> None:
    """办结."""
    move(row, "close", actor=actor)


def _notify(row: Complaint, sentence: str) -> None:
    if row.phone:
        key = f"complaint:{row.pk}:{row.status}"
        send_sms(to=row.phone, text=sentence % {"no": row.no}, about=row, key=key, may_wait=True)


@transaction.atomic
def reveal(row: Complaint, *, actor: Any, reason: str) -> dict[str, str]:
    """Name and number of the writer; who looked and why stays in the journal."""
    scope_of(actor).require(Perm.COMPLAINT_ANSWER, row)
    if len(reason.strip()) < 4:
        raise WorkflowError(_("请写明为什么要看来信人的身份，例如“电话回访核实时间”。"))
    record("complaint.identity_read", actor=actor, target=row, details={"reason": reason.strip()})
    return {"name": row.name, "phone": row.phone}


@transaction.atomic
def rate(row: Complaint, *, satisfaction: int) -> bool:
    """The writer says whether it is solved, once; nobody is ranked by it. The caller has checked the code."""
    changed = Complaint.objects.filter(
        pk=row.pk, satisfaction__isnull=True, status__in=[rules.Status.ANSWERED, rules.Status.CLOSED]
    ).update(satisfaction=satisfaction)
    if changed:
        row.satisfaction = satisfaction
        record(
            "complaint.rated", actor=Visitor(ref=f"complaint:{row.no}"), target=row, changed=["satisfaction"]
        )
    return bool(changed)


def close_answered(now: datetime | None = None) -> int:
    """Close what was answered weeks ago; runs from a job, twice does no harm."""
    moment, count = now or timezone.now(), 0
    for row in queries.answered_before(moment - timedelta(days=rules.CLOSE_AFTER_DAYS)):
        try:
            move(row, "lapse", actor=SYSTEM)
            count += 1
        except StaleState:
            continue
    return count


def erase_identities(now: datetime | None = None) -> int:
    """Forget who wrote, after the time the retention table gives."""
    moment, count = now or timezone.now(), 0
    for row in queries.identities_before(moment - timedelta(days=rules.FORGET_IDENTITY_AFTER_DAYS)):
        with transaction.atomic():
            Complaint.objects.filter(pk=row.pk).update(name="", phone="")
            record("complaint.identity_erased", actor=SYSTEM, target=row, changed=["name", "phone"])
        count += 1
    return count
