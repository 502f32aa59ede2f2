"""The staff list of works: what it shows, how it is filtered."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.works import queries
from families.works.models import Work, WorkCall, WorkCategory
from families.works.naming import full_names_of, instructors_of
from families.works.rules import PAST_REVIEW, Audience, PublishState, Status
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter
from portal.privacy.masking import mask_name, mask_phone
from portal.ui.lists import Column, ListSpec, Sort, choice, register

SHOWN_STATES = [choice for choice in Status.choices if choice[0] not in (Status.DRAFT, Status.PRIVATE)]
SHOWN_AUDIENCES = [choice for choice in Audience.choices if choice[0] != Audience.ONLY_RECIPIENT]


class WorkFilter(django_filters.FilterSet):
    """By state, category, call, place, time and words."""

    q = django_filters.CharFilter(label=_("编号、标题或正文"), method="search", max_length=60)
    status = django_filters.ChoiceFilter(label=_("状态"), choices=SHOWN_STATES)
    publish_state = django_filters.ChoiceFilter(label=_("公开情况"), choices=PublishState.choices)
    audience = django_filters.ChoiceFilter(label=_("谁能看到"), choices=SHOWN_AUDIENCES)
    category = django_filters.ModelChoiceFilter(
        label=_("类别"), queryset=lambda request: WorkCategory.objects.only("name")
    )
    call = django_filters.ModelChoiceFilter(
        label=_("征集"), queryset=lambda request: WorkCall.objects.only("title")
    )
    unit = UnitFilter(Perm.WORK_VIEW)
    from_ = django_filters.DateFilter(
        label=_("从"),
        field_name="submitted_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    to = django_filters.DateFilter(
        label=_("到"),
        field_name="submitted_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    paper = django_filters.BooleanFilter(
        label=_("代录"), field_name="entered_by", lookup_expr="isnull", exclude=True
    )

    past = django_filters.BooleanFilter(label=_("已入选"), method="only_past", widget=forms.HiddenInput)
    counted = django_filters.BooleanFilter(
        label=_("计入统计"), method="only_counted", widget=forms.HiddenInput
    )

    class Meta:
        model = Work
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Work], name: str, value: str) -> QuerySet[Work]:
        """Every word must occur."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(no__iexact=word) | Q(title__icontains=word) | Q(text__icontains=word))
        return rows

    def only_past(self, rows: QuerySet[Work], name: str, value: bool) -> QuerySet[Work]:
        """Accepted, whatever judging made of it; the rows behind the figure of a call's desk."""
        return rows.filter(status__in=PAST_REVIEW) if value else rows

    def only_counted(self, rows: QuerySet[Work], name: str, value: bool) -> QuerySet[Work]:
        """The rows behind the figure of the dashboard."""
        return rows.filter(status__in=(Status.CONTENT_REVIEW, *PAST_REVIEW)) if value else rows


def _names(work: Work) -> str:
    """Real names for an export that was allowed and reasoned; minors stay masked even there."""
    if work.is_minor:
        return work.display_name
    return full_names_of(work)


def _household(work: Work) -> str:
    return "" if work.is_minor else work.household


def _instructors(work: Work) -> str:
    """Names of adults, but of the teachers of a minor: they lead to the child."""
    return "、".join(mask_name(name) for name in instructors_of(work))


def _when(work: Work) -> str:
    return f"{timezone.localtime(work.submitted_at):%Y-%m-%d %H:%M}"


def _entered(work: Work) -> Any:
    return work.entered_by or ""


SPEC = register(
    ListSpec(
        code="works",
        title=_("作品"),
        rows=queries.for_staff,
        export_prefetch=("county", "authors"),
        screen_only=(
            "no", "title", "category__name", "display_name", "unit__short_name", "status", "publish_state",
            "entered_by__display_name", "entered_by__username", "submitted_at",
        ),
        columns=(
            Column("no", _("编号"), lambda work: work.no, link=lambda work: work.staff_url),
            Column("title", _("标题"), lambda work: work.title, link=lambda work: work.staff_url),
            Column("category", _("类别"), lambda work: work.category.name),
            Column(
                "author", _("作者"), lambda work: work.display_name, export_value=_names, sensitive=True,
                masked=lambda work: work.display_name,
            ),
            Column(
                "household", _("全家署名"), _household, on_screen=False, sensitive=True,
                masked=lambda work: mask_name(work.household),
            ),
            Column("instructor", _("指导老师"), _instructors, on_screen=False),
            Column("unit", _("所在地"), lambda work: work.unit.short_name),
            Column("county", _("县(市、区)"), lambda work: work.county.short_name if work.county else "", on_screen=False),
            Column("status", _("状态"), choice("status"), tone=lambda work: work.tone),
            Column("publish", _("公开"), choice("publish_state")),
            Column("audience", _("谁能看到"), choice("audience"), on_screen=False),
            Column("entered_by", _("代录人"), _entered),
            Column(
                "phone", _("手机号"), lambda work: mask_phone(work.phone), on_screen=False, sensitive=True,
                export_value=lambda work: mask_phone(work.phone) if work.is_minor else work.phone,
                masked=lambda work: mask_phone(work.phone),
            ),
            Column("submitted_at", _("提交时间"), _when, sort="new", export_value=lambda work: work.submitted_at),
        ),
        sorts=(
            Sort("new", _("新提交的在前"), ("-submitted_at",)),
            Sort("old", _("等得久的在前"), ("submitted_at",)),
        ),
        filterset=WorkFilter,
        bulk=True,
        presets=(
            (_("全部"), ""),
            (_("待初核"), "status=submitted"),
            (_("内容审核中"), "status=content_review"),
            (_("退回修改"), "status=returned"),
            (_("已公开"), "publish_state=published"),
        ),
        empty_title=_("还没有作品"),
        empty_text=_("收到的作品会出现在这里。您也可以为不会上网的家庭代录。"),
    )
)  # fmt: skip
