"""Keeping roll-ups true: after every journal entry about a counted row, and once a night in full."""

from datetime import date
from typing import Any

from django.apps import apps
from django.utils import timezone

from portal.dashboards.rollup import month_of, months_with_rows, roll_up
from portal.jobs.actions import enqueue
from portal.jobs.models import Job, JobState
from portal.jobs.registry import job, periodic
from portal.jobs.runner import Run
from portal.journal.actions import follow
from portal.journal.models import JournalEntry
from portal.journal.verbs import VERBS
from portal.metrics import SOURCES

MOVING = {"unit.moved", "unit.merged"}


@job("dashboards.rollup", limit=600)
def rollup(run: Run, *, source: str, month: str) -> dict[str, Any]:
    """One source and month. Every change queues its own job, so the last one always sees the last state;
    the ones before it have nothing to do."""
    newer = Job.objects.filter(
        pk__gt=run.job.pk,
        kind="dashboards.rollup",
        state=JobState.QUEUED,
        args={"source": source, "month": month},
    )
    if newer.exists():
        return {"superseded": True}
    return {"units": roll_up(source, date.fromisoformat(month))}


@periodic("dashboards.rollup_nightly", every=86_400, offset=2 * 3600, limit=1800)
def rollup_nightly(run: Run) -> dict[str, Any]:
    """All months at 2 a.m. in Shanghai (18:00 UTC): catches changed dates and imports."""
    return _all_months(run)


@job("dashboards.rollup_units", limit=1800)
def rollup_units(run: Run) -> dict[str, Any]:
    """All months, after a unit went elsewhere: its rows count for other units now. The last of several does the work."""
    newer = Job.objects.filter(pk__gt=run.job.pk, kind="dashboards.rollup_units", state=JobState.QUEUED)
    return {"superseded": True} if newer.exists() else _all_months(run)


def _all_months(run: Run) -> dict[str, Any]:
    count = 0
    for source in SOURCES.values():
        months = months_with_rows(source)
        for number, month in enumerate(months, start=1):
            roll_up(source.code, month)
            run.progress(number, len(months))
            count += 1
    return {"months": count}


def queue_rollup(source: str, day: date) -> None:
    """Queue the month of a day."""
    enqueue("dashboards.rollup", args={"source": source, "month": month_of(day).isoformat()})


def after_entry(entry: JournalEntry) -> None:
    """A counted row changed: queue its month, in the same transaction."""
    if entry.verb in MOVING:
        enqueue("dashboards.rollup_units")
    if VERBS[entry.verb].beside:
        return
    for source in SOURCES.values():
        if entry.target_type != source.model_label:
            continue
        model = apps.get_model(source.model_label)
        moment = (
            model._default_manager.filter(pk=entry.target_id)
            .values_list(source.date_field, flat=True)
            .first()
        )
        if moment is not None:
            queue_rollup(source.code, timezone.localdate(moment) if hasattr(moment, "hour") else moment)


follow(after_entry)
