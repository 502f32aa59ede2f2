"""Background work of award lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from families.judging import actions
from families.judging.models import AwardList
from families.judging.rules import ListState
from portal.jobs.registry import job
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS, RESULT_WORDS

KIND_WORDS |= {"judging.doubt_units": _("核对公示中的优秀组织奖")}
RESULT_WORDS |= {"units": _("单位")}


@job("judging.doubt_units")
def doubt_units(run: Run) -> dict[str, Any]:
    """Units on show whose works have left the list."""
    rows = AwardList.objects.filter(status=ListState.PUBLICITY).select_related("call")
    return {"units": sum(actions.doubt_units(row) for row in rows)}
