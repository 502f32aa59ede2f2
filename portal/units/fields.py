"""A form field that takes one unit of a given set: a select for few, a text with suggestions for many."""

import re
import unicodedata
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.permissions import Perm
from portal.units import queries
from portal.units.models import Unit

FEW = 60
_NUMBER = re.compile(r"[0-9]{12}(-[0-9]{1,3})*")


class UnitChoiceField(forms.CharField):
    """Cleans to a Unit. `rows`: the units that may be chosen – always a set from the person's scope.

    The widget follows from their number. Text is understood as a unit number, or as a name when only one
    unit of the set has it; a page without JavaScript needs nothing else.
    """

    default_error_messages = {
        "unknown": gettext_lazy("没有找到“%(text)s”，或不在您的管理范围。请填写单位编号，或者完整的简称。"),
        "many": gettext_lazy("有几个“%(text)s”，请填写编号：%(which)s"),
        "near": gettext_lazy("没有正好叫“%(text)s”的单位。是不是：%(which)s？请填写编号。"),
    }

    def __init__(
        self,
        *,
        rows: QuerySet[Unit] | None = None,
        perm: Perm = Perm.UNIT_VIEW,
        few: int = FEW,
        **kwargs: Any,
    ) -> None:
        self.perm, self.few = perm, few
        self._rows: QuerySet[Unit] = Unit.objects.none()
        super().__init__(**{"max_length": 120, **kwargs})
        if rows is not None:
            self.rows = rows

    @property
    def rows(self) -> QuerySet[Unit]:
        """The units that may be chosen."""
        return self._rows

    @rows.setter
    def rows(self, rows: QuerySet[Unit]) -> None:
        self._rows = rows
        found = list(rows[: self.few + 1])
        if len(found) <= self.few:
            self.widget = forms.Select(
                choices=[("", _("请选择")), *((u.unit_no, label(u, p)) for u, p in places(found))]
            )
            self.widget.is_required = self.required
        else:
            url = f"{reverse('portal:units:options')}?perm={self.perm.value}"
            self.widget = forms.TextInput(
                attrs={
                    "data-unit-picker": url,
                    "autocomplete": "off",
                    "placeholder": _("输入名称、拼音首字母或编号"),
                }
            )

    def prepare_value(self, value: Any) -> Any:
        """A unit as it stands in the widget."""
        if isinstance(value, Unit):
            return value.unit_no if isinstance(self.widget, forms.Select) else label(value, "")
        return value

    def clean(self, value: Any) -> Any:
        """The unit meant; ValidationError when none or several are."""
        text = (super().clean(value) or "").strip()
        if not text:
            return None
        # Full-width digits are digits; names keep their brackets as they are registered.
        number = _NUMBER.search(unicodedata.normalize("NFKC", text))
        if number:
            unit = self._rows.filter(unit_no=number[0]).first()
            if unit is None:
                raise forms.ValidationError(self.error_messages["unknown"], "unknown", {"text": text})
            return unit
        return self._by_name(text)

    def _by_name(self, text: str) -> Unit:
        same = list(self._rows.filter(short_name=text)[:4]) or list(self._rows.filter(name=text)[:4])
        if len(same) == 1:
            return same[0]
        near = same or list(queries.search(self._rows, text)[:4])
        if not near:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown", {"text": text})
        code = "many" if same else "near"
        which = "；".join(label(unit, place) for unit, place in places(near))
        raise forms.ValidationError(self.error_messages[code], code, {"text": text, "which": which})

    def __deepcopy__(self, memo: Any) -> "UnitChoiceField":
        copy: UnitChoiceField = super().__deepcopy__(memo)
        copy._rows = self._rows
        return copy


def places(units: list[Unit]) -> list[tuple[Unit, str]]:
    """Each with the names above it."""
    return queries.with_places(units)


def label(unit: Unit, place: str) -> str:
    """How a unit is written in a choice: name, place, number."""
    where = f" ({place})" if place else ""
    return f"{unit.short_name}{where} {unit.unit_no}"
