"""Putting work into the table, claiming it, finishing it. Nothing here talks to a broker."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.jobs.models import Job, JobState
from portal.jobs.registry import HEARTBEAT_LOST_AFTER, KINDS, PERIODIC
from portal.journal.actions import record

# A published job that nobody took within this time is published again (the broker lost it).
REPUBLISH_AFTER = timedelta(seconds=30)


def enqueue(
    kind: str,
    *,
    args: Mapping[str, Any] | None = None,
    slot: str | None = None,
    by: Any = None,
    run_after: datetime | None = None,
    fresh: bool = False,
) -> Job:
    """Write a job row in the current transaction; the dispatcher finds it after the commit.

    With `slot`, a job of the same slot that exists already is returned instead. `fresh`: nobody can have used this
    slot before (it names a row made in this transaction), so nothing is looked up and no savepoint is kept.
    """
    if kind not in KINDS:
        raise KeyError(f"no job kind {kind}")
    fields = {
        "kind": kind,
        "args": dict(args or {}),
        "run_after": run_after or timezone.now(),
        "created_by": by if getattr(by, "is_authenticated", False) else None,
    }
    if slot is None or fresh:
        return Job.objects.create(slot=slot, **fields)
    known = Job.objects.filter(slot=slot).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Job.objects.create(slot=slot, **fields)
    except IntegrityError:
        return Job.objects.get(slot=slot)


def enqueue_once_idle(kind: str, *, args: Mapping[str, Any], key: str) -> Job:
    """One waiting job per key: a request while one is still queued joins it; while one runs, a new one
    follows it. For work that recomputes from the current rows."""
    waiting = Job.objects.filter(kind=kind, state=JobState.QUEUED, slot__startswith=f"{key}#").first()
    if waiting is not None:
        return waiting
    return enqueue(kind, args=args, slot=f"{key}#{uuid.uuid4().hex[:12]}", fresh=True)


def enqueue_periodic(now: datetime | None = None) -> list[Job]:
    """Write the rows of all periodic work due now; the unique slot makes a second beat a no-op."""
    moment = now or timezone.now()
    jobs = []
    for spec in PERIODIC.values():
        slot = f"{spec.name}@{spec.number_at(moment)}"
        if not Job.objects.filter(slot=slot).exists():
            jobs.append(enqueue(spec.name, slot=slot))
    return jobs


def due(*, limit: int = 200, now: datetime | None = None) -> list[int]:
    """Ids of queued jobs whose time has come and that are not on their way already."""
    moment = now or timezone.now()
    rows = Job.objects.filter(state=JobState.QUEUED, run_after__lte=moment)
    fresh = rows.filter(published_at__isnull=True) | rows.filter(published_at__lte=moment - REPUBLISH_AFTER)
    return list(fresh.order_by("run_after", "pk").values_list("pk", flat=True)[:limit])


def mark_published(job_id: int, *, now: datetime | None = None) -> bool:
    """Claim the publishing of one job; False when another dispatcher was faster."""
    moment = now or timezone.now()
    rows = Job.objects.filter(pk=job_id, state=JobState.QUEUED)
    fresh = rows.filter(published_at__isnull=True) | rows.filter(published_at__lte=moment - REPUBLISH_AFTER)
    return bool(Job.objects.filter(pk__in=fresh.values("pk")).update(published_at=moment))


def claim(job_id: int) -> Job | None:
    """Take a queued job for running, by compare-and-set; None when it is not to be had."""
    token, now = str(uuid.uuid4()), timezone.now()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED, run_after__lte=now).update(
        state=JobState.RUNNING,
        claim=token,
        started_at=now,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
        error="",
    )
    return Job.objects.get(pk=job_id, claim=token) if taken else None


def beat(job: Job, **fields: Any) -> bool:
    """Show a sign of life (and progress); False when the run was taken away meanwhile."""
    return bool(
        Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING).update(
            heartbeat_at=timezone.now(), **fields
        )
    )


def finish(job: Job, *, result: dict[str, Any] | None, **fields: Any) -> bool:
    """Close a run; False when it was no longer ours."""
    return bool(
        Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING).update(
            state=JobState.DONE, result=result or {}, finished_at=timezone.now(), **fields
        )
    )


def fail(job: Job, *, error: str) -> bool:
    """Note an error: try again later with a growing pause, or give up after the kind's attempts."""
    kind = KINDS.get(job.kind)
    again = kind is not None and job.attempts < kind.attempts
    now = timezone.now()
    fields: dict[str, Any] = {"error": error[:4000], "claim": ""}
    if again:
        pause = timedelta(seconds=5 * 4 ** (job.attempts - 1))
        fields |= {"state": JobState.QUEUED, "run_after": now + pause, "published_at": None}
    else:
        fields |= {"state": JobState.FAILED, "finished_at": now}
    return bool(Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING).update(**fields))


def sweep(*, now: datetime | None = None) -> int:
    """Give back jobs whose worker died (no heartbeat); returns how many."""
    moment = now or timezone.now()
    lost = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=moment - HEARTBEAT_LOST_AFTER)
    count = 0
    for job in lost:
        count += fail(job, error="the worker stopped while running this job")
    return count


def run_now(*, name: str, actor: Any, now: datetime | None = None) -> Job:
    """Start periodic work outside its time; twice in a minute it is one run. Needs JOB_RETRY."""
    scope_of(actor).require(Perm.JOB_RETRY)
    if name not in PERIODIC:
        raise KeyError(name)
    moment = now or timezone.now()
    with transaction.atomic():
        job = enqueue(name, slot=f"{name}@now{int(moment.timestamp()) // 60}", by=actor)
        record("job.started", actor=actor, target=job)
    return job


def retry(*, job: Job, actor: Any) -> Job:
    """Queue a failed job again. Needs JOB_RETRY."""

    scope_of(actor).require(Perm.JOB_RETRY)
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
            state=JobState.QUEUED, attempts=0, run_after=timezone.now(), published_at=None, finished_at=None
        )
        if changed:
            record("job.retried", actor=actor, target=job)
    job.refresh_from_db()
    return job
