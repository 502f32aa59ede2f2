"""Family visits as a list. Neither name nor text nor anything about children is shown or exported."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.visits import queries, rules
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import FamilyKind, Status
from portal.access.permissions import Perm
from portal.listing.filters import SinceFilter, UnitFilter, UntilFilter
from portal.ui.lists import Column, ListSpec, Sort, register

BOXES = [("open", _("待跟进")), ("late", _("跟进超期")), ("handled", _("待回访办结"))]


class VisitFilter(django_filters.FilterSet):
    """q, unit, family_kind, box, since, until."""

    q = django_filters.CharFilter(label=_("搜索"), method="search", max_length=60)
    unit = UnitFilter(Perm.FAMILY_VISIT_VIEW)
    family_kind = django_filters.ChoiceFilter(
        label=_("家庭类型"), choices=FamilyKind.choices, empty_label=_("全部类型")
    )
    box = django_filters.ChoiceFilter(label=_("跟进"), choices=BOXES, method="in_box", empty_label=_("全部"))
    since = SinceFilter("visited_at")
    until = UntilFilter("visited_at")

    class Meta:
        model = FamilyVisit
        fields = ("q", "unit", "family_kind", "box", "since", "until")

    def search(self, rows: QuerySet[FamilyVisit], name: str, value: str) -> QuerySet[FamilyVisit]:
        """Every word in place or visitors; what was said is encrypted and cannot be searched."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(area__icontains=word) | Q(visitors__icontains=word))
        return rows

    def in_box(self, rows: QuerySet[FamilyVisit], name: str, value: str) -> QuerySet[FamilyVisit]:
        """What still has to be done."""
        if value == "handled":
            return rows.filter(status__in=[Status.HANDLED])
        rows = rows.filter(status__in=[Status.OPEN])
        return rows.filter(due_on__lt=timezone.localdate()) if value == "late" else rows


def _due(row: FamilyVisit) -> str:
    if not row.is_open or row.due_on is None:
        return ""
    left = (row.due_on - timezone.localdate()).days
    if left < 0:
        return str(_("超期 %(n)d 天") % {"n": -left})
    return str(_("还有 %(n)d 天") % {"n": left})


def _due_tone(row: FamilyVisit) -> str:
    if not row.is_open or row.due_on is None:
        return ""
    left = (row.due_on - timezone.localdate()).days
    return "bad" if left < 0 else "warn" if left <= rules.REMIND_DAYS_BEFORE else "info"


SPEC = register(
    ListSpec(
        code="visits",
        title=_("清廉家访"),
        rows=queries.visible,
        columns=(
            Column(
                "day",
                _("日期"),
                lambda row: row.day.isoformat(),
                link=lambda row: row.staff_url,
                sort="newest",
            ),
            Column("area", _("到哪里"), lambda row: row.area),
            Column("kind", _("家庭类型"), lambda row: row.get_family_kind_display()),
            Column("households", _("户数"), lambda row: row.households, number=True),
            Column("family", _("家庭"), lambda row: row.masked_family, in_export=False),
            Column("checks", _("五个一"), lambda row: f"{row.checks_done}/{len(rules.CHECKLIST)}"),
            Column("visitors", _("哪些单位去的"), lambda row: row.visitors),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("state", _("跟进"), lambda row: row.get_status_display(), tone=lambda row: row.tone),
            Column("due", _("期限"), _due, tone=_due_tone),
        ),
        sorts=(
            Sort("newest", _("最近的在前"), ("-visited_at",)),
            Sort("logged", _("刚登记的在前"), ("-created_at",)),
        ),
        filterset=VisitFilter,
        empty_title=_("还没有家访记录"),
        empty_text=_("家访回来，用手机一分钟记下：哪天、到哪里、几户、五个一做了哪些。家庭可以匿名。"),
        presets=((_("全部"), ""), *((label, f"box={code}") for code, label in BOXES)),
    )
)
