"""The campaign itself and its phases."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries
from campaigns.planning.fields import words_in
from campaigns.planning.models import Campaign, Phase
from portal.access.scope import Scope
from portal.ui.fields import day_field
from portal.ui.forms import PortalModelForm

CHIPS = frozenset({"organisers", "pilots", "tag_sets"})
# Addresses under /staff/campaigns/ that a campaign's own must not hide.
TAKEN_SLUGS = frozenset({"new", "tags", "receipts"})


class CampaignForm(PortalModelForm):
    """Name, period, themes, who organises."""

    starts_on = day_field(gettext_lazy("开始日期"))
    ends_on = day_field(gettext_lazy("结束日期"))
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
    pilots = forms.ModelMultipleChoiceField(
        label=gettext_lazy("试点单位"), queryset=None, to_field_name="unit_no", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    tag_sets = forms.ModelMultipleChoiceField(
        label=gettext_lazy("用哪些标签组"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("如：四项举措、三个作用。各单位记活动时可以选其中的标签。"),
    )  # fmt: skip

    class Meta:
        model = Campaign
        fields = ("name", "slug", "slogan", "starts_on", "ends_on", "part_of", "summary")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.make_address_optional("campaign")
        self.fields["unit"].queryset = queries.units_that_plan(scope)
        self.fields["organisers"].queryset = queries.units_that_join(scope)
        self.fields["pilots"].queryset = queries.units_that_join(scope)
        self.fields["part_of"].queryset = queries.can_hold(scope, self.instance)
        self.fields["part_of"].empty_label = _("不属于别的主题")
        self.fields["part_of"].help_text = _("主题周、宣传月等可以放在一个大主题下面。")
        self.fields["tag_sets"].queryset = queries.tag_sets_on_offer(queries.units_that_plan(scope), scope)
        self.order_fields(
            [
                "name",
                "slogan",
                "slug",
                "starts_on",
                "ends_on",
                "part_of",
                "unit",
                "organisers",
                "partner_names",
                "theme_words",
                "tag_sets",
                "pilots",
                "summary",
            ]
        )
        if self.instance.pk:
            self.fields.pop("unit")
            self.initial |= {
                "theme_words": "、".join(self.instance.themes),
                "partner_names": "、".join(partner.name for partner in self.instance.partners.all()),
                "organisers": [unit.unit_no for unit in self.instance.organisers.all()],
                "pilots": [unit.unit_no for unit in self.instance.pilots.all()],
                "tag_sets": [tag_set.pk for tag_set in self.instance.tag_sets.all()],
            }
        self.fields["summary"].widget.attrs["rows"] = 4
        self.helper.layout = Layout(
            *(Field(name, wrapper_class="chips") if name in CHIPS else name for name in self.fields)
        )

    def clean_slug(self) -> str:
        """Some words are addresses of other pages."""
        slug: str = self.cleaned_data["slug"]
        if slug in TAKEN_SLUGS:
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
        return kept | {"themes": words_in(self.cleaned_data["theme_words"])}

    @property
    def partners(self) -> list[str]:
        """The bodies named."""
        return words_in(self.cleaned_data["partner_names"])

    @property
    def beside(self) -> dict[str, Any]:
        """What hangs on the row, for the action."""
        said = self.cleaned_data
        return {
            "organisers": list(said["organisers"]),
            "pilots": list(said["pilots"]),
            "tag_sets": list(said["tag_sets"]),
            "partners": self.partners,
        }


class PhaseForm(PortalModelForm):
    """One phase."""

    starts_on = day_field(gettext_lazy("开始日期"))
    ends_on = day_field(gettext_lazy("结束日期"))

    class Meta:
        model = Phase
        fields = ("name", "starts_on", "ends_on", "focus")

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["name"].help_text = _("如：部署、实施、总结。")

    def clean(self) -> dict[str, Any]:
        """Runs forward, within the campaign."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("结束日期早于开始日期，请核对。"))
        for name, day in (("starts_on", first), ("ends_on", last)):
            if day and not self.campaign.starts_on <= day <= self.campaign.ends_on:
                self.add_error(
                    name,
                    _("不在活动时间内（%(first)s 至 %(last)s），请核对日期。")
                    % {"first": self.campaign.starts_on, "last": self.campaign.ends_on},
                )
        return data
