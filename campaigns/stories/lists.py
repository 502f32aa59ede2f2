"""Stories as a list of staff."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.stories import queries
from campaigns.stories.models import Story
from campaigns.stories.rules import Kind, Status
from portal.ui.lists import Column, ListSpec, Sort, register


class StoryFilter(django_filters.FilterSet):
    """Kind, state, words."""

    q = django_filters.CharFilter(label=_("标题"), field_name="title", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=Kind.choices, empty_label=_("全部"))
    status = django_filters.ChoiceFilter(label=_("状态"), choices=Status.choices, empty_label=_("全部"))

    class Meta:
        model = Story
        fields = ("q", "kind", "status")


SPEC = register(
    ListSpec(
        code="stories",
        title=_("公开文章"),
        rows=queries.visible,
        columns=(
            Column("title", _("标题"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("kind", _("类别"), lambda row: row.get_kind_display()),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("campaign", _("所属主题"), lambda row: row.campaign.name if row.campaign else ""),
            Column("author", _("起草人"), lambda row: str(row.created_by or "")),
            Column(
                "at", _("更新"), lambda row: timezone.localtime(row.updated_at).strftime("%Y.%m.%d"), sort="newest"
            ),
            Column("until", _("到期日"), lambda row: row.expires_on.strftime("%Y.%m.%d") if row.expires_on else ""),
            Column("status", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "plain"),
        ),
        sorts=(Sort("newest", _("最近更新的在前"), ("-updated_at",)), Sort("added", _("最近起草的在前"), ("-pk",))),
        filterset=StoryFilter,
        empty_title=_("还没有文章"),
        empty_text=_("新闻、专题、访谈、家教课程和经验做法在这里起草，两位同事看过后公开。"),
        presets=(
            (_("全部"), ""), (_("起草中"), "status=draft"), (_("送审中"), "status=review"), (_("已公开"), "status=published"),
        ),
    )
)  # fmt: skip
