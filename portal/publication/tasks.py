"""Upkeep of what is public."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.publication import actions, queries, rules


@periodic("publication.expire", every=300)
def expire(run: Run) -> dict[str, Any]:
    """Take down what has reached its date."""
    return {"expired": actions.expire_due()}


@periodic("publication.purge_copies", every=86_400, offset=7200)
def purge_copies(run: Run) -> dict[str, Any]:
    """Forget copies of pages that left the site long ago."""
    old = queries.stale_copies(timezone.now() - timedelta(days=rules.KEEP_COPIES_DAYS))
    return {"removed": old.delete()[0]}
