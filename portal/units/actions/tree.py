"""What every change of the tree shares."""

from typing import Any

from portal.access.actors import SYSTEM
from portal.access.scope import scope_of
from portal.units.models import Unit


def lock_tree() -> None:
    """One change of the tree at a time: paths of whole branches are rewritten. SQLite's writers queue anyway."""
    list(
        Unit.objects.filter(depth=1)
        .order_by("path")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)
    )


def person(actor: Any) -> Any:
    """The account behind an actor, or None for the portal itself."""
    return None if actor is SYSTEM or not getattr(actor, "is_authenticated", False) else actor


def refresh_scope(actor: Any) -> None:
    """Paths have changed: what the actor reaches is read again."""
    if person(actor) is not None:
        scope_of(actor, fresh=True)
