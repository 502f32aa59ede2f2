"""Series and episodes as lists."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities.figures import write
from campaigns.series import queries
from campaigns.series.models import Episode, Series
from campaigns.series.rules import EpisodeStatus, Kind, SeriesStatus
from portal.access.permissions import Perm
from portal.listing.filters import SinceFilter, UnitFilter, UntilFilter
from portal.ui.lists import Column, ListSpec, Sort, register


class SeriesFilter(django_filters.FilterSet):
    """q, unit, kind, status."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.CAMPAIGN_VIEW)
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Kind.choices, empty_label=_("全部类型"))
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=SeriesStatus.choices, empty_label=_("全部状态")
    )

    class Meta:
        model = Series
        fields = ("q", "unit", "kind", "status")

    def search(self, rows: QuerySet[Series], name: str, value: str) -> QuerySet[Series]:
        """Every word in the title."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(title__icontains=word) | Q(outlet__icontains=word))
        return rows


def _next(row: Any) -> str:
    return row.next_due.isoformat() if row.next_due and row.is_running else ""


SPEC = register(
    ListSpec(
        code="series",
        title=_("系列"),
        rows=queries.listed,
        columns=(
            Column(
                "title", _("系列名称"), lambda row: row.title, link=lambda row: row.staff_url, sort="title"
            ),
            Column("kind", _("类型"), lambda row: row.get_kind_display()),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("progress", _("已发布/计划"), lambda row: row.progress, number=True),
            Column("left", _("还剩"), lambda row: row.left, number=True),
            Column("due", _("下一期"), _next),
            Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
            Column(
                "campaign",
                _("所属主题"),
                lambda row: row.campaign.name if row.campaign else "",
                on_screen=False,
            ),
            Column("outlet", _("在哪里发布"), lambda row: row.outlet, on_screen=False),
        ),
        sorts=(
            Sort("newest", _("新建的在前"), ("-created_at",)),
            Sort("title", _("按名称"), ("title",)),
        ),
        filterset=SeriesFilter,
        empty_title=_("还没有系列"),
        empty_text=_(
            "展播、电台专栏、《妇廉纪语》、大讲堂、直播这类分期的节目，在这里一次排好、一期一期发布。"
        ),
        presets=((_("全部"), ""), (_("进行中"), "status=running"), (_("已结束"), "status=closed")),
    )
)


class EpisodeFilter(django_filters.FilterSet):
    """q, unit, kind, status, since, until."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.CAMPAIGN_VIEW)
    kind = django_filters.ChoiceFilter(
        label=_("类型"), field_name="series__kind", choices=Kind.choices, empty_label=_("全部类型")
    )
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=EpisodeStatus.choices, empty_label=_("全部状态")
    )
    since = SinceFilter("aired_at")
    until = UntilFilter("aired_at")

    class Meta:
        model = Episode
        fields = ("q", "unit", "kind", "status", "since", "until")

    def search(self, rows: QuerySet[Episode], name: str, value: str) -> QuerySet[Episode]:
        """Every word in the topic or the title of the series."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(topic__icontains=word) | Q(series__title__icontains=word))
        return rows


def _topic(row: Episode) -> str:
    # A planned episode may have no topic yet; its line still needs words to click on.
    return row.topic or str(_("主题未定"))


def _aired(row: Episode) -> str:
    return f"{timezone.localtime(row.aired_at):%Y-%m-%d}" if row.aired_at else ""


def _figure(name: str) -> Any:
    return lambda row: write(getattr(row, name), is_estimate=getattr(row, f"{name}_estimated"))


EPISODES = register(
    ListSpec(
        code="series.episodes",
        title=_("各期节目"),
        rows=queries.episodes_in_reach,
        columns=(
            Column(
                "series", _("系列名称"), lambda row: row.series.title, link=lambda row: row.series.staff_url
            ),
            Column("number", _("第几期"), lambda row: row.number, number=True),
            Column("topic", _("主题"), _topic, link=lambda row: row.staff_url),
            Column("section", _("栏目"), lambda row: row.get_section_display(), on_screen=False),
            Column("speaker", _("主讲（主播）"), lambda row: row.speaker, on_screen=False),
            Column("works", _("作品"), lambda row: "、".join(row.works), on_screen=False),
            Column("due", _("计划日期"), lambda row: row.due_on.isoformat() if row.due_on else ""),
            Column("aired", _("发布日期"), _aired),
            Column("visits", _("线上人次"), _figure("online_visits"), number=True),
            Column("people", _("现场人数"), _figure("headcount"), number=True),
            Column("reach", _("点赞（传播量）"), _figure("likes"), on_screen=False),
            Column("link", _("链接"), lambda row: row.link, on_screen=False),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
        ),
        sorts=(Sort("newest", _("新安排的在前"), ("-created_at",)),),
        filterset=EpisodeFilter,
        empty_title=_("还没有节目"),
        empty_text=_("先建一个系列，再安排各期。"),
    )
)
