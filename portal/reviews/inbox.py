"""One inbox of everything that waits for a person: every slice registers what it has to offer.

`register(InboxSource("publication", _("待审发"), "shield-check", count, items))` in a slice's `wiring.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError
from django.utils import timezone
from django.utils.functional import Promise

from portal.access.scope import Scope
from portal.ui.counting import Countable, count_each

log = structlog.get_logger(__name__)
PER_SOURCE = 20
MOST = 1000  # counted of one source


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
    """One kind of waiting things. `rows` gives what waits within the scope (one queryset, or several that are added), which
    is counted together with that of all others; `items` reads the oldest of it, oldest first.

    `all_url` opens the whole queue.
    """

    code: str
    label: Promise | str
    icon: str
    rows: Callable[[Scope], Countable]
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


def groups(scope: Scope, *, limit: int = PER_SOURCE, shown: int = 0) -> list[Group]:
    """Every source with something in it, the one with the longest wait first. `shown`: so many things in all, and from
    every source at least one. A broken source is left out."""
    counts = _counts(scope)
    sources = [source for source in SOURCES.values() if counts.get(source.code)]
    if shown:
        limit = max(1, shown // max(1, len(sources)))
    found = []
    for source in sorted(sources, key=lambda known: known.order):
        try:
            items = source.items(scope, limit)
        except Exception:
            log.exception("inbox.failed", source=source.code)
            continue
        if items:
            found.append(Group(source, len(items) if len(items) < limit else counts[source.code], items))
    return sorted(found, key=lambda group: group.items[0].since)


def total(scope: Scope) -> int:
    """How many things wait, for the badge."""
    return sum(_counts(scope).values())


def _counts(scope: Scope) -> dict[str, int]:
    asked: dict[str, Countable] = {}
    for source in SOURCES.values():
        try:
            asked[source.code] = source.rows(scope)
        except Exception:
            log.exception("inbox.failed", source=source.code)
    try:
        return _known(count_each(asked, most=MOST))
    except DatabaseError:  # one of them is broken: ask each alone, and leave out that one
        log.exception("inbox.failed", source="all")
    found = {}
    for code, rows in asked.items():
        try:
            found |= _known(count_each({code: rows}, most=MOST))
        except DatabaseError:
            log.exception("inbox.failed", source=code)
    return found


def _known(counts: Mapping[str, int | None]) -> dict[str, int]:
    return {code: count or 0 for code, count in counts.items()}
