"""What a person wants to receive, and the words of something that has not left."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.notifications.rules import LONGEST_SMS, EmailMode
from portal.ui.forms import PortalForm


class PreferenceForm(PortalForm):
    """Channels beside the site itself."""

    email = forms.ChoiceField(
        label=_("邮件提醒"),
        choices=EmailMode.choices,
        widget=forms.RadioSelect,
        help_text=_("汇总每天最多一封，早上 8 点以后发。"),
    )
    sms = forms.BooleanField(
        label=_("要紧的事发短信到我的手机"), required=False, help_text=_("例如来信超过答复期限；不会发别的。")
    )
    festival = forms.BooleanField(
        label=_("节前廉洁提醒可以发短信给我"), required=False, help_text=_("不勾选就不再发；站内消息照常。")
    )
    quiet = forms.BooleanField(label=_("21:00 到次日 8:00 不发邮件和短信"), required=False)


class OutgoingForm(PortalForm):
    """New words for a draft or a failed message."""

    subject = forms.CharField(label=_("主题"), max_length=200, required=False)
    text = forms.CharField(label=_("内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: object, is_sms: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if is_sms:
            del self.fields["subject"]
            self.fields["text"].max_length = LONGEST_SMS  # type: ignore[attr-defined]
            self.fields["text"].help_text = _("短信超过 70 字（含签名）会拆成几条。")


class RewordForm(PortalForm):
    """One text for several messages."""

    text = forms.CharField(
        label=_("内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每一条都会改成这段话；短信的签名自动加上，超过 70 字会拆成几条。"),
    )  # fmt: skip


class SettleForm(PortalForm):
    """What was done about an address that fails."""

    note = forms.CharField(
        label=_("怎么处理的"), max_length=100, help_text=_("例如：已换成新手机号；本人已调离，账号已停用。")
    )
