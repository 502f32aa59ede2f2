"""The name under which lists ask for yes, no or both; `page.py` gives the three choices."""

from django_filters import BooleanFilter as YesNoFilter

__all__ = ["YesNoFilter"]
