"""The nightly proof of the index."""

from typing import Any

import structlog

from families.search import actions
from portal.jobs.registry import periodic
from portal.jobs.runner import Run

log = structlog.get_logger(__name__)


@periodic("search.compare", every=86400, offset=3 * 3600, limit=3600)
def compare(run: Run) -> dict[str, Any]:
    """Hold every entry against its work; what differs is mended and written into the log."""
    result = actions.compare()
    if result.total:
        log.warning("search.differed", **result.as_dict())
    return result.as_dict()
