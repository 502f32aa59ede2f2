"""The only place where foreign pixels are decoded: a short-lived child process with hard limits.

Run as a script (`python -I decode.py IN OUT_FOLDER`), never imported by the site, so that it starts
without Django and its own memory counts. It writes master, web and thumb into OUT_FOLDER and prints
one line of JSON. Any way to die here is a refused file, nothing more.
"""

import json
import math
import resource
import sys
import warnings
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10
FILE_BYTES = 200 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_ICC = 1024 * 1024
WEB_EDGE, THUMB_EDGE = 2560, 480
TRANSPOSE = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # EXIF orientation → Image.Transpose


def limit() -> None:
    """Tie our own hands before anything foreign is read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_upright(path: str):
    """The first frame, decoded, turned as the camera was held, in RGB or RGBA (sRGB)."""
    from PIL import Image  # after limit(): the library itself is tied too

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(path, formats=("JPEG", "PNG", "WEBP"))
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("pixels")
    if image.format != "MPO" and getattr(image, "n_frames", 1) != 1:
        raise ValueError("animated")
    image.load()
    turn = TRANSPOSE.get(orientation(image))
    icc = image.info.get("icc_profile")
    image = plain(image, icc if isinstance(icc, bytes) else None)
    if turn is not None:
        image = image.transpose(Image.Transpose(turn))
    image.info.clear()
    return image


def orientation(image) -> int:
    """EXIF orientation, or upright when the EXIF cannot be read."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 – broken metadata of every kind must not cost the picture
        return 1


def plain(image, icc: bytes | None):
    """Any mode to 8-bit RGB, or RGBA where something really is transparent."""
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if icc and len(icc) <= MAX_ICC and image.mode in ("RGB", "CMYK"):
        image = to_srgb(image, icc)
    see_through = image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info
    if not see_through:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image.convert("RGBA")
    return image.convert("RGB") if image.getchannel("A").getextrema()[0] == 255 else image


def to_srgb(image, icc: bytes):
    """Keep the colours of wide-gamut phones and of print files when their profile goes."""
    from io import BytesIO  # only for files that carry a profile

    from PIL import ImageCms  # the same

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(icc))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def on_white(image):
    """Flatten transparency, as paper would."""
    from PIL import Image  # after limit()

    if image.mode == "RGB":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def shrink(image, edge: int):
    """A copy no longer than `edge` on either side."""
    copy = image.copy() if max(image.size) <= edge else None
    if copy is None:
        scale = edge / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        copy = image.resize(size, resample=3, reducing_gap=2.0)
    return copy


def perceptual_hash(image) -> str:
    """64 bits that stay nearly the same when a picture is resized or re-compressed (DCT hash)."""
    side, low = 32, 8
    grey = image.convert("L").resize((side, side), resample=1)
    pixels = list(grey.tobytes())
    table = [[math.cos(math.pi * u * (2 * x + 1) / (2 * side)) for x in range(side)] for u in range(low)]
    rows = [
        [sum(pixels[y * side + x] * table[u][x] for x in range(side)) for u in range(low)]
        for y in range(side)
    ]
    values = [sum(rows[y][u] * table[v][y] for y in range(side)) for v in range(low) for u in range(low)]
    middle = sorted(values[1:])[len(values) // 2]
    bits = "".join("1" if value > middle else "0" for value in values)
    return f"{int(bits, 2):016x}"


def main(source: str, folder: str) -> None:
    """Decode once, write three clean files, say what they are."""
    limit()
    out = Path(folder)
    image = open_upright(source)
    if image.mode == "RGB":
        master = "master.jpg"
        image.save(out / master, "JPEG", quality=92, subsampling=0)
    else:
        master = "master.png"
        image.save(out / master, "PNG", compress_level=5)
    size = image.size
    image = on_white(image)
    web = shrink(image, WEB_EDGE)
    web.save(out / "web.jpg", "JPEG", quality=84, optimize=True, progressive=True)
    shrink(web, THUMB_EDGE).save(out / "thumb.webp", "WEBP", quality=78, method=4)
    print(json.dumps({"width": size[0], "height": size[1], "phash": perceptual_hash(web), "master": master}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
