"""Light copies of heavy sound and film, by a job of its own: pages play the clean copy meanwhile.

One run works through whatever waits, and a second run leaves it to the first, so that a festival's films never take
every worker. A film that was looked at has `web_size`; one that could not be made lighter keeps what it had. One on which
ffmpeg was interrupted comes up again after a growing pause, a few times.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files import ffmpeg, media, names, queries, store
from portal.files.models import StoredFile
from portal.files.rules import NoSpaceError
from portal.jobs.actions import enqueue_once_idle
from portal.jobs.models import Job
from portal.jobs.queries import is_running_elsewhere

JOB = "files.lighten"
LEFT_SECONDS = 5 * 3600
TRIES = 5
FIRST_PAUSE = timedelta(minutes=15)
log = structlog.get_logger(__name__)
State = StoredFile.State
Progress = Callable[[int, int, str], None]


def later() -> None:
    """Let the next run look; nothing happens on a machine without ffmpeg."""
    if ffmpeg.is_here():
        enqueue_once_idle(JOB, args={}, key=JOB)


def run(*, job: Job, progress: Progress) -> dict[str, Any]:
    """Everything that waits. Safe to run twice and at the same time; without ffmpeg all of it goes on waiting."""
    if not ffmpeg.is_here() or is_running_elsewhere(job):
        return {"waiting": queries.heavy().count()}
    lighter = as_it_is = failed = last = 0
    while (file := queries.heavy().filter(pk__gt=last).first()) is not None:
        last = file.pk
        try:
            is_lighter = one(file, progress)
        except ffmpeg.Interrupted as error:
            log.warning("files.not_lightened", file=str(file.public_id), error=str(error))
            _again(file)
            failed += 1
            continue
        except (OSError, NoSpaceError) as error:  # no room for this one: it waits, those behind it do not
            log.warning("files.not_lightened", file=str(file.public_id), error=type(error).__name__)
            failed += 1
            continue
        lighter, as_it_is = lighter + is_lighter, as_it_is + (not is_lighter)
    return {"lighter": lighter, "as_it_is": as_it_is} | ({"failed": failed} if failed else {})


def _again(file: StoredFile) -> None:
    """Another try after a pause four times the one before; after the last the film stays as it is."""
    tries = file.light_tries + 1
    fields: dict[str, Any] = {
        "light_tries": tries,
        "light_after": timezone.now() + FIRST_PAUSE * 4 ** (tries - 1),
    }
    if tries >= TRIES:
        fields["web_size"] = file.size
    StoredFile.objects.filter(
        pk=file.pk, master_path=file.master_path, web_size__isnull=True, light_tries=file.light_tries
    ).update(**fields)


def sweep_left() -> int:
    """Remove the folders of runs that were killed; one in use is younger than the limit of the job."""
    gone = 0
    for folder in Path(tempfile.gettempdir()).glob("portal-light-*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(folder)
                gone += 1
    return gone


def one(file: StoredFile, progress: Progress) -> bool:
    """Look at one film and make it lighter where that helps; True when its pages play the light copy now."""
    whole = round(file.seconds or 0)

    def tell(seconds: float) -> None:
        words = _("%(name)s：%(done)s / %(whole)s") % {
            "name": str(file.public_id)[:8], "done": media.words_for(seconds), "whole": file.length,
        }  # fmt: skip
        progress(min(round(seconds), whole), whole, words)

    with tempfile.TemporaryDirectory(prefix="portal-light-") as name:
        folder = Path(name)
        clean = folder / f"clean{Path(file.master_path).suffix}"
        try:
            with store.opened(file.master_path) as stored, clean.open("wb") as copy:
                shutil.copyfileobj(stored, copy, 1024 * 1024)
        except FileNotFoundError:  # removed meanwhile
            return False
        tell(0)
        light = ffmpeg.lighten(clean, folder, kind=file.kind, progress=tell)
        return _keep(file, light, clean.stat().st_size)


def _keep(file: StoredFile, light: Path | None, size: int) -> bool:
    """Of two runs one wins; of a film that was deleted or made again meanwhile nothing stays behind."""
    mine = StoredFile.objects.filter(
        pk=file.pk, state=State.READY, master_path=file.master_path, web_size__isnull=True
    )
    if light is None:
        mine.update(web_size=size)
        return False
    path = names.random_path(store.KEPT_FOLDER, light.suffix)
    store.put(path, light)
    try:
        won = mine.update(web_path=path, web_size=light.stat().st_size)
    except BaseException:
        store.remove([path])
        raise
    if not won:
        store.remove([path])
    return bool(won)
