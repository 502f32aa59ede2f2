"""Forms of campaigns. They write nothing."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries
from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.planning.rules import Duty
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.metrics import METRICS
from portal.ui.forms import PortalForm, PortalModelForm

SEPARATOR = re.compile(r"[、,，;；\n]")


def _words(text: str) -> list[str]:
    return [word.strip() for word in SEPARATOR.split(text) if word.strip()]


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class CampaignForm(PortalModelForm):
    """Name, period, themes, who organises."""

    starts_on = _day(gettext_lazy("开始日期"))
    ends_on = _day(gettext_lazy("结束日期"))
    theme_words = forms.CharField(
        label=gettext_lazy("主题词"), required=False, max_length=200, help_text=gettext_lazy("用顿号隔开。")
    )
    partner_names = forms.CharField(
        label=gettext_lazy("协作单位"), required=False, max_length=400,
        help_text=gettext_lazy("用顿号隔开，如：市纪委监委、市委宣传部。"),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=gettext_lazy("牵头单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位发起主题活动。")},
    )  # fmt: skip
    organisers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("参与主办的单位"), queryset=None, to_field_name="unit_no", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Campaign
        fields = ("name", "slug", "slogan", "starts_on", "ends_on", "summary")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].help_text = _("小写字母、数字和短横线，如 clean-family-2026；建好后不要再改。")
        self.fields["unit"].queryset = queries.units_that_plan(scope)
        self.fields["organisers"].queryset = queries.units_that_join(scope)
        self.order_fields(
            [
                "name",
                "slogan",
                "slug",
                "starts_on",
                "ends_on",
                "unit",
                "organisers",
                "partner_names",
                "theme_words",
                "summary",
            ]
        )
        if self.instance.pk:
            self.fields.pop("unit")
            self.initial |= {
                "theme_words": "、".join(self.instance.themes),
                "partner_names": "、".join(partner.name for partner in self.instance.partners.all()),
                "organisers": [unit.unit_no for unit in self.instance.organisers.all()],
            }

    def clean_slug(self) -> str:
        """`new` is the address of this very form."""
        slug: str = self.cleaned_data["slug"]
        if slug == "new":
            raise forms.ValidationError(_("这个网址名已被占用，请换一个。"))
        return slug

    def clean(self) -> dict[str, Any]:
        """The period runs forward."""
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("结束日期早于开始日期，请核对。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes into the row."""
        kept = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return kept | {"themes": _words(self.cleaned_data["theme_words"])}

    @property
    def partners(self) -> list[str]:
        """The bodies named."""
        return _words(self.cleaned_data["partner_names"])


class PolicyForm(PortalModelForm):
    """A document behind a campaign."""

    issued_on = _day(gettext_lazy("印发日期"), required=False)

    class Meta:
        model = PolicyDocument
        fields = ("title", "issue_no", "issued_on", "summary", "text")


class MemberForm(forms.Form):
    """One person of the leading group."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=30, required=False)
    office = forms.CharField(label=gettext_lazy("职务"), max_length=60, required=False)
    duty = forms.ChoiceField(
        label=gettext_lazy("组内职责"), choices=Duty.choices, initial=Duty.MEMBER, required=False
    )
    since = _day(gettext_lazy("任职起"), required=False)
    until = _day(gettext_lazy("任职止"), required=False)

    def clean(self) -> dict[str, Any]:
        """A row without a name is an empty row."""
        data = super().clean() or self.cleaned_data
        if not data.get("name") and data.get("office"):
            self.add_error("name", _("请写姓名。"))
        data["duty"] = data.get("duty") or Duty.MEMBER
        return data


MemberFormSet = forms.formset_factory(MemberForm, extra=3, max_num=30, validate_max=True)


class GroupForm(PortalForm):
    """The leading group itself."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    since = _day(gettext_lazy("成立日期"), required=False)


class GoalForm(PortalForm):
    """What one unit means to reach."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能给这个单位定目标。")},
    )  # fmt: skip
    metric = forms.ChoiceField(label=gettext_lazy("指标"), choices=[])
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    target = forms.IntegerField(label=gettext_lazy("目标值"), min_value=0, max_value=100_000_000)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_in_reach(scope, Perm.GOAL_EDIT)
        self.fields["metric"].choices = [
            (metric.code, f"{metric.label}（{metric.unit}）") for metric in METRICS.values()
        ]
