"""Daily purge."""

from typing import Any

from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.privacy.actions import purge_expired


@periodic("privacy.purge", every=86400, offset=3 * 3600, limit=900)
def purge(run: Run) -> dict[str, Any]:
    """Delete what is past its time (03:00 in Shanghai)."""
    return dict(purge_expired())
