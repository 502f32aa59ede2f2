"""The plan in five answers, outcomes with their evidence, tag sets."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning import queries
from campaigns.planning.models import TagSet
from campaigns.planning.rules import PLAN_MOST, PLAN_PARTS
from portal.access.scope import Scope
from portal.ui.forms import PortalForm, PortalModelForm, RowForm


class PlanForm(PortalForm):
    """The five answers of a plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, words in PLAN_PARTS.items():
            self.fields[code] = forms.CharField(
                label=words, required=False, max_length=PLAN_MOST,
                widget=forms.Textarea(attrs={"rows": 3, "data-count": "", "data-max": PLAN_MOST}),
            )  # fmt: skip

    @property
    def plan(self) -> dict[str, str]:
        """What was answered."""
        return {code: self.cleaned_data[code] for code in PLAN_PARTS if self.cleaned_data.get(code)}


class OutcomeForm(RowForm):
    """One outcome with what proves it."""

    statement = forms.CharField(label=gettext_lazy("成效"), max_length=120, required=False)
    evidence = forms.CharField(
        label=gettext_lazy("依据"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("如：知晓率调查、某篇报道")}),
    )  # fmt: skip
    link = forms.CharField(label=gettext_lazy("依据的网址"), max_length=200, required=False)

    def clean_link(self) -> str:
        """A page of this site, or a whole address."""
        link: str = self.cleaned_data["link"].strip()
        if link and not (
            link.startswith(("https://", "http://")) or (link.startswith("/") and link[1:2] != "/")
        ):
            raise forms.ValidationError(_("请填本站页面（以 / 开头）或完整网址。"))
        return link

    def clean(self) -> dict[str, Any]:
        """A statement without evidence is only a claim."""
        data = super().clean() or self.cleaned_data
        if data.get("statement") and not data.get("evidence"):
            self.add_error("evidence", _("请写依据：调查、报道或记录。"))
        if not data.get("statement") and data.get("evidence"):
            self.add_error("statement", _("请写成效。"))
        return data


class _Outcomes(forms.BaseFormSet):
    def clean(self) -> None:
        """Each sentence once."""
        seen: set[str] = set()
        for form in self.forms:
            said = getattr(form, "cleaned_data", {}).get("statement", "")
            if said and said in seen:
                form.add_error("statement", _("和上面的一条相同。"))
            seen.add(said)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The filled rows of a valid set."""
        return [row for row in self.cleaned_data if row.get("statement")]


OutcomeFormSet = forms.formset_factory(OutcomeForm, formset=_Outcomes, extra=3, max_num=12, validate_max=True)


class TagSetForm(PortalModelForm):
    """A set; its tags are the rows of `TagFormSet`."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能替这个单位建标签组。")},
    )  # fmt: skip

    class Meta:
        model = TagSet
        fields = ("name", "note")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_that_plan(scope)
        if self.instance.pk:
            self.fields.pop("unit")


class TagForm(RowForm):
    """One tag of a set."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("标签"), max_length=40, required=False)
    is_retired = forms.BooleanField(label=gettext_lazy("停用"), required=False)


class _TagRows(forms.BaseFormSet):
    def clean(self) -> None:
        """Each word once, at least one."""
        seen: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "").strip() if hasattr(form, "cleaned_data") else ""
            if name and name in seen:
                form.add_error("name", _("这个标签写了两遍。"))
            seen.add(name)
        if not seen - {""} and not self.errors_in_rows():
            raise forms.ValidationError(_("请至少写一个标签。"))

    def errors_in_rows(self) -> bool:
        """Does a row have an error of its own?"""
        return any(form.errors for form in self.forms)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The filled rows of a valid set."""
        return [row for row in self.cleaned_data if row.get("name")]


TagFormSet = forms.formset_factory(TagForm, formset=_TagRows, extra=4, max_num=40, validate_max=True)
