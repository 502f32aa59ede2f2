"""Form fields written by Python where Django would render a template per input and per option.

The markup is that of Django's own templates to the letter (tests/portal/ui/test_renderer.py holds both side by side); what
is not listed here, and every widget with a template of its own, goes the usual way. A form of fifty boxes costs a tenth.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData

WIDGETS = "django/forms/widgets"
Widget = Mapping[str, Any]


def _said(value: Any) -> str:
    """As `{{ value|stringformat:'s' }}`."""
    return str(value) if isinstance(value, SafeData) else escape(str(value))


def _shown(value: Any) -> str:
    """As `{{ value }}`."""
    return conditional_escape(value if isinstance(value, str | Promise) else localize(value))


def _attrs(attrs: Mapping[str, Any]) -> str:
    """As attrs.html."""
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{_said(value)}"')
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_said(widget["value"])}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attrs(widget["attrs"])}>'


def _input_option(widget: Widget) -> str:
    if not widget.get("wrap_label"):
        return _input(widget)
    known = widget["attrs"].get("id")
    end = f' for="{_shown(known)}"' if known else ""
    return f"<label{end}>{_input(widget)}\n {_shown(widget['label'])}</label>"


def _textarea(widget: Widget) -> str:
    text = _shown(widget["value"]) if widget["value"] else ""
    return (
        f'<textarea name="{conditional_escape(widget["name"])}"{_attrs(widget["attrs"])}>\n{text}</textarea>'
    )


def _option(widget: Widget) -> str:
    return f'<option value="{_said(widget["value"])}"{_attrs(widget["attrs"])}>{_shown(widget["label"])}</option>'


def _select(widget: Widget) -> str:
    if any(option["template_name"] != f"{WIDGETS}/select_option.html" for option in _options(widget)):
        raise LookupError("options of their own")
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attrs(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{_shown(group)}">')
        parts += [f"\n  {_option(option)}\n" for option in options]
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _options(widget: Widget) -> list[Any]:
    return [option for _group, options, _index in widget["optgroups"] for option in options]


INPUTS = (
    "input", "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date", "datetime",
    "time", "checkbox", "file",
)  # fmt: skip
WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"{WIDGETS}/{name}.html": _input for name in INPUTS},
    f"{WIDGETS}/checkbox_option.html": _input_option,
    f"{WIDGETS}/radio_option.html": _input_option,
    f"{WIDGETS}/input_option.html": _input_option,
    f"{WIDGETS}/textarea.html": _textarea,
    f"{WIDGETS}/select.html": _select,
    f"{WIDGETS}/select_option.html": _option,
}


class QuickRenderer(DjangoTemplates):
    """Django's renderer, with the plain widgets written out."""

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """One widget, or one list of errors."""
        writer = WRITERS.get(template_name)
        if writer is not None:
            try:
                return writer(context["widget"]).strip()
            except LookupError:  # a context unlike Django's own: its template knows what to do
                pass
        elif template_name == "django/forms/errors/list/default.html" and not context["errors"]:
            return ""
        return super().render(template_name, context, request)
