"""Form fields of the activity form, and of every form with figures."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.activities.figures import MINUS, Figure, read, write

TIME_FORMATS = [
    "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d",
    "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y.%m.%d %H:%M", "%Y.%m.%d", "%Y年%m月%d日",
]  # fmt: skip


class FigureField(forms.CharField):
    """A count, typed the way people write it; cleans to a Figure."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> Figure:
        """The figure, with 约 and 万 understood."""
        try:
            figure = read(super().clean(value) or "")
        except ValueError as error:
            below = str(value).strip().startswith(MINUS)
            text = _("不能填负数，请核对。") if below else _("请填数字，如 60、约300、2万。")
            raise ValidationError(text, code="figure") from error
        return figure

    def prepare_value(self, value: Any) -> Any:
        """Show the bare number."""
        return value.value if isinstance(value, Figure) else value


class WhenField(forms.DateTimeField):
    """Date and time; a date alone means nine in the morning, when most activities begin."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        messages = {"invalid": _("请按“年-月-日 时:分”填写时间。")} | kwargs.pop("error_messages", {})
        super().__init__(input_formats=TIME_FORMATS, widget=widget, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> Any:
        """A bare date gets its hour."""
        found = super().to_python(value)
        if found is not None and isinstance(value, str) and ":" not in value:
            found = found.replace(hour=9)
        return found


class ChipsSelect(forms.RadioSelect):
    """Radio buttons shown as chips; the page draws them itself."""


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
