"""Form fields that other slices use, too."""

import re
from typing import Any

from django import forms

SEPARATOR = re.compile(r"[、,，;；\n]")


def words_in(text: str) -> list[str]:
    """Words that people separate with 、 or commas."""
    return [word.strip() for word in SEPARATOR.split(text) if word.strip()]


class TagsField(forms.ModelMultipleChoiceField):
    """Tags as chips, each with the name of its set before it. Who shows the form fills the queryset."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """四个融合 · 基层治理."""
        return f"{obj.tag_set.name} · {obj.name}"
