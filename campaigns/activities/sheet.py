"""The activity ledger as a sheet to print and hand in (domain reference §9.3, set 1).

Title row over all columns, 填报单位 and 填报时间, frozen headings that repeat on every page, dates yyyy.mm.dd, codes
as text, a row of totals – one for each measure, never added to each other – and the line for seal and signature.
A4 landscape, one page wide. The footer says who made it and when.
"""

import io
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities.figures import write
from campaigns.activities.ledger import evidence, hosts, reports
from campaigns.activities.models import Activity
from portal.listing.writing import safe

COLUMNS = (
    ("序号", 5), ("单位", 14), ("活动名称", 24), ("活动类型", 9), ("时间", 11), ("地点", 14), ("主办/协办", 16),
    ("形式", 7), ("参与人数(线下)", 9), ("参与人次(线上)", 9), ("覆盖家庭(户)", 8), ("发放资料(份)", 8),
    ("主要内容", 30), ("媒体报道(媒体/级别/链接)", 18), ("佐证材料", 10), ("填报人", 8), ("联系电话", 12), ("备注", 12),
)  # fmt: skip
SUMS = {8: "headcount", 9: "online_visits", 10: "households", 11: "materials_count"}


def cells(number: int, row: Activity) -> list[Any]:
    """One line."""
    figures = [
        write(getattr(row, name), is_estimate=getattr(row, f"{name}_estimated")) for name in SUMS.values()
    ]
    remark = row.remark
    if row.amendment_count:
        remark = "；".join(part for part in (remark, _("有更正")) if part)
    return [
        number, row.unit.name, row.title, row.get_kind_display(),
        timezone.localtime(row.starts_at).strftime("%Y.%m.%d"), row.place, hosts(row), row.get_form_display(),
        *figures, row.summary, reports(row),
        evidence(row), row.contact, row.contact_phone, remark,
    ]  # fmt: skip


def workbook(rows: Iterable[Activity], *, unit_name: str, by: str, title: str = "") -> bytes:
    """The file."""
    import xlsxwriter  # deferred: slow to load, and only this download needs it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("活动台账"))
    last = len(COLUMNS) - 1
    frame: dict[str, Any] = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    head = book.add_format(frame | {"bold": True, "bg_color": "#F5F1EA", "align": "center"})
    body, strong = book.add_format(frame), book.add_format(frame | {"bold": True})
    text = book.add_format(frame | {"num_format": "@"})
    sheet.merge_range(
        0,
        0,
        0,
        last,
        title or _("活动台账"),
        book.add_format({"bold": True, "font_size": 18, "align": "center"}),
    )
    now = timezone.localtime()
    words = {"unit": unit_name, "time": f"{now:%Y.%m.%d}"}
    sheet.merge_range(
        1, 0, 1, last, _("填报单位：%(unit)s　　填报时间：%(time)s") % words, book.add_format({})
    )
    for number, (name, width) in enumerate(COLUMNS):
        sheet.set_column(number, number, width)
        sheet.write_string(2, number, name, head)
    at, totals, about = 3, dict.fromkeys(SUMS, 0), set()
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(cells(number, row)):
            shown = safe(value)
            if isinstance(shown, int):
                sheet.write_number(at, column, shown, body)
            else:
                sheet.write_string(at, column, shown, text if column in (4, 16) else body)
        for column, name in SUMS.items():
            totals[column] += getattr(row, name) or 0
            if getattr(row, f"{name}_estimated"):
                about.add(column)
        at += 1
    _bottom(sheet, at, totals, about, strong, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(3, 0)
    sheet.set_footer(f"&L{by} {now:%Y.%m.%d %H:%M}&R&P/&N")
    book.close()
    return buffer.getvalue()


def _bottom(sheet: Any, at: int, totals: dict[int, int], about: set[int], strong: Any, last: int) -> None:
    """Totals, and the line for seal and signature."""
    for column in range(last + 1):
        sheet.write_blank(at, column, None, strong)
    sheet.write_string(at, 0, _("合计"), strong)
    for column, total in totals.items():
        if column in about:
            sheet.write_string(at, column, f"{_('约')}{total}", strong)
        else:
            sheet.write_number(at, column, total, strong)
    sheet.write_string(at + 2, 0, _("单位（盖章）："))
    sheet.write_string(at + 2, 6, _("负责人："))
    sheet.write_string(at + 2, 12, _("填报人："))
