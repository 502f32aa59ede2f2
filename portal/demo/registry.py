"""Parts of the demo. Each app registers its own, so that the kernel need not import the apps above it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from portal.accounts.models import User
from portal.units.models import Unit


@dataclass
class Demo:
    """What the parts share while one demo is built. `rng` is seeded: the same seed gives the same demo."""

    rng: random.Random
    today: date
    say: Callable[[str], None]
    users: dict[str, User] = field(default_factory=dict)
    password: str = ""
    _units: dict[str, Unit] = field(default_factory=dict)

    def unit(self, unit_no: str) -> Unit:
        """A unit by number; raises KeyError with the number when places are missing."""
        if unit_no not in self._units:
            found = Unit.objects.filter(unit_no=unit_no).first()
            if found is None:
                raise KeyError(f"unit {unit_no} is missing: were the places loaded?")
            self._units[unit_no] = found
        return self._units[unit_no]


@dataclass(frozen=True)
class DemoPart:
    """One part: `is_there` tells whether it was built already, so that seeding twice adds nothing."""

    code: str
    order: int
    build: Callable[[Demo], None]
    is_there: Callable[[], bool]


PARTS: dict[str, DemoPart] = {}


def register(part: DemoPart) -> None:
    """Add a part; lower orders come first."""
    PARTS[part.code] = part


def in_order() -> list[DemoPart]:
    """The parts in the order of building."""
    return sorted(PARTS.values(), key=lambda part: (part.order, part.code))
