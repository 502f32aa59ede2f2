"""The staff list and the ledger (台账) that is exported from it and read back by the import."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities import queries
from campaigns.activities.figures import write
from campaigns.activities.filters import ActivityFilter
from campaigns.activities.models import Activity
from portal.ui.lists import Column, ListSpec, Sort, choice, register


def _figure(name: str) -> Any:
    def value(row: Activity) -> Any:
        return write(getattr(row, name), is_estimate=getattr(row, f"{name}_estimated"))

    return value


def hosts(row: Activity) -> str:
    """Co-organising units and partners in one cell."""
    return "、".join(
        [*(unit.short_name for unit in row.co_units.all()), *(p.name for p in row.partners.all())]
    )


def reports(row: Activity) -> str:
    """媒体/级别/链接《标题》日期, one report after the other; the import reads it back."""
    found = []
    for link in row.media_links.all():
        words = "/".join(part for part in (link.outlet, link.level, link.url) if part)
        words += f"《{link.title}》" if link.title else ""
        found.append(words + (f" {link.published_on:%Y.%m.%d}" if link.published_on else ""))
    return "；".join(found)


def day(row: Activity) -> str:
    """The day alone, for the screen."""
    return timezone.localtime(row.starts_at).strftime("%Y.%m.%d")


def when(row: Activity) -> str:
    """Day, and hour unless it is midnight."""
    starts = timezone.localtime(row.starts_at)
    return starts.strftime("%Y.%m.%d" if (starts.hour, starts.minute) == (0, 0) else "%Y.%m.%d %H:%M")


def until(row: Activity) -> str:
    """When it ended, if that is known."""
    return f"{timezone.localtime(row.ends_at):%Y.%m.%d %H:%M}" if row.ends_at else ""


def evidence(row: Activity) -> str:
    """How many photos and documents lie with the record."""
    photos = _("照片%(n)d张") % {"n": row.photo_count} if row.photo_count else ""
    documents = _("附件%(n)d份") % {"n": row.document_count} if row.document_count else ""
    return "、".join(part for part in (photos, documents) if part)


def mark(row: Activity) -> str:
    """更正 with how often, for records whose counted values were changed."""
    return str(_("更正 %(n)d 次") % {"n": row.amendment_count}) if row.amendment_count else ""


def campaigns(row: Activity) -> str:
    """Every campaign it serves, the first one first."""
    names = [row.campaign.name] if row.campaign else []
    return "、".join([*names, *(other.name for other in row.more_campaigns.all())])


def _only_in_file(key: str, label: Any, value: Any) -> Column:
    return Column(key, label, value, on_screen=False)


# Headings of the file: the ledger of the domain reference §9.3(1), and what makes it readable again.
COLUMNS = (
    _only_in_file("no", _("编号"), lambda row: row.no),
    _only_in_file("unit_no", _("单位编号"), lambda row: row.unit.unit_no),
    Column("title", _("活动名称"), lambda row: row.title, link=lambda row: row.staff_url),
    Column("unit", _("单位"), lambda row: row.unit.short_name, export_value=lambda row: row.unit.name),
    Column("kind", _("活动类型"), choice("kind")),
    Column("starts_at", _("时间"), day, export_value=when, sort="oldest"),
    Column("place", _("地点"), lambda row: row.place),
    _only_in_file("area", _("所在区划"), lambda row: f"{row.area.code} {row.area.name}" if row.area else ""),
    _only_in_file("ends_at", _("结束时间"), until),
    _only_in_file("hosts", _("主办/协办"), hosts),
    _only_in_file(
        "co_unit_nos", _("联合单位编号"), lambda row: "、".join(unit.unit_no for unit in row.co_units.all())
    ),
    _only_in_file(
        "partners", _("协办单位"), lambda row: "、".join(partner.name for partner in row.partners.all())
    ),
    _only_in_file("form", _("形式"), choice("form")),
    Column("headcount", _("参与人数(线下)"), _figure("headcount"), number=True),
    Column("online_visits", _("参与人次(线上)"), _figure("online_visits"), number=True),
    _only_in_file("children", _("其中儿童"), _figure("children")),
    _only_in_file("invited", _("邀请人数"), _figure("invited")),
    _only_in_file("reach", _("点赞转发等传播量"), _figure("reach")),
    _only_in_file("sessions", _("场次"), _figure("sessions")),
    _only_in_file("households", _("覆盖家庭(户)"), _figure("households")),
    _only_in_file("materials_count", _("发放资料(份)"), _figure("materials_count")),
    _only_in_file("works_count", _("作品数(件)"), _figure("works_count")),
    _only_in_file("measure_note", _("统计方法"), lambda row: row.measure_note),
    _only_in_file("summary", _("主要内容"), lambda row: row.summary),
    _only_in_file("highlights", _("亮点"), lambda row: row.highlights),
    _only_in_file("audiences", _("对象"), lambda row: "、".join(row.audience_labels)),
    _only_in_file("media", _("媒体报道(媒体/级别/链接)"), reports),
    _only_in_file("evidence", _("佐证材料"), evidence),
    _only_in_file("campaign", _("所属主题"), lambda row: row.campaign.name if row.campaign else ""),
    _only_in_file(
        "more_campaigns", _("同时服务的主题"), lambda row: "、".join(c.name for c in row.more_campaigns.all())
    ),
    _only_in_file("part_of", _("属于哪场大活动"), lambda row: row.part_of.no if row.part_of else ""),
    _only_in_file("node", _("节点"), lambda row: row.node),
    _only_in_file("level", _("层级"), choice("level")),
    _only_in_file("is_featured", _("重点活动"), lambda row: _("是") if row.is_featured else ""),
    _only_in_file("contact", _("填报人"), lambda row: row.contact),
    _only_in_file("contact_phone", _("联系电话"), lambda row: row.contact_phone),
    _only_in_file("late_reason", _("补记原因"), lambda row: row.late_reason),
    _only_in_file("remark", _("备注"), lambda row: row.remark),
    Column("mark", _("更正"), mark, tone=lambda row: "warn" if row.amendment_count else ""),
    Column("status", _("状态"), choice("status"), tone=lambda row: row.tone or "plain"),
)

SPEC = register(
    ListSpec(
        code="activities",
        title=_("活动台账"),
        rows=queries.visible,
        export_prefetch=("co_units", "partners", "media_links", "more_campaigns", "part_of", "area"),
        screen_only=(
            "no", "title", "unit__short_name", "kind", "starts_at", "place", "headcount", "headcount_estimated",
            "online_visits", "online_visits_estimated", "amendment_count", "status",
        ),
        columns=COLUMNS,
        sorts=(
            Sort("newest", _("时间从近到远"), ("-starts_at", "-pk")),
            Sort("oldest", _("时间从远到近"), ("starts_at", "pk")),
            Sort("entered", _("最近录入"), ("-pk",)),
        ),
        filterset=ActivityFilter,
        bulk=True,
        empty_title=_("还没有活动记录"),
        empty_text=_("办完一场活动，一分钟就能记下来；以前的可以用表格导入。"),
        presets=(
            (_("全部"), ""),
            (_("待审核"), "status=submitted"),
            (_("退回修改"), "status=returned"),
            (_("草稿"), "status=draft"),
            (_("已通过和已归档"), "status=counted"),
        ),
    )
)  # fmt: skip
