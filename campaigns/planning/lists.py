"""Receipts as a list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries
from campaigns.planning.models import PolicyReceipt
from portal.ui.lists import Column, ListSpec, Sort, register
from portal.units.models import Level

BOXES = [("open", gettext_lazy("未收")), ("done", gettext_lazy("已收")), ("all", gettext_lazy("全部"))]


class ReceiptFilter(django_filters.FilterSet):
    """Box, unit, words of the title."""

    box = django_filters.ChoiceFilter(
        label=gettext_lazy("签收"), choices=BOXES, method="in_box", empty_label=None
    )
    q = django_filters.CharFilter(
        label=gettext_lazy("文件"), field_name="policy__title", lookup_expr="icontains"
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("层级"),
        choices=Level.choices,
        field_name="unit__level",
        empty_label=gettext_lazy("全部层级"),
    )
    policy = django_filters.NumberFilter(
        label=gettext_lazy("只看一份文件（编号）"), widget=forms.HiddenInput, max_value=2**31
    )
    unit = django_filters.CharFilter(
        label=gettext_lazy("收文单位"), field_name="unit__short_name", lookup_expr="icontains"
    )

    class Meta:
        model = PolicyReceipt
        fields = ("box", "q", "level", "unit", "policy")

    def in_box(self, rows: QuerySet[PolicyReceipt], name: str, value: str) -> QuerySet[PolicyReceipt]:
        """Confirmed or not."""
        if value == "all":
            return rows
        return rows.filter(confirmed_at__isnull=value == "open")


def state(row: PolicyReceipt) -> str:
    """已收, 未收 or 未收 with the days it is late."""
    if row.confirmed_at is not None:
        return _("已收")
    late = (timezone.now() - row.due_at).days
    return _("未收，超过 %(days)d 天") % {"days": late} if row.is_late and late > 0 else _("未收")


def tone(row: PolicyReceipt) -> str:
    """Colour of the same; the words say it, too."""
    return "ok" if row.confirmed_at is not None else "bad" if row.is_late else "warn"


def _day(value: Any) -> str:
    return timezone.localtime(value).strftime("%Y.%m.%d %H:%M") if value is not None else ""


RECEIPTS = register(
    ListSpec(
        code="policy_receipts",
        title=gettext_lazy("文件签收"),
        rows=queries.receipts_visible,
        columns=(
            Column(
                "title", gettext_lazy("文件"), lambda row: row.policy.title, link=lambda row: row.staff_url
            ),
            Column("issue_no", gettext_lazy("发文字号"), lambda row: row.policy.issue_no),
            Column("version", gettext_lazy("版本"), lambda row: row.policy.version, number=True),
            Column("from", gettext_lazy("印发单位"), lambda row: row.policy.unit.short_name),
            Column("unit", gettext_lazy("收文单位"), lambda row: row.unit.short_name),
            Column("state", gettext_lazy("签收"), state, tone=tone),
            Column("addressed", gettext_lazy("送达"), lambda row: _day(row.addressed_at), sort="newest"),
            Column("confirmed", gettext_lazy("签收时间"), lambda row: _day(row.confirmed_at)),
            Column(
                "by", gettext_lazy("签收人"), lambda row: str(row.confirmed_by) if row.confirmed_by else ""
            ),
        ),
        sorts=(
            Sort("newest", gettext_lazy("新送达的在前"), ("-addressed_at",)),
            Sort("oldest", gettext_lazy("等得久的在前"), ("addressed_at",)),
        ),
        filterset=ReceiptFilter,
        empty_title=gettext_lazy("没有要签收的文件"),
        empty_text=gettext_lazy("上级在主题活动里发文件后，会出现在这里。"),
        presets=(
            (gettext_lazy("未收"), "box=open"),
            (gettext_lazy("已收"), "box=done"),
            (gettext_lazy("全部"), "box=all"),
        ),
    )
)
