"""What other slices show on a unit's page: they register here, `units` imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Unit

Rows = Callable[[Unit, Scope], list[tuple[str, str, str]]]


@dataclass(frozen=True)
class Panel:
    """A titled list on the unit page: (words, note, address or '') per row; one query each."""

    code: str
    title: Promise | str
    perm: Perm
    rows: Rows
    empty: Promise | str = ""


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a panel; the same code again replaces it."""
    _panels[panel.code] = panel


def panels_for(unit: Unit, scope: Scope) -> list[dict[str, Any]]:
    """The panels this person may read at this unit, with their rows."""
    return [
        {"code": panel.code, "title": panel.title, "rows": panel.rows(unit, scope), "empty": panel.empty}
        for panel in _panels.values()
        if scope.may(panel.perm, unit)
    ]
