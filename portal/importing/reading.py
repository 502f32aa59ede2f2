"""From the bytes of a file (xlsx or csv, from WPS or Excel) to rows of text. Knows limits and encodings, nothing
about what the rows mean. A formula is never worked out: it stays the text it was written as."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.importing.registry import clean_heading

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_UNPACKED = 50 * MEGABYTE
MOST_ENTRIES = 200
MOST_ROWS = 5000
MOST_COLUMNS = 50
MOST_CELL = 5000
HEADING_WITHIN = 10


class TableError(Exception):
    """A file that cannot be read; `message` says what to do."""

    def __init__(self, message: Promise | str) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Table:
    """Headings and the rows below them, each with its row number in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read(data: bytes, *, known: Iterable[str]) -> Table:
    """The table in a file; `known` headings tell which row is the heading, so that titles above it (merged cells
    too) are passed over. Raises TableError."""
    if not data:
        raise TableError(_("文件是空的，请重新选择。"))
    if len(data) > MOST_BYTES:
        raise TableError(_("文件超过 10 MB，请分成几个文件导入。"))
    if data[:4] == b"PK\x03\x04":
        lines = _xlsx(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise TableError(_("这是旧版 xls（或加密）表格，请用 WPS 或 Excel“另存为”xlsx 后再上传。"))
    else:
        lines = _csv(data)
    return _with_headings(lines, set(known))


def _with_headings(lines: Iterator[list[str]], known: set[str]) -> Table:
    enough = max(2, min(3, len(known)))
    headings: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(lines, start=1):
        if not headings:
            if len({clean_heading(cell) for cell in line} & known) >= enough:
                headings = [clean_heading(cell) for cell in line]
            elif number >= HEADING_WITHIN:
                break
        elif any(line):
            if len(rows) >= MOST_ROWS:
                raise TableError(_("表格超过 5000 行，请分成几个文件导入。"))
            rows.append((number, line))
    if not headings:
        raise TableError(_("没有找到表头。请下载模板，按模板的表头填写；表头要在前 10 行里。"))
    return Table(headings, rows)


def _xlsx(data: bytes) -> Iterator[list[str]]:
    import openpyxl  # deferred: slow to import, and only workers and this page need it

    _check_package(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(
            max_row=MOST_ROWS + HEADING_WITHIN + 1, max_col=MOST_COLUMNS, values_only=True
        )
        for line in lines:
            yield [_text(value) for value in line]
        book.close()
    except TableError:
        raise
    except Exception as error:  # a library meets hostile bytes: whatever it raises means "cannot be read"
        raise TableError(_("表格打不开，可能已损坏。请用 WPS 或 Excel 重新保存为 xlsx 再上传。")) from error


def _check_package(data: bytes) -> None:
    """Refuse bombs by what really comes out, not by what the package says about itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise TableError(_("表格展开后太大，请只保留需要导入的一张工作表再上传。"))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise TableError(_("表格里有宏，不能上传。请另存为不带宏的 xlsx。"))
            if "xl/workbook.xml" not in names:
                raise TableError(_("这不是 Excel 表格，请上传 xlsx 或 csv。"))
            room = MOST_UNPACKED
            for entry in entries:
                with package.open(entry) as handle:
                    while chunk := handle.read(min(MEGABYTE, room + 1)):
                        room -= len(chunk)
                        if room < 0:
                            raise TableError(_("表格展开后太大，请只保留需要导入的一张工作表再上传。"))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise TableError(_("表格打不开，可能已损坏。请用 WPS 或 Excel 重新保存为 xlsx 再上传。")) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "text") and hasattr(value, "ref"):  # a formula over several cells
        return _clean(str(value.text or ""))
    return _clean(str(value))


def _clean(text: str) -> str:
    """Without NUL and the apostrophe that our exports put before formula-like text."""
    plain = text.replace("\x00", "").strip()[:MOST_CELL]
    return plain[1:] if len(plain) > 1 and plain[0] == "'" and plain[1] in "=+-@＝＋－＠\t" else plain


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t，", key=first.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [_clean(cell) for cell in line[:MOST_COLUMNS]]
    except csv.Error as error:
        raise TableError(_("CSV 文件格式有误，请用 WPS 或 Excel 打开后另存为 xlsx 再上传。")) from error


def _decoded(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16, GBK/GB18030."""
    codecs = ["utf-8-sig", "gb18030"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codecs = ["utf-16"]
    elif b"\x00" in data[:200]:
        codecs = ["utf-16-le", "utf-16-be"]
    for codec in codecs:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise TableError(_("看不懂文件的编码。请用 WPS 或 Excel 打开后另存为 xlsx 再上传。"))
