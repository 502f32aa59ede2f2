"""Upkeep of visits by the clock."""

from typing import Any

from django.utils.translation import gettext_lazy

from campaigns.venues.actions import visits
from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.jobs.words import KIND_WORDS, RESULT_WORDS

RESULT_WORDS["lapsed"] = gettext_lazy("过期")
KIND_WORDS |= {"venues.upkeep": gettext_lazy("清理过期的参观预约")}


@periodic("venues.upkeep", every=86_400, offset=12_600)
def upkeep(run: Run) -> dict[str, Any]:
    """Call off what nobody confirmed, forget who came half a year ago."""
    return {"lapsed": visits.lapse(), "erased": visits.forget()}
