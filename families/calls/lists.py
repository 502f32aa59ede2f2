"""Lists of staff: the calls, and their notices (who has signed for which call; in the order of the tree, no ranking)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.calls import queries
from families.calls.models import CallReceipt
from families.works.models import WorkCall, WorkCategory
from families.works.rules import CallPhase
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter
from portal.ui.fields import day_widget
from portal.ui.lists import Column, ListSpec, Sort, register


class OrganiserFilter(UnitFilter):
    """The organisers of the calls a person reads, which may stand above, and the units below as everywhere."""

    @property
    def field(self) -> Any:
        """The select, with the organisers that are not in it yet, first."""
        field, request = super().field, self.parent.request
        if request is not None:
            choices = list(field.choices)[1:]
            known = {unit_no for unit_no, _name in choices}
            above = [one for one in queries.organisers_seen(request.scope) if one[0] not in known]
            field.choices = [*above, *choices]
        return field


class CallFilter(django_filters.FilterSet):
    """By words, phase, category, organiser, and the days on which calls open."""

    q = django_filters.CharFilter(label=_("标题或主题"), method="search", max_length=40)
    phase = django_filters.ChoiceFilter(label=_("状态"), choices=CallPhase.choices, method="in_phase")
    categories = django_filters.ModelChoiceFilter(
        label=_("类别"), queryset=lambda request: WorkCategory.objects.filter(is_active=True)
    )
    unit = OrganiserFilter(Perm.WORK_VIEW)
    from_ = django_filters.DateFilter(
        label=_("开始日期从"), field_name="open_at", lookup_expr="date__gte", widget=day_widget()
    )
    to = django_filters.DateFilter(
        label=_("到"), field_name="open_at", lookup_expr="date__lte", widget=day_widget()
    )
    announced = django_filters.BooleanFilter(
        label=_("计入统计"), method="only_announced", widget=forms.HiddenInput
    )

    class Meta:
        model = WorkCall
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[WorkCall], name: str, value: str) -> QuerySet[WorkCall]:
        """Every word must occur."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(title__icontains=word) | Q(theme__icontains=word))
        return rows

    def in_phase(self, rows: QuerySet[WorkCall], name: str, value: str) -> QuerySet[WorkCall]:
        """As the state tag says."""
        return queries.in_phase(rows, value)

    def only_announced(self, rows: QuerySet[WorkCall], name: str, value: bool) -> QuerySet[WorkCall]:
        """The rows behind the figure of a package: without drafts."""
        return rows.exclude(status="draft") if value else rows


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


def _works_url(call: Any) -> str:
    return f"{reverse('families:works:inbox')}?call={call.pk}" if call.n_works else ""


def _signed(call: Any) -> str:
    return f"{call.n_signed} / {call.n_notices}" if call.n_notices else ""


def _notices_url(call: Any) -> str:
    return f"{reverse('families:calls:receipts')}?call={call.pk}" if call.n_notices else ""


CALLS = register(
    ListSpec(
        code="work_calls", title=_("征集启事"), rows=queries.calls_seen, filterset=CallFilter,
        columns=(
            Column("title", _("标题"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("unit", _("主办"), lambda row: row.unit.short_name),
            Column("phase", _("状态"), lambda row: row.phase.label, tone=lambda row: row.tone or "plain"),
            Column(
                "open", _("开始"), lambda row: f"{timezone.localdate(row.open_at):%Y-%m-%d}", sort="new",
                export_value=lambda row: timezone.localdate(row.open_at),
            ),
            Column(
                "close", _("截止（含当天）"), lambda row: f"{row.last_day:%Y-%m-%d}", sort="close",
                export_value=lambda row: row.last_day,
            ),
            Column("works", _("收到作品"), lambda row: row.n_works, link=_works_url, number=True),
            Column("notices", _("签收 / 下发"), _signed, link=_notices_url, number=True),
            Column("theme", _("主题"), lambda row: row.theme, on_screen=False),
            Column("contact", _("联系方式"), lambda row: row.contact, on_screen=False),
        ),
        sorts=(
            Sort("new", _("新开始的在前"), ("-open_at",)),
            Sort("close", _("先截止的在前"), ("close_at",)),
            Sort("tree", _("按主办单位顺序"), ("unit__path", "-open_at")),
        ),
        presets=(
            (_("全部"), ""), (_("征集中"), "phase=running"), (_("未开始"), "phase=early"), (_("筹备中"), "phase=draft"),
            (_("已结束"), "phase=ended"),
        ),
        empty_title=_("还没有征集启事"), empty_text=_("先写好类别、时间和说明，预览后发布。"),
    )
)  # fmt: skip


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
