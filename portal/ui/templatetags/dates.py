"""The `date` filter in the reader's language: Chinese formats in templates are texts of the catalogue."""

from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

register = template.Library()

FORMATS = (
    _("Y年n月j日"),
    _("Y年n月j日 H:i"),
    _("Y年n月j日 H:i:s"),
    _("n月j日"),
    _("n月j日 H:i"),
    _("n月j日 l"),
)


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, layout: str | None = None) -> Any:
    """Django's own filter, with the layout translated first: "n月j日" is "j M" in English."""
    return defaultfilters.date(value, gettext(layout) if layout else layout)
