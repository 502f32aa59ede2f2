"""A copy of a sound or film without what it tells about people: tags, places, dates, tracks of sensors.

Nothing is decoded and no offset moves: in an MP4, boxes of metadata become `free` boxes of zeros of the same
length, tracks that are neither picture nor sound lose their samples, dates of creation become zero; of an MP3
only the sounding frames are kept.
"""

import hashlib
import struct
from typing import IO

from portal.files import media
from portal.files.media import Box, Media
from portal.files.rules import RefusedError

BLOCK = 1024 * 1024
PRIVATE = {b"udta", b"meta", b"uuid", b"XMP_"}
DATED = {b"mvhd", b"tkhd", b"mdhd"}
KEPT_TOPS = {b"ftyp", b"moov", b"mdat"}
KEPT_HANDLERS = {b"vide", b"soun"}
MOST_SAMPLES = 500_000


def write_clean(source: IO[bytes], size: int, found: Media, out: IO[bytes]) -> None:
    """Copy `source` into `out` (opened w+b) without metadata; raises RefusedError for tables that lie."""
    if found.ending == ".mp3":
        start, end, _seconds = media.sound_of(source, size)
        _copy(source, start, end, out)
        return
    _copy(source, 0, size, out)
    _scrub_mp4(out, size)


def _copy(source: IO[bytes], start: int, end: int, out: IO[bytes]) -> None:
    source.seek(start)
    left = end - start
    while left > 0:
        block = source.read(min(BLOCK, left))
        if not block:
            raise RefusedError("media_cut")
        out.write(block)
        left -= len(block)


def essence_of(out: IO[bytes], size: int, found: Media) -> str:
    """A digest of what sounds and shows in a clean copy: the same under other tags and another name."""
    stretches = [(0, size)]
    if found.ending != ".mp3":
        stretches = [
            (box.body, box.end) for box in media.boxes(out, 0, size, deep=False) if box.name == b"mdat"
        ]
    digest = hashlib.sha256()
    for start, end in stretches:
        out.seek(start)
        left = end - start
        while left > 0 and (block := out.read(min(BLOCK, left))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()


def _scrub_mp4(out: IO[bytes], size: int) -> None:
    tops = list(media.boxes(out, 0, size, deep=False))
    everything = [box for top in tops for box in _within(out, top)]
    for box in everything:
        if box.name == b"trak" and _handler(out, everything, box) not in KEPT_HANDLERS:
            _forget_samples(out, size, everything, box)
            _free(out, box)
        elif box.name in PRIVATE or (box in tops and box.name not in KEPT_TOPS):
            _free(out, box)
        elif box.name in DATED:
            out.seek(box.body)
            version = out.read(1)
            out.seek(box.body + 4)
            out.write(bytes(16 if version == b"\1" else 8))
        elif box.name == b"hdlr":  # cameras write their maker's name behind the type
            _zero(out, box.body + 24, box.end)


def _within(out: IO[bytes], top: Box) -> list[Box]:
    return [top, *media.boxes(out, top.body, top.end, level=1)] if top.name == b"moov" else [top]


def _free(out: IO[bytes], box: Box) -> None:
    out.seek(box.start + 4)
    out.write(b"free")
    _zero(out, box.body, box.end)


def _zero(out: IO[bytes], start: int, end: int) -> None:
    out.seek(start)
    left = end - start
    while left > 0:
        out.write(bytes(min(BLOCK, left)))
        left -= BLOCK


def _one(everything: list[Box], trak: Box, *names: bytes) -> Box | None:
    return next(
        (b for b in everything if b.name in names and trak.body <= b.start and b.end <= trak.end), None
    )


def _handler(out: IO[bytes], everything: list[Box], trak: Box) -> bytes:
    box = _one(everything, trak, b"hdlr")
    return media.read(out, box, 16)[8:12] if box else b""


def _forget_samples(out: IO[bytes], size: int, everything: list[Box], trak: Box) -> None:
    """Zero what a track of places or sensors has in the data part."""
    offsets, runs, sizes = (
        _one(everything, trak, *names) for names in ((b"stco", b"co64"), (b"stsc",), (b"stsz",))
    )
    if offsets is None or runs is None or sizes is None:
        return
    try:
        for start, length in _samples(
            offsets.name, *(media.read(out, box, media.MAX_MOOV) for box in (offsets, runs, sizes))
        ):
            if start + length > size:
                raise RefusedError("media_broken")
            _zero(out, start, start + length)
    except struct.error as error:
        raise RefusedError("media_broken") from error


def _samples(kind: bytes, offsets: bytes, runs: bytes, sizes: bytes) -> list[tuple[int, int]]:
    """Where the samples lie: chunk offsets × samples per chunk × sample sizes (ISO 14496-12 §8.7)."""
    letter, width = ("Q", 8) if kind == b"co64" else ("I", 4)
    count = struct.unpack(">I", offsets[4:8])[0]
    same, total = struct.unpack(">II", sizes[4:12])
    if count > MOST_SAMPLES or total > MOST_SAMPLES:
        raise RefusedError("media_broken")
    chunks = struct.unpack(f">{count}{letter}", offsets[8 : 8 + count * width])
    rows = [struct.unpack(">III", runs[at : at + 12]) for at in range(8, len(runs) - 11, 12)]
    lengths = [same] * total if same else list(struct.unpack(f">{total}I", sizes[12 : 12 + total * 4]))
    found, sample, row = [], 0, 0
    for number, start in enumerate(chunks, 1):
        while row + 1 < len(rows) and rows[row + 1][0] <= number:
            row += 1
        here = lengths[sample : sample + (rows[row][1] if rows else 0)]
        found.append((start, sum(here)))
        sample += len(here)
    return found
