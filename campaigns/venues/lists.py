"""Venues, inspections, visits and bases as lists. The ledger of bases is that of the domain reference §9.3(6)."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.activities.rules import COUNTED
from campaigns.venues.filters import BaseFilter, CheckFilter, VenueFilter, VisitFilter
from campaigns.venues.models import BaseReview, BaseVisit, DemoBase, Venue, VenueCheck
from campaigns.venues.queries import bases, venues, visits
from campaigns.venues.rules import visits as visit_rules
from campaigns.venues.rules.bases import Outcome
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.ui.lists import Column, ListSpec, Sort, register


def _day(value: Any) -> str:
    if value is None:
        return ""
    return (timezone.localdate(value) if hasattr(value, "hour") else value).strftime("%Y.%m.%d")


def _due(row: Venue) -> str:
    if not row.is_open:
        return ""
    days = (row.due_on - timezone.localdate()).days
    if days <= 0:
        return str(_("该更新了"))
    return str(_("%(day)s前") % {"day": row.due_on.strftime("%Y.%m.%d")})


def _due_tone(row: Venue) -> str:
    return "" if not row.is_open else "warn" if row.is_due else "info"


def _venue_rows(scope: Scope) -> QuerySet[Venue]:
    """With the visitors of twelve months, for the file."""
    since = timezone.now() - timedelta(days=365)
    seen = Q(visits__status=visit_rules.Status.VISITED, visits__starts_at__gte=since)
    return venues.visible(scope).annotate(visitors=Coalesce(Sum("visits__came", filter=seen), 0))


VENUES = register(
    ListSpec(
        code="venues",
        title=_("阵地台账"),
        rows=_venue_rows,
        columns=(
            Column("no", _("编号"), lambda row: row.no, on_screen=False),
            Column("unit_no", _("单位编号"), lambda row: row.unit.unit_no, on_screen=False),
            Column("name", _("名称"), lambda row: row.name, link=lambda row: row.staff_url),
            Column("kind", _("类型"), lambda row: row.get_kind_display()),
            Column("unit", _("单位"), lambda row: row.unit.short_name, export_value=lambda row: row.unit.name),
            Column("address", _("地址"), lambda row: row.address),
            Column("owner", _("管理单位"), lambda row: row.owner_org, on_screen=False),
            Column("phone", _("办公电话"), lambda row: row.contact_phone, on_screen=False),
            Column("area", _("面积(平方米)"), lambda row: row.area_m2, on_screen=False, number=True),
            Column("capacity", _("可容纳(人)"), lambda row: row.capacity, on_screen=False, number=True),
            Column("hours", _("开放时间"), lambda row: row.opening_hours, on_screen=False),
            Column("docents", _("讲解员(人)"), lambda row: row.docents, on_screen=False, number=True),
            Column("features", _("特色"), lambda row: row.features, on_screen=False),
            Column("plan", _("年度计划"), lambda row: row.annual_plan, on_screen=False),
            Column("honours", _("已有命名"), lambda row: row.honours, on_screen=False),
            Column("months", _("更新周期(月)"), lambda row: row.refresh_months, on_screen=False, number=True),
            Column("remark", _("备注"), lambda row: row.remark, on_screen=False),
            Column("opened", _("建成(启用)日期"), lambda row: _day(row.opened_on), on_screen=False),
            Column("refreshed", _("最近更新"), lambda row: _day(row.refreshed_on), on_screen=False),
            Column("visited", _("最近检查"), lambda row: _day(row.visited_on)),
            Column(
                "due", _("内容更新"), _due, tone=_due_tone, sort="due", export_value=lambda row: _day(row.due_on)
            ),
            Column("visitors", _("近12个月接待(人次)"), lambda row: row.visitors, number=True),
            Column("status", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "plain"),
        ),
        sorts=(
            Sort("unit", _("按单位"), ("unit__path", "pk")),
            Sort("due", _("该更新的在前"), ("due_on", "pk")),
            Sort("newest", _("最近登记"), ("-pk",)),
        ),
        filterset=VenueFilter,
        empty_title=_("还没有登记阵地"),
        empty_text=_("家风馆、长廊、宣传栏、书屋、妇女之家……登记一次，检查、更新、预约和申报基地都从这里来。"),
        presets=(
            (_("全部"), ""),
            (_("该更新了"), "box=due"),
            (_("从未检查"), "box=never"),
            (_("内容有破损"), "box=worn"),
            (_("已公开"), "box=public"),
        ),
    )
)  # fmt: skip


def _check_rows(scope: Scope) -> QuerySet[VenueCheck]:
    return scope.rows(VenueCheck, Perm.VENUE_VIEW).select_related("venue", "unit", "by")


CHECKS = register(
    ListSpec(
        code="venue_checks",
        title=_("阵地检查记录"),
        rows=_check_rows,
        columns=(
            Column("on", _("日期"), lambda row: _day(row.on)),
            Column("venue", _("阵地"), lambda row: row.venue.name, link=lambda row: row.venue.staff_url),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("findings", _("检查情况"), lambda row: row.findings[:60], export_value=lambda row: row.findings),
            Column("by", _("检查人"), lambda row: str(row.by or "")),
            Column(
                "result", _("结论"), lambda row: row.get_result_display(),
                tone=lambda row: "ok" if row.result == "ok" else "warn",
            ),
        ),
        sorts=(Sort("newest", _("最近的在前"), ("-at", "-pk")), Sort("oldest", _("早的在前"), ("at", "pk"))),
        filterset=CheckFilter,
        empty_title=_("还没有检查记录"),
        empty_text=_("在阵地页面点“登记检查”，一次检查就记在这里。"),
    )
)  # fmt: skip


def _when(row: BaseVisit) -> str:
    start = timezone.localtime(row.starts_at)
    end = f"—{timezone.localtime(row.ends_at):%H:%M}" if row.ends_at else ""
    return f"{start:%Y.%m.%d %H:%M}{end}"


VISITS = register(
    ListSpec(
        code="venue_visits",
        title=_("参观预约和接待"),
        rows=visits.visible,
        columns=(
            Column("no", _("编号"), lambda row: row.no, link=lambda row: row.staff_url),
            Column("when", _("到访时间"), _when, sort="soon"),
            Column("venue", _("阵地"), lambda row: row.venue.name),
            Column("org", _("来访单位"), lambda row: row.org),
            Column("headcount", _("预约人数"), lambda row: row.headcount, number=True),
            Column("came", _("实到(人次)"), lambda row: row.came, number=True),
            Column("contact", _("联系人"), lambda row: row.masked_contact, in_export=False),
            Column("origin", _("来源"), lambda row: row.get_origin_display(), on_screen=False),
            Column("status", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "plain"),
        ),
        sorts=(
            Sort("newest", _("到访时间从晚到早"), ("-starts_at", "-pk")),
            Sort("soon", _("到访时间从早到晚"), ("starts_at", "pk")),
        ),
        filterset=VisitFilter,
        empty_title=_("还没有预约"),
        empty_text=_("阵地开放预约并公开后，来访单位在网站上预约，会出现在这里。"),
        presets=(
            (_("全部"), ""),
            (_("待确认"), "box=waiting"),
            (_("将要到访"), "box=coming"),
            (_("待登记到访"), "box=to_note"),
        ),
    )
)  # fmt: skip


def _base_rows(scope: Scope) -> QuerySet[DemoBase]:
    """With the sessions and visitors of twelve months and the last re-check, as sub-queries."""
    since = timezone.now() - timedelta(days=365)
    sessions = (
        Activity.objects.filter(unit=OuterRef("unit"), status__in=COUNTED, starts_at__gte=since)
        .order_by()
        .values("unit")
        .annotate(n=Sum("sessions"))
        .values("n")
    )
    came = (
        BaseVisit.objects.filter(
            venue=OuterRef("venue"), status=visit_rules.Status.VISITED, starts_at__gte=since
        )
        .order_by()
        .values("venue")
        .annotate(n=Sum("came"))
        .values("n")
    )
    last = BaseReview.objects.filter(base=OuterRef("pk")).order_by("-on", "-pk").values("outcome")[:1]
    return bases.visible(scope).annotate(
        year_sessions=Coalesce(Subquery(sessions, output_field=IntegerField()), 0),
        year_visitors=Coalesce(Subquery(came, output_field=IntegerField()), 0),
        last_outcome=Subquery(last),
        open_objections=Count("objections", filter=Q(objections__finding=""), distinct=True),
    )


def _outcome(row: Any) -> str:
    return str(Outcome(row.last_outcome).label) if row.last_outcome else ""


BASES = register(
    ListSpec(
        code="bases",
        title=_("基地台账"),
        rows=_base_rows,
        columns=(
            Column("venue", _("名称"), lambda row: row.venue.name, link=lambda row: row.staff_url),
            Column("kind", _("类型"), lambda row: row.venue.get_kind_display(), on_screen=False),
            Column("level", _("级别"), lambda row: row.batch.unit.get_level_display(), on_screen=False),
            Column("unit", _("单位"), lambda row: row.unit.short_name),
            Column("address", _("地址"), lambda row: row.venue.address, on_screen=False),
            Column("owner", _("负责单位"), lambda row: row.venue.owner_org or row.unit.name, on_screen=False),
            Column("batch", _("批次"), lambda row: row.batch.name),
            Column("plate", _("牌匾编号"), lambda row: row.plate_no or ""),
            Column("sessions", _("年活动(场)"), lambda row: row.year_sessions, number=True),
            Column("visitors", _("接待(人次)"), lambda row: row.year_visitors, number=True),
            Column("outcome", _("复核结论"), _outcome),
            Column(
                "review_due", _("复核期限"), lambda row: _day(row.review_due) if row.holds_plate else "", on_screen=False
            ),
            Column("status", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "plain"),
        ),
        sorts=(
            Sort("unit", _("按单位"), ("unit__path", "pk")),
            Sort("newest", _("最近申报"), ("-pk",)),
        ),
        filterset=BaseFilter,
        empty_title=_("还没有基地申报"),
        empty_text=_("在“批次和名额”里开一批申报，阵地所在单位就能申报。"),
        presets=(
            (_("全部"), ""),
            (_("办理中"), "status=way"),
            (_("牌匾有效"), "status=plate"),
            (_("已摘牌"), "status=removed"),
        ),
    )
)  # fmt: skip
