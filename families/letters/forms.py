"""Sending a letter, and the reply: the family's own form without what is known already."""

import dataclasses
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.letters.rules import LETTER, REPLY_MAX, answer_direction
from families.works.entry import Entry
from families.works.forms.submit import WorkForm
from families.works.models import Work
from families.works.rules import Audience
from portal.accounts.phone_codes import clean_phone
from portal.ui.forms import PortalForm

REPLY_AUDIENCES = {
    Audience.ONLY_RECIPIENT: gettext_lazy("只给写信的家人看：工作人员也看不到"),
}


class LineField(forms.CharField):
    """One line, or nothing."""

    def clean(self, value: Any) -> str:
        """Without blanks around and doubled ones inside."""
        return " ".join(str(super().clean(value)).split())


class MobileField(forms.CharField):
    """A mobile number, or nothing when it is not required."""

    def clean(self, value: Any) -> str:
        """Its eleven digits."""
        text = str(super().clean(value))
        return clean_phone(text) if text.strip() else ""


class SendForm(PortalForm):
    """To whom."""

    to_name = LineField(
        label=gettext_lazy("怎么称呼收信人"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：妈妈")}),
        help_text=gettext_lazy("只有您自己看得到，短信里不写。"),
    )  # fmt: skip
    phone = MobileField(
        label=gettext_lazy("收信人的手机号"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("短信里是一个链接，对方用这个手机号的验证码才能打开。号码加密保存，工作人员看不到。"),
        error_messages={"required": gettext_lazy("请填写收信人的手机号。")},
    )  # fmt: skip


class ReplyForm(WorkForm):
    """A letter back. Place, call, category and direction follow from the letter; short is long enough; one person writes."""

    more_people = False

    def __init__(self, *args: Any, letter: Work, **kwargs: Any) -> None:
        self.letter = letter
        super().__init__(*args, call=letter.call, category=LETTER, **kwargs)
        self.parts = []
        for name in ("recipient_name", "recipient_phone", "area", "village", "title", "x_direction"):
            self.fields.pop(name, None)
        self.fields["text"].label = _("回信")
        self.fields["text"].widget.attrs |= {"rows": 8, "data-max": REPLY_MAX}
        audience: Any = self.fields["audience"]
        audience.choices = [(code, REPLY_AUDIENCES.get(code, words)) for code, words in audience.choices]

    def _choose(self, code: str) -> Any:
        """The category of the letter, even when the call has been changed since."""
        return self.letter.category

    def _shape(self) -> None:
        self.categories = [self.letter.category]
        super()._shape()

    def clean_text(self) -> str:
        """A word is enough; no more than a letter."""
        return self._counted(str(self.cleaned_data["text"]).strip(), least=0, most=REPLY_MAX)

    def _clean_village(self, data: dict[str, Any]) -> None:
        data["area"], data["title"] = self.letter.unit, ""

    def _title(self) -> str:
        return _("回信：%(title)s") % {"title": self.letter.title[:30]}

    def entry(self) -> Entry:
        """With the direction turned round."""
        direction = answer_direction(str(self.letter.extra.get("direction", "")))
        return dataclasses.replace(super().entry(), extra={"direction": direction})
