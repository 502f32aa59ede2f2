"""The child process: what comes out is upright, plain and empty of everything but pixels."""

import io
import os
import resource
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from portal.files import images
from portal.files.headers import read_header
from portal.files.rules import RefusedError
from tests.portal.files import samples

RED, GREEN, BLUE = (220, 30, 30), (30, 200, 60), (30, 60, 220)


def derive(data: bytes, folder: Path) -> images.Derived:
    out = folder / "out"
    out.mkdir()
    source = folder / "source"
    source.write_bytes(data)
    return images.derive(source, out)


def near(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 45 for one, other in zip(pixel, colour, strict=False))


def corner(path: Path, x: float, y: float) -> tuple[int, ...]:
    with Image.open(path) as image:
        return image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))


MODES = {
    "rgb_jpeg": samples.jpeg(),
    "progressive": samples.jpeg(progressive=True),
    "cmyk": samples.encoded(samples.scene(mode="CMYK"), "JPEG"),
    "palette": samples.png("P"),
    "rgba": samples.png("RGBA"),
    "webp": samples.webp(),
    "webp_lossless": samples.webp(lossless=True),
    "polyglot": samples.polyglot(),
}


@pytest.mark.parametrize("name", MODES)
def test_every_mode_becomes_plain_copies(name: str, tmp_path: Path) -> None:
    made = derive(MODES[name], tmp_path)
    assert (made.width, made.height) == (320, 200)
    for path in (made.master, made.web, made.thumb):
        assert near(corner(path, 0.25, 0.25), RED)
        assert near(corner(path, 0.75, 0.25), GREEN)
        assert near(corner(path, 0.25, 0.75), BLUE)
        assert read_header(path.read_bytes())
    assert len(made.phash) == 16


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_as_the_camera_was_held(orientation: int, tmp_path: Path) -> None:
    made = derive(samples.jpeg_with_metadata(orientation), tmp_path)
    assert (made.width, made.height) == ((320, 200) if orientation < 5 else (200, 320))
    places = {1: (0.25, 0.25), 2: (0.75, 0.25), 3: (0.75, 0.75), 4: (0.25, 0.75)}
    places |= {5: (0.25, 0.25), 6: (0.75, 0.25), 7: (0.75, 0.75), 8: (0.25, 0.75)}
    assert near(corner(made.master, *places[orientation]), RED)


def test_nothing_of_the_metadata_is_left(tmp_path: Path) -> None:
    for number, data in enumerate(
        (samples.jpeg_with_metadata(), samples.png_with_text(), samples.polyglot())
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = derive(data, folder)
        for path in (made.master, made.web, made.thumb):
            stored = path.read_bytes()
            assert not [secret for secret in samples.SECRETS if secret in stored]
            for mark in (
                b"Exif\x00",
                b"<script",
                b"ns.adobe.com",
                b"Photoshop",
                b"ICC_PROFILE",
                b"EXIF",
                b"XMP ",
            ):
                assert mark not in stored
            with Image.open(path) as image:
                assert not image.getexif()
                assert not {"exif", "comment", "xmp", "icc_profile", "photoshop"} & set(image.info)


def test_sixteen_bit_grey_keeps_its_shades(tmp_path: Path) -> None:
    image = Image.new("I;16", (300, 100), 0)
    image.paste(65_535, (150, 0, 300, 100))
    made = derive(samples.encoded(image, "PNG"), tmp_path)
    assert near(corner(made.web, 0.1, 0.5), (0, 0, 0))
    assert near(corner(made.web, 0.9, 0.5), (255, 255, 255))


def test_transparency_is_kept_in_the_master_and_white_elsewhere(tmp_path: Path) -> None:
    image = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 100, 100))
    made = derive(samples.encoded(image, "PNG"), tmp_path)
    assert made.master.suffix == ".png"
    assert near(corner(made.web, 0.9, 0.5), (255, 255, 255))
    assert near(corner(made.web, 0.2, 0.5), RED)


def test_large_picture_is_shrunk_for_the_web_only(tmp_path: Path) -> None:
    made = derive(samples.encoded(samples.scene(4000, 3000), "JPEG"), tmp_path)
    sizes = []
    for path in (made.master, made.web, made.thumb):
        with Image.open(path) as image:
            sizes.append(max(image.size))
    assert sizes == [4000, 2560, 480]


def test_wide_gamut_profile_is_applied_before_it_goes(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = derive(samples.jpeg(icc_profile=profile), tmp_path)
    assert near(corner(made.web, 0.25, 0.25), RED)
    assert b"ICC_PROFILE" not in made.web.read_bytes()


DAMAGED = {
    "png_data": samples.png()[:60] + b"\x00" * 10 + samples.png()[70:],
    "jpeg_tables": b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + b"\x01" * 20 + b"\xff\xd9",
    "png_text_bomb": samples.png()[:33]
    + samples.chunk(b"zTXt", b"k\0\0" + zlib.compress(b"A" * 60_000_000))
    + samples.png()[33:],
    "no_picture": b"not a picture",
    "webp_of_zeros": b"RIFF\x20\0\0\0WEBPVP8 \x14\0\0\0" + b"\0" * 20,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_found_while_decoding_is_a_refusal(name: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        derive(DAMAGED[name], tmp_path)
    assert refused.value.code in {"broken", "complex"}


def test_bomb_that_slips_past_the_header_dies_in_the_child(tmp_path: Path) -> None:
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    for number, data in enumerate(
        (samples.webp_claiming(16_383, 10_900), samples.png_claiming(30_000, 30_000))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(RefusedError):
            derive(data, folder)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime < 10
    assert ended.ru_maxrss < 1024 * 1024


def test_likeness_survives_scaling_and_tells_pictures_apart(tmp_path: Path) -> None:
    made = {}
    other = Image.effect_mandelbrot((400, 300), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    for name, picture in {"a": samples.scene(), "b": samples.scene(900, 560), "c": other}.items():
        folder = tmp_path / name
        folder.mkdir()
        made[name] = derive(samples.encoded(picture, "JPEG", quality=60), folder).phash
    assert images.likeness(made["a"], made["b"]) <= 6
    assert images.likeness(made["a"], made["c"]) > 12


@pytest.mark.full
@pytest.mark.skipif(
    "PORTAL_CORPORA" not in os.environ, reason="PORTAL_CORPORA names no folder of hostile files"
)
def test_public_corpora_never_break_anything(tmp_path: Path) -> None:
    accepted, slowest = 0, 0.0
    files = [
        path for path in Path(os.environ["PORTAL_CORPORA"]).joinpath("images").rglob("*") if path.is_file()
    ]
    for number, path in enumerate(files):
        data, began = path.read_bytes(), time.perf_counter()
        folder = tmp_path / str(number)
        folder.mkdir()
        try:
            read_header(data)
            made = derive(data, folder)
        except RefusedError:
            continue
        finally:
            slowest = max(slowest, time.perf_counter() - began)
        accepted += 1
        for stored in (made.master, made.web, made.thumb):
            raw = stored.read_bytes()
            assert b"<script" not in raw
            with Image.open(io.BytesIO(raw)) as image:
                assert not image.getexif()
    assert files
    assert accepted
    assert slowest < 10
