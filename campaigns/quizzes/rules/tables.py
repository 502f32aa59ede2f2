"""Questions from a table: the columns are those of the export, so that an export can be brought back."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from campaigns.quizzes.rules import bank
from campaigns.quizzes.rules.bank import Category, Difficulty, Kind

ROWS_MOST, BYTES_MOST = 500, 5 * 1024 * 1024
COLUMNS = {
    "题干": "stem", "题型": "kind", "类别": "category", "选项": "options", "正确答案": "answer", "解析": "explanation",
    "依据条文": "law", "出处": "source", "难度": "difficulty", "依据施行日期": "effective_on", "有效期至": "expires_on",
}  # fmt: skip
NEEDED = ("题干", "题型", "类别", "正确答案")


class UnreadableTable(Exception):
    """The file is no table; `text` says what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass
class Line:
    """One row: its number in the file, its values, and what is wrong with it."""

    number: int
    values: dict[str, Any]
    problems: list[str] = field(default_factory=list)


def read(name: str, raw: bytes) -> list[Line]:
    """The rows of an xlsx or csv file (UTF-8 with or without BOM, GBK). Raises UnreadableTable."""
    if len(raw) > BYTES_MOST:
        raise UnreadableTable(_("文件超过 5 MB，请分成几个文件。"))
    table = _sheet(raw) if name.lower().endswith((".xlsx", ".xls", ".et")) else _csv(raw)
    rows = [[_plain(cell) for cell in row] for row in table]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise UnreadableTable(_("表里没有内容。"))
    head = rows[0]
    missing = [title for title in NEEDED if title not in head]
    if missing:
        raise UnreadableTable(_("第一行缺少列：%(names)s。") % {"names": "、".join(missing)})
    if len(rows) - 1 > ROWS_MOST:
        raise UnreadableTable(_("一次最多 500 题，请分几次。"))
    return [_line(number, head, row) for number, row in enumerate(rows[1:], 2)]


def _sheet(raw: bytes) -> list[list[Any]]:
    # Deferred: reading workbooks is rare, the library is not light.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise UnreadableTable(_("打不开这个表格，请另存为 xlsx 或 csv 再试。")) from error


def _csv(raw: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(raw.decode(encoding))))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise UnreadableTable(_("认不出文字编码，请另存为 UTF-8 的 csv 或 xlsx 再试。"))


def _plain(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell if cell is not None else "").strip()
    return (
        text[1:] if text[:2] in {"'=", "'+", "'-", "'@"} else text
    )  # a guard against formulas in the export


def _line(number: int, head: Sequence[str], row: Sequence[str]) -> Line:
    said = {COLUMNS[title]: row[at] for at, title in enumerate(head) if title in COLUMNS and at < len(row)}
    line = Line(number, {})
    values = line.values
    values["stem"] = said.get("stem", "")
    values["kind"] = _code(Kind, said.get("kind", ""), line, _("题型"))
    values["category"] = _code(Category, said.get("category", ""), line, _("类别"))
    values["options"] = [
        part.strip() for part in said.get("options", "").replace("｜", "|").split("|") if part.strip()
    ]
    if values["kind"] == Kind.TRUE_FALSE and not values["options"]:
        values["options"] = list(bank.TRUE_FALSE_OPTIONS)
    values["explanation"] = said.get("explanation", "")
    values["law"], values["source"] = said.get("law", ""), said.get("source", "")
    values["difficulty"] = _difficulty(said.get("difficulty", ""), line)
    for name in ("effective_on", "expires_on"):
        values[name] = _date(said.get(name, ""), line)
    try:
        values["answer"] = bank.read_answer(said.get("answer", ""))
    except ValueError:
        values["answer"] = []
    _check(line)
    return line


def _code(choices: Any, text: str, line: Line, title: str) -> str:
    for value, label in choices.choices:
        if text in {value, str(label), str(label).removesuffix("题")} or text.removesuffix("题") == str(
            label
        ):
            return str(value)
    line.problems.append(_("%(title)s“%(text)s”认不出") % {"title": title, "text": text[:20]})
    return ""


def _difficulty(text: str, line: Line) -> int:
    for value, label in Difficulty.choices:
        if text in {"", str(value), str(label)}:
            return int(value)
    line.problems.append(_("难度请填 1、2、3"))
    return 1


def _date(text: str, line: Line) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-")[:10])
    except ValueError:
        line.problems.append(_("日期“%(text)s”不对，请写成 2025-01-01") % {"text": text[:20]})
        return None


def _check(line: Line) -> None:
    values = line.values
    if not values["stem"] or len(values["stem"]) > bank.STEM_MOST:
        line.problems.append(_("题干要有，且不超过 300 字"))
    if values["kind"]:
        line.problems += [
            str(text) for _f, text in bank.faults(values["kind"], values["options"], values["answer"])
        ]
    begins, ends = values["effective_on"], values["expires_on"]
    if begins and ends and ends < begins:
        line.problems.append(_("有效期早于施行日期"))
    if (
        len(values["explanation"]) > bank.EXPLANATION_MOST
        or len(values["law"]) > 120
        or len(values["source"]) > 200
    ):
        line.problems.append(_("解析、条文或出处太长"))
