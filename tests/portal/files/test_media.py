"""What is taken as sound and video, told by the bytes alone; and what is left out of the copy."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.files import media, scrub
from portal.files.responses import wanted_range
from portal.files.rules import MediaLimits, RefusedError, media_limits
from tests.portal.files import films, samples


def inspect(data: bytes, limits: MediaLimits | None = None) -> media.Media:
    return media.inspect(io.BytesIO(data), len(data), limits or media_limits())


def cleaned(data: bytes) -> bytes:
    out = io.BytesIO()
    scrub.write_clean(io.BytesIO(data), len(data), inspect(data), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "ending", "seconds"),
    [
        (films.real("tone-1.mp3"), "audio", ".mp3", 6),
        (films.real("tone-4.m4a"), "audio", ".m4a", 6),
        (films.real("film-1.mp4"), "video", ".mp4", 4),
        (films.film(seconds=299), "video", ".mp4", 299),
        (films.film(video=False), "audio", ".m4a", 30),
        (films.song(299.5), "audio", ".mp3", 299.5),
        (films.song(20, tags=False), "audio", ".mp3", 20),
    ],
)
def test_what_is_taken(data: bytes, kind: str, ending: str, seconds: float) -> None:
    found = inspect(data)
    assert (found.kind, found.ending) == (kind, ending)
    assert found.seconds == pytest.approx(seconds, abs=0.2)
    assert found.kind == "audio" or (found.width, found.height) == (1280, 720)


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.mp4", b"x")
    return out.getvalue()


REFUSED = [
    (b"", "empty"),
    (b"MZ\x90\x00" + bytes(500), "program"),
    (b"\x7fELF" + bytes(500), "program"),
    (b"#!/bin/sh\nrm -rf /\n", "program"),
    (b"#!AMR\n" + bytes(500), "media_amr"),
    (_zip(), "media_archive"),
    (b"RIFF\x00\x00\x00\x00WAVEfmt " + bytes(100), "media_wav"),
    (b"OggS" + bytes(100), "media_format"),
    (b"\x1aE\xdf\xa3" + bytes(100), "media_format"),
    (samples.jpeg(), "media_picture"),
    (b"hello" * 100, "media_type"),
    (films.box(b"ftyp", b"3gp4" + bytes(8)), "media_format"),
    (films.film(codec=b"hvc1"), "media_video_codec"),
    (films.film(sound=b"ac-3"), "media_audio_codec"),
    (films.film(object_type=0x6B), "media_audio_codec"),
    (films.film(seconds=302), "media_long"),
    (films.song(302), "media_long"),
    (films.film()[:-30], "media_cut"),
    (films.film()[: len(films.film()) // 4], "media_cut"),
    (films.real("film-1.mp4")[:9000], "media_cut"),
    (films.film() + _zip(), "media_cut"),
    (b"ID3\x04\0\0\0\0\0\x05hello" + b"MZ" + bytes(5000), "media_type"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED, ids=[code for _data, code in REFUSED])
def test_what_is_refused_and_why(data: bytes, code: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        inspect(data)
    assert refusal.value.code == code
    assert "%(" not in refusal.value.message


def test_limits_of_a_field() -> None:
    with pytest.raises(RefusedError, match="media_small"):
        inspect(films.film(width=640, height=480), media_limits(least=(1280, 720)))
    assert inspect(films.film(width=720, height=1280), media_limits(least=(1280, 720))).kind == "video"
    with pytest.raises(RefusedError, match="media_video_only"):
        inspect(films.song(), media_limits(kinds=("video",)))
    with pytest.raises(RefusedError, match="media_big_audio"):
        media_limits().check("audio", 51 * 1024 * 1024, 60, 0, 0)
    media_limits().check("video", 500 * 1024 * 1024, 300.9, 1920, 1080)


@pytest.mark.parametrize(
    "data", [films.film(), films.song(), films.film(video=False)], ids=["mp4", "mp3", "m4a"]
)
def test_places_names_and_sensors_are_gone_from_the_copy(data: bytes) -> None:
    assert any(secret in data for secret in films.SECRETS)
    copy = cleaned(data)
    assert not any(secret in copy for secret in films.SECRETS)
    assert inspect(copy).seconds == pytest.approx(inspect(data).seconds)
    if data[4:8] == b"ftyp":
        assert len(copy) == len(data)
        assert b"S" * 40 in copy
        assert (3_800_000_000).to_bytes(4, "big") not in copy


def test_a_copy_of_a_copy_is_the_same() -> None:
    once = cleaned(films.real("film-1.mp4"))
    assert cleaned(once) == once


@settings(max_examples=150)
@given(st.sampled_from([films.film(), films.song(3)]), st.data())
def test_no_damage_is_answered_with_anything_but_a_refusal(data: bytes, draw: Any) -> None:
    broken = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        broken[draw.draw(st.integers(0, len(broken) - 1))] = draw.draw(st.integers(0, 255))
    cut = bytes(broken[: draw.draw(st.integers(1, len(broken)))])
    try:
        found = inspect(cut)
        scrub.write_clean(io.BytesIO(cut), len(cut), found, io.BytesIO())
    except RefusedError:
        pass


@pytest.mark.parametrize(
    ("header", "answer"),
    [
        ("", None), ("bytes=0-", (0, 99)), ("bytes=0-1", (0, 1)), ("bytes=90-500", (90, 99)), ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)), ("bytes=0-1,5-6", None), ("items=0-1", None), ("bytes=-", None), ("bytes=a-b", None),
    ],
)  # fmt: skip
def test_ranges(header: str, answer: tuple[int, int] | None) -> None:
    assert wanted_range(header, 100) == answer


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=5-2", "bytes=-0"])
def test_ranges_outside(header: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        wanted_range(header, 100)
