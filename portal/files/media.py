"""Sound and video: what the bytes say about themselves, read without decoding and without a foreign program.

MP3 is walked frame by frame, MP4 and M4A box by box (ISO 14496-12), always with seeks in a file that may be
hundreds of megabytes, never in memory. Names and claimed types are not looked at.
"""

import io
import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from portal.files.rules import MediaLimits, RefusedError

CONTENT_TYPES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".mp4": "video/mp4"}
SNIFF_BYTES = 64
MAX_BOXES = 4000
MAX_DEPTH = 6
MAX_MOOV = 32 * 1024 * 1024
VIDEO_CODECS = {b"avc1", b"avc3"}
AUDIO_CODECS = {b"mp4a"}
AAC_OBJECT = 0x40
PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
# kbit/s of layer III by index, versions 1 and 2/2.5; sampling rates by version bits and index (ISO 11172-3, 13818-3).
_KBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# What people send by mistake, told by its first bytes.
_KNOWN = (
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"#!", "program"), (b"PK\x03\x04", "media_archive"),
    (b"RIFF", "media_wav"), (b"OggS", "media_format"), (b"fLaC", "media_format"), (b"#!AMR", "media_amr"),
    (b"\x1aE\xdf\xa3", "media_format"), (b"FLV", "media_format"), (b"0&\xb2u", "media_format"),
)  # fmt: skip


@dataclass(frozen=True)
class Box:
    """One box of an MP4: where its payload begins and ends."""

    name: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Track:
    """One track: `handler` vide, soun or anything else; `codec` of its samples."""

    box: Box
    handler: bytes
    codec: bytes
    width: int = 0
    height: int = 0
    is_aac: bool = False


@dataclass(frozen=True)
class Media:
    """What a file is; width and height as it is shown, with the camera's turn."""

    kind: str
    ending: str
    seconds: float
    width: int = 0
    height: int = 0
    tracks: tuple[Track, ...] = field(default=(), compare=False)


def sniff(head: bytes) -> str:
    """`mp3`, `mp4` or a refusal, from the first bytes alone; raises RefusedError."""
    if not head:
        raise RefusedError("empty")
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
            raise RefusedError("media_picture")
        if head[8:11] == b"3gp":
            raise RefusedError("media_format")
        return "mp4"
    if head[:5] == b"#!AMR":
        raise RefusedError("media_amr")
    if head[:3] == b"ID3" or _frame(head[:4]) is not None:
        return "mp3"
    for start, code in _KNOWN:
        if head.startswith(start):
            raise RefusedError(code)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")):
        raise RefusedError("media_picture")
    raise RefusedError("media_type")


def inspect(source: IO[bytes], size: int, limits: MediaLimits) -> Media:
    """Read a whole file's structure and hold it against the limits; raises RefusedError."""
    source.seek(0)
    media = _mp3(source, size) if sniff(source.read(SNIFF_BYTES)) == "mp3" else _mp4(source, size)
    limits.check(media.kind, size, media.seconds, media.width, media.height)
    return media


# -- MP3 -------------------------------------------------------------------------------------------


def _frame(head: bytes) -> tuple[int, float] | None:
    """Length in bytes and in seconds of the layer III frame that begins here, or None."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = (head[1] >> 3) & 3, (head[1] >> 1) & 3
    bitrate, rate = head[2] >> 4, (head[2] >> 2) & 3
    if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return None
    per_second = _RATES[version][rate]
    samples = 1152 if version == 3 else 576
    length = samples // 8 * _KBITS[version == 3][bitrate] * 1000 // per_second + ((head[2] >> 1) & 1)
    return length, samples / per_second


def tag_end(head: bytes) -> int:
    """Where an ID3v2 tag at the beginning ends; 0 without one."""
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for value in head[6:10]:
        size = size << 7 | (value & 0x7F)
    return size + (20 if head[5] & 0x10 else 10)


def sound_of(source: IO[bytes], size: int) -> tuple[int, int, float]:
    """Where the frames of an MP3 begin and end, and how long they sound; tags stand outside. RefusedError."""
    source.seek(0)
    at = tag_end(source.read(10))
    start, seconds, frames, skipped = -1, 0.0, 0, 0
    while at + 4 <= size:
        source.seek(at)
        window = source.read(4096)
        if len(window) < 4:
            break
        found = _frame(window[:4])
        if found is not None and at + found[0] <= size:
            start = at if start < 0 else start
            at, seconds, frames = at + found[0], seconds + found[1], frames + 1
            continue
        if window[:3] == b"TAG" or window[:8] == b"APETAGEX" or found is not None:
            break
        step = next((n for n in range(1, len(window) - 3) if _frame(window[n : n + 4])), len(window) - 3)
        if frames and at + step >= size - 4:
            break
        at, skipped = at + step, skipped + step
        if skipped > 262_144:
            raise RefusedError("media_broken")
    if frames < 8:
        raise RefusedError("media_broken" if frames else "media_type")
    return start, min(at, size), seconds


def _mp3(source: IO[bytes], size: int) -> Media:
    _start, _end, seconds = sound_of(source, size)
    return Media("audio", ".mp3", seconds)


# -- MP4, M4A --------------------------------------------------------------------------------------


def boxes(
    source: IO[bytes],
    start: int,
    end: int,
    *,
    deep: bool = True,
    level: int = 0,
    seen: Iterator[int] | None = None,
) -> Iterator[Box]:
    """The boxes between two places, parents before their children; raises RefusedError when cut short, or when all
    levels together hold more than any real film."""
    at, counted = start, seen or itertools.count(1)
    while at + 8 <= end:
        source.seek(at)
        head = source.read(16)
        if len(head) < 8:
            raise RefusedError("media_cut")
        length, name = struct.unpack(">I4s", head[:8])
        body = at + 8
        if length == 1 and len(head) == 16:
            length, body = struct.unpack(">Q", head[8:])[0], at + 16
        elif length == 0:
            length = end - at
        if length < body - at:
            raise RefusedError("media_broken")
        if at + length > end:
            raise RefusedError("media_cut" if level == 0 else "media_broken")
        if next(counted) > MAX_BOXES:
            raise RefusedError("media_broken")
        yield Box(name, at, body, at + length)
        if deep and name in PARENTS and level < MAX_DEPTH:
            yield from boxes(source, body, at + length, level=level + 1, seen=counted)
        at += length


def read(source: IO[bytes], box: Box, most: int = 65_536) -> bytes:
    """The payload of a box."""
    source.seek(box.body)
    return source.read(min(box.end - box.body, most))


def _mp4(source: IO[bytes], size: int) -> Media:
    top = list(boxes(source, 0, size, deep=False))
    moov = next((box for box in top if box.name == b"moov"), None)
    if moov is None or not any(box.name == b"mdat" for box in top):
        raise RefusedError("media_cut")
    if any(box.name == b"moof" for box in top):
        raise RefusedError("media_format")
    if moov.end - moov.start > MAX_MOOV:
        raise RefusedError("media_broken")
    source.seek(moov.start)
    table = io.BytesIO(source.read(moov.end - moov.start))
    inner = list(boxes(table, 8, moov.end - moov.start))
    seconds = _seconds(table, inner)
    tracks = tuple(_track(table, box, inner) for box in inner if box.name == b"trak")
    videos = [track for track in tracks if track.handler == b"vide"]
    sounds = [track for track in tracks if track.handler == b"soun"]
    if any(track.codec not in VIDEO_CODECS for track in videos) or len(videos) > 1:
        raise RefusedError("media_video_codec")
    if any(track.codec not in AUDIO_CODECS or not track.is_aac for track in sounds):
        raise RefusedError("media_audio_codec")
    if not videos and not sounds:
        raise RefusedError("media_broken")
    if videos:
        return Media("video", ".mp4", seconds, videos[0].width, videos[0].height, tracks)
    return Media("audio", ".m4a", seconds, tracks=tracks)


def _seconds(table: IO[bytes], inner: list[Box]) -> float:
    """The longest of what the movie, the media and the samples say: a film may not say it is shorter than it is."""
    found, scale = [0.0], 0
    for box in inner:
        try:
            if box.name in (b"mvhd", b"mdhd"):
                data = read(table, box, 40)
                scale, length = (
                    struct.unpack(">IQ", data[20:32])
                    if data[:1] == b"\1"
                    else struct.unpack(">II", data[12:20])
                )
                found.append(length / scale if scale else 0)
            elif box.name == b"stts" and scale:  # in the scale of the mdhd before it
                found.append(_ticks(read(table, box, MAX_MOOV)) / scale)
        except struct.error as error:
            raise RefusedError("media_broken") from error
    if max(found) <= 0:
        raise RefusedError("media_broken")
    return max(found)


def _ticks(data: bytes) -> int:
    """How long the samples of a track last together, whatever the heads say (ISO 14496-12 §8.6.1.2)."""
    count = struct.unpack(">I", data[4:8])[0]
    rows = data[8 : 8 + count * 8]
    return sum(samples * each for samples, each in struct.iter_unpack(">II", rows[: len(rows) // 8 * 8]))


def _is_turned(table: IO[bytes], head: Box | None) -> bool:
    """Was the camera held upright? Then width and height change places (matrix of a quarter turn)."""
    if head is None:
        return False
    data = read(table, head, 92)
    at = 52 if data[:1] == b"\1" else 40
    matrix = data[at : at + 20]
    return len(matrix) == 20 and matrix[:4] == matrix[16:20] == bytes(4) and any(matrix[4:8])


def _inside(box: Box, inner: list[Box], name: bytes) -> Box | None:
    return next(
        (one for one in inner if one.name == name and box.body <= one.start and one.end <= box.end), None
    )


def _track(table: IO[bytes], trak: Box, inner: list[Box]) -> Track:
    hdlr, stsd = _inside(trak, inner, b"hdlr"), _inside(trak, inner, b"stsd")
    if hdlr is None or stsd is None:
        raise RefusedError("media_broken")
    handler, entry = read(table, hdlr, 16)[8:12], read(table, stsd, 4096)
    codec = entry[12:16]
    if handler == b"vide" and len(entry) >= 44:
        width, height = struct.unpack(">HH", entry[40:44])
        if _is_turned(table, _inside(trak, inner, b"tkhd")):
            width, height = height, width
        return Track(trak, handler, codec, width, height)
    return Track(trak, handler, codec, is_aac=_is_aac(entry))


def _is_aac(entry: bytes) -> bool:
    """The elementary stream descriptor names its object type: 0x40 is AAC, 0x6B would be MP3."""
    at = entry.find(b"esds")
    config = entry.find(b"\x04", at + 8) if at >= 0 else -1
    while 0 <= config < len(entry) - 3:
        place = config + 1
        while place < len(entry) and entry[place] & 0x80:  # length in groups of seven bits
            place += 1
        if place + 1 < len(entry) and entry[place + 1] in (AAC_OBJECT, 0x66, 0x67, 0x68):
            return True
        config = entry.find(b"\x04", config + 1)
    return False


def words_for(seconds: float | None) -> str:
    """3:05, as players show it."""
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02d}"
