"""Leading groups, their members, the liaison of partners."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.models import LeadingGroup, LeadingGroupMember, Liaison
from portal.ui.fields import day_field
from portal.ui.forms import PortalForm, PortalModelForm

OFFICE_PHONE = re.compile(r"^(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?$")
MOBILE = re.compile(r"^1[3-9]\d{9}$")


def _forward(form: Any, data: dict[str, Any], message: str) -> None:
    if data.get("since") and data.get("until") and data["until"] < data["since"]:
        form.add_error("until", message)


class GroupForm(PortalModelForm):
    """The group itself."""

    since = day_field(gettext_lazy("成立日期"), required=False)
    until = day_field(
        gettext_lazy("撤销日期"),
        required=False,
        help_text=gettext_lazy("专班请写到哪天结束；还在运行可不填。"),
    )

    class Meta:
        model = LeadingGroup
        fields = ("kind", "name", "since", "until")

    def clean(self) -> dict[str, Any]:
        """Ends after it began."""
        data = super().clean() or self.cleaned_data
        _forward(self, data, _("撤销日期早于成立日期，请核对。"))
        return data


class MemberForm(PortalModelForm):
    """One person of a group."""

    since = day_field(gettext_lazy("任职起"), required=False)
    until = day_field(gettext_lazy("任职止"), required=False, help_text=gettext_lazy("还在任就不填。"))

    class Meta:
        model = LeadingGroupMember
        fields = ("name", "office", "duty", "since", "until")

    def clean(self) -> dict[str, Any]:
        """Leaves after joining."""
        data = super().clean() or self.cleaned_data
        _forward(self, data, _("任职止早于任职起，请核对日期。"))
        return data


class EndForm(PortalForm):
    """The last day of a membership."""

    until = day_field(gettext_lazy("任职止"))


class LiaisonForm(forms.ModelForm):
    """Who speaks for one partner; a row of the table of partners."""

    class Meta:
        model = Liaison
        fields = ("office", "person", "phone", "share")

    def clean_phone(self) -> str:
        """Office numbers only: a private number has no place in a list that many read."""
        phone: str = re.sub(r"[\s　]", "", self.cleaned_data["phone"]).replace("－", "-")
        if MOBILE.match(phone):
            raise ValidationError(_("请填办公电话，不要填个人手机号。"))
        if phone and not OFFICE_PHONE.match(phone):
            raise ValidationError(_("请填办公电话，如 0353-1234567。"))
        return phone

    def save(self, commit: bool = True) -> Any:
        """Refused: every write is an action (design §3)."""
        raise TypeError("forms do not write; pass cleaned_data to an action")


class PartnerForm(PortalForm):
    """One more partner."""

    name = forms.CharField(
        label=gettext_lazy("再加一个协作单位"), max_length=60, required=False,
        help_text=gettext_lazy("如：市纪委监委、市委组织部、关工委。"),
    )  # fmt: skip
