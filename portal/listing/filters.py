"""Filters that lists of several slices share; their names are stable, as dashboards link to rows with them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.ui.fields import day_widget
from portal.units.queries import choices_in_lists, in_subtree


class UnitFilter(django_filters.ChoiceFilter):
    """A unit with everything below it, by unit_no, for rows that have one unit. The choices reach as far as a select
    can be read, the address takes every unit in reach of `perm`."""

    def __init__(self, perm: Perm, **kwargs: Any) -> None:
        self.perm = perm
        kwargs = {"label": _("单位（含下级）"), **kwargs}
        super().__init__(choices=list, empty_label=_("全部单位"), **kwargs)

    @property
    def field(self) -> Any:
        """The select, filled for this person."""
        field = super().field
        request, data = self.parent.request, self.parent.data
        chosen = data.get("unit", "") if data else ""
        if request is not None:
            field.choices = choices_in_lists(request.scope, self.perm, chosen=chosen)
        else:
            field.choices = [(chosen, chosen)] if chosen else []
        return field

    def inside(self, unit_no: str) -> Q:
        """Rows of the unit's subtree."""
        return in_subtree(unit_no)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Nothing chosen, nothing taken away."""
        return qs.filter(self.inside(value)) if value else qs


class SinceFilter(django_filters.DateFilter):
    """From this day on, over a field that holds moments."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        kwargs = {"label": _("从"), "widget": day_widget(), **kwargs}
        super().__init__(field_name=field_name, **kwargs)

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        """Rows of that day and later."""
        return qs.filter(**{f"{self.field_name}__gte": start_of(value)}) if value else qs


class UntilFilter(SinceFilter):
    """Up to this day, included."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, label=_("到"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: date | None) -> QuerySet[Any]:
        """Rows of that day and earlier."""
        return qs.filter(**{f"{self.field_name}__lt": start_of(value + timedelta(days=1))}) if value else qs


def start_of(day: date) -> datetime:
    """Midnight before a day."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())
