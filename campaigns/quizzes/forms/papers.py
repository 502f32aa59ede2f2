"""Planning a paper, and how it is composed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.queries import visible_to
from campaigns.quizzes.forms.base import OfUnit, day
from campaigns.quizzes.models import Quiz
from campaigns.quizzes.queries import papers as paper_queries
from campaigns.quizzes.rules import papers
from campaigns.quizzes.rules.bank import Category, Difficulty, Kind
from campaigns.quizzes.rules.papers import Part
from portal.access.scope import Scope
from portal.ui.forms import PortalForm, RowForm

RESERVED_SLUGS = {"resume", "new"}


class QuizForm(OfUnit):
    """A paper's frame; questions come on the next page."""

    field_order = (
        "unit", "title", "slug", "mode", "intro", "opens_on", "closes_on", "minutes", "pass_score", "excellent_score",
        "attempts_per_day", "shuffle", "campaign", "activity", "prize_count", "prize_text",
    )  # fmt: skip

    class Meta:
        model = Quiz
        fields = (
            "title", "slug", "mode", "intro", "opens_on", "closes_on", "minutes", "pass_score", "excellent_score",
            "attempts_per_day", "shuffle", "campaign", "activity", "prize_count", "prize_text",
        )  # fmt: skip
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 3}),
            "opens_on": day(),
            "closes_on": day(),
        }
        help_texts = {
            "slug": gettext_lazy("公开网址的最后一段，用小写字母、数字和短横线，例如 dangji-2026。"),
            "closes_on": gettext_lazy("到这一天 24 时截止。练习可以不填。"),
            "minutes": gettext_lazy("0 表示不限时。"),
            "prize_count": gettext_lazy("0 表示没有抽奖。只有竞答可以抽奖，未成年人不参加。"),
            "activity": gettext_lazy("对应的活动记录（知识竞赛类），可以不选。"),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
        self.make_address_optional("quiz")
        self.fields["campaign"].queryset = visible_to(scope)  # type: ignore[attr-defined]
        self.fields["activity"].queryset = paper_queries.recent_activities(scope)  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        """Not an address of the portal's own."""
        slug: str = self.cleaned_data["slug"].lower()
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("这个网址系统要用，请换一个。"))
        return slug

    def clean(self) -> dict[str, Any]:
        """Dates, scores and prizes fit each other."""
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("opens_on"), data.get("closes_on")
        if begins and ends and ends < begins:
            self.add_error("closes_on", ValidationError(_("截止日期不能早于开始日期。")))
        if data.get("mode") == papers.Mode.CONTEST and not ends and "closes_on" not in self.errors:
            self.add_error("closes_on", ValidationError(_("竞答要有截止日期。")))
        if (data.get("excellent_score") or 0) < (data.get("pass_score") or 0):
            self.add_error("excellent_score", ValidationError(_("优秀分不能低于及格分。")))
        if data.get("prize_count") and data.get("mode") == papers.Mode.PRACTICE:
            self.add_error("prize_count", ValidationError(_("练习没有抽奖，请填 0 或改成竞答。")))
        if data.get("prize_count") and not data.get("prize_text"):
            self.add_error("prize_text", ValidationError(_("请写明奖品是什么。")))
        if not 1 <= (data.get("attempts_per_day") or 0) <= papers.ATTEMPTS_MOST:
            self.add_error("attempts_per_day", ValidationError(_("每天 1 到 20 次。")))
        return data


class PartForm(RowForm):
    """One line of the composition."""

    kind = forms.ChoiceField(label=gettext_lazy("题型"), choices=Kind.choices)
    category = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[("", gettext_lazy("各类均匀")), *Category.choices],
        required=False,
    )
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("难度"),
        choices=[("", gettext_lazy("不限")), *Difficulty.choices],
        coerce=int,
        required=False,
        empty_value=0,
    )
    count = forms.IntegerField(
        label=gettext_lazy("题数"), min_value=0, max_value=papers.QUESTIONS_MOST, required=False
    )


PartFormSet = forms.formset_factory(PartForm, extra=0, min_num=6, max_num=12)


def parts_of(formset: Any) -> list[Part]:
    """The lines with a number."""
    return [
        Part(row["kind"], row["count"], row["category"], row["difficulty"] or 0)
        for row in formset.cleaned_data
        if row.get("count")
    ]


def initial_parts(quiz: Quiz) -> list[dict[str, Any]]:
    """The rule of the paper, else the default of the domain reference §8.3; filled up to six lines."""
    rows = [dict(part) for part in quiz.parts] or [
        {"kind": kind, "count": count} for kind, count in papers.DEFAULT_COUNTS.items()
    ]
    return rows + [{"kind": Kind.SINGLE} for _n in range(6 - len(rows))]


class PointsForm(PortalForm):
    """Points of every question."""

    points = forms.IntegerField(
        label=gettext_lazy("每题分值"), min_value=1, max_value=20, initial=papers.POINTS
    )
