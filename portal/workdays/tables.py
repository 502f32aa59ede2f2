"""The yearly arrangement as a CSV file: 日期, 类型, 名称. Reads what WPS, Excel and text editors write."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from portal.workdays.rules import EARLIEST_YEAR, LATEST_YEAR, LONGEST_NAME, Kind

MOST_BYTES, MOST_ROWS = 512 * 1024, 800
HEADINGS = {"日期": "date", "date": "date", "类型": "kind", "kind": "kind", "名称": "name", "name": "name"}
KINDS = {
    "放假": Kind.HOLIDAY, "休": Kind.HOLIDAY, "休息": Kind.HOLIDAY, "holiday": Kind.HOLIDAY,
    "补班": Kind.WORKDAY, "班": Kind.WORKDAY, "上班": Kind.WORKDAY, "workday": Kind.WORKDAY,
}  # fmt: skip
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class UnreadableError(Exception):
    """The file is no such table; `message` says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Day:
    """One good row."""

    date: date
    kind: Kind
    name: str


@dataclass
class Reading:
    """The rows of a file: good ones, and what is wrong with the others as (row, sentence)."""

    rows: list[Day] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)


def decoded(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, GBK/GB18030."""
    codecs = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(_("看不懂文件的编码。请用 WPS 或 Excel 打开，另存为 CSV（UTF-8）再上传。"))


def read(data: bytes) -> Reading:
    """Every row of a file; raises UnreadableError when there is no table in it."""
    if not data.strip():
        raise UnreadableError(_("文件是空的，请重新选择。"))
    if len(data) > MOST_BYTES:
        raise UnreadableError(_("文件超过 512 KB，不像是一年的放假安排，请核对。"))
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableError(_("请在 WPS 或 Excel 里“另存为”CSV 后再上传。"))
    text = decoded(data).replace("\x00", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t，", key=first.count)))
    except csv.Error as error:
        raise UnreadableError(_("CSV 格式有误，请用 WPS 或 Excel 打开后另存一次。")) from error
    return _rows(lines)


def _rows(lines: list[list[str]]) -> Reading:
    filled = [
        (number, [cell.strip() for cell in line])
        for number, line in enumerate(lines, 1)
        if any(map(str.strip, line))
    ]
    if not filled:
        raise UnreadableError(_("文件是空的，请重新选择。"))
    names = [HEADINGS.get(cell.lower(), "") for cell in filled[0][1]]
    if not {"date", "kind", "name"} <= set(names):
        raise UnreadableError(_("第一行应是表头：日期,类型,名称。可以下载模板对照。"))
    if len(filled) > MOST_ROWS + 1:
        raise UnreadableError(_("行数太多：一次最多 800 行。"))
    found, seen = Reading(), {}
    for number, line in filled[1:]:
        cells = dict(zip(names, line, strict=False))
        day, fault = _day(cells)
        if day is not None and day.date in seen:
            fault = _("和第 %(row)d 行是同一天。") % {"row": seen[day.date]}
        if fault:
            found.faults.append((number, fault))
        elif day is not None:
            seen[day.date] = number
            found.rows.append(day)
    if not found.rows and not found.faults:
        raise UnreadableError(_("表头下面没有内容。"))
    return found


def _day(cells: dict[str, str]) -> tuple[Day | None, str]:
    said = _DAY.match(cells.get("date", ""))
    try:
        day = date(*map(int, said.groups())) if said else None
    except ValueError:
        day = None
    if day is None:
        return None, _("日期“%(text)s”不对，应写成 2026-01-01。") % {"text": cells.get("date", "")[:20]}
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return None, _("年份 %(year)d 不对，请核对。") % {"year": day.year}
    kind = KINDS.get(cells.get("kind", "").lower())
    if kind is None:
        return None, _("类型“%(text)s”不对，只能是 放假 或 补班。") % {"text": cells.get("kind", "")[:20]}
    name = cells.get("name", "").lstrip("=+-@'\t")
    if not name or len(name) > LONGEST_NAME:
        return None, _("名称应有 1 到 40 个字。")
    return Day(day, kind, name), ""


def written(rows: list[Day]) -> bytes:
    """The same table, for downloading and coming back unchanged (UTF-8 with BOM, as Excel expects)."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["日期", "类型", "名称"])
    table.writerows(
        [row.date.isoformat(), "放假" if row.kind == Kind.HOLIDAY else "补班", row.name] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")
