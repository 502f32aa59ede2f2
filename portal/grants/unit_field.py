"""Choosing one unit out of hundreds by typing: a number, a name, or a suggestion. Works without JavaScript."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.units.models import Unit

MOST_SUGGESTIONS = 200
NUMBER = re.compile(r"[0-9]{12}(?:-[0-9]{2,3})*")


def spelled(unit: Unit) -> str:
    """How a unit is written in the field: name and number."""
    return f"{unit.name} {unit.unit_no}"


def find(units: QuerySet[Unit], typed: str) -> Unit:
    """The one unit meant; raises ValidationError that names the candidates when several are."""
    text = unicodedata.normalize("NFKC", typed or "").strip()
    number = NUMBER.search(text)
    if number:
        unit = units.filter(unit_no=number.group()).first()
        if unit is None:
            raise ValidationError(_("没有编号 %(no)s 的单位，或不在您的管理范围。") % {"no": number.group()})
        return unit
    found = list(units.filter(Q(name=text) | Q(short_name=text))[:6])
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(_("没有找到“%(name)s”，请从提示中选择，或填单位编号。") % {"name": text[:40]})
    names = "；".join(spelled(unit) for unit in found)
    raise ValidationError(_("有几个单位叫这个名字，请填编号：%(names)s") % {"names": names})


class _Suggesting(forms.TextInput):
    """A text input with a native list of suggestions."""

    units: QuerySet[Unit] | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        list_id = f"units-{name}"
        box = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        rows = self.units[:MOST_SUGGESTIONS] if self.units is not None else []
        options = format_html_join("", '<option value="{}"></option>', ((spelled(unit),) for unit in rows))
        return format_html('{}<datalist id="{}">{}</datalist>', box, list_id, options)


class UnitField(forms.CharField):
    """Cleans to a Unit of `units`, which the form sets from the scope."""

    widget = _Suggesting

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.units: QuerySet[Unit]  # set by `limit`
        self.widget.attrs["autocomplete"] = "off"

    def limit(self, units: QuerySet[Unit]) -> None:
        """The units that may be chosen."""
        self.units = units
        self.widget.units = units

    def prepare_value(self, value: Any) -> Any:
        """A Unit is shown with name and number."""
        return spelled(value) if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        """The unit, or None when it may be left empty."""
        text = super().clean(value)
        return find(self.units, text) if text else None
