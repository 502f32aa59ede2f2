"""What the home page shows comes from the slices: each registers the panels it can fill.

`register(Panel(slot="works", template="pages/panels/works.html", provide=..., order=20))`, in a slice's
wiring module. `provide(request)` returns the context of the template, or None when there is nothing to show.
Slots and their templates (templates/pages/panels/), with the keys each template reads:

hero     hero.html   title, lead, eyebrow, primary {label,url,icon}, secondary {label,url,icon}: all optional.
stats    no template: {"stats": [{icon, label, value, unit, sub, url}], "as_of": datetime}; the rows of all
         providers are put side by side, at most eight.
call     call.html   title, days_left, url, qr_svg_url, note, works_url,
                     categories [{name, count, cover, url, text}]; `cover` is a file of static/img/motifs.
works    works.html  works [{title, text, author, area, url}], all_url, total: published mottos and letters.
news     news.html   lead and items, each {title, url, date, place, people, summary, kind, cover}; all_url.
learn    learn.html  links [{icon, title, text, url}].
pledge   pledge.html title, lines [str], count, url.
Other slots are not shown. A panel that fails is left out and logged: the home page always opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest

log = structlog.get_logger(__name__)

HERO, STATS = "hero", "stats"
SLOTS = (HERO, STATS, "call", "works", "news", "pledge", "learn")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One part of the home page, filled by a slice."""

    slot: str
    provide: Callable[[HttpRequest], dict[str, Any] | None]
    template: str = ""
    order: int = 100


@dataclass(frozen=True)
class Shown:
    """A panel with what it shows on this page."""

    slot: str
    template: str
    context: dict[str, Any]


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Add a panel to the home page; the same provider is kept once."""
    if panel.slot not in SLOTS:
        raise LookupError(f"unknown home slot {panel.slot!r}")
    _panels[:] = [known for known in _panels if known.provide is not panel.provide]
    _panels.append(panel)


def shown(request: HttpRequest) -> list[Shown]:
    """Every panel that has something to show, in the order of the page."""
    found = []
    for panel in sorted(_panels, key=lambda known: (SLOTS.index(known.slot), known.order)):
        context = _ask(panel, request)
        if context is not None:
            found.append(Shown(panel.slot, panel.template or f"pages/panels/{panel.slot}.html", context))
    return found


def _ask(panel: Panel, request: HttpRequest) -> dict[str, Any] | None:
    try:
        return panel.provide(request)
    except Exception:  # one slice in trouble must not close the front door
        log.exception("home.panel_failed", slot=panel.slot)
        return None
