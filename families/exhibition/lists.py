"""Lists of staff: issues, what was sent on, sweeps. In order of time, never by likes."""

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.exhibition import queries
from families.exhibition.models import Issue, Outward, Sweep
from families.exhibition.rules import IssueState, Result, SweepState
from portal.ui.lists import Column, ListSpec, Sort, choice, register


def _at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


class IssueFilter(django_filters.FilterSet):
    """By title and state."""

    q = django_filters.CharFilter(label=_("题目"), field_name="title", lookup_expr="icontains", max_length=40)
    status = django_filters.ChoiceFilter(label=_("状态"), choices=IssueState.choices)

    class Meta:
        model = Issue
        fields: tuple[str, ...] = ()


class OutwardFilter(django_filters.FilterSet):
    """By exhibition and result."""

    q = django_filters.CharFilter(
        label=_("展览名称"), field_name="exhibition", lookup_expr="icontains", max_length=40
    )
    result = django_filters.ChoiceFilter(label=_("结果"), choices=Result.choices)

    class Meta:
        model = Outward
        fields: tuple[str, ...] = ()


class SweepFilter(django_filters.FilterSet):
    """By state."""

    status = django_filters.ChoiceFilter(label=_("状态"), choices=SweepState.choices)

    class Meta:
        model = Sweep
        fields: tuple[str, ...] = ()


ISSUES = register(
    ListSpec(
        code="issues", title=_("展播"), rows=queries.issues_for, filterset=IssueFilter,
        columns=(
            Column("of", _("系列或征集"), lambda row: row.of_what),
            Column("number", _("第几期"), lambda row: row.number, number=True),
            Column("title", _("题目"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("works", _("作品件数"), lambda row: row.n_works, number=True),
            Column("status", _("状态"), choice("status"), tone=lambda row: row.tone or "plain"),
            Column("at", _("发布时间"), lambda row: _at(row.published_at)),
            Column("by", _("最近编排"), lambda row: str(row.edited_by or "")),
        ),
        sorts=(Sort("new", _("新建的在前"), ("-pk",)), Sort("order", _("按系列和期号"), ("key", "number"))),
        presets=((_("全部"), ""), (_("编排中"), "status=draft"), (_("送审中"), "status=review"), (_("已发布"), "status=published")),
        empty_title=_("还没有展播"), empty_text=_("把已公开的作品编成“第几期”，两位同事看过后发布。"),
    )
)  # fmt: skip
OUTWARD = register(
    ListSpec(
        code="outward", title=_("报送展览"), rows=queries.outward_for, filterset=OutwardFilter,
        columns=(
            Column("exhibition", _("展览名称"), lambda row: row.exhibition, link=lambda row: row.staff_url),
            Column("work", _("作品"), lambda row: row.work.title, link=lambda row: row.work.staff_url),
            Column("category", _("类别"), lambda row: row.work.category.name),
            Column("unit", _("所在地"), lambda row: row.work.unit.short_name),
            Column("place", _("地点"), lambda row: row.place),
            Column("held_on", _("日期"), lambda row: row.held_on),
            Column("result", _("结果"), choice("result"), tone=lambda row: row.tone or "plain"),
            Column("award", _("奖项"), lambda row: row.award),
        ),
        sorts=(Sort("new", _("新登记的在前"), ("-pk",)),),
        presets=((_("全部"), ""), (_("等结果"), "result=sent"), (_("入选展出"), "result=shown"), (_("获奖"), "result=awarded")),
        empty_title=_("还没有报送展览的作品"), empty_text=_("在已入选作品的页面上点“报送展览”，登记送到哪个展、结果怎样。"),
    )
)  # fmt: skip
SWEEPS = register(
    ListSpec(
        code="sweeps", title=_("名下内容下架"), rows=queries.sweeps_for, filterset=SweepFilter,
        columns=(
            Column("who", _("谁"), lambda row: row.masked, link=lambda row: row.staff_url),
            Column("reason", _("理由"), lambda row: row.reason),
            Column("items", _("内容"), lambda row: row.n_items, number=True),
            Column("by", _("办理人"), lambda row: str(row.made_by or "")),
            Column("at", _("时间"), lambda row: _at(row.made_at)),
            Column("status", _("状态"), choice("status"), tone=lambda row: row.tone or "plain"),
        ),
        sorts=(Sort("new", _("新办理的在前"), ("-pk",)),),
        presets=((_("全部"), ""), (_("申请恢复"), "status=asked")),
        empty_title=_("没有办理过"), empty_text=_("有人不再适合展示时，按姓名或手机号一次撤下他名下的全部公开内容。"),
    )
)  # fmt: skip
