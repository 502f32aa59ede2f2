"""Background work on drafts."""

from typing import Any

from portal.drafts import actions
from portal.jobs.registry import periodic
from portal.jobs.runner import Run


@periodic("drafts.purge", every=3600, offset=1200)
def purge(run: Run) -> dict[str, Any]:
    """Delete drafts past their time."""
    return {"deleted": actions.purge_expired()}
