"""Sound and video in the job: the clean copy and its digests; ffmpeg, where it is, a picture and a second opinion."""

import hashlib
import io
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, TypeVar

import structlog
from django.db import IntegrityError, transaction

from portal.files import arrivals, ffmpeg, lighten, media, names, parts, scrub, specs, store
from portal.files.models import PartialUpload, StoredFile
from portal.files.refusals import refuse
from portal.files.rules import MediaLimits, RefusedError, media_limits

log = structlog.get_logger(__name__)
State = StoredFile.State
T = TypeVar("T")


def process(file: StoredFile, *, is_last: bool = False) -> dict[str, Any]:
    """Copy without metadata, digest, cover. A full disk or an interrupted ffmpeg raises, to be tried again; the last
    try does without ffmpeg. Safe to run twice."""
    upload = PartialUpload.objects.filter(file=file, parts__isnull=False).first()
    limits = specs.as_limits(upload.limits) if upload is not None else media_limits(least=(0, 0))
    with tempfile.TemporaryDirectory(prefix="portal-media-") as folder, ExitStack() as stack:
        try:
            source: IO[bytes] = stack.enter_context(
                parts.reader_of(upload)
                if upload is not None
                else store.opened(file.raw_path or file.master_path)
            )
            size = source.seek(0, io.SEEK_END)  # a kept copy is shorter than what was sent
            found = media.inspect(source, size, limits)
            clean = Path(folder) / f"clean{found.ending}"
            with clean.open("w+b") as out:
                scrub.write_clean(source, size, found, out)
                essence = scrub.essence_of(out, out.seek(0, io.SEEK_END), found)
            if found.ending != ".mp3":  # its frames have been counted one by one
                _refuse_longer(_unless(is_last, lambda: ffmpeg.look(clean, Path(folder))), limits)
        except FileNotFoundError:
            fresh = StoredFile.objects.filter(pk=file.pk, state=State.PROCESSING).exists()
            return _refused(file, upload, "media_broken") if fresh else {"skipped": True}
        except RefusedError as refusal:
            return _refused(file, upload, refusal.code)
        digests = (_digest(source), essence)
        cover = _unless(
            is_last, lambda: ffmpeg.cover(clean, Path(folder), kind=found.kind, seconds=found.seconds)
        )
        kept = _keep(file, upload, found, clean, cover, digests)
        return {"kept": kept, "cover": cover is not None, "seconds": round(found.seconds, 1)}


def _unless(is_last: bool, ask: Callable[[], T | None]) -> T | None:
    """What ffmpeg says; nothing when it is interrupted at the last try."""
    try:
        return ask()
    except ffmpeg.Interrupted as error:
        if not is_last:
            raise
        log.warning("files.without_ffmpeg", error=str(error))
        return None


def _refused(file: StoredFile, upload: PartialUpload | None, code: str) -> dict[str, Any]:
    if upload is not None:
        parts.drop(upload)
    return {"refused": code, "noted": refuse(file=file, code=code)}


def _digest(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    source.seek(0)
    while block := source.read(1024 * 1024):
        digest.update(block)
    return digest.hexdigest()


def _refuse_longer(look: ffmpeg.Look | None, limits: MediaLimits) -> None:
    """A second opinion on the length, where there is one: what really plays counts."""
    if look is not None and look.seconds >= limits.minutes * 60 + 5:
        limits.check("video" if look.edge else "audio", 1, look.seconds, *limits.least)


def _keep(
    file: StoredFile,
    upload: PartialUpload | None,
    found: media.Media,
    clean: Path,
    cover: ffmpeg.Cover | None,
    digests: tuple[str, str],
) -> bool:
    """Store the copies, drop the original. Of two runs one wins, the other tidies up."""
    path = names.random_path(store.KEPT_FOLDER, found.ending)
    fresh = {"master_path": path, "web_path": path, "thumb_path": ""}
    old = file.paths
    try:
        store.put(path, clean)
        if cover is not None:
            fresh["thumb_path"] = names.random_path(store.KEPT_FOLDER, cover.path.suffix)
            store.put(fresh["thumb_path"], cover.path)
        with transaction.atomic():
            won = StoredFile.objects.filter(
                pk=file.pk, state=State.PROCESSING, raw_path=file.raw_path, master_path=file.master_path
            ).update(
                state=State.READY, failure="", raw_path="", seconds=found.seconds, width=found.width or None,
                height=found.height or None, web_size=None, light_tries=0, light_after=None,
                essence=digests[1], phash=cover.phash if cover else "", **fresh,
            )  # fmt: skip
            if won:
                if upload is not None:
                    parts.release(upload)
                arrivals.ready(file.pk)
                lighten.later()
                transaction.on_commit(lambda: store.remove(old))
    except BaseException:
        store.remove(fresh.values())
        raise
    if not won:
        store.remove(one for one in fresh.values() if one)
        return False
    if (
        upload is None and not file.raw_path
    ):  # made again from the copy: what was sent stays known by its own digest
        return True
    try:
        with transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(sha256=digests[0])
    except IntegrityError:  # the same file stands in the same form twice: the digest of the parts stays
        log.info("files.same_twice", file=file.pk)
    return True
