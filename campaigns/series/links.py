"""What series lend to others: items of packages, evidence of tasks."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.series import metrics, queries
from campaigns.series.models import Episode
from campaigns.series.rules import EpisodeStatus, Kind
from campaigns.tasks import evidence
from portal.access.scope import Scope


def _published(scope: Scope) -> Any:
    return queries.episodes_in_reach(scope).filter(status=EpisodeStatus.PUBLISHED)


def _words(row: Episode) -> str:
    words = {"series": row.series.title, "number": row.number, "topic": row.topic}
    return (_now("%(series)s 第 %(number)d 期 %(topic)s") % words).strip()


_one, _many = counter(metrics.counted, "aired_at", option="series__kind")
registry.register(
    registry.Fulfilment(
        "series.episodes", _("已发布的系列节目"), _one, lambda: [("", _("任何类型")), *Kind.choices],
        metrics.rows_link, _("期"), _many,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "episode", _("系列节目"), rows=_published, order_by=("-aired_at", "-pk"), words=_words,
        on=lambda row: row.aired_at, order=40,
    )
)  # fmt: skip


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.listed(scope).filter(campaign=campaign).order_by("-pk")[: panels.MOST_ROWS]
    return [panels.Row(row.title, f"{row.progress} · {row.unit.short_name}", row.staff_url) for row in rows]


panels.register_staff(panels.rows_panel("series", _("系列节目"), _of_campaign, order=30))
