"""What staff fill in: questions, papers, how a paper is composed, surveys."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.queries import visible_to
from campaigns.quizzes.actions.surveys import Asking
from campaigns.quizzes.models import Question, Quiz, Survey, SurveyQuestion
from campaigns.quizzes.queries import bank as bank_queries
from campaigns.quizzes.queries import papers as paper_queries
from campaigns.quizzes.rules import bank, papers, statistics, surveys
from campaigns.quizzes.rules.bank import Category, Difficulty, Kind
from campaigns.quizzes.rules.papers import Part
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.grants.unit_field import UnitField
from portal.ui.forms import PortalForm, PortalModelForm
from portal.units.models import Unit

RESERVED_SLUGS = {"resume", "new"}


def day(**attrs: Any) -> forms.DateInput:
    """A native date field."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class _OfUnit(PortalModelForm):
    """A form whose record belongs to a unit of the person."""

    perm = Perm.QUIZ_EDIT
    unit = UnitField(label=gettext_lazy("单位"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["unit"]
        else:
            units = scope.rows(Unit, self.perm).order_by("path")
            self.fields["unit"].limit(units)  # type: ignore[attr-defined]
            self.initial.setdefault("unit", bank_queries.own_unit(scope, self.perm))

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the record."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}


class QuestionForm(_OfUnit):
    """One question: options one per line, the answer as letters."""

    options = forms.CharField(
        label=gettext_lazy("选项（每行一个）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("2 到 6 个，按 A、B、C 的顺序写，不用写字母。判断题可以不填。"),
    )
    answer = forms.CharField(
        label=gettext_lazy("正确答案"),
        max_length=20,
        help_text=gettext_lazy("写字母，例如 A；多选写 ACD；判断题写“对”或“错”。"),
    )
    field_order = (
        "unit", "category", "kind", "stem", "options", "answer", "explanation", "law", "source", "difficulty",
        "effective_on", "expires_on",
    )  # fmt: skip

    class Meta:
        model = Question
        fields = (
            "category", "kind", "stem", "explanation", "law", "source", "difficulty", "effective_on", "expires_on",
        )  # fmt: skip
        widgets = {  # noqa: RUF012 – Django's own way of declaring
            "stem": forms.Textarea(attrs={"rows": 3}),
            "explanation": forms.Textarea(attrs={"rows": 3}),
            "effective_on": day(),
            "expires_on": day(),
        }
        help_texts = {  # noqa: RUF012 – Django's own way of declaring
            "law": gettext_lazy("写到条，例如“《中华人民共和国家庭教育促进法》第十四条”。"),
            "expires_on": gettext_lazy("法规修订时填：过了这一天自动停用，并从没开始的试卷里移出。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("options", "\n".join(self.instance.options))
            self.initial.setdefault("answer", self.instance.spelled_answer)

    def clean_options(self) -> list[str]:
        """Lines with words."""
        return [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]

    def clean_answer(self) -> list[int]:
        """Option numbers."""
        try:
            return bank.read_answer(self.cleaned_data["answer"])
        except ValueError as error:
            raise ValidationError(_("请填正确答案的字母，例如 A 或 ACD。")) from error

    def clean(self) -> dict[str, Any]:
        """Options and answer fit each other, dates follow each other."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") == Kind.TRUE_FALSE and not data.get("options"):
            data["options"] = list(bank.TRUE_FALSE_OPTIONS)
        if "answer" in data and "options" in data and "kind" in data:
            for field, sentence in bank.faults(data["kind"], data["options"], data["answer"]):
                self.add_error(field, ValidationError(sentence))
        begins, ends = data.get("effective_on"), data.get("expires_on")
        if begins and ends and ends < begins:
            self.add_error("expires_on", ValidationError(_("有效期不能早于施行日期。")))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """With options and answer."""
        return {**super().values, "options": self.cleaned_data["options"], "answer": self.cleaned_data["answer"]}


class QuizForm(_OfUnit):
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
        widgets = {  # noqa: RUF012 – Django's own way of declaring
            "intro": forms.Textarea(attrs={"rows": 3}),
            "opens_on": day(),
            "closes_on": day(),
        }
        help_texts = {  # noqa: RUF012 – Django's own way of declaring
            "slug": gettext_lazy("公开网址的最后一段，用小写字母、数字和短横线，例如 dangji-2026。"),
            "closes_on": gettext_lazy("到这一天 24 时截止。练习可以不填。"),
            "minutes": gettext_lazy("0 表示不限时。"),
            "prize_count": gettext_lazy("0 表示没有抽奖。只有竞答可以抽奖，未成年人不参加。"),
            "activity": gettext_lazy("对应的活动记录（知识竞赛类），可以不选。"),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
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


class PartForm(forms.Form):
    """One line of the composition."""

    kind = forms.ChoiceField(label=gettext_lazy("题型"), choices=Kind.choices)
    category = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=[("", gettext_lazy("各类均匀")), *Category.choices], required=False
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

    points = forms.IntegerField(label=gettext_lazy("每题分值"), min_value=1, max_value=20, initial=papers.POINTS)


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class SurveyForm(_OfUnit):
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
        widgets = {  # noqa: RUF012 – Django's own way of declaring
            "intro": forms.Textarea(attrs={"rows": 2}),
            "frame_note": forms.Textarea(attrs={"rows": 2}),
            "opens_on": day(),
            "closes_on": day(),
        }
        help_texts = {  # noqa: RUF012 – Django's own way of declaring
            "population": gettext_lazy("例如：全县常住家庭。"),
            "frame_size": gettext_lazy("能抽到的名册里一共有多少户。"),
            "frame_note": gettext_lazy("名册从哪里来、怎么抽的，例如“村（社区）户籍册，等距抽取”。"),
            "design_effect": gettext_lazy("简单随机抽样填 1；按村整群抽样一般填 1.5 到 2。"),
            "expected_response": gettext_lazy("估计 100 户里有多少户会答。"),
            "slug": gettext_lazy("公开网址的最后一段，用小写字母、数字和短横线。"),
        }

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, scope=scope, **kwargs)
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


class AskingForm(forms.Form):
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
            "options": "\n".join(f"{'*' if one.is_aware else ''}{one.text}" for one in question.options.all()),
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


class ImportForm(PortalForm):
    """A table of questions."""

    unit = UnitField(label=gettext_lazy("单位"))
    file = forms.FileField(
        label=gettext_lazy("表格文件（xlsx 或 csv）"),
        help_text=gettext_lazy("第一行是列名：题干、题型、类别、选项（用 | 隔开）、正确答案、解析、依据条文、出处、难度、依据施行日期、有效期至。"),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].limit(scope.rows(Unit, Perm.QUIZ_EDIT).order_by("path"))  # type: ignore[attr-defined]
        self.initial.setdefault("unit", bank_queries.own_unit(scope, Perm.QUIZ_EDIT))
