"""Sound and films made on the spot, box by box and frame by frame: small, honest or lying."""

import struct
from pathlib import Path

RECORDINGS = Path(__file__).parents[3] / "families" / "demo" / "recordings"
SECRETS = (b"+37.8600+113.5800/", b"SECRET-PHONE-MAKER", b"SECRET-SENSOR", b"SECRET-ARTIST")


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def _table(handler: bytes, entry: bytes, offset: int, size: int, seconds: float) -> bytes:
    stbl = (
        box(b"stsd", struct.pack(">II", 0, 1) + entry)
        + box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1))
        + box(b"stsz", struct.pack(">III", 0, size, 1))
        + box(b"stco", struct.pack(">III", 0, 1, offset))
    )
    head = box(
        b"mdhd", struct.pack(">IIIIIHH", 0, 3_800_000_000, 3_800_000_000, 1000, int(seconds * 1000), 0, 0)
    )
    hdlr = box(b"hdlr", struct.pack(">II4s", 0, 0, handler) + bytes(12) + SECRETS[1] + b"\0")
    return box(b"trak", box(b"mdia", head + hdlr + box(b"minf", box(b"stbl", stbl))))


def _picture(codec: bytes, width: int, height: int) -> bytes:
    body = bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HH", width, height) + bytes(50)
    return box(codec, body)


def _sound(codec: bytes, object_type: int) -> bytes:
    config = b"\x04\x11" + bytes([object_type]) + bytes(16)
    esds = box(b"esds", bytes(4) + b"\x03\x19\x00\x01\x00" + config)
    return box(
        codec,
        bytes(6) + struct.pack(">H", 1) + bytes(8) + struct.pack(">HHHHI", 1, 16, 0, 0, 22050 << 16) + esds,
    )


def film(
    *, seconds: float = 30, width: int = 1280, height: int = 720, codec: bytes = b"avc1", sound: bytes = b"mp4a",
    object_type: int = 0x40, padding: int = 0, video: bool = True, brand: bytes = b"isom",
) -> bytes:  # fmt: skip
    """An MP4 with places, a maker's name and a track of sensors, as phones write them."""
    ftyp = box(b"ftyp", brand + bytes(4) + b"isommp42")
    samples = [b"V" * 40, b"S" * 40, SECRETS[2]]
    start = len(ftyp) + 8
    mdat = box(b"mdat", b"".join(samples) + bytes(padding))
    tracks = b""
    if video:
        tracks += _table(b"vide", _picture(codec, width, height), start, 40, seconds)
    tracks += _table(b"soun", _sound(sound, object_type), start + 40, 40, seconds)
    tracks += _table(b"meta", box(b"mebx", bytes(8)), start + 80, len(SECRETS[2]), seconds)
    mvhd = box(
        b"mvhd", struct.pack(">IIIII", 0, 3_800_000_000, 3_800_000_000, 1000, int(seconds * 1000)) + bytes(80)
    )
    udta = box(b"udta", box(b"\xa9xyz", SECRETS[0]) + box(b"\xa9mak", SECRETS[1]))
    return ftyp + mdat + box(b"moov", mvhd + tracks + udta + box(b"meta", SECRETS[0]))


def song(seconds: float = 10, *, tags: bool = True) -> bytes:
    """An MP3 of silent 32 kbit/s frames (MPEG 1 layer III, 44.1 kHz) between two tags."""
    frame = b"\xff\xfb\x10\x00" + bytes(100)
    body = frame * round(seconds * 44100 / 1152)
    if not tags:
        return body
    title = b"TPE1" + struct.pack(">I", 13) + b"\0\0" + SECRETS[3]
    return (
        b"ID3\x04\0\0" + bytes([0, 0, 0, len(title)]) + title + body + b"TAG" + SECRETS[3].ljust(125, b"\0")
    )


def real(name: str) -> bytes:
    """A recording of the demo, made by an ordinary encoder."""
    return (RECORDINGS / name).read_bytes()
