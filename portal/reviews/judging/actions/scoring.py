"""A judge's own writes: scores, recusal, profile."""

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.reviews.judging import messages, queries, registry
from portal.reviews.judging.models import (
    JudgeProfile,
    JudgingStage,
    Recusal,
    Sheet,
)
from portal.reviews.judging.rules import (
    COUNTING,
    TO_DO,
    SheetState,
    StageState,
)
from portal.reviews.workflow import StaleState, WorkflowError
from portal.units.models import Unit

_lot = random.SystemRandom()


def _own(sheet: Sheet, actor: Any) -> None:
    if sheet.judge_id != getattr(actor, "pk", None):
        raise PermissionDenied("another judge's sheet")
    scope_of(actor).require(Perm.JUDGE_SCORE, sheet)


def _while_scoring(stage: JudgingStage) -> None:
    """Touch the row of the round: closing waits for this score, and a score after closing is refused."""
    if not JudgingStage.objects.filter(pk=stage.pk, status=StageState.SCORING).update(writes=F("writes") + 1):
        raise StaleState(_("这一轮打分已经结束，不能再打分。"))


@transaction.atomic
def save_sheet(
    *, actor: Any, sheet: Sheet, values: Mapping[int, Decimal], comment: str = "", version: int, hand_in: bool
) -> Sheet:  # fmt: skip
    """Keep a draft, or hand the sheet in when every criterion has a score. Scores may be changed until the round closes.

    `version` is that of the page: the same page sent twice is one score, an older page than what is kept is refused.
    """
    _own(sheet, actor)
    stage = sheet.item.stage
    weights = [int(one["weight"]) for one in sheet.item.criteria.items]
    if any(
        not 0 <= number < len(weights) or not 0 <= value <= weights[number]
        for number, value in values.items()
    ):
        raise WorkflowError(_("有一项超出了分值范围。"))
    if hand_in and len(values) < len(weights):
        raise WorkflowError(_("还有 %(n)d 项没有打分。") % {"n": len(weights) - len(values)})
    if hand_in:
        _refuse_conflict(sheet, actor)
    _while_scoring(stage)
    state = SheetState.SUBMITTED if hand_in else SheetState.DRAFT
    fields: dict[str, Any] = {
        "values": {str(number): str(value) for number, value in sorted(values.items())}, "comment": comment.strip()[:300],
        "total": sum(values.values(), Decimal(0)) if hand_in else None,
        "submitted_at": timezone.now() if hand_in else None, "state": state,
    }  # fmt: skip
    sources = COUNTING if hand_in else TO_DO
    rows = Sheet.objects.filter(pk=sheet.pk, version=version, state__in=sources, item__is_gone=False)
    if not rows.update(**fields, version=version + 1):
        sheet.refresh_from_db()
        if sheet.state == state and sheet.values == fields["values"] and sheet.comment == fields["comment"]:
            return sheet
        if sheet.state not in COUNTING:
            raise StaleState(_("这件作品已不在您的评审任务里。"))
        raise StaleState(_("这件作品刚在另一个窗口保存过，请核对后再交。您填的还在下面。"))
    sheet.refresh_from_db()
    if hand_in:
        record("judging.scored", actor=actor, target=sheet, unit=stage.unit, changed=["scores"])
    return sheet


def _refuse_conflict(sheet: Sheet, actor: Any) -> None:
    """A role or a profile given since the assignment may have opened a way to the author."""
    found = registry.of(sheet.item.stage.code).conflicts([sheet.item.target_id], [actor])
    if any(True for _one in found):
        raise WorkflowError(_("按规定您需要回避这件作品，请点“回避”，系统会找替补。"))


def recuse(*, actor: Any, sheet: Sheet, reason: str) -> User | None:
    """回避 by the judge's own word: the sheet is emptied, a substitute is found and told. Returns the substitute."""
    _own(sheet, actor)
    if len(reason.strip()) < 2:
        raise WorkflowError(_("请写一句回避的理由。"))
    item, stage = sheet.item, sheet.item.stage
    with transaction.atomic():
        _while_scoring(stage)
        changed = Sheet.objects.filter(pk=sheet.pk, state__in=COUNTING).update(
            state=SheetState.RECUSED, values={}, total=None, comment="", version=F("version") + 1
        )
        if not changed:
            raise StaleState(_("这件作品已不在您的评审任务里。"))
        Recusal.objects.get_or_create(
            item=item, judge=actor, defaults={"reason": reason.strip()[:200], "declared": True}
        )
        record("judging.recused", actor=actor, target=sheet, unit=stage.unit, changed=["state"])
        substitute = queries.substitute_for(item)
        if substitute is None:
            record("judging.short", actor=actor, target=stage)
            return None
        new = Sheet.objects.create(item=item, judge=substitute, is_substitute=True)
        messages.assigned(stage, [(substitute, 1)], wave=f"sub:{new.pk}")
    return substitute


@transaction.atomic
def save_profile(*, actor: Any, work_unit: Unit | None, home_unit: Unit | None) -> JudgeProfile:
    """Where a judge works and lives; works from there are never given to them."""
    scope_of(actor).require(Perm.JUDGE_SCORE)
    profile, _created = JudgeProfile.objects.update_or_create(
        user=actor, defaults={"work_unit": work_unit, "home_unit": home_unit, "confirmed_at": timezone.now()}
    )
    record("judging.profile_saved", actor=actor, target=profile, changed=["work_unit", "home_unit"])
    return profile
