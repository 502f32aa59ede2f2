"""The registry of workbench panels: what a signed-in person sees first at /staff/.

A slice registers a panel with a template and a function that gives its context, or None to stay away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.access.permissions import Perm

MOST_STATS = 6  # number cards in sight; the rest is folded away
MAIN, SIDE, TOP = "main", "side", "top"


@dataclass(frozen=True)
class WorkPanel:
    """`provide(request)` → context or None. `slot` is top (number cards), main or side."""

    code: str
    slot: str
    template: str
    provide: Callable[[Any], dict[str, Any] | None]
    order: int = 100
    perm: Perm | None = None


@dataclass(frozen=True)
class Stat:
    """One number card on top: the rows behind it are one click away."""

    icon: str
    value: int | str
    label: Any
    url: str
    tone: str = ""


_panels: dict[str, WorkPanel] = {}
_stats: list[tuple[int, Callable[[Any], Stat | None]]] = []


def register(panel: WorkPanel) -> None:
    """Add a panel; the same code again replaces it."""
    _panels[panel.code] = panel


def register_stat(provide: Callable[[Any], Stat | None], *, order: int = 100) -> None:
    """Add a number card; a function that returns None shows none."""
    _stats.append((order, provide))


def stats_for(request: Any) -> list[Stat]:
    """The number cards of this person."""
    found = (provide(request) for _order, provide in sorted(_stats, key=lambda item: item[0]))
    return [stat for stat in found if stat is not None]


def panels_for(request: Any, slot: str) -> list[dict[str, Any]]:
    """The panels of one slot with their context, in order."""
    found = []
    for panel in sorted(_panels.values(), key=lambda item: (item.order, item.code)):
        if panel.slot != slot or (panel.perm is not None and not request.scope.has(panel.perm)):
            continue
        context = panel.provide(request)
        if context is not None:
            found.append({"template": panel.template, "context": context})
    return found
