"""Filters that the lists of series, materials and visits share; dashboards link to rows with their names."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities.filters import UnitFilter
from campaigns.series.queries import in_subtree

ZONE = timezone.get_default_timezone


class SubtreeFilter(UnitFilter):
    """A unit with everything below it, by unit_no, for rows that have one unit."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Rows of the unit's subtree."""
        return qs.filter(in_subtree(value)) if value else qs


def _widget() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SinceFilter(django_filters.DateFilter):
    """From this day on, over a field that holds moments."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        kwargs = {"label": _("从"), "widget": _widget(), **kwargs}
        super().__init__(field_name=field_name, **kwargs)

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        """Rows of that day and later."""
        return qs.filter(**{f"{self.field_name}__gte": _start(value)}) if value else qs


class UntilFilter(SinceFilter):
    """Up to this day, included."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, label=_("到"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        """Rows of that day and earlier."""
        return qs.filter(**{f"{self.field_name}__lt": _start(value + timedelta(days=1))}) if value else qs


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
