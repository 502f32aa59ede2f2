"""A filter of two answers whose third choice is everything, not “unknown”."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _


class _YesNo(forms.NullBooleanSelect):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", _("全部")), *list(self.choices)[1:]]


class YesNoFilter(django_filters.BooleanFilter):
    """Yes, no, or both."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": _YesNo, **kwargs})
