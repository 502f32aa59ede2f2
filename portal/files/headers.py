"""Read what an image says about itself from its bytes, without decoding a single pixel."""

import struct
from dataclasses import dataclass

from portal.files import rules
from portal.files.rules import RefusedError

PNG_START = b"\x89PNG\r\n\x1a\n"
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# Start-of-frame markers of JPEG; C4, C8 and CC in this range are tables.
JPEG_SOF = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Header:
    """Format and size an image claims to have."""

    format: str
    width: int
    height: int


def read_header(data: bytes) -> Header:
    """The header of an acceptable image; raises RefusedError for everything else."""
    if not data:
        raise RefusedError("empty")
    if data.startswith(b"\xff\xd8\xff"):
        header = _jpeg(data)
    elif data.startswith(PNG_START):
        header = _png(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        header = _webp(data)
    else:
        raise RefusedError(_why_not_an_image(data))
    _check_pixels(header)
    return header


def _check_pixels(header: Header) -> None:
    if header.width < 1 or header.height < 1:
        raise RefusedError("broken")
    too_many = header.width * header.height > rules.MAX_PIXELS
    if too_many or max(header.width, header.height) > rules.MAX_SIDE:
        raise RefusedError("pixels", width=header.width, height=header.height)


def _why_not_an_image(data: bytes) -> str:
    """Name the usual mistakes, so that the answer can say what to do."""
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, 48, 4))}
        if data[8:12] in HEIF_BRANDS or brands & (HEIF_BRANDS - {b"mif1", b"msf1"}):
            return "heic"
        return "type" if data[8:12] in (b"avif", b"avis") else "video"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "animated" if data.count(b"\x21\xf9\x04") > 1 else "type"
    if b"<svg" in data[:2048].lower():
        return "svg"
    return "type"


def _jpeg(data: bytes) -> Header:
    """Walk the segments up to the first frame header."""
    # Inside coded data FF is always stuffed, so this counts scans (and, harmlessly, those of a preview).
    if data.count(b"\xff\xda") > rules.MAX_SCANS:
        raise RefusedError("complex")
    at, end = 2, len(data)
    while at + 4 <= end:
        if data[at] != 0xFF:  # stray bytes between segments: every reader skips them
            at = data.find(b"\xff", at)
            if at < 0:
                break
            continue
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in (0x01, *range(0xD0, 0xD8)):
            at += 2
            continue
        if marker in (0xD9, 0xDA):
            raise RefusedError("broken")
        if marker in JPEG_SOF:
            return _jpeg_frame(data, at)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise RefusedError("truncated")


def _jpeg_frame(data: bytes, at: int) -> Header:
    if len(data) < at + 9:
        raise RefusedError("truncated")
    height, width = struct.unpack(">HH", data[at + 5 : at + 9])
    if data.rfind(b"\xff\xd9") < at:
        raise RefusedError("truncated")
    return Header("JPEG", width, height)


def _png(data: bytes) -> Header:
    """IHDR first, then walk the chunks: no animation, an end, nothing in between."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise RefusedError("broken")
    width, height = struct.unpack(">II", data[16:24])
    header = Header("PNG", width, height)
    _check_pixels(header)  # before walking: a bomb is named as one even when it is cut short
    at, seen_data = 8, False
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name == b"acTL":
            raise RefusedError("animated")
        seen_data = seen_data or name == b"IDAT"
        if name == b"IEND":
            if not seen_data:
                raise RefusedError("broken")
            return header
        at += 12 + length
    raise RefusedError("truncated")


def _webp(data: bytes) -> Header:
    """The first chunk says which of three kinds it is; a declared size that is not there was cut off."""
    if len(data) < 30:
        raise RefusedError("truncated")
    kind = data[12:16]
    if kind == b"VP8X":
        if data[20] & 0x02 or b"ANMF" in data[30:4096]:
            raise RefusedError("animated")
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (value & 0x3FFF for value in struct.unpack("<HH", data[26:30]))
    else:
        raise RefusedError("broken")
    header = Header("WEBP", width, height)
    _check_pixels(header)
    if int.from_bytes(data[4:8], "little") + 8 > len(data):
        raise RefusedError("truncated")
    return header
