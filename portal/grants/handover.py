"""The registry of what a person leaves behind: tasks, drafts, inbox rows. Business slices fill it.

    register(Holding("任务", count=lambda user: …, move=lambda old, new: …))

`move(old, new)` runs inside the transaction of the handover and returns how many rows it moved.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from portal.accounts.models import User


@dataclass(frozen=True)
class Holding:
    """One kind of open thing."""

    label: str | Promise
    count: Callable[[User], int]
    move: Callable[[User, User], int]


HOLDINGS: list[Holding] = []


def register(label: str | Promise, count: Callable[[User], int], move: Callable[[User, User], int]) -> None:
    """Add one kind of open thing; called from a slice's wiring. The same label again replaces it."""
    HOLDINGS[:] = [known for known in HOLDINGS if known.label != label]
    HOLDINGS.append(Holding(label, count, move))


def counts(user: User) -> list[tuple[str | Promise, int]]:
    """What the person holds now, for the dry run."""
    return [(holding.label, holding.count(user)) for holding in HOLDINGS]
