"""Reads of the job table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.jobs.models import Job, JobState
from portal.jobs.registry import HEARTBEAT_LOST_AFTER, PERIODIC


def all_jobs(scope: Scope) -> QuerySet[Job]:
    """Every job, for who looks after the running of the portal; nothing for others."""
    rows = Job.objects.select_related("created_by")
    return rows if scope.has(Perm.JOB_READ) else rows.none()


def visible(scope: Scope, user: Any, public_id: Any) -> Job | None:
    """A job of one's own, or any job with JOB_READ."""
    job = Job.objects.select_related("created_by").filter(public_id=public_id).first()
    if job is None or (job.created_by_id != user.pk and not scope.has(Perm.JOB_READ)):
        return None
    return job


def is_running_elsewhere(job: Job) -> bool:
    """Does an earlier job of the same kind run now, in a worker that shows signs of life?"""
    alive = timezone.now() - HEARTBEAT_LOST_AFTER
    rows = Job.objects.filter(kind=job.kind, state=JobState.RUNNING, pk__lt=job.pk)
    return rows.filter(heartbeat_at__gte=alive).exists()


@dataclass(frozen=True)
class Timetable:
    """One kind of work that comes back by the clock."""

    name: str
    every: int
    last: Job | None
    next_at: datetime


def timetable(now: datetime) -> list[Timetable]:
    """All periodic work with its latest run and its next slot; two queries."""
    newest = (
        Job.objects.filter(kind__in=PERIODIC, slot__contains="@").values("kind").annotate(newest=Max("pk"))
    )
    jobs: Mapping[str, Job] = {
        job.kind: job for job in Job.objects.filter(pk__in=[row["newest"] for row in newest])
    }
    rows = []
    for spec in PERIODIC.values():
        rows.append(Timetable(spec.name, spec.every, jobs.get(spec.name), spec.after(now)))
    return sorted(rows, key=lambda row: row.name)
