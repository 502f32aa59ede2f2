"""What public stories lend to others: items of packages, evidence of tasks."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.packages import registry
from campaigns.packages.counting import counter
from campaigns.planning import panels
from campaigns.planning.models import Campaign
from campaigns.stories import queries
from campaigns.stories.models import Story
from campaigns.stories.rules import Kind, Status
from campaigns.tasks import evidence
from portal.access.scope import Scope
from portal.units.models import Unit


def published() -> QuerySet[Story]:
    """What went through the publish gate, also when its time on the public page is over."""
    return Story.objects.filter(status=Status.PUBLISHED)


def _link(unit: Unit, start: date, end: date, option: str) -> str:
    query = {"status": "published", "kind": option}
    return "/staff/stories/?" + urlencode({key: value for key, value in query.items() if value})


def _public(scope: Scope) -> Any:
    return queries.visible(scope).filter(status=Status.PUBLISHED)


_one, _many = counter(published, "published_at", option="kind")
registry.register(
    registry.Fulfilment(
        "stories.published", _("公开文章"), _one, lambda: [("", _("任何类别")), *Kind.choices], _link, _("篇"), _many
    )
)  # fmt: skip
evidence.register(
    evidence.of_rows(
        "story", _("公开文章"), rows=_public, order_by=("-published_at", "-pk"), words=lambda row: row.title,
        on=lambda row: row.published_at, order=80,
    )
)  # fmt: skip


def _of_campaign(campaign: Campaign, scope: Scope) -> list[panels.Row]:
    rows = queries.visible(scope).filter(campaign=campaign).order_by("-pk")[: panels.MOST_ROWS]
    return [
        panels.Row(row.title, f"{row.get_kind_display()} · {row.get_status_display()}", row.staff_url)
        for row in rows
    ]


panels.register_staff(panels.rows_panel("stories", _("公开文章"), _of_campaign, order=80))
