"""Upkeep of complaints."""

from typing import Any

from portal.complaints import actions
from portal.jobs.registry import periodic
from portal.jobs.runner import Run


@periodic("complaints.upkeep", every=86_400, offset=14_400)
def upkeep(run: Run) -> dict[str, Any]:
    """Close what was answered weeks ago, forget who wrote years ago."""
    return {"closed": actions.close_answered(), "erased": actions.erase_identities()}
