"""The registry of 我的待办: what a person began or got back and has to finish.

What waits for a decision about other people's records is the inbox of `reviews`; here stands one's own work.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.access.scope import Scope

MOST = 5


@dataclass(frozen=True)
class Todo:
    """One record to finish: returned to the person (`reason` says why) or kept as a draft."""

    title: str
    sub: Any
    url: str
    since: datetime
    state: Any
    action: Any
    returned: bool = False
    reason: str = ""


@dataclass(frozen=True)
class TodoSource:
    """`items(scope, limit)` gives the most urgent first; `count(scope)` may stop counting at a hundred."""

    code: str
    items: Callable[[Scope, int], Iterable[Todo]]
    count: Callable[[Scope], int]
    all_url: str
    all_label: Any


_sources: dict[str, TodoSource] = {}


def register(source: TodoSource) -> None:
    """Add a source; the same code again replaces it."""
    _sources[source.code] = source


def panel(request: Any) -> dict[str, Any] | None:
    """Returned records before drafts; None when nothing is left to do."""
    found: list[Todo] = []
    total, links = 0, []
    for source in _sources.values():
        items = list(source.items(request.scope, MOST))
        if items:  # counted only where there are more than these
            total += len(items) if len(items) < MOST else source.count(request.scope)
            links.append((source.all_url, source.all_label))
            found += items
    if not total:
        return None
    found.sort(key=lambda item: (not item.returned, -item.since.timestamp()))
    return {"items": found[:MOST], "total": total, "links": links}
