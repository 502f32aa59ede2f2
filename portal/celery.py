"""Celery: one task type carries the ids of job rows, and a dispatcher beside every worker publishes them.

Options and the beat schedule (a single tick) stand in the settings.
"""

import os
import threading
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_ready, worker_shutting_down

from portal.jobs import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

broker.use()
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.jobs"])

_stop = threading.Event()
# A pool child is forked while the dispatcher lives. It must not inherit an open connection: closing it there
# breaks the parent's (on SQLite the write-ahead log, on PostgreSQL the session). So: connect, poll, close, under
# a lock that every fork waits for.
_polling = threading.Lock()


@celeryd_init.connect
@beat_init.connect
def _make_queue_folders(**kwargs: Any) -> None:
    """The file-system broker of the embedded default expects its folders to be there."""
    for folder in (
        app.conf.broker_transport_options.values() if app.conf.broker_url.startswith("filesystem") else ()
    ):
        if isinstance(folder, str):
            Path(folder).mkdir(parents=True, exist_ok=True)


def _dispatch_forever() -> None:
    """The dispatcher: reads due job rows and publishes their ids. Runs beside every worker; rows are
    claimed by compare-and-set, so several of them do not double anything."""
    import structlog  # deferred with the rest: only workers come here
    from django.conf import settings
    from django.db import connections

    from portal.jobs.runner import dispatch  # deferred: the models load after this module
    from portal.jobs.tasks import run_job

    log = structlog.get_logger("portal.dispatcher")
    while not _stop.wait(settings.JOB_POLL_SECONDS):
        try:
            with _polling:
                try:
                    dispatch(lambda job_id: run_job.apply_async((job_id,), retry=False))
                finally:
                    connections.close_all()
        except Exception as error:  # noqa: BLE001 – the dispatcher must outlive every fault
            log.warning("dispatcher.waiting", error=repr(error))
            _stop.wait(2)


@worker_ready.connect
def _start_dispatcher(**kwargs: Any) -> None:
    os.register_at_fork(
        before=_polling.acquire, after_in_parent=_polling.release, after_in_child=_polling.release
    )
    threading.Thread(target=_dispatch_forever, name="dispatcher", daemon=True).start()


@worker_shutting_down.connect
def _stop_dispatcher(**kwargs: Any) -> None:
    _stop.set()
