"""Work by the clock: closing, expiring, publicity, unfinished tries."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.actions import attempts, bank, draws, papers, surveys
from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS, RESULT_WORDS

KIND_WORDS |= {
    "quizzes.clock": _("到点交卷、结束问答和问卷"),
    "quizzes.upkeep": _("停用过期题目、结束抽奖公示"),
}
RESULT_WORDS |= {"handed_in": _("自动交卷"), "surveys": _("问卷结束"), "notices": _("公示结束")}


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
