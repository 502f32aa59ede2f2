"""Planning a survey, its questionnaire, paper sheets."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.queries import visible_to
from campaigns.quizzes.actions.surveys import Asking
from campaigns.quizzes.forms.base import OfUnit, day
from campaigns.quizzes.models import Survey, SurveyQuestion
from campaigns.quizzes.rules import statistics, surveys
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.ui.forms import PortalForm, RowForm


class SurveyForm(OfUnit):
    """The plan of a survey."""

    perm = Perm.SURVEY_EDIT
    field_order = (
        "unit", "title", "slug", "intro", "population", "frame_size", "frame_note", "margin", "design_effect",
        "expected_response", "opens_on", "closes_on", "campaign",
    )  # fmt: skip

    class Meta:
        model = Survey
        fields = (
            "title", "slug", "intro", "population", "frame_size", "frame_note", "margin", "design_effect",
            "expected_response", "opens_on", "closes_on", "campaign",
        )  # fmt: skip
        widgets = {
            "intro": forms.Textarea(attrs={"rows": 2}),
            "frame_note": forms.Textarea(attrs={"rows": 2}),
            "opens_on": day(),
            "closes_on": day(),
        }
        help_texts = {
            "population": gettext_lazy("例如：全县常住家庭。"),
            "frame_size": gettext_lazy("能抽到的名册里一共有多少户。"),
            "frame_note": gettext_lazy("名册从哪里来、怎么抽的，例如“村（社区）户籍册，等距抽取”。"),
            "design_effect": gettext_lazy("简单随机抽样填 1；按村整群抽样一般填 1.5 到 2。"),
            "expected_response": gettext_lazy("估计 100 户里有多少户会答。"),
            "slug": gettext_lazy("公开网址的最后一段，用小写字母、数字和短横线。"),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
        self.make_address_optional("survey")
        self.fields["campaign"].queryset = visible_to(scope)  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        """Lower case."""
        return str(self.cleaned_data["slug"]).lower()

    def clean(self) -> dict[str, Any]:
        """Figures within reason."""
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("opens_on"), data.get("closes_on")
        if begins and ends and ends < begins:
            self.add_error("closes_on", ValidationError(_("截止日期不能早于开始日期。")))
        _between(self, "frame_size", 1, surveys.FRAME_MOST)
        _between(self, "margin", 1, 20)
        _between(self, "design_effect", 1, 5)
        _between(self, "expected_response", 5, 100)
        return data

    @property
    def plan(self) -> statistics.Plan:
        """What the plan asks for, for the page."""
        data = self.cleaned_data
        return statistics.plan(
            frame=data["frame_size"],
            margin=data["margin"],
            design_effect=data["design_effect"],
            response=data["expected_response"],
        )


def _between(form: forms.BaseForm, name: str, low: int, high: int) -> None:
    value = form.cleaned_data.get(name)
    if value is not None and not low <= value <= high:
        form.add_error(
            name, ValidationError(_("请填 %(low)d 到 %(high)d 之间的数。") % {"low": low, "high": high})
        )


class AskingForm(RowForm):
    """One question of a questionnaire; `*` before an option says that it counts as knowing."""

    text = forms.CharField(label=gettext_lazy("题目"), max_length=100, required=False)
    options = forms.CharField(
        label=gettext_lazy("选项（每行一个，算知晓的前面加 *）"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_key = forms.BooleanField(label=gettext_lazy("以这一题计知晓率"), required=False)

    def clean(self) -> dict[str, Any]:
        """Two to six options for a question that is there."""
        data = super().clean() or {}
        lines = [line.strip() for line in data.get("options", "").splitlines() if line.strip(" *＊\t")]
        data["lines"] = [line.lstrip("*＊ ").strip()[:60] for line in lines]
        data["aware"] = frozenset(n for n, line in enumerate(lines) if line[0] in "*＊")
        if data.get("text") and not 2 <= len(lines) <= surveys.OPTIONS_MOST:
            self.add_error("options", ValidationError(_("选项要有 2 到 6 个，每行一个。")))
        if lines and not data.get("text"):
            self.add_error("text", ValidationError(_("请写题目。")))
        return data


AskingFormSet = forms.formset_factory(AskingForm, extra=0, min_num=4, max_num=surveys.QUESTIONS_MOST)


def asking_of(formset: Any) -> list[Asking]:
    """The questions with words."""
    return [
        Asking(row["text"], tuple(row["lines"]), row["aware"], row["is_key"])
        for row in formset.cleaned_data
        if row.get("text")
    ]


def initial_asking(questions: list[SurveyQuestion]) -> list[dict[str, Any]]:
    """What stands on the questionnaire, filled up to eight lines."""
    rows = [
        {
            "text": question.text,
            "is_key": question.is_key,
            "options": "\n".join(
                f"{'*' if one.is_aware else ''}{one.text}" for one in question.options.all()
            ),
        }
        for question in questions
    ]
    return rows + [{} for _n in range(surveys.QUESTIONS_MOST - len(rows))]


class TallyForm(PortalForm):
    """Counted paper sheets: how many, where, and the ticks of every option."""

    sheets = forms.IntegerField(
        label=gettext_lazy("收回纸质问卷(份)"), min_value=1, max_value=surveys.SHEETS_MOST
    )
    place = forms.CharField(
        label=gettext_lazy("哪里收的"), max_length=60, help_text=gettext_lazy("写到村（社区），不写人名。")
    )

    def __init__(self, *args: Any, questions: list[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            for option in question.options.all():
                self.fields[f"o{option.pk}"] = forms.IntegerField(
                    label=option.text, min_value=0, max_value=surveys.SHEETS_MOST, required=False
                )

    @property
    def groups(self) -> list[tuple[SurveyQuestion, list[Any]]]:
        """Every question with the fields of its options."""
        return [
            (question, [self[f"o{option.pk}"] for option in question.options.all()])
            for question in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        """No question has more ticks than there are sheets."""
        data = super().clean() or {}
        sheets = data.get("sheets") or 0
        for question, fields in self.groups:
            total = sum(data.get(field.name) or 0 for field in fields)
            if sheets and total > sheets:
                self.add_error(
                    fields[0].name,
                    ValidationError(
                        _("“%(question)s”合计 %(total)d，超过收回的 %(sheets)d 份，请核对。")
                        % {"question": question.text, "total": total, "sheets": sheets}
                    ),
                )
        return data

    @property
    def counts(self) -> dict[int, int]:
        """Option → how many."""
        return {
            int(name[1:]): value or 0
            for name, value in self.cleaned_data.items()
            if name[0] == "o" and name[1:].isdigit()
        }


class InvitedForm(PortalForm):
    """How many questionnaires really went out."""

    invited = forms.IntegerField(label=gettext_lazy("实际发出(户)"), min_value=1)
