"""What people write, and what staff answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.phone_codes import clean_phone
from portal.complaints import queries, rules
from portal.complaints.rules import Kind
from portal.ui.forms import PortalForm
from portal.ui.text import count_chars


class ComplaintForm(PortalForm):
    """Nothing but the text is required. Not kept in the browser: phones are shared."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.SUGGESTION
    )
    text = forms.CharField(
        label=_("内容"),
        max_length=rules.LONGEST_TEXT * 2,
        widget=forms.Textarea(attrs={"rows": 7, "data-count": "", "data-max": str(rules.LONGEST_TEXT)}),
        help_text=_("写清时间、地点和希望怎么解决。不用写身份证号，也不要写别人的隐私。"),
    )
    not_a_case = forms.BooleanField(
        label=_("我写的不是某个人正在遭受的暴力或危险（例如是对活动、宣传的意见），可以提交"), required=False
    )
    unit = forms.ModelChoiceField(
        label=_("写给哪个单位"), queryset=None, required=False, empty_label=_("不清楚，请市妇联转办")
    )
    name = forms.CharField(
        label=_("怎么称呼您"), max_length=30, required=False, help_text=_("可以不填，匿名也会办理。")
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        required=False,
        help_text=_("可以不填。填了，有答复时发短信告诉您；只有办理人写明理由才能看到。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.addressees()  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        """Counted as the counter on the page counts."""
        text: str = self.cleaned_data["text"]
        length = count_chars(text)
        if length > rules.LONGEST_TEXT:
            extra = length - rules.LONGEST_TEXT
            raise ValidationError(
                _("超出 %(extra)d 字，请写在 2000 字以内。") % {"extra": extra}, code="length"
            )
        return text

    def clean_phone(self) -> str:
        """A mobile number or nothing."""
        raw: str = self.cleaned_data["phone"]
        return clean_phone(raw) if raw.strip() else ""

    def clean_page(self) -> str:
        """A path of this site."""
        page: str = self.cleaned_data["page"].split("?")[0]
        return page if page.startswith("/") and not page.startswith("//") else ""

    def clean(self) -> dict[str, Any]:
        """A person's case of violence is for the hotlines; it is not kept here."""
        data = super().clean() or {}
        if rules.tells_a_case(data.get("text", "")) and not data.get("not_a_case"):
            self.add_error(
                "text",
                ValidationError(
                    _(
                        "看起来有人正在遭受暴力或危险：请直接拨打上面的热线，有专人接听，可以保密。"
                        "本站不登记个案，这段文字没有保存。如果写的不是个案，请在下面打勾后再提交。"
                    ),
                    code="case",
                ),
            )
        return data

    @property
    def asks_about_case(self) -> bool:
        """Was the text turned away because it reads like a case?"""
        return self.is_bound and self.has_error("text", "case")


class TrackForm(PortalForm):
    """Number and code from the receipt."""

    no = forms.CharField(
        label=_("编号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("查询码"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class AnswerForm(PortalForm):
    """The public answer."""

    text = forms.CharField(
        label=_("答复内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("来信人凭编号和查询码看到的就是这段话，不要写别人的个人信息。"),
    )


class ReasonForm(PortalForm):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class TransferForm(ReasonForm):
    """To whom, and why."""

    unit = forms.ModelChoiceField(label=_("转给"), queryset=None)
    field_order = ("unit", "reason")

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = targets  # type: ignore[attr-defined]
