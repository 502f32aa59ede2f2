"""What ffmpeg does for sound and film, where a machine has it: a look inside, a picture, a light copy for phones.

It only ever reads the clean copy, never what was sent. The kind of container is given, not guessed, so that no
playlist and no script of ffmpeg's own can be started; nothing may be opened but files, no decoder but three; memory,
processor, time and size of what it writes are bounded (`bounded.py`). What the program itself says against a film, and
a film that needs more time than it is given, costs the picture or the light copy, never the film; a program that was kept
from finishing says nothing about it and raises `Interrupted`, so that the job tries again.
"""

import io
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import structlog

from portal.files import images, rules
from portal.files.rules import RefusedError

log = structlog.get_logger(__name__)
SCRIPT = Path(__file__).with_name("bounded.py")
CONTAINERS = {".mp4": "mov", ".m4a": "mov", ".mp3": "mp3"}
TIED = (
    "-hide_banner", "-protocol_whitelist", "file", "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,mp3",
    "-codec_whitelist", "h264,aac,mp3,mp3float",
)  # fmt: skip
LOOK = "stream=codec_type,width,height,pix_fmt,duration:format=duration,bit_rate"  # names of ffprobe, see its -show_entries
# Heavier or finer than this is made lighter: a village phone takes about one and a half megabits a second.
LIGHT_EDGE, LIGHT_VIDEO_BITS, LIGHT_AUDIO_BITS = 1280, 2_000_000, 192_000
PLAYABLE = {"yuv420p", "yuvj420p"}
WORTH_IT = 0.8
STOPPED_BY_SIGNAL = 255  # ffmpeg's own way to end when it was told to stop
USED_UP = -signal.SIGPROF  # its processor time, see bounded.py
LAST_WORDS = 64 * 1024
NO_ROOM = (
    b"No space left on device",
    b"Cannot allocate memory",
    b"Resource temporarily unavailable",
    b"Disk quota exceeded",
)


class Interrupted(Exception):
    """The program was killed, or found no room on the disk or in memory."""


@dataclass(frozen=True)
class Look:
    """What ffprobe says; `bits` per second of everything together."""

    seconds: float
    bits: int
    edge: int
    pixels: str


@dataclass(frozen=True)
class Cover:
    """A picture of a film or a sound, and its perceptual hash."""

    path: Path
    phash: str


def program(name: str = "ffmpeg") -> str:
    """Where it is, or nothing: no machine has to have it."""
    return shutil.which(name) or ""


def is_here() -> bool:
    """Can this machine make pictures and light copies of films?"""
    return bool(program() and program("ffprobe"))


def _source(clean: Path) -> list[str]:
    return ["-f", CONTAINERS[clean.suffix], "-i", f"file:{clean}"]


def _bounded(memory: int, cpu: int, size: int, tool: str, *arguments: str) -> list[str]:
    return [
        sys.executable, "-I", str(SCRIPT), str(memory), str(cpu), str(size), program(tool), *TIED, *arguments,
    ]  # fmt: skip


def _run(command: list[str], folder: Path, seconds: int) -> bytes | None:
    """Its output, or None when it says that the file is no good or takes too long; raises Interrupted."""
    with tempfile.TemporaryFile(dir=folder) as said:
        try:
            done = subprocess.run(  # noqa: S603 - fixed program, paths of our own
                command, stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL, timeout=seconds, cwd=folder,
                check=False, env={"LANG": "C.UTF-8", "PATH": ""},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            log.info("files.ffmpeg_too_slow", seconds=seconds)
            return None
        except OSError as error:
            raise Interrupted(type(error).__name__) from error
        return done.stdout if _ended_well(done.returncode, said) else None


def _ended_well(code: int, said_in: IO[bytes]) -> bool:
    """Did it do its work? False: it found fault with the file, or used up its processor time. Raises Interrupted when
    it was kept from finishing."""
    if code == 0:
        return True
    said_in.seek(max(0, said_in.seek(0, io.SEEK_END) - LAST_WORDS))
    said = said_in.read()
    words = said[-300:].decode("utf-8", "replace")
    if code == USED_UP:
        log.info("files.ffmpeg_too_slow", code=code, said=words)
        return False
    if code < 0 or code == STOPPED_BY_SIGNAL or any(one in said for one in NO_ROOM):
        raise Interrupted(f"{code}: {words}")
    log.info("files.ffmpeg_failed", code=code, said=words)
    return False


def look(clean: Path, folder: Path) -> Look | None:
    """Length, weight and picture of a clean copy; None without ffprobe or when it cannot tell."""
    if not program("ffprobe"):
        return None
    command = _bounded(
        512, 20, 1, "ffprobe", "-v", "error", "-show_entries", LOOK, "-of", "json", *_source(clean)
    )
    said = _run(command, folder, 60)
    try:
        found = json.loads(said or b"")
        streams = found["streams"]
        pictures = [one for one in streams if one["codec_type"] == "video"]
        lengths = [float(one.get("duration") or 0) for one in (*streams, found["format"])]
        return Look(
            seconds=max(lengths), bits=int(found["format"].get("bit_rate") or 0),
            edge=max((max(one["width"], one["height"]) for one in pictures), default=0),
            pixels=pictures[0].get("pix_fmt", "") if pictures else "",
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def cover(clean: Path, folder: Path, *, kind: str, seconds: float) -> Cover | None:
    """A frame of the film or the wave of the sound as a small WebP; None without ffmpeg or when it fails.

    What ffmpeg wrote is decoded again like any foreign picture.
    """
    if not program():
        return None
    raw = folder / "cover.png"
    at = f"{min(seconds / 3, 10):.2f}"
    takes = (
        [["-ss", at], []]  # a film that says it is longer than it is still has a first frame
        if kind == "video"
        else [[]]
    )
    shape = (
        ["-frames:v", "1", "-vf", "scale=960:-2"]
        if kind == "video"
        else ["-filter_complex", "showwavespic=s=960x300:colors=0x2F6B5E:scale=sqrt", "-frames:v", "1"]
    )
    for place in takes:
        command = _bounded(
            1024, 30, 20, "ffmpeg", "-nostdin", "-loglevel", "error", "-threads", "1", *place, *_source(clean),
            "-map_metadata", "-1", *shape, "-y", f"file:{raw}",
        )  # fmt: skip
        if _run(command, folder, 60) is not None and raw.exists():
            break
    else:
        return None
    out = folder / "derived"
    out.mkdir()
    try:
        made = images.derive(raw, out)
    except RefusedError:
        return None
    return Cover(made.thumb, made.phash if kind == "video" else "")


def is_heavy(found: Look, kind: str) -> bool:
    """Would a phone have trouble with it: too many bits, too fine, or colours it cannot show?"""
    if kind == "audio":
        return found.bits > LIGHT_AUDIO_BITS
    return found.bits > LIGHT_VIDEO_BITS or found.edge > LIGHT_EDGE or found.pixels not in PLAYABLE


def lighten(
    clean: Path, folder: Path, *, kind: str, progress: Callable[[float], None] = lambda _seconds: None
) -> Path | None:
    """A copy that plays on any phone (H.264 main 720p at 30, AAC), or None when there is none or it is no lighter.

    `progress` hears how many seconds are done. Of metadata nothing is taken over.
    """
    found = look(clean, folder)
    if found is None or not program() or not is_heavy(found, kind):
        return None
    light = folder / ("light.mp4" if kind == "video" else "light.m4a")
    edge = f"'min({LIGHT_EDGE},iw)':'min({LIGHT_EDGE},ih)'"
    picture = (
        "-map", "0:v:0", "-vf", f"scale={edge}:force_original_aspect_ratio=decrease:force_divisible_by=2,setsar=1",
        "-fpsmax", "30", "-c:v", "libx264", "-threads:v", "1", "-preset", "veryfast", "-crf", "26", "-maxrate", "1500k",
        "-bufsize", "3000k", "-profile:v", "main", "-pix_fmt", "yuv420p",
    )  # fmt: skip
    command = _bounded(
        1024, 1500, rules.VIDEO_MEGABYTES, "ffmpeg", "-nostdin", "-loglevel", "error", "-threads", "1", *_source(clean),
        *(picture if kind == "video" else ("-vn",)), "-map", "0:a:0?", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-sn", "-dn",
        "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a",
        "+bitexact", "-t", str(rules.MEDIA_MINUTES * 60 + 5), "-movflags", "+faststart", "-progress", "pipe:1", "-y",
        f"file:{light}",
    )  # fmt: skip
    if not _watched(command, folder, 3600, progress) or not light.exists():
        return None
    after = look(light, folder)
    if after is None or after.seconds < found.seconds - 2:  # half a film is none
        return None
    must = kind == "video" and found.pixels not in PLAYABLE
    return light if must or light.stat().st_size <= clean.stat().st_size * WORTH_IT else None


def _watched(command: list[str], folder: Path, seconds: int, progress: Callable[[float], None]) -> bool:
    """Run and pass on how far it is; True when it ended well. Raises Interrupted."""
    with tempfile.TemporaryFile(dir=folder) as said, subprocess.Popen(  # noqa: S603 - fixed program, paths of our own
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, cwd=folder, text=True,
        env={"LANG": "C.UTF-8", "PATH": ""},
    ) as child:  # fmt: skip
        too_slow = threading.Event()

        def give_up() -> None:
            too_slow.set()
            child.kill()

        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            for line in child.stdout or ():
                name, _sep, value = line.strip().partition("=")
                if name == "out_time_ms" and value.isdigit():  # microseconds, whatever its name says
                    progress(int(value) / 1_000_000)
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
        child.wait()
        if child.returncode and too_slow.is_set():
            log.info("files.ffmpeg_too_slow", seconds=seconds)
            return False
        return _ended_well(child.returncode, said)
