"""By the clock: what its author took back leaves the rounds."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.jobs.registry import periodic
from portal.jobs.words import KIND_WORDS, RESULT_WORDS
from portal.reviews.judging import actions
from portal.reviews.judging.models import JudgingStage
from portal.reviews.judging.rules import StageState

KIND_WORDS |= {"judging.drop_gone": _("撤回的作品退出评审")}
RESULT_WORDS |= {"left": _("退出评审")}


@periodic("judging.drop_gone", every=600)
def drop_gone(run: Any) -> dict[str, int]:
    """Every ten minutes."""
    rows = JudgingStage.objects.filter(status=StageState.SCORING)
    return {"left": sum(actions.drop_gone(stage) for stage in rows)}
