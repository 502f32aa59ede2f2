"""What a campaign's public page shows of other slices: each registers a panel in its `wiring.py`.

`provide(campaign)` returns the context of the template, or None when there is nothing to show.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from campaigns.planning.models import Campaign
from portal.access.scope import Scope

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CampaignPanel:
    """One part of the page."""

    code: str
    template: str
    provide: Callable[[Campaign], dict[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class StaffPanel:
    """One card of the campaign's page for staff; `provide(campaign, scope)` shows only what the reader may see."""

    code: str
    template: str
    provide: Callable[[Campaign, Scope], dict[str, Any] | None]
    title: Any
    order: int = 100


_panels: dict[str, CampaignPanel] = {}
_staff: dict[str, StaffPanel] = {}


def register(panel: CampaignPanel) -> None:
    """Add a panel; the same code again replaces it."""
    _panels[panel.code] = panel


def shown(campaign: Campaign) -> list[dict[str, Any]]:
    """Every panel that has something to show."""
    found = []
    for panel in sorted(_panels.values(), key=lambda known: (known.order, known.code)):
        try:
            context = panel.provide(campaign)
        except Exception:
            log.exception("campaign.panel_failed", panel=panel.code)
            continue
        if context is not None:
            found.append({"template": panel.template, "context": context})
    return found


MOST_ROWS = 8


@dataclass(frozen=True)
class Row:
    """One line of a card: a record of the campaign, a few words beside it, its page."""

    label: str
    note: str
    url: str


def rows_panel(
    code: str, title: Any, rows: Callable[[Campaign, Scope], Iterable[Row]], *, order: int = 100
) -> StaffPanel:
    """A card that lists records of the campaign; `rows` gives at most `MOST_ROWS` that the reader may open."""

    def provide(campaign: Campaign, scope: Scope) -> dict[str, Any] | None:
        found = list(rows(campaign, scope))
        return {"rows": found} if found else None

    return StaffPanel(code, "campaigns/planning/_staff_rows.html", provide, title, order)


def register_staff(panel: StaffPanel) -> None:
    """Add a card to the page for staff; the same code again replaces it."""
    _staff[panel.code] = panel


def shown_to_staff(campaign: Campaign, scope: Scope) -> list[dict[str, Any]]:
    """Every card that has something to show to this person."""
    found = []
    for panel in sorted(_staff.values(), key=lambda known: (known.order, known.code)):
        try:
            context = panel.provide(campaign, scope)
        except Exception:
            log.exception("campaign.panel_failed", panel=panel.code)
            continue
        if context is not None:
            found.append({"title": panel.title, "template": panel.template, "context": context})
    return found
