"""After the scores: closing, ties, what goes on."""

import random
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.reviews.judging import queries
from portal.reviews.judging.actions.leaving import drop_gone
from portal.reviews.judging.actions.reckoning import reckon
from portal.reviews.judging.models import (
    JudgedItem,
    JudgingStage,
    Sheet,
)
from portal.reviews.judging.rules import (
    TO_DO,
    Outcome,
    StageState,
)
from portal.reviews.workflow import StaleState, WorkflowError, move

_lot = random.SystemRandom()


def close_stage(*, actor: Any, stage: JudgingStage, reason: str = "") -> None:
    """End scoring, then reckon. Sheets that were not handed in count for nothing and need a reason."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    drop_gone(stage)
    with transaction.atomic():
        move(stage, "close", actor=actor, reason=reason, fields={"closed_at": timezone.now()})
        left = Sheet.objects.filter(item__stage=stage, item__is_gone=False, state__in=TO_DO).count()
        if left and not reason.strip():
            raise WorkflowError(_("还有 %(n)d 份没有打分，请催一催，或写明提前结束的理由。") % {"n": left})
        reckon(stage)


def part_tie(*, actor: Any, stage: JudgingStage, order: Sequence[int], reason: str) -> None:
    """The chair puts equal ones in order and says why; without a chair who may judge them, the deciding unit does."""
    items = {item.pk: item for item in stage.things.filter(pk__in=order, is_tied=True, is_gone=False)}
    if (
        len(items) != len(order)
        or len(order) < 2
        or len({(i.bucket, i.raw_rank) for i in items.values()}) != 1
    ):
        raise WorkflowError(_("请把同分的作品排成 1、2、3……，每个数字只用一次。"))
    chair_may = stage.chair_id is not None and not any(
        queries.is_recused(item, stage.chair) for item in items.values()
    )
    if chair_may and getattr(actor, "pk", None) != stage.chair_id:
        raise PermissionDenied("the chair parts ties")
    if not chair_may:
        scope_of(actor).require(Perm.JUDGING_DECIDE, stage)
    if len(reason.strip()) < 2:
        raise WorkflowError(_("请写明排先后的理由，会记入评审记录。"))
    with transaction.atomic():
        if not JudgingStage.objects.filter(pk=stage.pk, status=StageState.CLOSED).update(
            writes=F("writes") + 1
        ):
            raise StaleState(_("名单已经定了，不能再排先后。"))
        for place, pk in enumerate(order, 1):
            JudgedItem.objects.filter(pk=pk).update(tie_order=place, tie_reason=reason.strip()[:200])
        numbers = [items[pk].shown_number for pk in order]
        record("judging.tie_parted", actor=actor, target=stage, details={"order": numbers, "reason": reason})


def finish(*, actor: Any, stage: JudgingStage, chosen: set[int]) -> None:
    """The last round needs no promotion: it ends with the award list. `chosen` are the targets on it."""
    if stage.status != StageState.CLOSED:
        return
    with transaction.atomic():
        move(stage, "decide", actor=actor)
        rows = stage.things.filter(is_gone=False)
        rows.filter(target_id__in=chosen).update(outcome=Outcome.PROMOTED)
        rows.exclude(target_id__in=chosen).update(outcome=Outcome.OUT)


def decide(*, actor: Any, stage: JudgingStage, promoted: set[int], reason: str = "") -> int:
    """People decide what goes on. Where they differ from the ranks they say why. Returns how many go on."""
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    drop_gone(stage)
    if queries.open_ties_at_cut(stage):
        raise WorkflowError(_("晋级线上有同分的作品，请评委组长先定先后。"))
    items = list(stage.things.filter(is_gone=False))
    proposed = queries.proposal_of(stage)
    chosen = promoted & {item.pk for item in items}
    changed = proposed ^ chosen
    if changed and not reason.strip():
        raise WorkflowError(_("您的选择和按分数排出的不一样，请写明调整的理由。"))
    if not chosen:
        raise WorkflowError(_("至少要有一件晋级。"))
    with transaction.atomic():
        move(stage, "decide", actor=actor, reason=reason)
        for item in items:
            item.outcome = Outcome.PROMOTED if item.pk in chosen else Outcome.OUT
            item.outcome_reason = reason.strip()[:200] if item.pk in changed else ""
        JudgedItem.objects.bulk_update(items, ["outcome", "outcome_reason"], batch_size=200)
    return len(chosen)
