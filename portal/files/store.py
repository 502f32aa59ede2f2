"""Bytes into and out of the storage (a folder or a bucket), leaving nothing half-written behind."""

import errno
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import structlog
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portal.files.rules import NoSpaceError

log = structlog.get_logger(__name__)
STAGED_FOLDER = "staged"
KEPT_FOLDER = "kept"
FULL = {errno.ENOSPC, errno.EDQUOT}


def is_full(error: OSError) -> bool:
    """Does this error mean that nothing more fits?"""
    return error.errno in FULL


def put(path: str, content: bytes | Path | File) -> None:  # type: ignore[type-arg]
    """Write one file whole, or not at all; raises NoSpaceError when nothing fits any more."""
    try:
        if isinstance(content, Path):
            with content.open("rb") as source:
                default_storage.save(path, File(source))
        elif isinstance(content, File):
            content.seek(0)
            default_storage.save(path, content)
        else:
            default_storage.save(path, ContentFile(content))
    except OSError as error:
        remove([path])
        if is_full(error):
            log.exception("files.no_space", path=path)
            raise NoSpaceError from error
        raise
    except BaseException:
        remove([path])
        raise


def remove(paths: Iterable[str]) -> None:
    """Delete files; one that cannot be deleted now is left to the sweeper."""
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError as error:
            log.warning("files.not_removed", path=path, error=str(error))


def opened(path: str) -> IO[Any]:
    """The stored bytes for reading; raises FileNotFoundError."""
    return default_storage.open(path, "rb")


def walk(folder: str) -> Iterator[str]:
    """Every stored path below a folder."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        if name:
            yield from walk(f"{folder}/{name}")


def local_folder() -> Path | None:
    """Where the files lie when they lie on a disk; made if it is not there yet."""
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def free_bytes() -> int | None:
    """What still fits on the disk that holds the files; None for a bucket."""
    folder = local_folder()
    return shutil.disk_usage(folder).free if folder is not None else None


def written_at(path: str) -> datetime | None:
    """When a stored file was last written, None when it is gone."""
    try:
        return default_storage.get_modified_time(path) if default_storage.exists(path) else None
    except (FileNotFoundError, NotImplementedError):
        return None
