"""What materials report: copies that went out, films that were watched, lectures and their visits."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.materials.models import Course, Placement, Viewing
from campaigns.materials.rules import Audience, Channel, CourseKind
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def _link(path: str, part_name: str) -> Any:
    """The address of the list that shows exactly the rows behind a figure."""

    def link(unit: Any, start: date, end: date, part: str = "") -> str:
        query = {"unit": unit.unit_no, "since": start, "until": end, part_name: part}
        return f"/staff/materials/{path}/?" + urlencode({key: value for key, value in query.items() if value})

    return link


def placements() -> QuerySet[Placement]:
    """Every placement counts once it is written down."""
    return Placement.objects.all()


def viewings() -> QuerySet[Viewing]:
    """Every viewing counts once it is written down."""
    return Viewing.objects.all()


def courses() -> QuerySet[Course]:
    """Every course counts once it is written down."""
    return Course.objects.all()


register_source(
    Source(
        code="placements", label=_("资料投放"), model_label="campaigns.placement", counted=placements,
        pending=Placement.objects.none, date_field="placed_at", link=_link("placements", "channel"),
        perm=Perm.MATERIAL_VIEW, part_field="channel", part_labels=lambda: dict(Channel.choices),
    ),
    Metric(
        "placements.times", _("资料投放"), _("次"), _("登记的发放、张贴、展出、播放次数。"),
        "placements", card=False, icon="box-seam",
    ),
    Metric(
        "placements.copies", _("投放资料"), _("份"), _("读本、宣传画、展板等投放的数量之和；活动里当场发的资料另计。"),
        "placements", "copies", "copies_estimated", card=False, icon="journals",
    ),
    Metric(
        "placements.plays", _("公益广告播放"), _("次"), _("公益广告等的播放次数之和。"),
        "placements", "plays", "plays_estimated", card=False, icon="play-btn",
    ),
)  # fmt: skip
register_source(
    Source(
        code="viewings", label=_("观影"), model_label="campaigns.viewing", counted=viewings,
        pending=Viewing.objects.none, date_field="watched_at", link=_link("viewings", "audience"),
        perm=Perm.MATERIAL_VIEW, part_field="audience", part_labels=lambda: dict(Audience.choices),
    ),
    Metric(
        "viewings.times", _("警示教育片观看"), _("场"), _("登记的观影场次。"), "viewings", card=False, icon="film",
    ),
    Metric(
        "viewings.headcount", _("观影人数"), _("人"), _("观影人数之和。"),
        "viewings", "headcount", "headcount_estimated", card=False, icon="people",
    ),
)  # fmt: skip
register_source(
    Source(
        code="courses", label=_("培训课程"), model_label="campaigns.course", counted=courses,
        pending=Course.objects.none, date_field="starts_at", link=_link("courses", "kind"),
        perm=Perm.MATERIAL_VIEW, part_field="kind", part_labels=lambda: dict(CourseKind.choices),
    ),
    Metric(
        "courses.lectures", _("培训讲数"), _("讲"), _("培训班、直播课的讲数之和。"),
        "courses", "n_lectures", card=False, icon="easel2",
    ),
    Metric(
        "courses.online_visits", _("线上参训"), _("人次"), _("线上参训人次之和；与现场人数分开，从不相加。点赞只是传播量，不计入。"),
        "courses", "online_visits", "online_visits_estimated", card=False, icon="broadcast",
    ),
    Metric(
        "courses.headcount", _("现场参训"), _("人"), _("现场参训人数之和；不含线上人次。"),
        "courses", "headcount", "headcount_estimated", card=False, icon="people",
    ),
)  # fmt: skip
