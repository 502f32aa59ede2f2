"""Cards that slices above add to the profile page (grants, delegations)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Provide = Callable[[HttpRequest], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A template and what it shows; None leaves the card out."""

    template: str
    provide: Provide


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Add a card; called from a slice's wiring."""
    _panels.append(panel)


def for_request(request: HttpRequest) -> list[dict[str, Any]]:
    """The cards of this person."""
    found = []
    for panel in _panels:
        context = panel.provide(request)
        if context is not None:
            found.append({"template": panel.template, **context})
    return found
