"""Five lists: materials, placements, viewings, documents, courses."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities.figures import write
from campaigns.materials import queries
from campaigns.materials.models import Course, Document, Material, Placement, Viewing
from campaigns.materials.rules import Audience, Channel, CourseKind, DocumentKind, DocumentStatus, Kind
from portal.access.permissions import Perm
from portal.listing.filters import SinceFilter, UnitFilter, UntilFilter
from portal.ui.lists import Column, ListSpec, Sort, register


def _figure(name: str) -> Any:
    return lambda row: write(getattr(row, name), is_estimate=getattr(row, f"{name}_estimated"))


def _day(name: str) -> Any:
    return lambda row: f"{timezone.localtime(getattr(row, name)):%Y-%m-%d}"


def _words(rows: QuerySet[Any], value: str, *names: str) -> QuerySet[Any]:
    """Every word in one of the fields."""
    for word in value.split()[:5]:
        condition = Q()
        for name in names:
            condition |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(condition)
    return rows


UNIT = Column("unit", _("单位"), lambda row: row.unit.short_name)


class MaterialFilter(django_filters.FilterSet):
    """q, unit, kind."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.MATERIAL_VIEW)
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Kind.choices, empty_label=_("全部类型"))

    class Meta:
        model = Material
        fields = ("q", "unit", "kind")

    def search(self, rows: QuerySet[Material], name: str, value: str) -> QuerySet[Material]:
        """Title, partners, description."""
        return _words(rows, value, "title", "partners", "summary")


MATERIALS = register(
    ListSpec(
        code="materials",
        title=_("宣传资料"),
        rows=queries.materials,
        columns=(
            Column("no", _("资料编号"), lambda row: row.pk, on_screen=False),
            Column("unit_no", _("单位编号"), lambda row: row.unit.unit_no, on_screen=False),
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url, sort="title"),
            Column("kind", _("类型"), lambda row: row.get_kind_display()),
            Column("edition", _("版次"), lambda row: row.edition),
            Column("copies", _("数量"), _figure("copies"), number=True),
            Column("out", _("已投放"), lambda row: row.n_copies or "", number=True),
            Column("plays", _("播放次数"), lambda row: row.n_plays or "", number=True),
            Column("watched", _("观影人数"), lambda row: row.n_watched or "", number=True),
            UNIT,
            Column("partners", _("联合编制单位"), lambda row: row.partners, on_screen=False),
            Column("link", _("链接"), lambda row: row.link, on_screen=False),
            Column("minutes", _("片长(分钟)"), lambda row: row.minutes, on_screen=False),
            Column("made_on", _("制作(采购)日期"), lambda row: row.made_on or "", on_screen=False),
            Column("campaign", _("所属主题"), lambda row: row.campaign.name if row.campaign else "", on_screen=False),
            Column("summary", _("内容介绍"), lambda row: row.summary, on_screen=False),
        ),
        export_prefetch=("campaign",),
        sorts=(Sort("newest", _("新登记的在前"), ("-created_at",)), Sort("title", _("按名称"), ("title",))),
        filterset=MaterialFilter,
        empty_title=_("还没有宣传资料"),
        empty_text=_("读本、影片、展板、公益广告登记在这里，再记投到哪里、给了多少人。"),
        presets=((_("全部"), ""), (_("影片"), "kind=film"), (_("读本"), "kind=booklet"), (_("展板"), "kind=board"), (_("公益广告"), "kind=advert")),
    )
)  # fmt: skip


class PlacementFilter(django_filters.FilterSet):
    """q, unit, channel, since, until."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.MATERIAL_VIEW)
    channel = django_filters.ChoiceFilter(label=_("方式"), choices=Channel.choices, empty_label=_("全部方式"))
    since = SinceFilter("placed_at")
    until = UntilFilter("placed_at")

    class Meta:
        model = Placement
        fields = ("q", "unit", "channel", "since", "until")

    def search(self, rows: QuerySet[Placement], name: str, value: str) -> QuerySet[Placement]:
        """Material or place."""
        return _words(rows, value, "material__title", "place")


PLACEMENTS = register(
    ListSpec(
        code="materials.placements",
        title=_("投放记录"),
        rows=queries.placements,
        columns=(
            Column(
                "material", _("资料"), lambda row: row.material.title, link=lambda row: row.material.staff_url
            ),
            Column("channel", _("方式"), lambda row: row.get_channel_display()),
            Column("place", _("地点或媒体"), lambda row: row.place),
            Column("from", _("开始日期"), _day("placed_at"), sort="newest"),
            Column("until", _("结束日期"), lambda row: row.ends_on.isoformat() if row.ends_on else ""),
            Column("copies", _("数量"), _figure("copies"), number=True),
            Column("plays", _("播放次数"), _figure("plays"), number=True),
            Column("audience", _("给谁"), lambda row: row.get_audience_display()),
            Column("people", _("人数"), _figure("people"), number=True),
            UNIT,
        ),
        sorts=(Sort("newest", _("最近的在前"), ("-placed_at",)),),
        filterset=PlacementFilter,
        empty_title=_("还没有投放记录"),
        empty_text=_("打开一份资料，登记发放、张贴、展出或播放。"),
    )
)


class ViewingFilter(django_filters.FilterSet):
    """q, unit, audience, since, until."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.MATERIAL_VIEW)
    audience = django_filters.ChoiceFilter(label=_("谁看的"), choices=Audience.choices, empty_label=_("全部"))
    since = SinceFilter("watched_at")
    until = UntilFilter("watched_at")

    class Meta:
        model = Viewing
        fields = ("q", "unit", "audience", "since", "until")

    def search(self, rows: QuerySet[Viewing], name: str, value: str) -> QuerySet[Viewing]:
        """Film or place."""
        return _words(rows, value, "film__title", "place")


VIEWINGS = register(
    ListSpec(
        code="materials.viewings",
        title=_("观影记录"),
        rows=queries.viewings,
        columns=(
            Column("film", _("影片"), lambda row: row.film.title, link=lambda row: row.film.staff_url),
            Column("on", _("观看日期"), _day("watched_at"), sort="newest"),
            Column("place", _("地点"), lambda row: row.place),
            Column("audience", _("谁看的"), lambda row: row.get_audience_display()),
            Column("people", _("观看人数"), _figure("headcount"), number=True),
            UNIT,
        ),
        sorts=(Sort("newest", _("最近的在前"), ("-watched_at",)),),
        filterset=ViewingFilter,
        empty_title=_("还没有观影记录"),
        empty_text=_("打开一部影片，登记哪天、在哪里、多少人看。"),
    )
)


class DocumentFilter(django_filters.FilterSet):
    """q, unit, kind, status."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.MATERIAL_VIEW)
    kind = django_filters.ChoiceFilter(
        label=_("类别"), choices=DocumentKind.choices, empty_label=_("全部类别")
    )
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=DocumentStatus.choices, empty_label=_("全部状态")
    )

    class Meta:
        model = Document
        fields = ("q", "unit", "kind", "status")

    def search(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """Title, number, points, whole text."""
        return _words(rows, value, "title", "number", "summary", "text")


DOCUMENTS = register(
    ListSpec(
        code="materials.documents",
        title=_("制度文件"),
        rows=queries.documents,
        columns=(
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url, sort="title"),
            Column("number", _("发文字号"), lambda row: row.number),
            Column("kind", _("类别"), lambda row: row.get_kind_display()),
            Column("from", _("施行日期"), lambda row: row.effective_on.isoformat() if row.effective_on else ""),
            Column("until", _("失效日期"), lambda row: row.ends_on.isoformat() if row.ends_on else ""),
            Column("state", _("状态"), lambda row: row.state, tone=lambda row: row.tone or "info"),
            Column("by", _("替代文件"), lambda row: row.replaced_by.title if row.replaced_by else ""),
            UNIT,
        ),
        sorts=(
            Sort("current", _("现行的在前"), ("status", "-created_at")),
            Sort("title", _("按名称"), ("title",)),
        ),
        filterset=DocumentFilter,
        empty_title=_("还没有制度文件"),
        empty_text=_("把现行的制度、通知放进来，写上施行日期；换新时指明由哪一份替代。"),
        presets=((_("全部"), ""), (_("现行"), "status=current"), (_("已被替代"), "status=replaced"), (_("已废止"), "status=repealed")),
    )
)  # fmt: skip


class CourseFilter(django_filters.FilterSet):
    """q, unit, kind, since, until."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.MATERIAL_VIEW)
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=CourseKind.choices, empty_label=_("全部类型"))
    since = SinceFilter("starts_at")
    until = UntilFilter("starts_at")

    class Meta:
        model = Course
        fields = ("q", "unit", "kind", "since", "until")

    def search(self, rows: QuerySet[Course], name: str, value: str) -> QuerySet[Course]:
        """Title, place, audience."""
        return _words(rows, value, "title", "place", "audience")


COURSES = register(
    ListSpec(
        code="materials.courses",
        title=_("培训课程"),
        rows=queries.courses,
        columns=(
            Column("title", _("名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("kind", _("类型"), lambda row: row.get_kind_display()),
            Column("days", _("日期"), lambda row: row.days, sort="newest"),
            Column("lectures", _("讲数"), lambda row: row.n_lectures, number=True),
            Column("visits", _("线上人次"), _figure("online_visits"), number=True),
            Column("people", _("现场人数"), _figure("headcount"), number=True),
            Column("reach", _("点赞（传播量）"), _figure("likes"), on_screen=False),
            UNIT,
        ),
        sorts=(Sort("newest", _("最近的在前"), ("-starts_at",)),),
        filterset=CourseFilter,
        empty_title=_("还没有培训课程"),
        empty_text=_("多天的培训班、网络直播课登记在这里：几讲、谁讲、线上多少人次、现场多少人。"),
    )
)
