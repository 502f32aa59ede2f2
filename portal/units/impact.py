"""How much hangs on a unit: shown before a change, kept with it. Other slices register what they count."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from portal.units.models import Unit

Count = Callable[[QuerySet[Unit]], int]
_counts: dict[str, tuple[Promise | str, Count]] = {}
Follower = Callable[..., dict[str, Any] | None]
_followers: dict[str, list[Follower]] = {"close": [], "merge": []}


@dataclass
class Impact:
    """Numbers of one subtree: units, and rows by label."""

    units: int = 0
    rows: list[tuple[str, int]] = field(default_factory=list)

    def as_dict(self) -> dict[str, int]:
        """For the history."""
        return {"units": self.units} | dict(self.rows)


def register(label: Promise | str, count: Count, *, code: str = "") -> None:
    """Let a slice say how many of its rows a set of units holds: `register(_("活动"), count)`."""
    _counts[code or str(label)] = (label, count)


def of(unit: Unit) -> Impact:
    """What a change of this unit touches, with everything below it."""
    units = Unit.objects.under(unit.path)
    return Impact(units.count(), [(str(label), count(units)) for label, count in _counts.values()])


def on_close(follower: Follower) -> Follower:
    """`follower(unit=…, actor=…)` runs in the transaction that closes a unit; returns what it did."""
    _followers["close"].append(follower)
    return follower


def on_merge(follower: Follower) -> Follower:
    """`follower(unit=…, into=…, actor=…)` runs in the transaction that merges a unit into another."""
    _followers["merge"].append(follower)
    return follower


def tell(event: str, **what: Any) -> dict[str, Any]:
    """Run the followers of an event; returns all they did."""
    done: dict[str, Any] = {}
    for follower in _followers[event]:
        done |= follower(**what) or {}
    return done
