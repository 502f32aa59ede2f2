"""What is refused before a single pixel is decoded."""

import time

import pytest

from portal.files.headers import read_header
from portal.files.rules import Limits, RefusedError, check_size
from tests.portal.files import samples

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
REFUSED = {
    "bomb_png": (samples.png_claiming(40_000, 40_000), "pixels"),
    "bomb_png_below_pillows_own_limit": (samples.png_claiming(13_300, 13_300), "pixels"),
    "long_side": (samples.png_claiming(20_000, 10), "pixels"),
    "bomb_webp": (samples.webp_claiming(16_383, 10_900), "pixels"),
    "bomb_webp_square": (samples.webp_claiming(16_383, 16_383), "pixels"),
    "no_width": (samples.png_claiming(0, 10), "broken"),
    "scans": (samples.jpeg_with_scans(2000), "complex"),
    "cut_jpeg": (samples.jpeg()[:-2][: len(samples.jpeg()) // 2], "truncated"),
    "cut_png": (samples.png()[:-20], "truncated"),
    "cut_webp": (samples.webp()[:-30], "truncated"),
    "only_a_start": (b"\xff\xd8\xff", "truncated"),
    "jpeg_without_frame": (b"\xff\xd8\xff\xd9\xff\xd9", "broken"),
    "png_without_data": (samples.png_claiming(5, 5).replace(b"IDAT", b"iDAT"), "broken"),
    "animated_webp": (samples.animated("WEBP"), "animated"),
    "animated_png": (samples.animated("PNG"), "animated"),
    "animated_gif": (samples.animated("GIF"), "animated"),
    "still_gif": (samples.encoded(samples.scene(), "GIF"), "type"),
    "heic": (HEIC, "heic"),
    "video": (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 60, "video"),
    "exe": (b"MZ\x90\x00" + b"\x00" * 200, "type"),
    "svg": (b"<?xml version='1.0'?><svg xmlns='x'><script>alert(1)</script></svg>", "svg"),
    "html": (b"<!doctype html><script>alert(1)</script>", "type"),
    "zip": (b"PK\x03\x04" + b"\x00" * 100, "type"),
    "tiff": (samples.encoded(samples.scene(), "TIFF"), "type"),
    "bmp": (samples.encoded(samples.scene(), "BMP"), "type"),
    "nothing": (b"", "empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_header_is_refused_at_once(name: str) -> None:
    data, code = REFUSED[name]
    began = time.process_time()
    with pytest.raises(RefusedError) as refused:
        read_header(data)
    assert refused.value.code == code
    assert time.process_time() - began < 0.2
    assert refused.value.message


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.jpeg(), "JPEG"),
        (samples.jpeg(progressive=True), "JPEG"),
        (samples.jpeg_with_metadata(6), "JPEG"),
        (samples.png(), "PNG"),
        (samples.png("RGBA"), "PNG"),
        (samples.webp(), "WEBP"),
        (samples.webp(lossless=True), "WEBP"),
        (samples.polyglot(), "JPEG"),
    ],
)
def test_good_picture_is_recognised_by_content(data: bytes, kind: str) -> None:
    header = read_header(data)
    assert (header.format, header.width, header.height) == (kind, 320, 200)


def test_stray_bytes_between_segments_are_skipped_as_readers_do() -> None:
    data = samples.jpeg()
    assert read_header(data[:2] + b"\xff\xe0\x00\x04ab" + b"junk" + data[2:]).width == 320


def test_every_cut_of_a_picture_is_refused_or_read_never_an_error() -> None:
    for data in (samples.jpeg_with_metadata(), samples.png_with_text(), samples.webp()):
        for length in range(0, len(data) - 1, 7):
            try:
                read_header(data[:length])
            except RefusedError:
                continue


def test_messages_name_file_and_limit() -> None:
    with pytest.raises(RefusedError) as refused:
        check_size(62 * 1024 * 1024, Limits(9, 10))
    error = refused.value.naming("全家福.jpg")
    assert "全家福.jpg" in error.messages[0]
    assert "62.0 MB" in error.messages[0]
    assert "10 MB" in error.messages[0]
