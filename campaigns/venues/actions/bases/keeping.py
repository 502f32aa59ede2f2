"""From the notice on: objections, plate, yearly re-check, removal by two people."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.actions.bases.rights import require_check, require_decide
from campaigns.venues.models import BaseObjection, BaseReview, DemoBase
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules import venues as venue_rules
from campaigns.venues.rules.bases import Finding, Outcome, Status
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import WorkflowError, move


@once(BaseObjection, by="handler")
def object_to(
    *,
    actor: User,
    base: DemoBase,
    received_on: date,
    facts: str,
    reporter: str = "",
    token: str | None = None,
) -> BaseObjection:
    """Write down an objection; it freezes this base and no other. Raises WorkflowError outside the notice."""
    require_check(actor, base)
    if base.status != Status.PUBLICITY:
        raise WorkflowError(_("现在不在公示期，不能登记异议。"))
    if received_on > timezone.localdate():
        raise ValidationError({"received_on": _("收到日期不能晚于今天。")})
    row = BaseObjection.objects.create(
        base=base,
        received_on=received_on,
        facts=facts.strip(),
        reporter=reporter.strip(),
        handler=actor,
        client_token=token,
    )
    record("base.objected", actor=actor, target=base, changed=["objections"])
    return row


@transaction.atomic
def answer_objection(*, actor: User, objection: BaseObjection, finding: str, decision: str) -> None:
    """What the check found, once. A substantiated objection does not end the naming by itself: `stop` does."""
    base = objection.base
    require_check(actor, base)
    if finding not in {value for value in Finding.values if value}:
        raise ValidationError({"finding": _("请选核查结论。")})
    if not decision.strip():
        raise ValidationError({"decision": _("请写处理说明。")})
    changed = BaseObjection.objects.filter(pk=objection.pk, finding="").update(
        finding=finding, decision=decision.strip(), handler=actor, closed_at=timezone.now()
    )
    if not changed:
        raise WorkflowError(_("这条异议已经办结。"))
    record("base.objection_answered", actor=actor, target=base, changed=["objections"])


def name_base(*, actor: User, base: DemoBase, plate_no: str) -> None:
    """Give the plate. Raises WorkflowError before the notice has ended, while an objection is open or one was
    found true, ValidationError for a plate number that is in use."""
    require_decide(actor, base)
    today = timezone.localdate()
    if base.public_until is None or base.public_until >= today:
        raise WorkflowError(_("公示还没有结束，%(day)s 之后才能命名。") % {"day": base.public_until})
    if queries.open_objections(base):
        raise WorkflowError(_("还有异议没有核查完，核查期间不能命名。"))
    if base.objections.filter(finding=Finding.SUBSTANTIATED).exists():
        raise WorkflowError(_("有异议核查属实，不能命名；请终止命名。"))
    number = plate_no.strip()
    if not number:
        raise ValidationError({"plate_no": _("请填牌匾编号。")})
    fields = {
        "plate_no": number,
        "named_at": timezone.now(),
        "review_due": venue_rules.months_later(today, rules.REVIEW_MONTHS),
    }
    try:
        with transaction.atomic():  # a plate number that is taken undoes this step alone
            move(base, "name", actor=actor, fields=fields)
    except IntegrityError as error:
        base.refresh_from_db()
        raise ValidationError({"plate_no": _("这个牌匾编号已经用过，请换一个。")}) from error


@transaction.atomic
def review(*, actor: User, base: DemoBase, outcome: str, note: str, rectify_by: date | None = None) -> None:
    """The result of a yearly re-check, or of a rectification: 合格, 整改 (three months at most), 摘牌 (proposes
    the removal, which a second person decides). Raises ValidationError by field."""
    require_check(actor, base)
    today = timezone.localdate()
    if outcome == Outcome.OK:
        if base.removal_by_id is not None:
            raise WorkflowError(_("有人提出摘牌还没有决定，请先决定或撤销摘牌建议。"))
        name = "rectified" if base.status == Status.RECTIFYING else "pass_review"
        due = venue_rules.months_later(today, rules.REVIEW_MONTHS)
        move(base, name, actor=actor, reason=note, fields={"review_due": due, "rectify_by": None})
    elif outcome == Outcome.RECTIFY:
        latest = rules.latest_rectification(today)
        if rectify_by is None or not today < rectify_by <= latest:
            raise ValidationError({"rectify_by": _("整改期限最长三个月，请填明天到 %(day)s 之间的日子。") % {"day": latest}})  # fmt: skip
        move(base, "rectify", actor=actor, reason=note, fields={"rectify_by": rectify_by})
    elif outcome == Outcome.REMOVE:
        propose_removal(actor=actor, base=base, reason=note)
    else:
        raise ValidationError({"outcome": _("请选复核结论。")})
    BaseReview.objects.create(base=base, on=today, outcome=outcome, note=note.strip()[:300], by=actor)


@transaction.atomic
def propose_removal(*, actor: User, base: DemoBase, reason: str) -> None:
    """The first of two people: says why the plate should go."""
    require_check(actor, base)
    if not reason.strip():
        raise WorkflowError(_("请写明摘牌的理由。"))
    changed = DemoBase.objects.filter(
        pk=base.pk, status__in=rules.HOLDS_PLATE, removal_by__isnull=True
    ).update(removal_by=actor, removal_reason=reason.strip()[:300])
    if not changed:
        raise WorkflowError(_("已经有人提出摘牌，或这个基地没有牌匾。"))
    base.removal_by, base.removal_reason = actor, reason.strip()[:300]
    record("base.removal_proposed", actor=actor, target=base, changed=["removal_by"])


@transaction.atomic
def drop_removal(*, actor: User, base: DemoBase) -> None:
    """The proposal was wrong: take it back (its author), or refuse it (who decides)."""
    if base.removal_by_id != actor.pk:
        require_decide(actor, base)
    changed = DemoBase.objects.filter(
        pk=base.pk, status__in=rules.HOLDS_PLATE, removal_by__isnull=False
    ).update(removal_by=None, removal_reason="")
    if not changed:
        raise WorkflowError(_("没有待决定的摘牌建议。"))
    base.removal_by, base.removal_reason = None, ""
    record("base.removal_dropped", actor=actor, target=base, changed=["removal_by"])


def remove(*, actor: User, base: DemoBase, reason: str) -> None:
    """The second of two people: the plate goes; the public page says so. Raises SamePerson, WorkflowError."""
    require_decide(actor, base)
    if base.removal_by_id is None:
        raise WorkflowError(_("摘牌要两个人：请先由审核人员提出并写明理由。"))
    move(base, "remove", actor=actor, reason=reason)
