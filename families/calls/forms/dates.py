"""The native date box of these forms."""

from django import forms


def date_box() -> forms.DateInput:
    """A day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
