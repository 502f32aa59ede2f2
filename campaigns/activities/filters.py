"""Filters of the staff list. The names are stable: dashboards link to the rows behind a number with them."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.activities import queries
from campaigns.activities.models import Activity
from campaigns.activities.rules import COUNTED, EDITABLE, MEASURES, Kind, Source, Status
from campaigns.planning.queries import tags_in_lists
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter

SEVERAL = {"counted": COUNTED, "open": tuple(EDITABLE)}
STATUS_CHOICES = [("counted", _("已通过和已归档")), ("open", _("草稿和退回修改")), *Status.choices]


class OrganiserFilter(UnitFilter):
    """Rows that a unit's subtree led or joined."""

    def inside(self, unit_no: str) -> Q:
        """A joint activity belongs to every unit that organised it."""
        return queries.in_subtree(unit_no)


class ActivityFilter(django_filters.FilterSet):
    """q, unit, kind, status, since, until, campaign, form, estimated, photos, mine."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = OrganiserFilter(Perm.ACTIVITY_VIEW)
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=Kind.choices, empty_label=_("全部类型"))
    status = django_filters.ChoiceFilter(
        label=_("状态"), choices=STATUS_CHOICES, empty_label=_("全部状态"), method="by_status"
    )
    since = django_filters.DateFilter(
        label=_("从"),
        method="by_first_day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = django_filters.DateFilter(
        label=_("到"), method="by_last_day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    campaign = django_filters.ModelChoiceFilter(
        label=_("主题"), queryset=queries.campaigns_in_lists, to_field_name="slug", empty_label=_("全部主题"),
        method="by_campaign",
    )  # fmt: skip
    tag = django_filters.ModelChoiceFilter(
        label=_("标签"), queryset=tags_in_lists, empty_label=_("全部标签"), method="by_tag"
    )
    estimated = django_filters.ChoiceFilter(
        label=_("数字"),
        choices=[("1", _("含约数")), ("0", _("都是确数"))],
        empty_label=_("全部"),
        method="by_estimate",
    )
    photos = django_filters.ChoiceFilter(
        label=_("照片"),
        choices=[("1", _("有照片")), ("0", _("没有照片"))],
        empty_label=_("全部"),
        method="by_photos",
    )
    amended = django_filters.ChoiceFilter(
        label=_("更正"), choices=[("1", _("更正过的"))], empty_label=_("全部"), method="by_amendment"
    )
    featured = django_filters.ChoiceFilter(
        label=_("重点"), choices=[("1", _("重点活动"))], empty_label=_("全部"), method="by_mark"
    )
    source = django_filters.ChoiceFilter(label=_("来源"), choices=Source.choices, empty_label=_("全部来源"))

    class Meta:
        model = Activity
        fields = (
            "q",
            "unit",
            "kind",
            "status",
            "since",
            "until",
            "campaign",
            "tag",
            "estimated",
            "photos",
            "amended",
            "featured",
            "source",
        )

    def search(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """Every word in title, place or number."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(title__icontains=word) | Q(place__icontains=word) | Q(no__iexact=word))
        return rows

    def by_status(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """One state, all that count, or all that the author has to finish."""
        return rows.filter(status__in=SEVERAL[value]) if value in SEVERAL else rows.filter(status=value)

    def by_first_day(self, rows: QuerySet[Activity], name: str, value: Any) -> QuerySet[Activity]:
        """From this day on."""
        return rows.filter(queries.day_range(value, None))

    def by_last_day(self, rows: QuerySet[Activity], name: str, value: Any) -> QuerySet[Activity]:
        """Up to this day, included."""
        return rows.filter(queries.day_range(None, value))

    def by_tag(self, rows: QuerySet[Activity], name: str, value: Any) -> QuerySet[Activity]:
        """Bearing a tag; a record with several is still one row."""
        return rows.filter(pk__in=Activity.tags.through.objects.filter(tag=value).values("activity_id"))

    def by_estimate(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """With or without an estimated figure."""
        any_estimate = Q()
        for measure in MEASURES:
            any_estimate |= Q(**{f"{measure}_estimated": True})
        return rows.filter(any_estimate) if value == "1" else rows.exclude(any_estimate)

    def by_campaign(self, rows: QuerySet[Activity], name: str, value: Any) -> QuerySet[Activity]:
        """Of this campaign, as its first or as one of several; each record once."""
        return rows.filter(queries.of_campaign(value))

    def by_amendment(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """Corrected after they counted."""
        return rows.filter(amendment_count__gt=0)

    def by_mark(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """Marked as important."""
        return rows.filter(is_featured=True)

    def by_photos(self, rows: QuerySet[Activity], name: str, value: str) -> QuerySet[Activity]:
        """With or without photos; photos are never required."""
        return rows.filter(photo_count__gt=0) if value == "1" else rows.filter(photo_count=0)
