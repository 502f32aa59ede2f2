"""What materials lend to others: items of packages, evidence of tasks."""

from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.materials import metrics, queries
from campaigns.materials.models import Placement, Viewing
from campaigns.materials.rules import Audience, Channel
from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.tasks import evidence
from portal.access.scope import Scope
from portal.units.models import Unit


def _link(page: str, name: str) -> registry.Link:
    def link(unit: Unit, start: date, end: date, option: str) -> str:
        query = {"unit": unit.unit_no, "since": start, "until": end, name: option}
        return f"/staff/materials/{page}/?" + urlencode({key: value for key, value in query.items() if value})

    return link


def _placed(row: Placement) -> str:
    words = {"title": row.material.title, "channel": row.get_channel_display(), "place": row.place}
    return _now("%(title)s · %(channel)s · %(place)s") % words


def _watched(row: Viewing) -> str:
    return _now("观看《%(title)s》 · %(place)s") % {"title": row.film.title.strip("《》"), "place": row.place}


_one, _many = counter(metrics.placements, "placed_at", option="channel")
registry.register(
    registry.Fulfilment(
        "materials.placements", _("资料发放和展出"), _one, lambda: [("", _("任何方式")), *Channel.choices],
        _link("placements", "channel"), _("次"), _many,
    )
)  # fmt: skip
_one, _many = counter(metrics.placements, "placed_at", option="channel", measure="copies")
registry.register(
    registry.Fulfilment(
        "materials.copies", _("资料发放份数"), _one, lambda: [("", _("任何方式")), *Channel.choices],
        _link("placements", "channel"), _("份"), _many,
    )
)  # fmt: skip
_one, _many = counter(metrics.viewings, "watched_at", option="audience")
registry.register(
    registry.Fulfilment(
        "materials.viewings", _("观看专题片"), _one, lambda: [("", _("任何观众")), *Audience.choices],
        _link("viewings", "audience"), _("场"), _many,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "placement", _("资料投放"), rows=queries.placements, order_by=("-placed_at", "-pk"), words=_placed,
        on=lambda row: row.placed_at, url=lambda row: row.material.staff_url, order=50,
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "viewing", _("观影"), rows=queries.viewings, order_by=("-watched_at", "-pk"), words=_watched,
        on=lambda row: row.watched_at, url=lambda row: row.film.staff_url, order=51,
    )
)  # fmt: skip


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.materials(scope).filter(campaign=campaign).order_by("-pk")[: panels.MOST_ROWS]
    courses = queries.courses(scope).filter(campaign=campaign).order_by("-starts_at")[: panels.MOST_ROWS]
    return [
        panels.Row(row.title, f"{row.get_kind_display()} · {row.unit.short_name}", row.staff_url)
        for row in (*rows, *courses)
    ]


panels.register_staff(panels.rows_panel("materials", _("资料与课程"), _of_campaign, order=60))
