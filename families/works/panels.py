"""What other slices show on the staff page of a work; filled in `wiring.py` of those slices."""

from collections.abc import Callable
from typing import Any

from families.works.models import Work
from portal.access.scope import Scope

Provide = Callable[[Scope, Work], Any]
_likeness: list[Provide] = []


def register_likeness(provide: Provide) -> None:
    """Who knows which other works look alike."""
    _likeness.append(provide)


def of(scope: Scope, work: Work) -> list[Any]:
    """Everything that looks like this work, for somebody who reviews it."""
    return [row for provide in _likeness for row in provide(scope, work)]
