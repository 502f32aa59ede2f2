"""Sizes, patterns, reasons; no database."""

import math
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from families.works.rules import PAST_REVIEW, Status

MESSAGE = "CLEAN_MESSAGE"
MOST_IN_A_BATCH = 300
PRINTABLE = (Status.CONTENT_REVIEW, *PAST_REVIEW)  # words that a member of staff has read
CROP_LEAST = 5  # percent of the picture that must remain on each side


class Lettering(models.TextChoices):
    """Where the words on the card come from."""

    TYPED = "typed", _("打印字")
    HANDWRITTEN = "handwritten", _("家人手写(用照片)")


class Pattern(models.TextChoices):
    """Patterns made of the portal's own motifs."""

    LOTUS = "lotus", _("莲花")
    BAMBOO = "bamboo", _("竹")
    CLOUD = "cloud", _("祥云")
    MOUNTAINS = "mountains", _("远山")


# Motif file, colour of lines and headings.
LOOKS = {
    Pattern.LOTUS: ("lotus-line.svg", "#A5215C"),
    Pattern.BAMBOO: ("bamboo.svg", "#2E7260"),
    Pattern.CLOUD: ("cloud-tile-gold.svg", "#976B1B"),
    Pattern.MOUNTAINS: ("mountains.svg", "#22486B"),
}


class Size(models.TextChoices):
    """Trimmed size of a card, landscape."""

    A5 = "a5", _("A5（210×148 毫米）")
    A6 = "a6", _("A6（148×105 毫米）")


class Fold(models.TextChoices):
    """How it stands on the desk."""

    TENT = "tent", _("对折立起来：一面寄语，一面图案")
    FLAT = "flat", _("不折，插在台卡架里：正面寄语，背面图案")


class Sheet(models.TextChoices):
    """What one page of the file is."""

    SINGLE = "single", _("一页一张，带裁切线和折线")
    A4 = "a4", _("拼在 A4 纸上：2 张 A5 或 4 张 A6")


class Reason(models.TextChoices):
    """Why a message is not printed; said to staff, and to the family on its own page."""

    NOT_ASKED = "not_asked", _("家人还没有同意印制")
    WITHDRAWN = "withdrawn", _("家人撤回了印制同意")
    NOT_CHECKED = "not_checked", _("还没有通过初核")
    NO_GUARDIAN = "no_guardian", _("作者未满 14 周岁，缺监护人同意")
    NO_PICTURE = "no_picture", _("手写照片还没有处理好")
    NO_GLYPH = "no_glyph", _("有印不出来的字或表情")


TRIM = {Size.A5: (210.0, 148.0), Size.A6: (148.0, 105.0)}
ON_A4 = {Size.A5: (210.0, 148.5), Size.A6: (148.5, 105.0)}  # two and four fill the sheet exactly
MARGIN = 10.0  # room for the marks around a single card, millimetres
POINT = 0.3528  # millimetres


@dataclass(frozen=True)
class Words:
    """Everything that is printed on one card as letters."""

    text: str
    to_name: str
    signed: str

    @property
    def together(self) -> str:
        """For asking the font."""
        return self.text + self.to_name + self.signed


def point_size(text: str, *, width: float, height: float, most: float = 34, least: float = 9) -> float:
    """The largest type in points with which a text fills no more than width × height millimetres."""
    size = most
    while size > least:
        em = size * POINT
        per_line = max(1, int(width / em))
        lines = sum(math.ceil(max(1, len(part)) / per_line) for part in text.splitlines() or [""])
        if lines * em * 1.75 <= height:
            break
        size -= 1
    return size


def plain_crop(left: int, top: int, right: int, bottom: int) -> list[int]:
    """A crop box in percent from the upper left corner; empty for the whole picture. Raises ValueError."""
    box = [left, top, right, bottom]
    if not all(0 <= edge <= 100 for edge in box) or right - left < CROP_LEAST or bottom - top < CROP_LEAST:
        raise ValueError(box)
    return [] if box == [0, 0, 100, 100] else box


def pages_of(cards: int, *, size: str, sheet: str) -> int:
    """How many pages a file has: front and back of each card or sheet."""
    per_sheet = 1 if sheet == Sheet.SINGLE else 2 if size == Size.A5 else 4
    return 2 * math.ceil(cards / per_sheet)


def reason_text(code: str) -> str | Promise:
    """The words of a reason."""
    return Reason(code).label
