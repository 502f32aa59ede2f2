"""One's own imports as a list."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.importing import queries
from portal.importing.models import Import
from portal.importing.registry import KINDS
from portal.importing.rules import State
from portal.ui.lists import Column, ListSpec, Sort, register

TONES = {
    State.READ: "warn",
    State.APPLYING: "info",
    State.APPLIED: "ok",
    State.UNDOING: "info",
    State.UNDONE: "",
}


class ImportFilter(django_filters.FilterSet):
    """Kind and state."""

    kind = django_filters.ChoiceFilter(
        field_name="kind_code", label=_("种类"), empty_label=_("全部"),
        choices=lambda: [(kind.code, kind.label) for kind in KINDS.values()],
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("状态"), choices=State.choices, empty_label=_("全部"))

    class Meta:
        model = Import
        fields = ("kind", "state")


def _result(row: Import) -> str:
    found = row.result
    if not found:
        return ""
    return str(
        _("新增 %(new)d，更新 %(old)d，未写入 %(bad)d")
        % {"new": found.get("created", 0), "old": found.get("updated", 0), "bad": found.get("failed", 0)}
    )


SPEC = register(
    ListSpec(
        code="imports",
        title=_("我的导入"),
        rows=queries.mine,
        columns=(
            Column("file", _("文件"), lambda row: row.file_name, link=lambda row: row.staff_url),
            Column("kind", _("种类"), lambda row: row.kind.label if row.kind else row.kind_code),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("total", _("行数"), lambda row: row.total, number=True),
            Column("result", _("写入情况"), _result),
            Column("state", _("状态"), lambda row: row.get_state_display(), tone=lambda row: TONES[State(row.state)] or "plain"),
            Column("at", _("上传时间"), lambda row: timezone.localtime(row.created_at).strftime("%Y.%m.%d %H:%M"), sort="newest"),
        ),
        sorts=(Sort("newest", _("新上传的在前"), ("-created_at",)), Sort("oldest", _("早上传的在前"), ("created_at",))),
        filterset=ImportFilter,
        empty_title=_("还没有导入过表格"),
        empty_text=_("选一种表格，下载模板填好再上传；先逐行检查，确认之前什么都不会写入。"),
    )
)  # fmt: skip
