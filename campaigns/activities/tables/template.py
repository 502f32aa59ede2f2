"""The empty table people fill in."""

import io
from typing import Any

from django.utils.translation import gettext as _

from campaigns.activities.rules import Form, Kind

# Heading, width, required.
COLUMNS = (
    ("单位", 18, False), ("单位编号", 16, False), ("活动名称", 32, True), ("活动类型", 14, True), ("时间", 18, True),
    ("地点", 24, False), ("主办/协办", 24, False), ("形式", 10, False), ("参与人数(线下)", 14, False),
    ("参与人次(线上)", 14, False), ("场次", 8, False), ("覆盖家庭(户)", 12, False), ("发放资料(份)", 12, False),
    ("作品数(件)", 10, False), ("主要内容", 40, False), ("媒体报道(媒体/级别/链接)", 30, False), ("所属主题", 16, False),
    ("填报人", 10, False), ("联系电话", 16, False), ("备注", 20, False),
)  # fmt: skip


def workbook() -> bytes:
    """Headings, drop-downs for kind and form, and a second sheet that says how to fill it in."""
    import xlsxwriter  # deferred: slow to import, and only this download needs it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("台账"))
    head = book.add_format({"bold": True, "bg_color": "#F5F1EA", "border": 1, "text_wrap": True})
    plain = book.add_format({"num_format": "@"})
    for number, (name, width, required) in enumerate(COLUMNS):
        sheet.set_column(number, number, width, plain)
        sheet.write_string(0, number, f"*{name}" if required else name, head)
    sheet.freeze_panes(1, 0)
    kinds = book.add_worksheet(_("可选项"))
    kinds.write_column(0, 0, [str(label) for label in Kind.labels])
    kinds.write_column(0, 1, [str(label) for label in Form.labels])
    _drop_down(sheet, "活动类型", f"='{_('可选项')}'!$A$1:$A${len(Kind.labels)}")
    _drop_down(sheet, "形式", f"='{_('可选项')}'!$B$1:$B${len(Form.labels)}")
    notes = book.add_worksheet(_("填写说明"))
    notes.set_column(0, 0, 90)
    notes.write_column(0, 0, _notes())
    book.close()
    return buffer.getvalue()


def _drop_down(sheet: Any, name: str, source: str) -> None:
    number = next(index for index, column in enumerate(COLUMNS) if column[0] == name)
    sheet.data_validation(
        1, number, 5000, number, {"validate": "list", "source": source, "error_type": "information"}
    )


def _notes() -> list[str]:
    return [
        _("带 * 的必填。一行一场活动，最多 5000 行。"),
        _("单位：不填就是您选择的单位；为下级单位填时写全称，同名的加“单位编号”。"),
        _("时间：2026.05.06 或 2026.05.06 14:30；连续几天写 2026.05.13-05.15。"),
        _("人数与人次分开填，不相加；估计数可写“约300”“近2万”，会标记为约数。"),
        _("主办/协办、媒体报道：多个用顿号、分号隔开；报道写成 媒体/级别/链接。"),
        _("上传后先逐行检查，确认之前什么都不会写入。"),
    ]
