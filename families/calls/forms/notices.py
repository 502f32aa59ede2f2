"""Late codes, and the notice to units."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.calls import rules
from families.works.actions.calls import end_of
from portal.ui.fields import day_widget
from portal.ui.forms import PortalForm


class LateCodeForm(PortalForm):
    """给谁、为什么、几件、到哪天."""

    given_to = forms.CharField(
        label=gettext_lazy("给谁"),
        max_length=60,
        help_text=gettext_lazy("例如“郊区某村一户家庭”“平定县妇联补报”，不写电话。"),
    )
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=120)
    most = forms.IntegerField(
        label=gettext_lazy("可以投几件"), min_value=1, max_value=rules.LATE_MOST, initial=1,
        help_text=gettext_lazy("一户家庭填 1；一个单位集中补报，填件数。"),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("有效到哪天"), widget=day_widget(), help_text=gettext_lazy("当天 24 点失效")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = timezone.localdate() + timedelta(days=rules.LATE_DAYS)

    def clean_until(self) -> Any:
        """Not in the past, not for ever."""
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day < today:
            raise ValidationError(_("这一天已经过了。"))
        if day > today + timedelta(days=180):
            raise ValidationError(_("补投码最长用半年。"))
        return day

    def values(self) -> dict[str, Any]:
        """The fields for the action."""
        data = self.cleaned_data
        return {
            "given_to": data["given_to"], "reason": data["reason"], "most": data["most"], "expires_at": end_of(data["until"]),
        }  # fmt: skip


class NoticeForm(PortalForm):
    """Who shall receive the notice."""

    to = forms.ChoiceField(
        label=gettext_lazy("发给"),
        choices=[
            ("children", gettext_lazy("直接下级单位")),
            ("counties", gettext_lazy("全部县(市、区)级单位")),
            ("townships", gettext_lazy("全部县级和乡镇(街道)单位")),
        ],
        widget=forms.RadioSelect,
        initial="children",
    )
    wanted = forms.IntegerField(
        label=gettext_lazy("希望每个单位征集几件"), min_value=0, max_value=9999, required=False,
        help_text=gettext_lazy("不填就用征集启事里的“单位最少件数”。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("附言"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
