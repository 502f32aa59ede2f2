"""Background work on files."""

from typing import Any

from portal.files import actions, lighten, processing
from portal.jobs.registry import job, periodic
from portal.jobs.runner import Run

PROCESS_ATTEMPTS = 5


@job("files.process", attempts=PROCESS_ATTEMPTS, limit=120)
def process(run: Run, *, file_id: int) -> dict[str, Any]:
    """Make the clean copies of one upload."""
    return processing.process(file_id=file_id, is_last=run.job.attempts >= PROCESS_ATTEMPTS)


@periodic("files.discard_expired", every=3600, offset=600)
def discard_expired(run: Run) -> dict[str, Any]:
    """Drop staged uploads of forms that were never sent."""
    return dict(actions.discard_expired())


@periodic("files.watch_space", every=900)
def watch_space(run: Run) -> dict[str, Any]:
    """Raise an alarm before the disk is full."""
    return actions.watch_space(job=run.job)


@periodic("files.sweep_orphans", every=86_400, offset=9000, limit=900)
def sweep_orphans(run: Run) -> dict[str, Any]:
    """Remove bytes that a crash left without a row."""
    return {"removed": actions.sweep_orphans() + lighten.sweep_left()}


@periodic(lighten.JOB, every=3600, offset=1200, limit=4 * 3600)
def lighten_films(run: Run) -> dict[str, Any]:
    """Make light copies of heavy films, one after the other and never two at once."""
    return lighten.run(job=run.job, progress=run.progress)
