"""What its author took back, or staff took down, leaves a round; its scores count no more."""

from django.db import transaction

from portal.access.actors import SYSTEM
from portal.journal.actions import record
from portal.reviews.judging import registry
from portal.reviews.judging.actions.reckoning import reckon
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState, StageState


def let_go(stage: JudgingStage, targets: set[int]) -> None:
    """Empty the sheets of these things and take them out of the round."""
    if not targets:
        return
    rows = stage.things.filter(target_id__in=targets, is_gone=False)
    Sheet.objects.filter(item__in=rows).update(state=SheetState.GONE, values={}, total=None, comment="")
    rows.update(is_gone=True)


def drop_gone(stage: JudgingStage) -> int:
    """Judges see it no more; where scores were reckoned already, means and ranks are reckoned again without it.

    Runs when something is taken back, by the clock, and before a round is closed or decided. Returns how many left.
    """
    if stage.status not in {StageState.SCORING, StageState.CLOSED}:
        return 0
    ids = list(stage.things.filter(is_gone=False).values_list("target_id", flat=True))
    gone = set(ids) - registry.of(stage.code).still_in(stage.kind, ids)
    if not gone:
        return 0
    with transaction.atomic():
        let_go(stage, gone)
        if stage.status == StageState.CLOSED:
            reckon(stage)
        record("judging.left", actor=SYSTEM, target=stage, details={"number": len(gone)})
    return len(gone)
