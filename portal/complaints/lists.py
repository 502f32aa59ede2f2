"""Complaints as a list."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.complaints import queries, rules
from portal.complaints.models import Complaint
from portal.complaints.rules import Kind
from portal.ui.lists import Column, ListSpec, Sort, choice, register

BOXES = [("waiting", _("待答复")), ("late", _("超期")), ("done", _("已答复和办结"))]


class ComplaintFilter(django_filters.FilterSet):
    """Box, kind, number."""

    box = django_filters.ChoiceFilter(label=_("范围"), choices=BOXES, method="in_box", empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=Kind.choices, empty_label=_("全部"))
    no = django_filters.CharFilter(label=_("编号"), lookup_expr="icontains")

    class Meta:
        model = Complaint
        fields = ("box", "kind", "no")

    def in_box(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """What belongs to one box."""
        if value == "done":
            return rows.exclude(status__in=rules.WAITING)
        rows = rows.filter(status__in=rules.WAITING)
        return rows.filter(due_on__lt=timezone.localdate()) if value == "late" else rows


def _due(row: Complaint) -> str:
    if not row.is_waiting:
        return ""
    left = (row.due_on - timezone.localdate()).days
    if left < 0:
        return str(_("超期 %(n)d 天") % {"n": -left})
    return str(_("还有 %(n)d 天") % {"n": left})


def _due_tone(row: Complaint) -> str:
    if not row.is_waiting:
        return ""
    left = (row.due_on - timezone.localdate()).days
    return "bad" if left < 0 else "warn" if left <= rules.REMIND_DAYS_BEFORE else "info"


SPEC = register(
    ListSpec(
        code="complaints",
        title=_("意见投诉"),
        rows=queries.visible,
        columns=(
            Column("no", _("编号"), lambda row: row.no, link=lambda row: row.staff_url),
            Column("kind", _("类别"), choice("kind")),
            Column("text", _("内容"), lambda row: row.text[:40], in_export=False),
            Column("unit", _("办理单位"), lambda row: row.unit.short_name),
            Column("state", _("状态"), choice("status"), tone=lambda row: row.tone),
            Column("due", _("期限"), _due, tone=_due_tone, sort="due"),
            Column(
                "at",
                _("收到"),
                lambda row: timezone.localtime(row.created_at).strftime("%m-%d"),
                sort="newest",
            ),
        ),
        sorts=(
            Sort("due", _("期限近的在前"), ("due_on",)),
            Sort("newest", _("新来的在前"), ("-created_at",)),
        ),
        filterset=ComplaintFilter,
        empty_title=_("还没有来信"),
        empty_text=_("群众在网站“意见与投诉”写的内容会出现在这里，15 天内答复。"),
        presets=(*((label, f"box={code}") for code, label in BOXES), (_("全部"), "")),
    )
)
