"""Naming bases: batches, applications, scores, decision, notice, plate, re-check, removal."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.models import BaseBatch, BaseObjection, BaseReview, BaseScore, DemoBase, Venue
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules import venues as venue_rules
from campaigns.venues.rules.bases import Finding, Outcome, Status
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import SamePerson, WorkflowError, move
from portal.units.models import Unit

BATCH_FIELDS = (
    "name", "year", "title_word", "total", "child_least", "child_most", "pass_score", "public_days", "criteria",
    "opens_on", "closes_on",
)  # fmt: skip


# -- batches ---------------------------------------------------------------------------------------


@transaction.atomic
def save_batch(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    pool: Iterable[Unit],
    batch: BaseBatch | None = None,
    client_token: str | None = None,
    is_demo: bool = False,
) -> BaseBatch:
    """Open a round of naming, or change it. Weights must sum to 100; they are fixed once somebody has scored.

    Raises ValidationError by field, PermissionDenied without VENUE_CHECK at the naming unit.
    """
    scope_of(actor).require(Perm.VENUE_CHECK, unit)
    values = {name: fields[name] for name in BATCH_FIELDS if name in fields}
    if "criteria" in values and not rules.weights_fit(values["criteria"]):
        raise ValidationError({"criteria": _("各项分值加起来必须正好是 100。")})
    if batch is None:
        known = BaseBatch.objects.filter(client_token=client_token).first() if client_token else None
        if known is not None:
            return known
        try:
            with transaction.atomic():
                batch = BaseBatch.objects.create(
                    unit=unit, created_by=actor, client_token=client_token, is_demo=is_demo, **values
                )
        except IntegrityError as error:
            raise ValidationError({"name": _("这个单位今年已有同名批次。")}) from error
        verb = "base_batch.opened"
    else:
        scored = BaseScore.objects.filter(base__batch=batch).exists()
        if scored and "criteria" in values and values["criteria"] != batch.criteria:
            raise ValidationError({"criteria": _("已经有人打分，评分标准不能再改。")})
        for name, value in values.items():
            setattr(batch, name, value)
        batch.save(update_fields=list(values))
        verb = "base_batch.changed"
    batch.pool.set(list(pool))
    record(verb, actor=actor, target=batch, changed=values)
    return batch


# -- the application -------------------------------------------------------------------------------


def _check_applicant(batch: BaseBatch, venue: Venue) -> None:
    if not batch.is_open:
        raise WorkflowError(_("这个批次现在不在申报期内。"))
    if venue.status not in venue_rules.OPEN:
        raise WorkflowError(_("停用的阵地不能申报。"))
    if not venue.unit.path.startswith(batch.unit.path):
        raise WorkflowError(_("这个阵地不在命名单位的范围内。"))
    if batch.pool.exists() and not batch.pool.filter(pk=venue.unit_id).exists():
        raise WorkflowError(_("这个单位不在本批次可申报的名单里（只从清廉乡村示范村、社区等名单中选树）。"))


@once(DemoBase, taken=lambda: WorkflowError(_("这个阵地已有一份申报在办理，或已经命名。")))
def apply(
    *,
    actor: User,
    batch: BaseBatch,
    venue: Venue,
    client_token: str | None = None,
    is_demo: bool = False,
) -> DemoBase:
    """Begin an application for a venue; the counted activities of the last twelve months come linked.

    Raises WorkflowError outside the period or pool, or while the venue has another open application.
    """
    scope_of(actor).require(Perm.VENUE_EDIT, venue)
    _check_applicant(batch, venue)
    base = DemoBase.objects.create(
        batch=batch, venue=venue, unit=venue.unit, title_word=batch.title_word, created_by=actor,
        client_token=client_token, is_demo=is_demo,
    )  # fmt: skip
    base.activities.set(queries.activities_of(venue.unit)[:200])
    record("base.begun", actor=actor, target=base)
    return base


@transaction.atomic
def edit(
    *,
    actor: User,
    base: DemoBase,
    intro: str,
    regulations: str,
    activity_ids: Iterable[int],
    picked: Picked | None = None,
    documents: Picked | None = None,
) -> DemoBase:
    """Change a draft. Only counted activities of the unit can be linked."""
    scope_of(actor).require(Perm.VENUE_EDIT, base)
    changed = DemoBase.objects.filter(pk=base.pk, status=Status.DRAFT).update(
        intro=intro.strip(), regulations=regulations.strip(), updated_at=timezone.now()
    )
    if not changed:
        raise WorkflowError(_("申报已经提交，需要修改请先撤回或请对方退回。"))
    base.refresh_from_db()
    base.activities.set(queries.activities_of(base.unit).filter(pk__in=list(activity_ids)))
    settle_all(target=base, actor=actor, picked=(picked, documents))
    record("base.edited", actor=actor, target=base, changed=["intro", "regulations", "activities"])
    return base


def submit(*, actor: User, base: DemoBase) -> None:
    """Hand the application in. Raises WorkflowError while the introduction is missing."""
    _check_applicant(base.batch, base.venue)
    if not base.intro:
        raise WorkflowError(_("请先写情况介绍（1500 字以内）。"))
    move(base, "submit", actor=actor, fields={"submitted_by": actor, "submitted_at": timezone.now()})


def _require_check(actor: User, base: DemoBase) -> None:
    """Checking belongs to the county level and above: a township does not check for the county."""
    scope_of(actor).require(Perm.VENUE_CHECK, queries.county_of(base.unit))


def _require_decide(actor: User, base: DemoBase) -> None:
    scope_of(actor).require(Perm.VENUE_DECIDE, base.batch.unit)


def step(*, actor: User, base: DemoBase, name: str, reason: str = "") -> None:
    """Steps that need nothing but a reason: withdraw, take, return, scored, decline, stop, review.

    Raises PermissionDenied, SamePerson, StaleState, WorkflowError.
    """
    if name in {"take", "return", "scored", "review"}:
        _require_check(actor, base)
    if name in {"decline", "stop"}:
        _require_decide(actor, base)
    fields: dict[str, Any] = {}
    if name == "scored":
        _check_scores(base)
    if name == "return":
        fields = {"submitted_by": None, "checked_by": None}
    move(base, name, actor=actor, reason=reason, fields=fields)


SIMPLE_STEPS = ("withdraw", "take", "return", "scored", "decline", "stop", "review")


@transaction.atomic
def recommend(*, actor: User, base: DemoBase, opinion: str, files: Picked | None = None) -> None:
    """The county's opinion (推荐意见); then two people go and look."""
    _require_check(actor, base)
    if not opinion.strip():
        raise WorkflowError(_("请写推荐意见。"))
    move(base, "recommend", actor=actor, fields={"recommendation": opinion.strip(), "checked_by": actor})
    settle_all(target=base, actor=actor, picked=(files,))


def _check_scores(base: DemoBase) -> None:
    if base.scores.count() < rules.SCORERS_LEAST:
        raise WorkflowError(_("至少要有两位评审到现场打分。"))


@transaction.atomic
def score(
    *, actor: User, base: DemoBase, points: Mapping[str, Decimal], visited_on: date, note: str = ""
) -> BaseScore:
    """One scorer's sheet; sent again it replaces the person's own sheet until the scoring ends.

    Raises SamePerson for the applicant, ValidationError for a figure outside 0…weight or a day to come.
    """
    _require_check(actor, base)
    if base.status != Status.SITE_VISIT:
        raise WorkflowError(_("现在不在现场评审阶段。"))
    if actor.pk in {base.submitted_by_id, base.created_by_id}:
        raise SamePerson(_("申报人不能给自己申报的阵地打分，请由另一位同事评审。"))
    if visited_on > timezone.localdate():
        raise ValidationError({"visited_on": _("到场日期不能晚于今天。")})
    try:
        total = rules.total_of(points, base.batch.criteria)
    except ValueError as error:
        raise ValidationError(
            _("“%(item)s”的分数要在 0 到满分之间，最多一位小数。") % {"item": error}
        ) from error
    row, _made = BaseScore.objects.update_or_create(
        base=base,
        by=actor,
        defaults={
            "points": {code: str(value) for code, value in points.items()},
            "total": total,
            "note": note.strip(),
            "visited_on": visited_on,
        },
    )
    record("base.score_given", actor=actor, target=base, changed=["scores"])
    return row


# -- decision, notice, plate ------------------------------------------------------------------------


@transaction.atomic
def decide(
    *,
    actor: User,
    base: DemoBase,
    approval_basis: str,
    approval_no: str = "",
    title_word: str = "",
    quota_reason: str = "",
    public_from: date | None = None,
) -> None:
    """Agree to the naming and open the public notice.

    Needs a basis; a title with 示范 also the number of the approving document (design §2.3); a mean of at least
    the pass mark from two scorers; a free place in the quota, or a reason to go over it.
    Raises ValidationError by field, WorkflowError.
    """
    _require_decide(actor, base)
    batch = base.batch
    word = (title_word or batch.title_word).strip()
    _check_basis(word, approval_basis, approval_no)
    _check_scores(base)
    mean = queries.score_of(base)
    if mean is None or mean < batch.pass_score:
        raise WorkflowError(
            _("评审平均分 %(mean)s，没有达到 %(pass)s 分，不能命名。")
            % {"mean": mean, "pass": batch.pass_score}
        )
    # Decisions of one batch queue here, so that the last free place is given once.
    BaseBatch.objects.filter(pk=batch.pk).update(decisions=F("decisions") + 1)
    _check_quota(base, quota_reason)
    first = public_from or timezone.localdate()
    if first < timezone.localdate():
        raise ValidationError({"public_from": _("公示开始日不能早于今天。")})
    fields = {
        "title_word": word, "approval_basis": approval_basis.strip(), "approval_no": approval_no.strip(),
        "quota_reason": quota_reason.strip(), "decided_by": actor, "public_from": first,
        "public_until": queries.last_public_day(first, batch.public_days),
    }  # fmt: skip
    move(base, "decide", actor=actor, fields=fields)


def _check_basis(word: str, basis: str, number: str) -> None:
    if not basis.strip():
        raise ValidationError({"approval_basis": _("请写明批准依据，例如党组会议纪要。")})
    if rules.GUARDED_WORD in word and not number.strip():
        raise ValidationError(
            {"approval_no": _("称号里有“示范”，必须填批准文件的文号；没有文号请用“实践基地”。")}
        )


def _check_quota(base: DemoBase, reason: str) -> None:
    batch = base.batch
    full = queries.filled(batch) >= batch.total
    child_full = queries.filled(batch, base.unit) >= batch.child_most
    if (full or child_full) and not reason.strip():
        raise ValidationError({"quota_reason": _("名额已满，超额命名请写明理由。")})


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
    _require_check(actor, base)
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
    _require_check(actor, base)
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
    _require_decide(actor, base)
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


# -- after the naming -------------------------------------------------------------------------------


@transaction.atomic
def review(*, actor: User, base: DemoBase, outcome: str, note: str, rectify_by: date | None = None) -> None:
    """The result of a yearly re-check, or of a rectification: 合格, 整改 (three months at most), 摘牌 (proposes
    the removal, which a second person decides). Raises ValidationError by field."""
    _require_check(actor, base)
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
    _require_check(actor, base)
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
        _require_decide(actor, base)
    changed = DemoBase.objects.filter(
        pk=base.pk, status__in=rules.HOLDS_PLATE, removal_by__isnull=False
    ).update(removal_by=None, removal_reason="")
    if not changed:
        raise WorkflowError(_("没有待决定的摘牌建议。"))
    base.removal_by, base.removal_reason = None, ""
    record("base.removal_dropped", actor=actor, target=base, changed=["removal_by"])


def remove(*, actor: User, base: DemoBase, reason: str) -> None:
    """The second of two people: the plate goes; the public page says so. Raises SamePerson, WorkflowError."""
    _require_decide(actor, base)
    if base.removal_by_id is None:
        raise WorkflowError(_("摘牌要两个人：请先由审核人员提出并写明理由。"))
    move(base, "remove", actor=actor, reason=reason)
