"""What activities report: sessions and the typed measures, each on its own."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.activities.rules import COUNTED, Kind, Status
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def counted() -> QuerySet[Activity]:
    """From county approval on (design §8)."""
    return Activity.objects.filter(status__in=COUNTED)


def pending() -> QuerySet[Activity]:
    """Waiting for review: shown beside the figure, not in it."""
    return Activity.objects.filter(status=Status.SUBMITTED)


def pending_link(unit: Any, start: date, end: date) -> str:
    """The staff list with the rows that wait for review."""
    query = {"unit": unit.unit_no, "status": Status.SUBMITTED.value, "since": start, "until": end}
    return "/staff/activities/?" + urlencode(query)


def rows_link(unit: Any, start: date, end: date, part: str = "") -> str:
    """The staff list with exactly the rows behind a figure."""
    query = {"unit": unit.unit_no, "status": "counted", "since": start, "until": end, "kind": part}
    return "/staff/activities/?" + urlencode({key: value for key, value in query.items() if value})


register_source(
    Source(
        code="activities",
        label=_("活动"),
        model_label="campaigns.activity",
        counted=counted,
        pending=pending,
        date_field="starts_at",
        link=rows_link,
        pending_link=pending_link,
        perm=Perm.ACTIVITY_VIEW,
        also=("co_units",),
        part_field="kind",
        part_labels=lambda: dict(Kind.choices),
    ),
    Metric(
        "activities.sessions", _("开展活动"), _("场"), _("县级审核通过起计入的活动场次；联合举办的在上级只计一次。"),
        "activities", "sessions", "sessions_estimated", icon="calendar2-event",
    ),
    Metric(
        "activities.headcount", _("参与人数"), _("人"), _("线下参与人数之和；不含线上人次。"),
        "activities", "headcount", "headcount_estimated", icon="people",
    ),
    Metric(
        "activities.online_visits", _("线上人次"), _("人次"), _("线上观看、参训的人次之和；与人数分开，从不相加。"),
        "activities", "online_visits", "online_visits_estimated", icon="broadcast",
    ),
    Metric(
        "activities.households", _("覆盖家庭"), _("户"), _("活动覆盖的家庭户数之和。"),
        "activities", "households", "households_estimated", card=False, icon="house-heart",
    ),
    Metric(
        "activities.materials", _("发放资料"), _("份"), _("宣传册、倡议书等资料的份数。"),
        "activities", "materials_count", "materials_count_estimated", card=False, icon="journals",
    ),
)  # fmt: skip
