"""By the clock: what its author took back leaves the rounds."""

from typing import Any

from portal.jobs.registry import periodic
from portal.reviews.judging import actions
from portal.reviews.judging.models import JudgingStage
from portal.reviews.judging.rules import StageState


@periodic("judging.drop_gone", every=600)
def drop_gone(run: Any) -> dict[str, int]:
    """Every ten minutes."""
    rows = JudgingStage.objects.filter(status=StageState.SCORING)
    return {"left": sum(actions.drop_gone(stage) for stage in rows)}
