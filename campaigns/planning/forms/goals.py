"""The table of goals: one metric, one year, a line for each unit."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ui.forms import PortalForm
from portal.units.models import Unit

MOST = 100_000_000


class GoalTableForm(PortalForm):
    """One number for each unit; an empty cell means no goal. `year` and `metric` travel with it."""

    def __init__(self, *args: Any, units: list[Unit], targets: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units:
            self.fields[self.name_of(unit)] = forms.IntegerField(
                label=_("%(unit)s的目标") % {"unit": unit.short_name},
                min_value=0,
                max_value=MOST,
                required=False,
                initial=targets.get(unit.pk),
                error_messages={
                    "invalid": gettext_lazy("请填整数，如 40；没有目标就空着。"),
                    "min_value": gettext_lazy("目标不能是负数。"),
                    "max_value": gettext_lazy("数字太大，请核对。"),
                },
                widget=forms.NumberInput(attrs={"class": "form-control num", "inputmode": "numeric"}),
            )

    @staticmethod
    def name_of(unit: Unit) -> str:
        """The name of a unit's cell."""
        return f"target-{unit.unit_no}"

    def cell(self, unit: Unit) -> forms.BoundField:
        """A unit's field."""
        return self[self.name_of(unit)]

    @property
    def targets(self) -> dict[Unit, int | None]:
        """What was typed, by unit."""
        return {unit: self.cleaned_data[self.name_of(unit)] for unit in self.units}
