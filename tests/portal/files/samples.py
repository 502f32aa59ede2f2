"""Pictures of every kind, good and hostile, made on the spot: nothing hostile lies in the repository."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SECRETS = (
    b"SECRET-PLACE-37.86N",
    b"SECRET-OWNER-WANG",
    b"SECRET-XMP-NOTE",
    b"SECRET-COMMENT",
    b"SECRET-TEXT",
)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scene(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    """A picture whose corners can be told apart: red top left, green top right, blue bottom left."""
    image = Image.new("RGB", (width, height), "white")
    half = (width // 2, height // 2)
    image.paste((220, 30, 30), (0, 0, *half))
    image.paste((30, 200, 60), (half[0], 0, width, half[1]))
    image.paste((30, 60, 220), (0, half[1], half[0], height))
    return image.convert(mode)


def jpeg(**options: object) -> bytes:
    return encoded(scene(), "JPEG", quality=90, **options)


def png(mode: str = "RGB") -> bytes:
    return encoded(scene(mode=mode), "PNG")


def webp(**options: object) -> bytes:
    return encoded(scene(), "WEBP", **options)


def chunk(name: bytes, body: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def webp_claiming(width: int, height: int) -> bytes:
    """38 bytes that decode to gigabytes: a lossless WebP header of one colour."""
    bits = (width - 1) | ((height - 1) << 14)
    body = b"\x2f" + struct.pack("<I", bits) + b"\x88\x88\x08\x00\x00\x00\x00\x00\x00"
    data = b"WEBPVP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(data)) + data


def jpeg_with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated."""
    data = encoded(scene(), "JPEG", progressive=True)
    last = data[data.rfind(b"\xff\xda") : -2]
    return data[:-2] + last * count + b"\xff\xd9"


def jpeg_with_metadata(orientation: int = 1) -> bytes:
    """EXIF with GPS and owner, a comment, XMP and IPTC – and a thumbnail-like remark in each."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "SECRET-OWNER-WANG"
    exif[0x9286] = "SECRET-TEXT"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 51.0, 36.0), 29: "SECRET-PLACE-37.86N"})
    data = encoded(scene(), "JPEG", exif=exif, comment=b"SECRET-COMMENT", quality=90)
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>SECRET-XMP-NOTE</x:xmpmeta>"
    segment = b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp
    return data[:2] + segment + data[2:]


def png_with_text() -> bytes:
    data = png()
    return data[:33] + chunk(b"tEXt", b"Comment\x00SECRET-COMMENT") + data[33:]


def animated(kind: str) -> bytes:
    frames = [scene(), scene().transpose(Image.Transpose.ROTATE_180)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)


def polyglot() -> bytes:
    """A valid picture that is also a page with a script and ends in a zip directory."""
    data = encoded(scene(), "JPEG", comment=b"<html><script>alert(1)</script>SECRET-COMMENT")
    return data + b"PK\x05\x06" + b"\0" * 18 + b"<script>alert(2)</script>"


def upload(data: bytes, name: str = "照片.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)
