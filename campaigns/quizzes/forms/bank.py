"""Writing a question."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.quizzes.forms.base import OfUnit, day
from campaigns.quizzes.models import Question
from campaigns.quizzes.rules import bank
from campaigns.quizzes.rules.bank import Kind


class QuestionForm(OfUnit):
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
        widgets = {
            "stem": forms.Textarea(attrs={"rows": 3}),
            "explanation": forms.Textarea(attrs={"rows": 3}),
            "effective_on": day(),
            "expires_on": day(),
        }
        help_texts = {
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
        return {
            **super().values,
            "options": self.cleaned_data["options"],
            "answer": self.cleaned_data["answer"],
        }
