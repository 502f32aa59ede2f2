"""Quotas and what fills them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.tasks import evidence, queries, quotas
from campaigns.tasks.models import Quota
from portal.access.scope import Scope
from portal.ui.forms import PortalForm, PortalModelForm, RowForm
from portal.units.models import Unit


class QuotaForm(PortalModelForm):
    """What is divided; the shares stand in rows below."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("分配单位"), queryset=None, to_field_name="unit_no", empty_label=None
    )
    kind = forms.ChoiceField(label=gettext_lazy("计入什么"), choices=[])
    total = forms.IntegerField(label=gettext_lazy("总数"), min_value=1, max_value=1_000_000)

    class Meta:
        model = Quota
        fields = ("title", "total", "task", "note")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.issuing_units(scope)
        self.fields["kind"].choices = quotas.kind_choices()
        self.fields["kind"].initial = evidence.NAMED
        self.fields["task"].queryset = queries.visible_tasks(scope).order_by("-pk")
        self.fields["task"].empty_label = _("不属于任务")
        self.order_fields(["title", "total", "unit", "kind", "task", "note"])


class SplitForm(PortalForm):
    """The head of a split: everything but the rows is known."""


class ShareForm(RowForm):
    """One unit's share; an empty row gives it none."""

    unit_no = forms.CharField(max_length=24, widget=forms.HiddenInput)
    minimum = forms.IntegerField(label=gettext_lazy("至少"), min_value=0, max_value=100_000, required=False)
    maximum = forms.IntegerField(label=gettext_lazy("至多"), min_value=0, max_value=100_000, required=False)

    def clean(self) -> dict[str, Any]:
        """The range runs upwards."""
        data = super().clean() or self.cleaned_data
        low, high = data.get("minimum"), data.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("至多不能小于至少。"))
        return data


ShareFormSet = forms.formset_factory(ShareForm, extra=0, max_num=200, validate_max=True)


class EntryForm(PortalForm):
    """One thing that fills a quota."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("哪个单位"), queryset=None, to_field_name="unit_no", empty_label=None
    )
    label = forms.CharField(label=gettext_lazy("名称"), max_length=80, required=False)
    record = forms.ChoiceField(label=gettext_lazy("选已有的记录"), choices=[], required=False)
    over_reason = forms.CharField(
        label=gettext_lazy("超名额理由"), max_length=200, required=False,
        help_text=gettext_lazy("名额没满时不用填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, quota: Quota, units: list[Unit], scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = (quota.root or quota).kind == evidence.NAMED
        self.fields["unit"].queryset = queries.units_in(units)
        if self.named:
            self.fields.pop("record")
            self.fields["label"].required = True
            return
        self.fields.pop("label")
        self.fields["record"].required = True
        self.fields["record"].choices = [
            (key, f"{unit.short_name}：{words}")
            for unit in units[:20]
            for _label, rows in evidence.choices(scope, unit, limit=30, only=(quota.root or quota).kind)
            for key, words in rows
        ]
