"""Celery's side of the job table, and the upkeep of the table itself."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from portal.jobs import actions, runner
from portal.jobs.models import Job, JobState
from portal.jobs.registry import periodic


@shared_task(name="jobs.run", acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def run_job(job_id: int) -> None:
    """Run one job row; delivered twice, it acts once."""
    runner.run(job_id)


@shared_task(name="jobs.tick", ignore_result=True)
def tick() -> None:
    """Write the rows of periodic work that is due, and give back lost jobs."""
    actions.enqueue_periodic()
    actions.sweep()


@periodic("jobs.purge", every=86_400, offset=3600)
def purge(run: runner.Run) -> dict[str, Any]:
    """Forget finished jobs after 30 days, their files after 7."""
    now = timezone.now()
    files = 0
    for job in Job.objects.filter(finished_at__lt=now - timedelta(days=7)).exclude(file_path=""):
        default_storage.delete(job.file_path)
        Job.objects.filter(pk=job.pk).update(file_path="")
        files += 1
    old = Job.objects.filter(
        finished_at__lt=now - timedelta(days=30), state__in=[JobState.DONE, JobState.CANCELLED]
    )
    rows, _ = old.delete()
    return {"files": files, "rows": rows}
