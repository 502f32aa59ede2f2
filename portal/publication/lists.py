"""The list behind the gate."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.publication import queries, registry, rules
from portal.publication.models import Publication
from portal.publication.rules import Status
from portal.ui.lists import Column, ListSpec, Sort, register

MINE, REVIEW, LIVE, ENDED = "mine", "review", "live", "ended"
BOXES = [(MINE, _("待我处理")), (REVIEW, _("审核中")), (LIVE, _("已发布")), (ENDED, _("已退回、撤下、到期"))]


def _kinds() -> list[tuple[str, Any]]:
    return [(code, kind.label) for code, kind in registry.CONTENT_TYPES.items()]


class PublicationFilter(django_filters.FilterSet):
    """Box, kind of content, words of the title."""

    box = django_filters.ChoiceFilter(label=_("范围"), choices=BOXES, method="in_box", empty_label=_("全部"))
    content_type = django_filters.ChoiceFilter(label=_("内容"), choices=_kinds, empty_label=_("全部"))
    title = django_filters.CharFilter(label=_("标题含"), lookup_expr="icontains")

    class Meta:
        model = Publication
        fields = ("box", "content_type", "title")

    def in_box(self, rows: QuerySet[Publication], name: str, value: str) -> QuerySet[Publication]:
        """What belongs to one box."""
        if value == MINE:
            return rows.filter(pk__in=queries.waiting_for(self.request.scope).values("pk"))
        states = {REVIEW: rules.UNDER_REVIEW, LIVE: (Status.PUBLISHED,)}
        if value in states:
            return rows.filter(status__in=states[value])
        return rows.exclude(status__in=rules.OPEN)


def _kind(row: Publication) -> str:
    kind = registry.CONTENT_TYPES.get(row.content_type)
    return str(kind.label) if kind else row.content_type


def _since(row: Publication) -> str:
    return timezone.localtime(row.moved_at).strftime("%m-%d %H:%M")


def _marks(row: Publication) -> str:
    return str(len(row.findings) or "")


SPEC = register(
    ListSpec(
        code="publication",
        title=_("发布审核"),
        rows=queries.visible,
        columns=(
            Column("title", _("标题"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("kind", _("内容"), _kind),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("by", _("送审人"), lambda row: row.requested_by or _("系统")),
            Column("marks", _("标记"), _marks, number=True),
            Column("state", _("状态"), lambda row: row.waits_for, tone=lambda row: row.tone),
            Column("since", _("到这一步"), _since, sort="oldest"),
        ),
        sorts=(
            Sort("oldest", _("等得最久的在前"), ("moved_at",)),
            Sort("newest", _("最近的在前"), ("-moved_at",)),
        ),
        filterset=PublicationFilter,
        bulk=True,
        empty_title=_("没有送审的内容"),
        empty_text=_("活动、作品送审后会出现在这里，由两位同事先后看过才会公开。"),
        presets=(*((label, f"box={code}") for code, label in BOXES), (_("全部"), "box=")),
    )
)
