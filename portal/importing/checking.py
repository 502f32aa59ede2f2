"""What each row of a table would become: new, there already, or wrong and why. Writes nothing."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.importing.models import ImportRow
from portal.importing.reading import Table
from portal.importing.registry import Ask, ImportKind, Line, Match, Parsed
from portal.importing.rules import BLANK, Verdict, presets

# First cells of rows below a ledger that are no records.
FOOTERS = ("合计", "总计", "小计", "填报单位", "填报人", "单位（盖章）", "单位(盖章)", "负责人")


def check(table: Table, *, kind: ImportKind, ask: Ask) -> list[ImportRow]:
    """Every row with its verdict, unsaved, in a fixed number of queries."""
    lines = _lines(table, kind)
    known = kind.prepare(lines, ask)
    rows = [kind.parse(line, known, ask) for line in lines]
    matches = kind.match([row for row in rows if row.is_good], known, ask)
    targets = kind.load([match.ref for match in matches.values() if match.ref])
    return [_row(row, matches.get(row.line.number), targets, kind) for row in rows]


def _lines(table: Table, kind: ImportKind) -> list[Line]:
    columns: dict[str, int] = {}
    for number, name in enumerate(table.headings):
        key = kind.headings.get(name)
        if key is not None:
            columns.setdefault(key, number)
    found = []
    for number, cells in table.rows:
        first = next((cell for cell in cells if cell), "")
        values = {key: cells[at] if at < len(cells) else "" for key, at in columns.items()}
        if first.startswith(FOOTERS) or not any(values.values()):
            continue
        found.append(Line(number, values))
    return found


def differences(current: Mapping[str, Any], fields: Mapping[str, Any]) -> list[list[Any]]:
    """[key, old, new] of what an update would change. A blank in the table changes nothing."""
    return [
        [key, current.get(key), value]
        for key, value in fields.items()
        if value not in BLANK and current.get(key) != value
    ]


def _row(row: Parsed, match: Match | None, targets: Mapping[str, Any], kind: ImportKind) -> ImportRow:
    made = ImportRow(
        number=row.line.number, label=row.label[:120], detail=row.detail[:160], unit_no=row.unit_no,
        fields=row.fields, faults=row.faults[:20], notes=row.notes[:20], verdict=Verdict.NEW,
    )  # fmt: skip
    if row.faults:
        made.verdict = Verdict.WRONG
    elif match is not None:
        _matched(made, match, targets, kind)
    made.choice = presets(
        made.verdict,
        differs=bool(made.differences),
        may_update=not made.why_not,
        sure=bool(match and match.sure),
    )
    return made


def _matched(row: ImportRow, match: Match, targets: Mapping[str, Any], kind: ImportKind) -> None:
    target = targets.get(match.ref)
    changes = differences(kind.snapshot(target), row.fields) if target is not None else []
    row.differences = changes
    row.match_why, row.match_url = match.why[:300], match.url[:200]
    row.match_ref = match.ref if target is not None else ""
    row.why_not = match.why_not[:200]
    if target is not None and kind.update is None:
        row.why_not = _("这类记录不能用表格更新。")
    row.verdict = Verdict.SAME if target is not None and not changes and match.sure else Verdict.KNOWN
