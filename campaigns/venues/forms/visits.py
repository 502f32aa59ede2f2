"""What a visitor asks for, and what staff write down."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.venues.rules import visits as rules
from portal.ui.forms import PortalForm


class BookingForm(PortalForm):
    """A visit asked for online. Not kept in the browser: phones are shared."""

    slot = forms.ChoiceField(
        label=gettext_lazy("选一场"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("请选一场。"),
            "invalid_choice": gettext_lazy("这一场已经不能预约，请另选一场。"),
        },
    )
    org = forms.CharField(
        label=gettext_lazy("单位（团体）名称"),
        max_length=60,
        help_text=gettext_lazy("如：县实验小学、东关社区。家庭来访写“家庭”即可。"),
    )
    headcount = forms.IntegerField(
        label=gettext_lazy("多少人来"),
        min_value=1,
        max_value=rules.HEADCOUNT_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    purpose = forms.CharField(label=gettext_lazy("来做什么（可不填）"), max_length=100, required=False)
    wants_docent = forms.BooleanField(label=gettext_lazy("需要讲解"), required=False)
    contact = forms.CharField(
        label=gettext_lazy("联系人怎么称呼"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, slots: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = slots
        field: Any = self.fields["slot"]
        field.choices = [(slot.value, slot.value) for slot in slots if slot.free]

    def clean(self) -> dict[str, Any]:
        """Not more people than the slot has seats; said here, enforced by the action."""
        data = super().clean() or self.cleaned_data
        slot = next((slot for slot in self.slots if slot.value == data.get("slot")), None)
        if slot is not None and data.get("headcount") and data["headcount"] > slot.free:
            self.add_error(
                "headcount", _("这一场还剩 %(n)d 个名额，请减少人数或另选一场。") % {"n": slot.free}
            )
        return data


class FindForm(PortalForm):
    """Number and code of a booking."""

    no = forms.CharField(
        label=gettext_lazy("编号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=gettext_lazy("查询码"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReplyForm(PortalForm):
    """Confirming, with a word to the visitor."""

    reply = forms.CharField(
        label=gettext_lazy("给来访单位的话（可不填）"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("会写在确认短信里，如：请从东门进，可停大巴。"),
    )


class CameForm(PortalForm):
    """How many came."""

    came = forms.IntegerField(
        label=gettext_lazy("实到（人次）"),
        min_value=1,
        max_value=rules.HEADCOUNT_MOST * 4,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class DeskForm(CameForm):
    """A visit that came without booking."""

    at = forms.DateTimeField(
        label=gettext_lazy("到访时间"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("请按“年-月-日 时:分”填写时间。")},
    )
    org = forms.CharField(label=gettext_lazy("来访单位（团体）"), max_length=60)
    purpose = forms.CharField(label=gettext_lazy("来做什么"), max_length=100, required=False)
    field_order = ("at", "org", "came", "purpose")
