"""One inbox of everything that waits for a person: every slice registers what it has to offer.

`register(InboxSource("publication", _("待审发"), "shield-check", count, items))` in a slice's `wiring.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.utils import timezone
from django.utils.functional import Promise

from portal.access.scope import Scope

log = structlog.get_logger(__name__)
PER_SOURCE = 20


@dataclass(frozen=True)
class InboxItem:
    """One thing that waits: what, from whom, where it is handled, since when."""

    title: str
    sub: str
    url: str
    since: datetime

    @property
    def days(self) -> int:
        """Whole days it has been waiting."""
        return max(0, (timezone.now() - self.since).days)


@dataclass(frozen=True)
class InboxSource:
    """One kind of waiting things. `count` and `items` read only what the scope reaches; items oldest first.

    `all_url` opens the whole queue.
    """

    code: str
    label: Promise | str
    icon: str
    count: Callable[[Scope], int]
    items: Callable[[Scope, int], list[InboxItem]]
    all_url: str = ""
    order: int = 100


@dataclass(frozen=True)
class Group:
    """A source with what it holds for one person."""

    source: InboxSource
    count: int
    items: list[InboxItem]


SOURCES: dict[str, InboxSource] = {}


def register(source: InboxSource) -> None:
    """Add a source; registering a code again replaces it."""
    SOURCES[source.code] = source


def groups(scope: Scope, *, limit: int = PER_SOURCE) -> list[Group]:
    """Every source with something in it, the one with the longest wait first. A broken source is left out."""
    found = []
    for source in sorted(SOURCES.values(), key=lambda known: known.order):
        try:
            items = source.items(scope, limit)
            count = len(items) if len(items) < limit else source.count(scope)
        except Exception:
            log.exception("inbox.failed", source=source.code)
            continue
        if items:
            found.append(Group(source, count, items))
    return sorted(found, key=lambda group: group.items[0].since)


def total(scope: Scope) -> int:
    """How many things wait, for the badge."""
    number = 0
    for source in SOURCES.values():
        try:
            number += source.count(scope)
        except Exception:
            log.exception("inbox.failed", source=source.code)
    return number
