"""The body of a list's table, written by Python: in a template the cells cost more than everything else on the page."""

from typing import Any

from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal.ui.lists.page import Cell, ListPage


def body(page: ListPage, context: Context, *, icons: dict[str, str], pick: bool) -> SafeString:
    """The `<tr>` of every row; `pick` puts the box in front by which it is chosen. Everything is escaped here."""
    opened = [_opened(column) for column in page.columns]
    lines = []
    for row in page.rows:
        cells = [
            f"{start}{_inside(cell, context, icons)}</td>"
            for start, cell in zip(opened, row.cells, strict=True)
        ]
        lines.append(f"<tr>{_box(row.obj) if pick else ''}{''.join(cells)}</tr>")
    return mark_safe("".join(lines))


def _opened(column: Any) -> str:
    number = ' class="text-end num"' if column.number else ""
    return f'<td data-label="{escape(column.label)}"{number}>'


def _inside(cell: Cell, context: Context, icons: dict[str, str]) -> str:
    value = "" if cell.value is None else render_value_in_context(cell.value, context)
    if cell.tone:  # as cotton/tag.html
        tone = conditional_escape(cell.tone)
        icon = icons.get(str(cell.tone), "circle")
        return (
            f'<span class="q-tag q-tag--{tone}"><i class="bi bi-{icon}" aria-hidden="true"></i>{value}</span>'
        )
    return f'<a href="{conditional_escape(cell.url)}">{value}</a>' if cell.url else value


def _box(obj: Any) -> str:
    label = _("选择 %(row)s") % {"row": conditional_escape(str(obj))}
    return (
        f'<td class="pick"><input class="form-check-input" type="checkbox" name="chosen" '
        f'value="{conditional_escape(obj.pk)}" aria-label="{label}"></td>'
    )
