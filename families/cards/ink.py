"""From a photo of handwriting to ink on nothing; pure: bytes in, bytes out.

The bytes come from the portal's own re-encoded pictures, never from an upload directly.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

EDGE = 1600  # longest side that is worked on: 60 characters print well at it
INK = (31, 38, 41)
LEAST_INK, MOST_INK = 0.0015, 0.35  # share of dark pixels outside which it is no handwriting


class NoInkError(ValueError):
    """Nothing on the picture looks like writing."""


@dataclass(frozen=True)
class Cleaned:
    """The picture of the writing alone: PNG, ink on transparent."""

    png: bytes
    width: int
    height: int


def clean(photo: bytes, crop: list[int] | None = None) -> Cleaned:
    """Cut out, even out the light, keep what is darker than the paper around it. Raises NoInkError.

    `crop` in percent (left, top, right, bottom); without one the writing is found by itself.
    """
    with Image.open(io.BytesIO(photo)) as opened:
        grey = ImageOps.grayscale(opened)
    grey = _cut(grey, crop)
    grey.thumbnail((EDGE, EDGE))
    mask = _ink_mask(grey)
    mask = _without_edges(mask) if not crop else mask
    share = sum(mask.histogram()[128:]) / (mask.width * mask.height)
    if not LEAST_INK <= share <= MOST_INK:
        raise NoInkError(share)
    mask = mask.crop(_frame(mask))
    picture = Image.new("RGBA", mask.size, (*INK, 0))
    picture.putalpha(mask)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return Cleaned(out.getvalue(), *mask.size)


def _cut(grey: Image.Image, crop: list[int] | None) -> Image.Image:
    if not crop:
        return grey
    left, top, right, bottom = crop
    width, height = grey.size
    box = (width * left // 100, height * top // 100, width * right // 100, height * bottom // 100)
    return grey.crop((box[0], box[1], max(box[2], box[0] + 8), max(box[3], box[1] + 8)))


def _ink_mask(grey: Image.Image) -> Image.Image:
    """How much darker each point is than the paper around it (shadows and yellow light go), then a soft threshold."""
    small = grey.resize((max(1, grey.width // 4), max(1, grey.height // 4)))
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(12)).resize(grey.size)
    darkness = ImageChops.subtract(paper, grey)
    darkness = (
        ImageOps.autocontrast(darkness, cutoff=(0, 0.05)) if darkness.getextrema()[1] > 40 else darkness
    )
    level = max(_threshold(darkness.histogram()), 48)
    low, high = level * 0.7, min(255, level * 1.2)
    soft = [
        0 if x <= low else 255 if x >= high else round(255 * (x - low) / (high - low)) for x in range(256)
    ]
    return darkness.point(soft).filter(ImageFilter.MedianFilter(3))


def _threshold(histogram: list[int]) -> int:
    """Otsu's: the level that separates two heaps of grey best."""
    total = sum(histogram)
    weighted = sum(level * count for level, count in enumerate(histogram))
    best, found, below, below_sum = -1.0, 128, 0, 0
    for level, count in enumerate(histogram):
        below += count
        below_sum += level * count
        above = total - below
        if not below or not above:
            continue
        apart = below * above * (below_sum / below - (weighted - below_sum) / above) ** 2
        if apart > best:
            best, found = apart, level
    return found


def _without_edges(mask: Image.Image) -> Image.Image:
    """What hangs on the edge of the picture is the table or a shadow, not writing."""
    quarter = (max(4, mask.width // 4), max(4, mask.height // 4))
    dark = mask.resize(quarter).point([0] * 60 + [255] * 196)
    framed = ImageOps.expand(dark, border=1, fill=255)
    ImageDraw.floodfill(framed, (0, 0), 128)
    hanging = framed.crop((1, 1, quarter[0] + 1, quarter[1] + 1)).point(lambda x: 255 if x == 128 else 0)
    return ImageChops.subtract(mask, hanging.filter(ImageFilter.MaxFilter(5)).resize(mask.size))


def _frame(mask: Image.Image) -> tuple[int, int, int, int]:
    """Around the writing with a little air; single specks do not count."""
    solid = mask.filter(ImageFilter.BoxBlur(4)).point([0] * 40 + [255] * 216)
    found = solid.getbbox()
    if found is None:
        raise NoInkError(0)
    air = max(6, max(mask.size) // 60)
    left, top, right, bottom = found
    return max(0, left - air), max(0, top - air), min(mask.width, right + air), min(mask.height, bottom + air)
