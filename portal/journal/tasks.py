"""Upkeep of the chain."""

from typing import Any

from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.journal.actions import seal


@periodic("journal.seal", every=60)
def seal_entries(run: Run) -> dict[str, Any]:
    """Seal what was written since the last time."""
    return {"sealed": seal()}
