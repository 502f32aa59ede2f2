"""From an uploaded picture to clean copies of it; pure: bytes in, files in a folder out."""

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.files.headers import Header, read_header
from portal.files.rules import RefusedError

SCRIPT = Path(__file__).with_name("decode.py")
WALL_SECONDS = 40
CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True)
class Derived:
    """What the child made of one picture."""

    width: int
    height: int
    phash: str
    master: Path
    web: Path
    thumb: Path


def inspect(data: bytes) -> Header:
    """Cheap check while the person waits; raises RefusedError."""
    return read_header(data)


def digest(data: bytes) -> str:
    """SHA-256 of the file as it was sent, to recognise the same file again."""
    return hashlib.sha256(data).hexdigest()


def derive(source: Path, folder: Path) -> Derived:
    """Decode `source` in a bounded child and leave master, web and thumb in `folder`; raises RefusedError."""
    command = [sys.executable, "-I", str(SCRIPT), str(source), str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, two paths of our own
            command,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"LANG": "C.UTF-8"},
            check=False,
            cwd=folder,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError("complex") from error
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise RefusedError("complex")
    if done.returncode != 0:
        _raise_disk_error(done.stderr)
        raise RefusedError("broken")
    said = json.loads(done.stdout)
    return Derived(
        width=said["width"],
        height=said["height"],
        phash=said["phash"],
        master=folder / said["master"],
        web=folder / "web.jpg",
        thumb=folder / "thumb.webp",
    )


def _raise_disk_error(stderr: bytes) -> None:
    """A full disk is not the picture's fault: the job must be tried again."""
    if b"No space left on device" in stderr:
        raise OSError(28, "No space left on device")


def likeness(one: str, other: str) -> int:
    """How many of 64 bits two perceptual hashes differ in; up to about 6 is the same picture."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
