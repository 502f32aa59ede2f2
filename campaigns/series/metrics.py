"""What series report: episodes that went out, and their visits; likes are reach and no figure."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.series.models import Episode
from campaigns.series.rules import EpisodeStatus, Kind
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def counted() -> QuerySet[Episode]:
    """Episodes that went out."""
    return Episode.objects.filter(status=EpisodeStatus.PUBLISHED)


def pending() -> QuerySet[Episode]:
    """Nothing waits beside the figure: what is planned has no day of its own yet."""
    return Episode.objects.none()


def rows_link(unit: Any, start: date, end: date, part: str = "") -> str:
    """The staff list with exactly the rows behind a figure."""
    query = {
        "unit": unit.unit_no,
        "status": EpisodeStatus.PUBLISHED.value,
        "since": start,
        "until": end,
        "kind": part,
    }
    return "/staff/series/episodes/?" + urlencode({key: value for key, value in query.items() if value})


register_source(
    Source(
        code="series",
        label=_("系列节目"),
        model_label="campaigns.episode",
        counted=counted,
        pending=pending,
        date_field="aired_at",
        link=rows_link,
        perm=Perm.CAMPAIGN_VIEW,
        part_field="series__kind",
        part_labels=lambda: dict(Kind.choices),
    ),
    Metric(
        "series.episodes", _("展播期数"), _("期"), _("已发布的展播、专栏、直播等系列节目期数；待发布和已取消的不计。"),
        "series", card=False, icon="collection-play",
    ),
    Metric(
        "series.online_visits", _("系列收看"), _("人次"), _("系列节目线上收看、收听的人次；与人数分开，从不相加。点赞只是传播量，不计入。"),
        "series", "online_visits", "online_visits_estimated", card=False, icon="broadcast",
    ),
    Metric(
        "series.headcount", _("系列现场"), _("人"), _("系列节目现场参加的人数；不含线上人次。"),
        "series", "headcount", "headcount_estimated", card=False, icon="people",
    ),
)  # fmt: skip
