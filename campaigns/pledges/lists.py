"""Versions, letters and signatures as lists."""

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.pledges import queries
from campaigns.pledges.models import Initiative, PledgeRecord, PledgeTemplate
from campaigns.pledges.rules import PAPER, Audience, LetterState, Method, PageState, RecordState
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter
from portal.ui.lists import Column, ListSpec, Sort, register


class TemplateFilter(django_filters.FilterSet):
    """State, audience, words."""

    q = django_filters.CharFilter(label=_("名称"), field_name="title", lookup_expr="icontains")
    status = django_filters.ChoiceFilter(label=_("状态"), choices=PageState.choices, empty_label=_("全部"))
    audience = django_filters.ChoiceFilter(label=_("对象"), choices=Audience.choices, empty_label=_("全部"))

    class Meta:
        model = PledgeTemplate
        fields = ("q", "status", "audience")


def _period(row: PledgeTemplate) -> str:
    until = row.valid_until.strftime("%Y.%m.%d") if row.valid_until else ""
    return f"{row.valid_from:%Y.%m.%d}—{until}"


TEMPLATES = register(
    ListSpec(
        code="pledges.templates",
        title=_("承诺书"),
        rows=queries.templates_for,
        columns=(
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("version", _("版次"), lambda row: row.version, number=True),
            Column("audience", _("对象"), lambda row: row.get_audience_display()),
            Column("sign_by", _("签署方式"), lambda row: row.get_sign_by_display()),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("period", _("签署期"), _period),
            Column("households", _("签订（户）"), lambda row: row.households, number=True),
            Column("people", _("签名（人）"), lambda row: row.people, number=True),
            Column(
                "status",
                _("状态"),
                lambda row: row.get_status_display(),
                tone=lambda row: row.tone or "plain",
            ),
        ),
        sorts=(Sort("newest", _("新的在前"), ("-pk",)), Sort("title", _("按名称"), ("title", "-version"))),
        filterset=TemplateFilter,
        empty_title=_("还没有承诺书"),
        empty_text=_("县级以上妇联起草承诺书，两位同事看过后公开，群众在网上或纸上签。"),
        presets=((_("全部"), ""), (_("可以签的"), "status=published"), (_("起草中"), "status=draft")),
    )
)


class InitiativeFilter(django_filters.FilterSet):
    """State, words."""

    q = django_filters.CharFilter(label=_("标题"), field_name="title", lookup_expr="icontains")
    status = django_filters.ChoiceFilter(label=_("状态"), choices=LetterState.choices, empty_label=_("全部"))

    class Meta:
        model = Initiative
        fields = ("q", "status")


INITIATIVES = register(
    ListSpec(
        code="pledges.initiatives",
        title=_("倡议书"),
        rows=queries.initiatives_for,
        columns=(
            Column("title", _("标题"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("issuers", _("发出单位"), lambda row: row.issuers),
            Column("issued_on", _("日期"), lambda row: row.issued_on.strftime("%Y.%m.%d"), sort="newest"),
            Column("copies", _("发放（份）"), lambda row: row.copies, number=True),
            Column("sms", _("短信（条）"), lambda row: row.sms, number=True),
            Column(
                "status",
                _("状态"),
                lambda row: row.get_status_display(),
                tone=lambda row: row.tone or "plain",
            ),
        ),
        sorts=(Sort("newest", _("新的在前"), ("-issued_on",)), Sort("oldest", _("早的在前"), ("issued_on",))),
        filterset=InitiativeFilter,
        empty_title=_("还没有倡议书"),
        empty_text=_("逢年过节向家庭发的倡议书，放到网上，并登记发了多少份。"),
    )
)


class PledgeFilter(django_filters.ChoiceFilter):
    """A pledge with all its versions, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list, empty_label=_("全部"), **kwargs)

    @property
    def field(self) -> Any:
        """The select, filled with what this person may see."""
        field = super().field
        request = self.parent.request
        field.choices = queries.pledge_choices(request.scope) if request is not None else []
        return field


class RecordFilter(django_filters.FilterSet):
    """Unit with everything below it, pledge, method, state, days."""

    unit = UnitFilter(Perm.PLEDGE_VIEW)
    pledge = PledgeFilter(label=_("承诺书"), field_name="template__code")
    method = django_filters.ChoiceFilter(label=_("方式"), choices=Method.choices, empty_label=_("全部"))
    status = django_filters.ChoiceFilter(label=_("状态"), choices=RecordState.choices, empty_label=_("全部"))
    since = django_filters.DateFilter(label=_("从"), field_name="signed_at", lookup_expr="date__gte")
    until = django_filters.DateFilter(label=_("到"), field_name="signed_at", lookup_expr="date__lte")
    no = django_filters.CharFilter(label=_("编号"), lookup_expr="icontains")

    class Meta:
        model = PledgeRecord
        fields = ("unit", "pledge", "method", "status", "since", "until", "no")


def _who(row: PledgeRecord) -> str:
    signature = getattr(row, "signature", None)
    if row.method in PAPER:
        return str(_("纸质一批"))
    return signature.masked_name if signature is not None else str(_("已清除"))


RECORDS = register(
    ListSpec(
        code="pledges.records",
        title=_("签订记录"),
        rows=queries.records_for,
        columns=(
            Column("no", _("编号"), lambda row: row.no, link=lambda row: row.staff_url),
            Column("pledge", _("承诺书"), lambda row: str(row.template)),
            Column("who", _("签署人"), _who),
            Column("unit", _("单位"), lambda row: row.unit.short_name, export_value=lambda row: row.unit.name),
            Column("method", _("方式"), lambda row: row.get_method_display()),
            Column("households", _("户"), lambda row: row.households, number=True),
            Column("signatures", _("人"), lambda row: row.signatures, number=True),
            Column(
                "at", _("时间"), lambda row: timezone.localtime(row.signed_at).strftime("%Y.%m.%d"), sort="oldest"
            ),
            Column("note", _("说明"), lambda row: row.note, on_screen=False),
            Column("status", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "plain"),
        ),
        sorts=(
            Sort("newest", _("新的在前"), ("-signed_at", "-pk")),
            Sort("oldest", _("早的在前"), ("signed_at", "pk")),
        ),
        filterset=RecordFilter,
        empty_title=_("还没有签订记录"),
        empty_text=_("群众在网上签的、您登记的纸质承诺都会出现在这里。"),
        presets=(
            (_("全部"), ""), (_("纸质签署"), "method=paper_scan"), (_("现场集体签名"), "method=onsite_batch"),
            (_("已撤回"), "status=withdrawn"),
        ),
    )
)  # fmt: skip
