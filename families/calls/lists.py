"""The list of notices: who has signed for which call; in the order of the tree, no ranking."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.calls import queries
from families.calls.models import CallReceipt
from families.works.models import WorkCall
from portal.ui.lists import Column, ListSpec, Sort, register


class ReceiptFilter(django_filters.FilterSet):
    """By call, unit's name, signed or not."""

    call = django_filters.ModelChoiceFilter(label=_("征集"), queryset=lambda request: WorkCall.objects.all())
    q = django_filters.CharFilter(
        label=_("单位"), field_name="unit__name", lookup_expr="icontains", max_length=40
    )
    open = django_filters.BooleanFilter(label=_("未签收"), field_name="confirmed_at", lookup_expr="isnull")

    class Meta:
        model = CallReceipt
        fields: tuple[str, ...] = ()


def _at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _rows(scope: Any) -> QuerySet[CallReceipt]:
    return queries.receipts_seen(scope)


SPEC = register(
    ListSpec(
        code="call_receipts",
        title=_("征集通知"),
        rows=_rows,
        columns=(
            Column("call", _("征集"), lambda row: row.call.title, link=lambda row: row.staff_url),
            Column("unit", _("收件单位"), lambda row: row.unit.short_name),
            Column("sent", _("下发时间"), lambda row: _at(row.addressed_at), sort="new"),
            Column(
                "state", _("签收"), lambda row: _("已签收") if row.confirmed_at else _("未签收"),
                tone=lambda row: "ok" if row.confirmed_at else "warn",
            ),
            Column("at", _("签收时间"), lambda row: _at(row.confirmed_at)),
            Column("by", _("签收人"), lambda row: str(row.confirmed_by or "")),
            Column("wanted", _("希望征集件数"), lambda row: row.wanted or "", number=True),
        ),
        sorts=(Sort("new", _("新下发的在前"), ("-addressed_at",)), Sort("tree", _("按单位顺序"), ("unit__path",))),
        filterset=ReceiptFilter,
        presets=((_("全部"), ""), (_("未签收"), "open=true"), (_("已签收"), "open=false")),
        empty_title=_("还没有征集通知"),
        empty_text=_("上级下发的征集通知会出现在这里；本单位发布征集后，可以下发通知给下级单位。"),
    )
)  # fmt: skip
