"""The staff list of rounds."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from portal.reviews.judging import queries
from portal.reviews.judging.models import JudgingStage
from portal.reviews.judging.rules import Kind, StageState
from portal.ui.lists import Column, ListSpec, Sort, choice, register


class StageFilter(django_filters.FilterSet):
    """By state and round."""

    q = django_filters.CharFilter(label=_("标题"), field_name="title", lookup_expr="icontains", max_length=60)
    status = django_filters.ChoiceFilter(label=_("状态"), choices=StageState.choices)
    kind = django_filters.ChoiceFilter(label=_("轮次"), choices=Kind.choices)

    class Meta:
        model = JudgingStage
        fields: tuple[str, ...] = ()


def _progress(stage: Any) -> str:
    return f"{stage.scored} / {stage.wanted}"


SPEC = register(
    ListSpec(
        code="judging",
        title=_("评审"),
        rows=queries.stages,
        columns=(
            Column("title", _("评审"), lambda row: row.title, link=lambda row: row.get_absolute_url()),
            Column("kind", _("轮次"), choice("kind")),
            Column("unit", _("主办"), lambda row: row.unit.short_name),
            Column("progress", _("已交 / 应交"), _progress, number=True),
            Column("due", _("打分截止"), lambda row: row.due_on, sort="due"),
            Column("status", _("状态"), choice("status"), tone=lambda row: row.tone),
        ),
        sorts=(
            Sort("newest", _("新建的在前"), ("-created_at",)),
            Sort("due", _("截止近的在前"), ("due_on",)),
        ),
        filterset=StageFilter,
        presets=(
            (_("全部"), ""), (_("准备中"), "status=preparing"), (_("打分中"), "status=scoring"), (_("已结束"), "status=closed"),
        ),
        empty_title=_("还没有评审"),
        empty_text=_("在“征集评审”里选一次征集，新建初评，选好评委后一键分配。"),
    )
)  # fmt: skip
