"""Filters of the staff lists. Names are stable: figures link to their rows with them."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.venues.models import BaseVisit, DemoBase, Venue, VenueCheck
from campaigns.venues.rules import bases, venues, visits
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter, start_of

DATE = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


class _Dated(django_filters.FilterSet):
    """since and until on one date or time field, and the unit."""

    moment = "counts_from"
    unit = UnitFilter(Perm.VENUE_VIEW)
    since = django_filters.DateFilter(label=_("从"), method="from_day", widget=forms.DateInput(**DATE))
    until = django_filters.DateFilter(label=_("到"), method="to_day", widget=forms.DateInput(**DATE))

    def from_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """From this day on."""
        return rows.filter(**{f"{self.moment}__gte": start_of(value)})

    def to_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Up to this day, included."""
        return rows.filter(**{f"{self.moment}__lt": start_of(value + timedelta(days=1))})


class VenueFilter(_Dated):
    """q, unit, kind, status, box, since, until."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    kind = django_filters.ChoiceFilter(
        label=_("类型"), choices=venues.Kind.choices, empty_label=_("全部类型")
    )
    status = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("open", _("在用")), *venues.Status.choices],
        empty_label=_("全部状态"),
        method="by_status",
    )
    box = django_filters.ChoiceFilter(
        label=_("提醒"),
        choices=[("due", _("该更新了")), ("worn", _("内容有破损")), ("never", _("从未检查")), ("public", _("已公开"))],
        empty_label=_("全部"),
        method="in_box",
    )  # fmt: skip

    class Meta:
        model = Venue
        fields = ("q", "unit", "kind", "status", "box", "since", "until")

    def search(self, rows: QuerySet[Venue], name: str, value: str) -> QuerySet[Venue]:
        """Every word in name, address or number."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(no__iexact=word))
        return rows

    def by_status(self, rows: QuerySet[Venue], name: str, value: str) -> QuerySet[Venue]:
        """One state, or everything in use."""
        return rows.filter(status__in=venues.OPEN) if value == "open" else rows.filter(status=value)

    def in_box(self, rows: QuerySet[Venue], name: str, value: str) -> QuerySet[Venue]:
        """What needs a hand."""
        if value == "public":
            return rows.filter(is_published=True)
        rows = rows.filter(status__in=venues.OPEN)
        if value == "due":
            return rows.filter(due_on__lte=timezone.localdate())
        if value == "never":
            return rows.filter(visited_on__isnull=True)
        bad = [venues.Condition.WORN, venues.Condition.BROKEN]
        return rows.filter(items__condition__in=bad).distinct()


class CheckFilter(_Dated):
    """unit, result, since, until."""

    moment = "at"
    result = django_filters.ChoiceFilter(
        label=_("结论"), choices=venues.Result.choices, empty_label=_("全部")
    )

    class Meta:
        model = VenueCheck
        fields = ("unit", "result", "since", "until")


class VisitFilter(_Dated):
    """box, unit, q, status, since, until."""

    moment = "starts_at"
    box = django_filters.ChoiceFilter(
        label=_("范围"),
        choices=[("waiting", _("待确认")), ("coming", _("将要到访")), ("to_note", _("待登记到访"))],
        empty_label=_("全部"),
        method="in_box",
    )
    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=visits.Status.choices, empty_label=_("全部状态")
    )

    class Meta:
        model = BaseVisit
        fields = ("box", "q", "unit", "status", "since", "until")

    def search(self, rows: QuerySet[BaseVisit], name: str, value: str) -> QuerySet[BaseVisit]:
        """Every word in the organisation, the venue or the number."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(org__icontains=word) | Q(venue__name__icontains=word) | Q(no__iexact=word))
        return rows

    def in_box(self, rows: QuerySet[BaseVisit], name: str, value: str) -> QuerySet[BaseVisit]:
        """Unconfirmed; still to come; over and not written down."""
        now = timezone.now()
        if value == "waiting":
            return rows.filter(status=visits.Status.BOOKED, starts_at__gt=now)
        rows = rows.filter(status=visits.Status.CONFIRMED)
        return rows.filter(starts_at__lte=now) if value == "to_note" else rows.filter(starts_at__gt=now)


class BaseFilter(_Dated):
    """q, batch, unit, status, since, until."""

    moment = "named_at"
    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    status = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[("plate", _("牌匾有效")), ("way", _("办理中")), *bases.Status.choices],
        empty_label=_("全部状态"),
        method="by_status",
    )
    batch = django_filters.NumberFilter(label=_("批次"), widget=forms.HiddenInput)

    class Meta:
        model = DemoBase
        fields = ("q", "unit", "status", "batch", "since", "until")

    def search(self, rows: QuerySet[DemoBase], name: str, value: str) -> QuerySet[DemoBase]:
        """Every word in the venue, the unit or the plate number."""
        for word in value.split()[:5]:
            rows = rows.filter(
                Q(venue__name__icontains=word)
                | Q(unit__short_name__icontains=word)
                | Q(plate_no__iexact=word)
            )
        return rows

    def by_status(self, rows: QuerySet[DemoBase], name: str, value: str) -> QuerySet[DemoBase]:
        """One state, all with a valid plate, all on their way."""
        several = {"plate": bases.HOLDS_PLATE, "way": (*bases.ON_THE_WAY, bases.Status.PUBLICITY)}
        return rows.filter(status__in=several[value]) if value in several else rows.filter(status=value)
