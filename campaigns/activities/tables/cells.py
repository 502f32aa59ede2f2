"""From the text of a cell to a value; each function raises ValueError with a sentence for the cell."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities.figures import MINUS, Figure
from campaigns.activities.figures import read as read_figure
from campaigns.activities.rules import Audience, Form, Kind
from portal.units.models import Level

DAY = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
CLOCK = re.compile(r"^[T\s]*(\d{1,2})[:：](\d{2})(?::\d{2})?")
UNTIL = re.compile(r"^\s*(?:-|—|–|~|～|至|到)+\s*(?:(\d{4})[-./年])?(?:(\d{1,2})[-./月])?(\d{1,2})日?")
SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
FIRST_SERIAL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 – Excel's day 0 has no zone
KIND_WORDS = {
    part: code for code, label in Kind.choices for part in [str(label), *re.split(r"[/、]", str(label))]
} | {
    "家风宣讲": Kind.TALK, "讲座": Kind.TALK, "座谈": Kind.SYMPOSIUM, "走访": Kind.FAMILY_VISIT, "征集": Kind.WORKS,
    "亲子阅读": Kind.READING, "亲子": Kind.PARENT_CHILD, "竞赛": Kind.QUIZ, "倡议": Kind.INITIATIVE, "会议": Kind.MEETING,
    "督查": Kind.INSPECTION, "参观": Kind.BASE_VISIT, "宣传": Kind.THEME, "直播": Kind.MEDIA, "志愿": Kind.VOLUNTEER,
}  # fmt: skip
FORM_WORDS = {str(label): code for code, label in Form.choices} | {
    "线上+线下": Form.MIXED, "线上线下相结合": Form.MIXED, "线上线下结合": Form.MIXED, "混合": Form.MIXED, "": Form.OFFLINE,
}  # fmt: skip
ADDRESS = re.compile(r"https?://[^\s；;《]+")
TITLE = re.compile(r"《([^《》]*)》")
REPORT_DAY = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?")


def period(text: str) -> tuple[datetime, datetime | None]:
    """When it began and, where a second day is given, when it ended."""
    _refuse_formula(text)
    plain = unicodedata.normalize("NFKC", text).strip()
    if SERIAL.match(plain):
        return _aware(FIRST_SERIAL_DAY + timedelta(days=float(plain))), None
    found = DAY.match(plain)
    if not found:
        raise ValueError(_("时间“%(text)s”看不懂，请写成 2026.05.06 这样。") % {"text": text[:20]})
    year, month, day = (int(part) for part in found.groups())
    rest = plain[found.end() :]
    clock = CLOCK.match(rest)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    begin = _moment(text, year, month, day, hour, minute)
    rest = rest[clock.end() :] if clock else rest
    until = UNTIL.match(rest)
    if not until:
        return begin, None
    last = _moment(text, int(until[1] or year), int(until[2] or month), int(until[3]), 23, 59)
    if last < begin:
        raise ValueError(_("时间“%(text)s”的结束早于开始。") % {"text": text[:20]})
    return begin, last


def _refuse_formula(text: str) -> None:
    """Formulas are never worked out; where a number or date belongs they are an error."""
    if text.startswith(("=", "＝")):
        raise ValueError(_("“%(text)s”是公式，请在表格里“粘贴为数值”后再上传。") % {"text": text[:20]})


def _moment(text: str, *parts: int) -> datetime:
    try:
        return _aware(datetime(*parts))  # type: ignore[arg-type]  # noqa: DTZ001 – made aware in the same breath
    except ValueError as error:
        raise ValueError(_("没有“%(text)s”这一天，请核对。") % {"text": text[:20]}) from error


def _aware(moment: datetime) -> datetime:
    return timezone.make_aware(moment.replace(second=0, microsecond=0))


def kind(text: str) -> str:
    """The kind a word stands for; nothing written means 其他."""
    plain = "".join(text.split())
    if not plain:
        return Kind.OTHER
    if plain in KIND_WORDS:
        return str(KIND_WORDS[plain])
    raise ValueError(
        _("没有“%(text)s”这个类型，请从这些里选：%(kinds)s。")
        % {"text": text[:20], "kinds": "、".join(str(label) for label in Kind.labels)}
    )


def form(text: str) -> str:
    """The form a word stands for; nothing written means 线下."""
    plain = "".join(text.split())
    if plain in FORM_WORDS:
        return str(FORM_WORDS[plain])
    raise ValueError(_("形式请写 线下、线上 或 线上线下。"))


def figure(text: str) -> Figure:
    """A count, with 约 and 万 understood."""
    _refuse_formula(text)
    try:
        return read_figure(text)
    except ValueError as error:
        below = text.strip().startswith(MINUS)
        words = (
            _("“%(text)s”是负数，请核对。")
            if below
            else _("“%(text)s”不是数字，请写成 60、约300、近2万 这样。")
        )
        raise ValueError(words % {"text": text[:20]}) from error


def names(text: str) -> list[str]:
    """Names in one cell."""
    return [name.strip()[:60] for name in re.split(r"[、,，;；\n/]", text) if name.strip()]


def reports(text: str) -> list[dict[str, Any]]:
    """媒体/级别/链接《标题》日期, several separated by ；. What is not written stays empty."""
    found = []
    for part in re.split(r"[；;\n]", text):
        rest = part
        said = {"outlet": "", "level": "", "title": "", "url": "", "published_on": ""}
        title = TITLE.search(rest)
        if title:
            said["title"] = title[1][:100]
            rest = rest.replace(title[0], " ")
        address = ADDRESS.search(rest)
        if address:
            said["url"] = address[0][:300]
            rest = rest.replace(address[0], " ")
        day = REPORT_DAY.search(rest)
        if day:
            said["published_on"] = period(day[0])[0].date().isoformat()
            rest = rest.replace(day[0], " ")
        words = [word.strip() for word in rest.split("/") if word.strip()]
        if words or address:
            said["outlet"] = (words[0] if words else _("网络"))[:40]
            said["level"] = words[1][:20] if len(words) > 1 else ""
            found.append(said)
    return found[:10]


def yes(text: str) -> bool:
    """是 or 否."""
    plain = text.strip()
    if plain in {"是", "√", "1", "重点", "Y", "y"}:
        return True
    if plain in {"", "否", "×", "0", "N", "n"}:
        return False
    raise ValueError(_("请写 是 或 否。"))


def audiences(text: str) -> list[str]:
    """Codes of the audiences named in a cell."""
    known = {str(label): code for code, label in Audience.choices}
    codes, strange = [], []
    for name in names(text):
        (codes.append(known[name]) if name in known else strange.append(name))
    if strange:
        raise ValueError(
            _("没有“%(text)s”这类对象，请从这些里选：%(all)s。")
            % {"text": strange[0][:20], "all": "、".join(known)}
        )
    return sorted(set(codes))


def level(text: str) -> int | None:
    """The level a word stands for; nothing written means the unit's own."""
    plain = text.strip()
    if not plain:
        return None
    known = {str(label): code for code, label in Level.choices}
    if plain in known:
        return int(known[plain])
    raise ValueError(_("层级请写 %(all)s。") % {"all": "、".join(known)})
