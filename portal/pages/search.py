"""Sources of the site search: every slice with public pages registers one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

PER_SOURCE = 20
LONGEST_QUERY = 60
_QUOTES = dict.fromkeys(map(ord, "\"'“”‘’„«»「」『』《》〈〉＂＇`"), " ")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─"), "-")
_NUMBER = re.compile(r"([A-Z]{2}[0-9]{4})-?([0-9]{1,6})")


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
    """The words of a query: cut at spaces and quotes, shortened, at most five."""
    return text.strip()[:LONGEST_QUERY].translate(_QUOTES).split()[:5]


def number_of(words: Sequence[str]) -> str:
    """The number of a record, when that is all that was asked for: ZP2026-000123, however it was typed; else nothing."""
    plain = unicodedata.normalize("NFKC", "".join(words)).upper()
    found = _NUMBER.fullmatch(plain.translate(_DASHES))
    return f"{found[1]}-{int(found[2]):06d}" if found else ""


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
