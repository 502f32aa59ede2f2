"""Planned changes take effect on their day."""

from typing import Any

from portal.jobs.registry import periodic
from portal.jobs.runner import Run
from portal.units import actions


@periodic("units.apply_changes", every=1800)
def apply_changes(run: Run) -> dict[str, Any]:
    """Apply what is due; running twice changes nothing more."""
    return dict(actions.apply_due())
