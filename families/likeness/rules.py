"""How two texts and two pictures are compared; pure, no database (domain reference §3.4, similarity check).

Pictures: a 64-bit perceptual hash, cut into four bands of 16 bits. Two hashes that differ in at most seven bits
agree in some band but for one bit, so looking up the 17 neighbours of each band finds every such pair.
Texts: the set of five-character shingles, and ten bands of two minimum hashes of it: of pairs whose sets agree by
half, 94 in 100 share a band, of those that agree by four fifths all do; what is found is then compared exactly.
"""

import hashlib
import unicodedata
from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

SHINGLE = 5
MIN_TEXT = 20
TEXT_BANDS, TEXT_ROWS = 10, 2
ALIKE, CONTAINED = 0.5, 0.75
PICTURE_BANDS, BAND_BITS = 4, 16
PICTURE_BITS = 6
_PRIME = (1 << 61) - 1
_MASK = (1 << 63) - 1


class Kind(models.TextChoices):
    """What is alike."""

    PICTURE = "picture", _("图片")
    TEXT = "text", _("文字")
    BYTES = "bytes", _("文件")
    FRAME = "frame", _("视频画面")


class Decision(models.TextChoices):
    """What a person said about it."""

    OPEN = "open", _("待判断")
    DIFFERENT = "different", _("不是重复")
    DUPLICATE = "duplicate", _("是重复")


def plain(text: str) -> str:
    """Letters, digits and characters only: spaces, marks and width make no text another one."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum()).lower()


def shingles(text: str) -> set[str]:
    """Every five characters in a row."""
    bare = plain(text)
    return (
        {bare[at : at + SHINGLE] for at in range(len(bare) - SHINGLE + 1)} if len(bare) >= MIN_TEXT else set()
    )


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


_FACTORS = [
    (_number(f"a{number}") % (_PRIME - 1) + 1, _number(f"b{number}") % _PRIME)
    for number in range(TEXT_BANDS * TEXT_ROWS)
]


def text_bands(text: str) -> list[int]:
    """The bands of a text; one exact band for texts too short to be compared in part; none for no text."""
    bare = plain(text)
    if not bare:
        return []
    parts = shingles(text)
    if not parts:
        return [_number(f"short:{bare}") & _MASK]
    numbers = [_number(part) % _PRIME for part in parts]
    least = [min((a * number + b) % _PRIME for number in numbers) for a, b in _FACTORS]
    return [
        _number(f"{band}:{least[band * TEXT_ROWS : (band + 1) * TEXT_ROWS]}") & _MASK
        for band in range(TEXT_BANDS)
    ]


def text_likeness(one: str, other: str) -> int:
    """Percent of shingles in common: of both, or of the shorter when it is a part of the longer; 0 below the line."""
    if plain(one) and plain(one) == plain(other):
        return 100
    first, second = shingles(one), shingles(other)
    if not first or not second:
        return 0
    common = len(first & second)
    both, part = common / len(first | second), common / min(len(first), len(second))
    if both < ALIKE and part < CONTAINED:
        return 0
    return min(99, round(max(both, part) * 100))


def picture_bands(phash: str) -> list[int]:
    """The four bands of a perceptual hash, each with its number in front."""
    value = int(phash, 16)
    mask = (1 << BAND_BITS) - 1
    return [band << BAND_BITS | (value >> band * BAND_BITS & mask) for band in range(PICTURE_BANDS)]


def picture_neighbours(phash: str) -> Iterator[int]:
    """Every band as it is and with one bit changed."""
    for band in picture_bands(phash):
        yield band
        for bit in range(BAND_BITS):
            yield band ^ 1 << bit


def is_flat(phash: str) -> bool:
    """A white sheet or a black frame says nothing about what was drawn: nearly all bits the same."""
    ones = int(phash, 16).bit_count()
    return ones <= 4 or ones >= 60


def picture_percent(bits: int) -> int:
    """Differing bits in words people know."""
    return round((64 - bits) * 100 / 64)
