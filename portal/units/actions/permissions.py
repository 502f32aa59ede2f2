"""Who may change what: the unit above decides, never the unit itself."""

from typing import Any

from django.core.exceptions import PermissionDenied

from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.units.models import Level, Unit
from portal.units.rules import is_territorial


def perm_for(*, level: int, kind: str) -> Perm:
    """Villages, offices and teams are kept by UNIT_EDIT (townships keep their villages); the rest is reorganising."""
    return Perm.UNIT_EDIT if level >= Level.VILLAGE or not is_territorial(kind) else Perm.UNIT_REORGANISE


def require(actor: Any, perm: Perm, above: Unit | None) -> None:
    """Raise PermissionDenied unless `actor` holds `perm` at the unit above; the operator may everything."""
    if actor is SYSTEM:
        return
    if above is None:
        raise PermissionDenied("the top of the tree is changed by the operator only")
    scope_of(actor).require(perm, above)
