"""A throw-away table on disk that holds the file: checks between rows and the order of writing cost no memory."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from django.utils.translation import gettext as _

from portal.units.importing.reading import MOST_FAULTS, ImportRefused, Line
from portal.units.names import is_placeholder

# How many leading digits a child shares with its parent, by the parent's level.
PREFIX = {1: 2, 2: 4, 3: 6, 4: 9}


class Row(NamedTuple):
    """One row in code order: parents always come before their children."""

    code: str
    name: str
    level: int
    parent: str
    virtual: bool
    unit_parent: str
    children: int


class Staging:
    """Fill it, check it, then read it in order. A context manager: the file disappears with it."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="units-")
        self._db = sqlite3.connect(Path(self._folder.name) / "rows.sqlite3", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE row (code TEXT, name TEXT, level INT, parent TEXT, line INT, virtual INT, unit_parent TEXT);"
            "CREATE TABLE present (code TEXT PRIMARY KEY) WITHOUT ROWID;"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._folder.cleanup()

    def fill(self, lines: Iterable[Line]) -> int:
        """Take all lines; returns how many. Refuses a code that stands in the file twice."""
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO row VALUES (?,?,?,?,?,?,?)",
            (
                (
                    one.code,
                    one.name,
                    one.level,
                    one.parent,
                    one.number,
                    is_placeholder(one.name, one.level),
                    one.parent,
                )
                for one in lines
            ),
        )
        self._db.execute("COMMIT")
        self._db.execute("CREATE INDEX row_code ON row (code, line)")
        twice = self._db.execute(
            "SELECT code, min(line), max(line) FROM row GROUP BY code HAVING count(*) > 1 LIMIT ?",
            [MOST_FAULTS],
        )
        _refuse(
            _("第 %(line)d 行：代码 %(code)s 在第 %(first)d 行已经有了。")
            % {"line": last, "code": code, "first": first}
            for code, first, last in twice
        )
        return int(self._db.execute("SELECT count(*) FROM row").fetchone()[0])

    def outside_parents(self) -> list[str]:
        """Codes named as a parent that the file itself does not hold."""
        rows = self._db.execute(
            "SELECT DISTINCT parent FROM row WHERE parent != '' AND parent NOT IN (SELECT code FROM row)"
        )
        return [code for (code,) in rows]

    def check_parents(self, known: dict[str, tuple[int, str]]) -> None:
        """Every parent is in the file or `known` (code → level, name), one level or more above, sharing its digits."""
        self._db.execute("CREATE TABLE known (code TEXT PRIMARY KEY, level INT)")
        self._db.executemany(
            "INSERT INTO known VALUES (?,?)", [(code, level) for code, (level, _n) in known.items()]
        )
        rows = self._db.execute(
            "SELECT r.line, r.code, r.parent, r.level, coalesce(p.level, k.level) AS above FROM row r "
            "LEFT JOIN row p ON p.code = r.parent LEFT JOIN known k ON k.code = r.parent "
            "WHERE r.parent != '' AND (above IS NULL OR above >= r.level OR substr(r.code, 1, "
            "CASE above WHEN 1 THEN 2 WHEN 2 THEN 4 WHEN 3 THEN 6 ELSE 9 END) != substr(r.parent, 1, "
            "CASE above WHEN 1 THEN 2 WHEN 2 THEN 4 WHEN 3 THEN 6 ELSE 9 END)) ORDER BY r.line LIMIT ?",
            [MOST_FAULTS],
        )
        _refuse(_parent_fault(*row) for row in rows)

    def attach_past_placeholders(self, known: dict[str, str]) -> None:
        """Children of a placeholder belong to its own parent. `known`: placeholders of earlier files → their parent."""
        rows = self._db.execute(
            "SELECT code, parent FROM row WHERE virtual = 1 AND code IN (SELECT parent FROM row)"
        ).fetchall()
        past = known | dict(rows)
        for code, parent in sorted(past.items(), reverse=True):
            while parent in past:
                parent = past[parent]
            self._db.execute("UPDATE row SET unit_parent = ? WHERE parent = ?", [parent, code])

    def reparent(self, code: str, parent: str) -> None:
        """The unit of this division belongs under another unit than the code table says."""
        self._db.execute("UPDATE row SET unit_parent = ? WHERE code = ?", [parent, code])

    def mark_present(self, codes: Iterable[str]) -> None:
        """These units exist already: they are not made again and not counted as new children."""
        self._db.executemany("INSERT OR IGNORE INTO present VALUES (?)", ((code,) for code in codes))

    def in_order(self) -> Iterator[Row]:
        """All rows in code order, each with the number of children that will be made below its unit."""
        self._db.execute("CREATE INDEX row_unit_parent ON row (unit_parent) WHERE virtual = 0")
        rows = self._db.execute(
            "SELECT code, name, level, parent, virtual, unit_parent, (SELECT count(*) FROM row c "
            "WHERE c.unit_parent = r.code AND c.virtual = 0 AND c.code NOT IN (SELECT code FROM present)) "
            "FROM row r ORDER BY code"
        )
        for code, name, level, parent, virtual, unit_parent, children in rows:
            yield Row(code, name, level, parent, bool(virtual), unit_parent, children)


def _parent_fault(line: int, code: str, parent: str, level: int, above: int | None) -> str:
    values = {"line": line, "code": code, "parent": parent}
    if above is None:
        return _("第 %(line)d 行：上级 %(parent)s 不在文件里，也没有导入过。") % values
    if above >= level:
        return _("第 %(line)d 行：%(code)s 的级别不低于它的上级 %(parent)s。") % values
    return _("第 %(line)d 行：%(code)s 与上级 %(parent)s 的前几位数字不同。") % values


def _refuse(faults: Iterable[str]) -> None:
    found = list(faults)
    if found:
        raise ImportRefused(found)
