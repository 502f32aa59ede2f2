"""From the text of a cell to a JSON value, as kinds of imports share it. Each reader raises ValueError with a
sentence for the person; an empty cell is no value."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.ui.text import count_chars

DAY = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[T\s]+0{1,2}[:：]00(?:[:：]00)?)?$")
SERIAL = re.compile(r"^\d{5}(\.0+)?$")
FIRST_SERIAL_DAY = date(1899, 12, 30)
SPLIT = re.compile(r"[、,，;；\n/]")


def refuse_formula(text: str) -> None:
    """Formulas are never worked out; where a number, a date or a choice belongs they are an error."""
    if text.startswith(("=", "＝")):
        raise ValueError(_("“%(text)s”是公式，请在表格里“粘贴为数值”后再上传。") % {"text": text[:20]})


def words(most: int, *, counted: bool = False) -> Callable[[str], str | None]:
    """Text of at most `most` signs; `counted` counts 字数 as the counters of the forms do."""

    def read(text: str) -> str | None:
        extra = (count_chars(text) if counted else len(text)) - most
        if extra > 0:
            raise ValueError(
                _("超出 %(extra)d 字，请写在 %(most)d 字以内。") % {"extra": extra, "most": most}
            )
        return flat(text) or None

    return read


def flat(text: str) -> str:
    """Text as it is compared: one kind of line end, nothing around it."""
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def day(text: str) -> str | None:
    """A day in the usual ways of writing, as ISO text; Excel's day numbers too."""
    refuse_formula(text)
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    if SERIAL.match(plain):
        return (FIRST_SERIAL_DAY + timedelta(days=int(float(plain)))).isoformat()
    found = DAY.match(plain)
    if not found:
        raise ValueError(_("日期“%(text)s”看不懂，请写成 2026.05.06 这样。") % {"text": text[:20]})
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError as error:
        raise ValueError(_("没有“%(text)s”这一天，请核对。") % {"text": text[:20]}) from error


def past_day(text: str, today: date) -> str | None:
    """A day that does not lie ahead."""
    value = day(text)
    if value is not None and value > today.isoformat():
        raise ValueError(_("“%(text)s”晚于今天，请核对。") % {"text": text[:20]})
    return value


def whole(least: int = 0, most: int = 99_999_999) -> Callable[[str], int | None]:
    """A whole number in these bounds."""

    def read(text: str) -> int | None:
        value = _number(text)
        if value is None:
            return None
        if value != value.to_integral_value():
            raise ValueError(_("“%(text)s”不是整数，请核对。") % {"text": text[:20]})
        _bounds(value, least, most)
        return int(value)

    return read


def measure(most: int = 9_999_999, places: int = 1) -> Callable[[str], str | None]:
    """A measure that is not negative, as text with `places` decimals."""

    def read(text: str) -> str | None:
        value = _number(text)
        if value is None:
            return None
        _bounds(value, 0, most)
        return str(value.quantize(Decimal(1).scaleb(-places)))

    return read


def _number(text: str) -> Decimal | None:
    refuse_formula(text)
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("−", "-")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s”不是数字，只写数字，不写单位。") % {"text": text[:20]}) from error
    if not value.is_finite():
        raise ValueError(_("“%(text)s”不是数字，只写数字，不写单位。") % {"text": text[:20]})
    return value


def _bounds(value: Decimal, least: int, most: int) -> None:
    if value < 0:
        raise ValueError(_("不能是负数，请核对。"))
    if not least <= value <= most:
        raise ValueError(_("要在 %(least)d 到 %(most)d 之间，请核对。") % {"least": least, "most": most})


def plain(text: str) -> str:
    """A word without what people write differently: spaces, width of brackets."""
    return "".join(text.replace("（", "(").replace("）", ")").split())


def _called(label: Any) -> set[str]:
    """A label in the language of the page and in Chinese: tables are Chinese whoever reads the page in English."""
    with override(settings.LANGUAGE_CODE):
        chinese = plain(str(label))
    return {plain(str(label)), chinese}


def choice(choices: Iterable[tuple[Any, Any]]) -> Callable[[str], Any]:
    """The code of a label; the code itself is understood too. The sentence names what can be chosen."""
    rows = list(choices)

    def read(text: str) -> Any:
        refuse_formula(text)
        if not text:
            return None
        for code, label in rows:
            if plain(text) in {*_called(label), str(code)}:
                return code
        raise ValueError(
            _("没有“%(text)s”，请从这些里选：%(all)s。")
            % {"text": text[:20], "all": "、".join(str(label) for _code, label in rows)}
        )

    return read


def several(choices: Iterable[tuple[Any, Any]]) -> Callable[[str], list[Any] | None]:
    """Codes of several labels, separated by ；、 or a new line; a label may hold such a mark itself."""
    rows = list(choices)
    one = choice(rows)

    def read(text: str) -> list[Any] | None:
        refuse_formula(text)
        rest, found = plain(text.replace("\n", "；")), set()
        for code, label in sorted(rows, key=lambda row: -len(str(row[1]))):
            for name in _called(label):
                if name in rest:
                    found.add(code)
                    rest = rest.replace(name, "；")
        for part in (part.strip() for part in SPLIT.split(rest) if part.strip()):
            found.add(one(part))
        return sorted(found) or None

    return read


def names(text: str) -> list[str]:
    """Names in one cell."""
    return [name.strip()[:80] for name in SPLIT.split(text) if name.strip()]
