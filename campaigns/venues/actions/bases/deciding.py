"""Check, scores on site, recommendation, decision."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.actions.bases.rights import require_check, require_decide
from campaigns.venues.models import BaseBatch, BaseScore, DemoBase
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules.bases import Status
from portal.accounts.models import User
from portal.files.actions import settle_all
from portal.files.picked import Picked
from portal.journal.actions import record
from portal.reviews.workflow import SamePerson, WorkflowError, move


def step(*, actor: User, base: DemoBase, name: str, reason: str = "") -> None:
    """Steps that need nothing but a reason: withdraw, take, return, scored, decline, stop, review.

    Raises PermissionDenied, SamePerson, StaleState, WorkflowError.
    """
    if name in {"take", "return", "scored", "review"}:
        require_check(actor, base)
    if name in {"decline", "stop"}:
        require_decide(actor, base)
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
    require_check(actor, base)
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
    require_check(actor, base)
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
    require_decide(actor, base)
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
