"""What stands on public pages under one name or phone: each slice registers a source, so that everything can be
taken down in one action when somebody must not be shown any more (domain reference §2.10).

    under_name.register(NameSource("story", _("公开文章"), find=..., take_down=..., put_back=...))

`find(scope, name, phone_hash)` lists only what this person may take down. `take_down` and `put_back` check the
permission again and say in words what happened; putting back leads through the publish gate wherever there is one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from portal.access.scope import Scope

MOST = 200


@dataclass(frozen=True)
class NameHit:
    """One thing found. `sure`: it is theirs by the record; otherwise the name only occurs in the text.
    `tells`: somebody gets an SMS when it goes."""

    target_id: int
    label: str
    url: str
    place: str = ""
    sure: bool = True
    tells: bool = False


@dataclass(frozen=True)
class NameSource:
    """A kind of content that can be found by a name."""

    code: str
    label: Promise | str
    find: Callable[[Scope, str, str], Iterable[NameHit]]
    take_down: Callable[[Any, int, str], str]
    put_back: Callable[[Any, int], str]


SOURCES: dict[str, NameSource] = {}


def register(source: NameSource) -> None:
    """Add a source; a code is given once."""
    known = SOURCES.get(source.code)
    if known is not None and known.find is not source.find:
        raise ImproperlyConfigured(f"name source {source.code} is registered twice")
    SOURCES[source.code] = source


def find_all(scope: Scope, name: str, phone_hash: str) -> list[tuple[NameSource, list[NameHit]]]:
    """Everything found, by source; sure ones first."""
    found = []
    for source in SOURCES.values():
        hits = sorted(source.find(scope, name, phone_hash), key=lambda hit: not hit.sure)[:MOST]
        if hits:
            found.append((source, hits))
    return found
