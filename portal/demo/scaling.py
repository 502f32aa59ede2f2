"""Registry of fillers for `seed_scale`: each app makes its own rows many."""

from collections.abc import Callable
from datetime import date
from typing import Protocol


class Filler(Protocol):
    """Adds rows until there are `count`; returns how many were added."""

    def __call__(self, count: int, *, seed: int, today: date) -> int: ...


FILLERS: dict[str, Filler] = {}


def register(name: str) -> Callable[[Filler], Filler]:
    """Register the filler behind `seed_scale --<name> N`."""

    def add(filler: Filler) -> Filler:
        FILLERS[name] = filler
        return filler

    return add
