"""Writing rows into xlsx and csv in constant memory."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

# Domain reference §9.3 and trust §2: a cell that starts so could run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe(value: Any) -> Any:
    """A cell value as plain text or number; formula-like text gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).strftime("%Y.%m.%d %H:%M") if timezone.is_aware(value) else str(value)
        )
    if isinstance(value, date):
        return value.strftime("%Y.%m.%d")
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """UTF-8 with BOM, so that WPS and Excel open it right; returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([safe(heading) for heading in headings])
        for row in rows:
            writer.writerow([safe(value) for value in row])
            count += 1
    return count


def write_xlsx(
    path: Path, title: str, note: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """A ledger sheet after domain §9.3: title row, note row, frozen headings, A4 landscape, print titles."""
    import xlsxwriter  # deferred: slow to load and needed by jobs only

    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("台账")
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format(
        {"bold": True, "bg_color": "#F5F1EA", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    cell = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_column(0, max(len(headings) - 1, 0), 16)
    sheet.merge_range(0, 0, 0, max(len(headings) - 1, 1), title, bold)
    sheet.write_string(1, 0, note)
    for number, heading in enumerate(headings):
        sheet.write_string(2, number, str(heading), head)
    count = 0
    for count, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            shown = safe(value)
            if isinstance(shown, int | float | Decimal):
                sheet.write_number(count + 2, number, float(shown), cell)
            else:
                sheet.write_string(count + 2, number, shown, cell)
    book.close()
    return count
