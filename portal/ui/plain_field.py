"""A plain field with label and help, as crispy writes it, without the forty template nodes crispy asks for each.

`{{ form.place|plain_field }}` beside `{{ form.photos|as_crispy_field }}`: the markup is the same
(tests/portal/ui/test_plain_field.py); what is not plain – a field with errors, boxes, files, several widgets in one –
goes to crispy.
"""

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

PLAIN = (forms.TextInput, forms.Textarea, forms.Select)


def plain_field(field: BoundField) -> SafeString:
    """One field of a form without a crispy helper of its own."""
    widget = field.field.widget
    if (
        not isinstance(widget, PLAIN) or field.errors or field.is_hidden or widget.use_fieldset
        or field.css_classes() or getattr(field.form, "helper", None) is not None
    ):  # fmt: skip
        return as_crispy_field(field)  # type: ignore[no-any-return]
    kind, look = (
        type(widget).__name__.lower(),
        "form-select" if isinstance(widget, forms.Select) else "form-control",
    )
    classes = widget.attrs.get("class", "")
    if kind not in classes:
        classes = f"{classes} {kind}".strip()
    widget.attrs["class"] = classes if look in classes.split() else f"{classes} {look}"
    required = field.field.required
    label = ""
    if field.label:
        end = f'for="{conditional_escape(field.id_for_label)}" ' if field.id_for_label else ""
        star = '<span class="asteriskField">*</span>' if required else ""
        label = (
            f'<label {end}class="form-label{" requiredField" if required else ""}">'
            f"{conditional_escape(field.label)}{star}</label>"
        )
    # Help texts may hold markup of our own: crispy writes them as they are, and so do we.
    name = f'id="{conditional_escape(field.auto_id)}_helptext" ' if field.auto_id else ""
    text = f'<div {name}class="form-text">{field.help_text}</div>' if field.help_text else ""
    return mark_safe(
        f'<div id="div_{conditional_escape(field.auto_id)}" class="mb-3">{label}{field}{text}</div>'
    )
