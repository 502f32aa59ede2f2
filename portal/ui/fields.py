"""Form fields and small habits that forms of several slices share."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from portal.ui.text import count_chars

HOUR_OF_A_DAY = 9
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


def day_widget(**attrs: Any) -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A date, picked with the browser's own calendar or typed the usual ways."""
    options.setdefault("error_messages", {"invalid": _("请按“年-月-日”填写日期，如 2026-06-30。")})
    return forms.DateField(
        label=label, widget=day_widget(**options.pop("attrs", {})), input_formats=DAY_FORMATS, **options
    )


def long_text(label: Any, most: int, *, rows: int = 3, **options: Any) -> forms.CharField:
    """A text area with the live counter; `too_long` checks what the counter shows."""
    attrs = {"rows": rows, "data-count": "", "data-max": str(most), **options.pop("attrs", {})}
    options.setdefault("required", False)
    return forms.CharField(label=label, max_length=most * 2, widget=forms.Textarea(attrs=attrs), **options)


class AddressField(forms.SlugField):
    """The last part of a page's address. Left empty it is made: nobody has to think of English words first."""

    def __init__(self, *, prefix: str, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            _("不填自动生成；想要好记的，就写小写字母、数字和短横线，如 xiaojiafeng-2026。建好后不变。"),
        )
        kwargs.setdefault("error_messages", {"invalid": _("只能用字母、数字和短横线。")})
        super().__init__(required=False, **kwargs)
        self.prefix = prefix

    def clean(self, value: Any) -> str:
        """Small letters; the kind, the day and four signs when nothing was typed."""
        typed = str(super().clean(value) or "").lower()
        ending = get_random_string(4, "abcdefghjkmnpqrstuvwxyz23456789")
        return typed or f"{self.prefix}-{timezone.localdate():%Y%m%d}-{ending}"


def too_long(text: str, most: int) -> int:
    """How many characters a text has too many, counted as the counter counts."""
    return max(count_chars(text) - most, 0)


def moment(day: date) -> datetime:
    """A day as a moment, for columns that figures are rolled up by."""
    return datetime(day.year, day.month, day.day, HOUR_OF_A_DAY, tzinfo=timezone.get_default_timezone())
