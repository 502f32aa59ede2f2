"""Packages as a list."""

import django_filters
from django.utils.translation import gettext_lazy as _

from campaigns.packages import queries
from campaigns.packages.models import Package
from campaigns.packages.rules import Status
from portal.ui.lists import Column, ListSpec, Sort, register


class PackageFilter(django_filters.FilterSet):
    """Words, state, campaign."""

    q = django_filters.CharFilter(label=_("名称"), field_name="name", lookup_expr="icontains")
    status = django_filters.ChoiceFilter(label=_("状态"), choices=Status.choices, empty_label=_("全部"))
    campaign = django_filters.ModelChoiceFilter(
        label=_("主题"), queryset=queries.campaigns_in_lists, to_field_name="slug", empty_label=_("全部主题")
    )

    class Meta:
        model = Package
        fields = ("q", "status", "campaign")


SPEC = register(
    ListSpec(
        code="packages",
        title=_("“几个一”"),
        rows=queries.in_list,
        columns=(
            Column("name", _("名称"), lambda row: row.name, link=lambda row: row.staff_url),
            Column("unit", _("制定单位"), lambda row: row.unit.short_name),
            Column("campaign", _("所属主题"), lambda row: row.campaign.name if row.campaign else ""),
            Column("items", _("项数"), lambda row: row.item_count, number=True),
            Column("units", _("完成单位"), lambda row: row.unit_count, number=True),
            Column(
                "period",
                _("时间"),
                lambda row: f"{row.starts_on:%Y.%m.%d}—{row.ends_on:%Y.%m.%d}",
                sort="newest",
            ),
            Column(
                "status",
                _("状态"),
                lambda row: row.get_status_display(),
                tone=lambda row: row.tone or "plain",
            ),
        ),
        sorts=(
            Sort("newest", _("新开始的在前"), ("-starts_on",)),
            Sort("ending", _("快结束的在前"), ("ends_on",)),
        ),
        filterset=PackageFilter,
        empty_title=_("还没有“几个一”"),
        empty_text=_("把六个一、七个一、四个一写成清单，谁完成了哪一项由记录自动算出。"),
        presets=((_("进行中"), "status=open"), (_("编制中"), "status=draft"), (_("全部"), "")),
    )
)
