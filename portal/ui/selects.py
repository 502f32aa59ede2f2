"""A select written out by Python: Django renders every option with a template of its own, and a filter over the units
of a county has hundreds of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


def plain_select(bound: BoundField) -> SafeString:
    """The same markup as `{{ bound }}` of a Select."""
    widget: Any = bound.field.widget
    attrs = widget.build_attrs(
        widget.attrs, bound.build_widget_attrs({"id": bound.auto_id} if bound.auto_id else {}, widget)
    )
    if attrs.get("required") and not widget.use_required_attribute(bound.initial):
        del attrs["required"]
    value = widget.format_value(bound.value())
    chosen = {str(one) for one in (value if isinstance(value, list | tuple) else [value])}
    options = mark_safe("".join(_options(widget.choices, chosen)))
    return format_html('<select name="{}"{}>{}</select>', bound.html_name, flatatt(attrs), options)


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> Iterator[str]:
    """One string per option or group; every word is escaped here."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield f'<optgroup label="{escape(value)}">{"".join(_options(label, chosen))}</optgroup>'
            continue
        key = "" if value is None else str(value)
        yield f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
