"""补入: what was accepted after a round was made joins it while it is open."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.reviews.judging import queries, registry
from portal.reviews.judging.actions.leaving import let_go
from portal.reviews.judging.actions.preparing import add_things, keep_recusals, tell_judges
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.rules import StageState
from portal.reviews.workflow import StaleState, WorkflowError


def add_late(*, actor: Any, stage: JudgingStage, reason: str = "") -> int:
    """Take in everything that waits, give it to the least burdened judges who may, and tell those. Returns how many.

    The pairs are those of the report the organiser has just read. Before scoring has begun the things only
    join; the one click assigns them with the rest. Pressed twice it adds nothing.
    """
    scope_of(actor).require(Perm.JUDGING_MANAGE, stage)
    if stage.is_over:
        raise StaleState(_("打分已经结束，不能再补入。"))
    with transaction.atomic():
        rows = JudgingStage.objects.filter(pk=stage.pk, status=stage.status, writes=stage.writes)
        if not rows.update(writes=F("writes") + 1):
            raise StaleState(_("刚刚有人打分或分配过，请刷新后再点一次。"))
        stage.writes += 1
        report = queries.late_report(stage)
        if not report.things:
            raise WorkflowError(_("没有可以补入的作品。"))
        if stage.is_scoring and report.short and not reason.strip():
            raise WorkflowError(_("有作品达不到规定的评委数，请增加评委，或写明照常补入的理由。"))
        number = _take_in(stage, report, actor)
        record(
            "judging.added", actor=actor, target=stage, details={"number": number, "reason": reason.strip()}
        )
    return number


def _take_in(stage: JudgingStage, report: queries.LateReport, actor: Any) -> int:
    items = add_things(stage, report.targets)
    if stage.status == StageState.PREPARING:
        return len(items)
    entered = registry.of(stage.code).opened(stage, list(items), actor)
    let_go(stage, set(items) - entered)
    keep_recusals({(items[target].pk, judge): why for (target, judge), why in report.conflicts.items()})
    pairs = [(items[target].pk, judge) for target, judge in report.plan.pairs if target in entered]
    Sheet.objects.bulk_create([Sheet(item_id=item, judge_id=judge) for item, judge in pairs])
    tell_judges(stage, pairs, wave=str(stage.writes))
    return len(entered)
