"""Form fields and small habits that the forms of series, materials and visits share."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from campaigns.activities.figures import Figure, write
from portal.ui.text import count_chars

HOUR_OF_A_DAY = 9


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date, as a browser's date field sends it."""
    widget = forms.DateInput(attrs={"type": "date", **options.pop("attrs", {})}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def long_text(label: Any, most: int, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A text area with the live counter; `too_long` checks what the counter shows."""
    attrs = {"rows": rows, "data-count": "", "data-max": str(most), **options.pop("attrs", {})}
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=most * 2, widget=forms.Textarea(attrs=attrs), **options)


def too_long(text: str, most: int) -> int:
    """How many characters a text has too many, counted as the counter counts."""
    return max(count_chars(text) - most, 0)


def moment(day: date) -> datetime:
    """A day as a moment, for columns that figures are rolled up by."""
    return datetime(day.year, day.month, day.day, HOUR_OF_A_DAY, tzinfo=timezone.get_default_timezone())


def split_figures(data: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned data with each Figure as its value and its estimate flag."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, Figure):
            found |= {name: value.value, f"{name}_estimated": value.value is not None and value.is_estimate}
        else:
            found[name] = value
    return found


def figures_of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Figures of a record as a form shows them, 约 included."""
    return {
        name: write(getattr(row, name), is_estimate=getattr(row, f"{name}_estimated", False))
        for name in names
    }
