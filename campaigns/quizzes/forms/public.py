"""What people fill in: age for a contest, the resume code, the phone for the draw, a questionnaire."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.actions.attempts import clean_code
from campaigns.quizzes.actions.draws import CONSENT
from campaigns.quizzes.models import Quiz, SurveyQuestion
from portal.accounts.phone_codes import clean_phone
from portal.ui.forms import PortalForm

PRIZE_AGES = [
    ("adult", _("已满 18 周岁，参加竞答和抽奖（先验证手机号）")),
    ("practice", _("只练习，不留手机号，不参加抽奖")),
    ("minor", _("未满 18 周岁（只练习，不参加抽奖）")),
]
AGES = [("adult", _("已满 18 周岁")), ("minor", _("未满 18 周岁（只练习，不参加抽奖）"))]


class StartForm(PortalForm):
    """Begin. Only a contest asks one thing, and not the date of birth."""

    age = forms.ChoiceField(label=_("您的年龄"), choices=AGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, quiz: Quiz, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not quiz.is_contest:
            del self.fields["age"]
        elif quiz.has_prize:
            self.fields["age"].choices = PRIZE_AGES
            self.fields["age"].label = _("您要怎么参加")

    @property
    def is_minor(self) -> bool:
        """Said to be under 18."""
        return bool(self.cleaned_data.get("age") == "minor")

    @property
    def practises(self) -> bool:
        """Wants no prize and leaves no phone."""
        return bool(self.cleaned_data.get("age") == "practice")


class ResumeForm(PortalForm):
    """The short code of a try."""

    code = forms.CharField(
        label=_("续答码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("开始答题时显示的 8 位字母和数字，大小写都可以。"),
    )

    def clean_code(self) -> str:
        """As kept."""
        return clean_code(self.cleaned_data["code"])


class PrizeForm(PortalForm):
    """A phone for the draw, with consent."""

    phone = forms.CharField(label=_("手机号"), max_length=20)
    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("请先勾选同意，再登记手机号。")}
    )

    def clean_phone(self) -> str:
        """Eleven digits."""
        return clean_phone(self.cleaned_data["phone"])


class AnswerSheet(PortalForm):
    """A questionnaire: one choice per question, none is compulsory but at least one is needed."""

    def __init__(self, *args: Any, questions: list[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(questions, 1):
            self.fields[f"q{question.pk}"] = forms.TypedChoiceField(
                label=f"{number}. {question.text}",
                choices=[(option.pk, option.text) for option in question.options.all()],
                widget=forms.RadioSelect,
                coerce=int,
                required=False,
                empty_value=None,
            )

    @property
    def choices(self) -> Mapping[int, int]:
        """Question → option."""
        return {
            int(name[1:]): value
            for name, value in self.cleaned_data.items()
            if name.startswith("q") and name[1:].isdigit() and value
        }
