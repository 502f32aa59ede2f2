"""Backup and restore: database, uploads, and a manifest that proves both (fault matrix F14).

SQLite is copied with VACUUM INTO, which sees the write-ahead log; a plain file copy would lose it.
PostgreSQL goes through pg_dump and pg_restore. Keys are not part of a backup (docs/operations.md).
"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

MANIFEST = "manifest.json"
CHUNK = 1 << 20


class BackupError(Exception):
    """What stands in the way, in one sentence for the operator."""


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _stored(folder: str = "") -> Iterator[str]:
    """Names of all stored files, depth first."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files if name)
    for name in folders:
        yield from _stored(prefix + name)


def _postgres() -> tuple[list[str], dict[str, str]]:
    facts = connection.settings_dict
    options = ["--host", facts["HOST"] or "localhost", "--port", str(facts["PORT"] or 5432)]
    if facts["USER"]:
        options += ["--username", facts["USER"]]
    return options, {"PGPASSWORD": facts["PASSWORD"] or "", "PATH": "/usr/bin:/usr/local/bin:/bin"}


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is not installed; it belongs to the PostgreSQL client programs")
    options, environment = _postgres()
    done = subprocess.run(  # noqa: S603 - fixed programs, no shell
        [path, *options, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[:400]}")


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def write(folder: Path) -> Path:
    """Write a new folder inside `folder` and return it; it gets its final name when it is whole."""
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    final, work = folder / f"portal-{stamp}", folder / f".portal-{stamp}.partial"
    if final.exists():
        raise BackupError(f"{final} exists already")
    (work / "files").mkdir(parents=True)
    database = work / ("database.sqlite3" if _is_sqlite() else "database.dump")
    if _is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(database)])
    else:
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--file",
            str(database),
            connection.settings_dict["NAME"],
        )
    digests = {database.name: _digest(database)}
    for name in _stored():
        target = work / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with default_storage.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, CHUNK)
        except FileNotFoundError:
            continue  # removed between listing and copying: its row is gone from the copy's point of view too
        digests[f"files/{name}"] = _digest(target)
    body = {"made_at": timezone.now().isoformat(), "database": connection.vendor, "sha256": digests}
    (work / MANIFEST).write_text(json.dumps(body, indent=1, ensure_ascii=False), "utf-8")
    work.rename(final)
    return final


def check(folder: Path) -> dict[str, Any]:
    """Read the manifest and compare every file with it; raises BackupError naming the first fault."""
    try:
        body: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} holds no readable {MANIFEST}") from error
    for name, digest in body["sha256"].items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise BackupError(f"{name} is missing or was changed; this backup is not to be trusted")
    return body


def _is_empty() -> bool:
    return "portal_user" not in connection.introspection.table_names()


def restore(folder: Path) -> int:
    """Bring a checked backup into an empty portal; returns the number of files."""
    body = check(folder)
    if body["database"] != connection.vendor:
        raise BackupError(f"the backup is of {body['database']}, this portal runs on {connection.vendor}")
    if not _is_empty():
        raise BackupError("this database is not empty; restore into a fresh one")
    if _is_sqlite():
        target = Path(settings.DATABASES["default"]["NAME"])
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(folder / "database.sqlite3", target)
    else:
        _run(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--dbname",
            connection.settings_dict["NAME"],
            str(folder / "database.dump"),
        )
    names = [name.removeprefix("files/") for name in body["sha256"] if name.startswith("files/")]
    for name in names:
        with (folder / "files" / name).open("rb") as handle:
            if not default_storage.exists(name):
                default_storage.save(name, File(handle))
    return len(names)
