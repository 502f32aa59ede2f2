"""Sources of the site search: every slice with public pages registers one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

PER_SOURCE = 20
LONGEST_QUERY = 60


@dataclass(frozen=True)
class Hit:
    """One published thing that matches."""

    title: str
    url: str
    text: str = ""
    kind: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """`find(words, limit)` returns published hits only, best first."""

    key: str
    label: str | Promise
    find: Callable[[list[str], int], Iterable[Hit]]
    order: int = 100


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same key replaces it."""
    _sources[source.key] = source


def words_of(text: str) -> list[str]:
    """The words of a query: cut at spaces, shortened, at most five."""
    return text.strip()[:LONGEST_QUERY].split()[:5]


def results(words: list[str]) -> list[tuple[Source, list[Hit]]]:
    """Hits by source; sources without a hit are left out."""
    if not words:
        return []
    found = []
    for source in sorted(_sources.values(), key=lambda known: known.order):
        hits = list(source.find(words, PER_SOURCE))
        if hits:
            found.append((source, hits))
    return found
