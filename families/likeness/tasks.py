"""Comparison in the background."""

from typing import Any

from families.likeness import actions
from families.works.actions.comparing import JOB
from portal.jobs.registry import job
from portal.jobs.runner import Run


@job(JOB, attempts=5, limit=120)
def compare(run: Run, *, work_id: int) -> dict[str, Any]:
    """Look for works with the same picture, file or text."""
    return actions.compare(work_id=work_id)
