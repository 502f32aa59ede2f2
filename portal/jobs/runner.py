"""Running one job: claim, heartbeat, handler, result. Used by the Celery task and by `run_due`."""

import threading
import traceback
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connections

from portal.jobs import actions
from portal.jobs.models import Job
from portal.jobs.registry import KINDS

log = structlog.get_logger(__name__)
HEARTBEAT_SECONDS = 10


class Run:
    """What a handler gets: its job, a way to report progress and to leave a file."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.by = job.created_by
        self._file: dict[str, str] = {}

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        """Show how far the work is."""
        actions.beat(self.job, progress=done, total=total, message=message[:200])

    def attach(self, name: str, content_type: str, content: bytes | Path) -> None:
        """Leave a result file for the person who asked for the job."""
        path = f"jobs/{uuid.uuid4().hex}"
        if isinstance(content, Path):
            with content.open("rb") as handle:
                path = default_storage.save(path, File(handle))
        else:
            path = default_storage.save(path, ContentFile(content))
        self._file = {"file_name": name, "file_type": content_type, "file_path": path}

    @property
    def file_fields(self) -> dict[str, str]:
        """The fields of the attached file, if any."""
        return self._file


def run(job_id: int) -> bool:
    """Run one job if it can be claimed; True when it finished. Errors are kept on the row."""
    job = actions.claim(job_id)
    if job is None:
        return False
    kind = KINDS.get(job.kind)
    if kind is None:
        actions.fail(job, error=f"unknown kind {job.kind}")
        return False
    job_run = Run(job)
    with _Heartbeat(job):
        try:
            result = kind.handler(job_run, **job.args)
        except Exception as error:  # noqa: BLE001 – whatever a handler raises belongs on its row
            log.error("job.failed", kind=job.kind, job=job.pk, error=repr(error))
            actions.fail(job, error="".join(traceback.format_exception(error)))
            return False
    return actions.finish(job, result=result, **job_run.file_fields)


class _Heartbeat:
    """A thread that shows signs of life while the handler works; it ends with the process."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT_SECONDS):
            try:
                actions.beat(self._job)
            except Exception as error:  # noqa: BLE001 – a missed beat is not the job's failure
                log.warning("job.heartbeat_missed", job=self._job.pk, error=repr(error))
        connections.close_all()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exc: object) -> None:
        self._over.set()


def run_all(*, rounds: int = 50) -> int:
    """Run everything that is due, and what it queues, in this process; returns how many finished."""
    finished = 0
    for _ in range(rounds):
        ids = actions.due()
        if not ids:
            break
        for job_id in ids:
            if actions.mark_published(job_id):
                finished += run(job_id)
    return finished


def dispatch(publish: Callable[[int], Any]) -> int:
    """Hand due jobs to the broker; returns how many. A broker that is away leaves them for later."""
    sent = 0
    for job_id in actions.due():
        if actions.mark_published(job_id):
            publish(job_id)
            sent += 1
    return sent
