"""Work by the clock: closing, expiring, publicity, unfinished tries."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.actions import attempts, bank, draws, papers, surveys
from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS

KIND_WORDS |= {
    "quizzes.clock": _("知识问答到点交卷和结束"),
    "quizzes.upkeep": _("题目到期停用、抽奖公示结束"),
}


@periodic("quizzes.clock", every=300)
def clock(run: Run) -> dict[str, Any]:
    """Hand in what was left open; close papers and surveys after their last day."""
    return {
        "handed_in": attempts.finish_overdue(),
        "closed": papers.close_past(),
        "surveys": surveys.close_past(),
    }


@periodic("quizzes.upkeep", every=86_400, offset=15_000)
def upkeep(run: Run) -> dict[str, Any]:
    """Retire questions that ran out, end publicity."""
    return {"expired": bank.expire_questions(), "notices": draws.finish_notices()}
