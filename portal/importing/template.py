"""The empty table people fill in, made from the columns of a kind."""

import io
from typing import Any

from django.utils.translation import gettext as _

from portal.importing.registry import ImportKind

DROP_DOWN_ROWS = 5000


def workbook(kind: ImportKind) -> bytes:
    """Headings, drop-downs, and a sheet that says how to fill it in."""
    import xlsxwriter  # deferred: slow to import, and only this download needs it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("台账"))
    head = book.add_format({"bold": True, "bg_color": "#F5F1EA", "border": 1, "text_wrap": True})
    plain = book.add_format({"num_format": "@"})
    columns = [column for column in kind.columns if column.in_template]
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, plain)
        sheet.write_string(0, number, f"*{_(column.label)}" if column.required else _(column.label), head)
    sheet.freeze_panes(1, 0)
    _drop_downs(book, sheet, columns)
    notes = book.add_worksheet(_("填写说明"))
    notes.set_column(0, 0, 90)
    words = [
        _("带 * 的必填。一行一条，最多 5000 行。"),
        *kind.notes,
        _("上传后先逐行检查，确认之前什么都不会写入。"),
    ]
    notes.write_column(0, 0, [str(note) for note in words])
    book.close()
    return buffer.getvalue()


def _drop_downs(book: Any, sheet: Any, columns: list[Any]) -> None:
    """Choices stand on a sheet of their own, for lists longer than a cell's 255 characters."""
    with_choices = [(number, column) for number, column in enumerate(columns) if column.choices is not None]
    if not with_choices:
        return
    name = _("可选项")
    options = book.add_worksheet(name)
    for place, (number, column) in enumerate(with_choices):
        words = [str(word) for word in column.choices()]
        options.write_column(0, place, words)
        letter = chr(ord("A") + place)
        source = f"='{name}'!${letter}$1:${letter}${max(len(words), 1)}"
        sheet.data_validation(
            1,
            number,
            DROP_DOWN_ROWS,
            number,
            {"validate": "list", "source": source, "error_type": "information"},
        )
