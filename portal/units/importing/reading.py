"""Opening a division file (.csv, .gz, .xz; UTF-8 with or without BOM, GB18030) and checking each line."""

import codecs
import csv
import gzip
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

COLUMNS = ("code", "name", "level", "parent_code")
CODE = re.compile(r"^[0-9]{12}$")
NAME_LENGTH = 58
MOST_FAULTS = 20


class ImportRefused(Exception):
    """The file cannot be loaded; nothing was. `faults` are sentences with line numbers."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Line:
    """One good line of the file."""

    number: int
    code: str
    name: str
    level: int
    parent: str


def open_binary(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked on the fly."""
    if path.suffix == ".xz":
        return lzma.open(path, "rb")
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without BOM) when every byte fits, else GB18030."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_binary(path) as raw:
        try:
            while block := raw.read(1 << 16):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields of every row; raises ImportRefused when it cannot be read at all."""
    try:
        with open_binary(path) as raw, codecs.getreader(encoding_of(path))(raw) as text:
            rows = csv.DictReader(text)
            _check_header(rows.fieldnames, columns)
            for row in rows:
                yield rows.line_num, row
    except FileNotFoundError as error:
        raise ImportRefused([_("找不到文件 %(path)s。") % {"path": path}]) from error
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused(
            [_("文件 %(path)s 读不出来：%(why)s") % {"path": path.name, "why": error}]
        ) from error


def _check_header(found: Any, columns: tuple[str, ...]) -> None:
    missing = [name for name in columns if name not in (found or [])]
    if missing:
        raise ImportRefused(
            [
                _("第 1 行：表头应有 %(want)s，缺少 %(missing)s。")
                % {"want": ",".join(columns), "missing": ",".join(missing)}
            ]
        )


def read_divisions(path: Path) -> Iterator[Line]:
    """Every line, checked by itself; raises ImportRefused with up to twenty faults."""
    faults: list[str] = []
    for number, row in read_rows(path, COLUMNS):
        line, fault = _line(number, row)
        if line is not None and not faults:
            yield line
        elif fault:
            faults.append(_("第 %(line)d 行：%(fault)s") % {"line": number, "fault": fault})
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise ImportRefused(faults)


def _line(number: int, row: dict[str, Any]) -> tuple[Line | None, str]:
    if None in row or any(row[name] is None for name in COLUMNS):
        return None, _("列数不对。")
    code, name, level, parent = (str(row[column]).strip() for column in COLUMNS)
    if not CODE.match(code):
        return None, _("代码“%(code)s”不是 12 位数字。") % {"code": code[:30]}
    if not name or len(name) > NAME_LENGTH:
        return None, _("名称应有 1 到 %(most)d 个字。") % {"most": NAME_LENGTH}
    if level not in {"1", "2", "3", "4", "5"}:
        return None, _("级别“%(level)s”应是 1 到 5。") % {"level": level[:10]}
    if parent and not CODE.match(parent):
        return None, _("上级代码“%(code)s”不是 12 位数字。") % {"code": parent[:30]}
    if not parent and level != "1":
        return None, _("没有上级代码；只有省级可以不填。")
    return Line(number, code, name, int(level), parent), ""
