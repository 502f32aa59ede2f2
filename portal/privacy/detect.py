"""Finding phone and ID numbers in free text, full-width and spoken digits included, for the publish gate."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.privacy.masking import mask_email, mask_id, mask_phone


class Kind(models.TextChoices):
    """What was found."""

    PHONE = "phone", _("手机号")
    LANDLINE = "landline", _("固定电话")
    ID_NUMBER = "id_number", _("身份证号")
    EMAIL = "email", _("邮箱")


@dataclass(frozen=True)
class Place:
    """One find: text[start:end] is personal."""

    start: int
    end: int
    kind: Kind
    masked: str


_WIDE = {ord("０") + n: str(n) for n in range(10)} | {
    ord("－"): "-",
    ord("—"): "-",
    ord("　"): " ",
    ord("Ｘ"): "X",
    ord("ｘ"): "x",
}
_WIDE |= {ord("＠"): "@", ord("．"): ".", ord("＋"): "+"}
_SPOKEN = {ord(char): str(n) for n, char in enumerate("〇一二三四五六七八九")} | {
    ord("零"): "0", ord("幺"): "1", ord("壹"): "1", ord("贰"): "2", ord("叁"): "3", ord("肆"): "4", ord("伍"): "5",
    ord("陆"): "6", ord("柒"): "7", ord("捌"): "8", ord("玖"): "9",
}  # fmt: skip
_GAP = r"[ \-.·]?"
_ID = re.compile(rf"(?<![0-9])[1-9][0-9](?:{_GAP}[0-9]){{15}}{_GAP}[0-9Xx](?![0-9A-Za-z])")
_PHONE = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[1-9][0-9]{1,2}-?[2-9][0-9]{6,7}(?![0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_id_number(text: str) -> bool:
    """GB 11643: check digit and a birth date that can be."""
    number = text.upper()
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if not date(1880, 1, 1) <= born <= timezone.localdate():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def find(text: str) -> list[Place]:
    """Every place, in order, without overlaps."""
    plain = text.translate(_WIDE)
    found = [*_ids(plain), *_matches(_PHONE, plain, Kind.PHONE), *_matches(_LANDLINE, plain, Kind.LANDLINE)]
    found += [*_matches(_EMAIL, plain, Kind.EMAIL), *_matches(_PHONE, plain.translate(_SPOKEN), Kind.PHONE)]
    kept: list[Place] = []
    for place in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _ids(text: str) -> Iterator[Place]:
    for match in _ID.finditer(text):
        bare = re.sub(r"[^0-9Xx]", "", match[0])
        if is_id_number(bare):
            yield Place(match.start(), match.end(), Kind.ID_NUMBER, mask_id(bare))


def _matches(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Place]:
    for match in pattern.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        masked = mask_email(match[0]) if kind == Kind.EMAIL else mask_phone(digits[-11:])
        yield Place(match.start(), match.end(), kind, masked)


def mask_text(text: str) -> str:
    """The text with every find masked, for showing it before somebody decided."""
    parts, at = [], 0
    for place in find(text):
        parts += [text[at : place.start], place.masked]
        at = place.end
    return "".join([*parts, text[at:]])
