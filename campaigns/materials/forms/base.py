"""What the forms of this slice share."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.fields import split_figures
from campaigns.materials import queries
from campaigns.materials.rules import Audience
from portal.access.scope import Scope
from portal.ui.fields import too_long
from portal.ui.forms import PortalForm

ANYBODY = [("", gettext_lazy("不分")), *Audience.choices]


BAD_URL = gettext_lazy("请填完整网址，以 https:// 或 http:// 开头。")


BESIDE = {"form_token", "unit", "photos", "documents"}


def link_field(label: Any) -> forms.URLField:
    """An address, with the sentence for one that cannot be read."""
    return forms.URLField(
        label=label,
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": BAD_URL},
    )


class UnitForm(PortalForm):
    """A record of one of the person's units; the only one is not asked for."""

    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=None, to_field_name="unit_no", empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("您不能为这个单位登记，请选自己负责的单位。")},
    )  # fmt: skip
    limits: tuple[tuple[str, int], ...] = ()

    def __init__(self, *args: Any, scope: Scope, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.units = [row.unit] if row is not None else list(queries.units_to_edit(scope)[:50])
        if len(self.units) == 1:
            self.fields.pop("unit")
        else:
            self.fields["unit"].queryset = queries.units_to_edit(scope)  # type: ignore[attr-defined]
        if "campaign" in self.fields:
            self.fields["campaign"].queryset = queries.campaigns_for(scope, row)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Texts as long as their counters say."""
        data = super().clean() or self.cleaned_data
        for name, most in self.limits:
            extra = too_long(data.get(name) or "", most)
            if extra:
                self.add_error(name, _("超出 %(extra)d 字，请删减。") % {"extra": extra})
        return data

    @property
    def chosen_unit(self) -> Any:
        """Whose record it is."""
        return self.cleaned_data.get("unit") or self.units[0]

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        return split_figures({name: value for name, value in self.cleaned_data.items() if name not in BESIDE})


def campaign_field() -> forms.ModelChoiceField:
    """The campaign it belongs to; UnitForm fills in the choices."""
    return forms.ModelChoiceField(
        label=gettext_lazy("属于哪个主题"), queryset=None, required=False,
        empty_label=gettext_lazy("不属于主题活动"),
    )  # fmt: skip
