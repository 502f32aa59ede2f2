"""Reading figures as people write them: 1,200, ６０, 约300, 近2万, 3.3万多, 50余人, about 300; never guessing."""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

# How people type a minus; a count below nothing is told apart from what is no number.
MINUS = ("-", "−", "－")


class Figure(NamedTuple):
    """A count and whether it is an estimate; value None means nothing was written."""

    value: int | None
    is_estimate: bool = False


ABOUT_BEFORE = re.compile(
    r"^(约|近|大概|大约|超过|超|逾|不足|不下|达|about|approx\.?|around|nearly|over|~)", re.IGNORECASE
)
NEUTRAL_BEFORE = re.compile(r"^(共有|共计|共|计|总计|总)")
UNIT_WORDS = re.compile(r"(人次|户次|人|户|份|件|场次|场|次|名|个|册|篇|幅)$")
ABOUT_AFTER = re.compile(r"(多|余|来|左右|上下|以上)$")
NUMBER = re.compile(r"^(\d+(?:\.\d+)?)(万|千|百)?(多|余|来)?(?:人次|人|户|份|件)?$")
TIMES = {"万": 10_000, "千": 1_000, "百": 100, None: 1}
EMPTY = {"", "-", "—", "――", "/", "无", "未统计", "不详", "待填", "〔待填〕"}
LONGEST = 24


def read(text: str) -> Figure:
    """The figure in a text; raises ValueError when there is none to be read."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[\s,_']|(?<=\d)，(?=\d)", "", plain)
    if plain in EMPTY:
        return Figure(None)
    if len(plain) > LONGEST:
        raise ValueError("not a figure")
    rest, about = _strip_words(plain)
    found = NUMBER.match(rest)
    if not found:
        raise ValueError("not a figure")
    number, scale, more = found.groups()
    value = Decimal(number) * TIMES[scale]
    if value != value.to_integral_value():
        raise ValueError("not a whole number")
    return Figure(int(value), about or bool(more))


def _strip_words(plain: str) -> tuple[str, bool]:
    """Without the words around the number, and whether one of them said "about"."""
    rest, about = plain, False
    for _round in range(3):
        shorter = NEUTRAL_BEFORE.sub("", ABOUT_BEFORE.sub("", rest))
        about = about or bool(ABOUT_BEFORE.match(rest))
        shorter = UNIT_WORDS.sub("", shorter)
        about = about or bool(ABOUT_AFTER.search(shorter))
        shorter = ABOUT_AFTER.sub("", shorter)
        if shorter == rest:
            break
        rest = shorter
    return rest, about


def write(value: int | None, *, is_estimate: bool) -> int | str:
    """For a table: a number, or 约 with the number in the language of the page, which `read` understands again."""
    if value is None:
        return ""
    return _("约%(number)d") % {"number": value} if is_estimate else value
