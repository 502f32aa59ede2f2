"""Forms of packages. They write nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.packages import queries
from campaigns.packages.models import Package
from campaigns.packages.rules import MOST_ITEMS, MOST_NEEDED, Pattern
from campaigns.planning.fields import words_in
from portal.access.scope import Scope
from portal.ui.fields import day_field
from portal.ui.forms import PortalForm, PortalModelForm, RowForm
from portal.units.models import Unit


class PackageForm(PortalModelForm):
    """Name, period, who fulfils it; the items are rows of `ItemFormSet`."""

    starts_on = day_field(gettext_lazy("开始日期"))
    ends_on = day_field(gettext_lazy("结束日期"))
    partner_names = forms.CharField(
        label=gettext_lazy("联合单位"), required=False, max_length=400,
        help_text=gettext_lazy("用顿号隔开，如：市纪委监委、市委组织部。"),
    )  # fmt: skip
    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("由哪些单位完成"), queryset=None, to_field_name="unit_no", required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("只能选本单位和直接下级。")},
    )  # fmt: skip

    class Meta:
        model = Package
        fields = ("name", "summary", "campaign", "starts_on", "ends_on")

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance if self.instance.pk else None
        self.fields["summary"].widget.attrs["rows"] = 3
        self.fields["units"].queryset = queries.can_fulfil(unit)
        self.fields["campaign"].queryset = queries.campaigns_of(unit, known)
        self.fields["campaign"].empty_label = _("不属于主题活动")
        if known:
            self.initial |= {
                "partner_names": "、".join(partner.name for partner in known.partners.all()),
                "units": [row.unit_no for row in known.units.all()],
            }

    def clean(self) -> dict[str, Any]:
        """The period runs forward."""
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("结束日期早于开始日期，请核对。"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes into the row."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def partners(self) -> list[str]:
        """The bodies named."""
        return words_in(self.cleaned_data["partner_names"])


class ItemForm(RowForm):
    """One 一."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place = forms.IntegerField(label=gettext_lazy("顺序"), min_value=1, max_value=99, required=False)
    name = forms.CharField(label=gettext_lazy("内容"), max_length=40, required=False)
    way = forms.ChoiceField(label=gettext_lazy("由什么完成"), required=False)
    needed = forms.IntegerField(
        label=gettext_lazy("需要几次"), min_value=1, max_value=MOST_NEEDED, required=False, initial=1,
        error_messages={"min_value": gettext_lazy("至少 1 次。")},
    )  # fmt: skip

    def __init__(self, *args: Any, ways: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [("", _("请选择")), *ways]

    def clean(self) -> dict[str, Any]:
        """An item has words and something that fulfils it."""
        data = super().clean() or self.cleaned_data
        data["name"] = str(data.get("name") or "").strip()
        if data["name"] and not data.get("way") and "way" not in self.errors:
            self.add_error("way", _("请选由什么完成：系统按记录自动计算，不用再填报。"))
        if not data["name"] and data.get("way"):
            self.add_error("name", _("请写内容，如：一次清廉家访。"))
        return data


class _Items(forms.BaseFormSet):
    def clean(self) -> None:
        """No two items of one name."""
        seen: set[str] = set()
        for form in self.forms:
            name = getattr(form, "cleaned_data", {}).get("name", "")
            if name and name in seen:
                form.add_error("name", _("和上面的一项同名。"))
            seen.add(name)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The filled rows in the order that was asked for."""
        filled = [(number, form.cleaned_data) for number, form in enumerate(self.forms, start=1)
                  if form.cleaned_data.get("name")]  # fmt: skip
        filled.sort(key=lambda row: (row[1].get("place") or row[0], row[0]))
        return [
            {
                "pk": data.get("pk"),
                "name": data["name"],
                "fulfilment": data["way"].split(":", 1)[0],
                "option": data["way"].split(":", 1)[1],
                "needed": data.get("needed") or 1,
            }
            for _place, data in filled
        ]


ItemFormSet = forms.formset_factory(ItemForm, formset=_Items, extra=3, max_num=MOST_ITEMS, validate_max=True)


def rows_of(package: Package) -> list[dict[str, Any]]:
    """Items as the rows show them."""
    return [
        {
            "pk": item.pk,
            "place": place,
            "name": item.name,
            "way": f"{item.fulfilment}:{item.option}",
            "needed": item.needed,
        }
        for place, item in enumerate(package.items.all(), start=1)
    ]


def rows_of_pattern(pattern: Pattern) -> list[dict[str, Any]]:
    """The lines of a ready-made package."""
    return [
        {"place": place, "name": line.name, "way": f"{line.fulfilment}:{line.option}", "needed": line.needed}
        for place, line in enumerate(pattern.lines, start=1)
    ]


class CopyForm(PortalForm):
    """Which of my units takes it over."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("复制给哪个单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位建。")},
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.owners(scope)
