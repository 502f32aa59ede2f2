"""What the frame of every staff page counts (menu numbers, bell, unit chip), kept per person for at most half a minute.

It is made anew at once when something changed that the person did or was told: an entry of their own in the journal, a
message, a draft, another grant. What colleagues write shows in the numbers within that half minute; a page that has
counted something itself tells the menu (`told`), so that a page never disagrees with its own menu.
"""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import get_language

KEPT_SECONDS = 30
STAMP = (
    "menu-badges:stamp"  # replaced by every entry of the journal: whole pages hang on it (portal/ui/kept.py)
)


def kept(request: Any, count: Callable[[], Any], *, name: str = "numbers") -> Any:
    """A part of the frame of the person who asks, by `name`. What is kept may be anything but None."""
    user = getattr(request, "user", None)
    if not settings.KEPT_PAGE_SECONDS or not getattr(user, "is_authenticated", False):
        return count()
    key = f"frame:{_stamped(request, user)}:{name}"
    known = cache.get(key)
    if known is None:
        known = count()
        cache.set(key, known, KEPT_SECONDS)
    return known


def told(request: Any, url_name: str, number: int) -> None:
    """A page has counted what an entry of the menu shows: the menu says the same."""
    request.counted = {**getattr(request, "counted", {}), url_name: number}


def _stamped(request: Any, user: Any) -> str:
    """What all parts of the frame hang on, read once in a request and before anything is counted."""
    stamp: str | None = getattr(request, "frame_stamp", None)
    if stamp is None:
        lines = getattr(getattr(request, "scope", None), "lines", ())
        parts = (user.pk, stamps(person(user.pk), _writer(user.ref)), lines, get_language())
        stamp = request.frame_stamp = hashlib.sha256(repr(parts).encode()).hexdigest()
    return stamp


def stamps(*names: str) -> list[str]:
    """Their values of this moment; who has none gets one."""
    known = cache.get_many(names)
    missing = {each: uuid.uuid4().hex for each in names if each not in known}
    if missing:
        cache.set_many(missing, None)
    return [{**known, **missing}[each] for each in names]


def person(pk: int) -> str:
    """The name of the stamp that a message, a draft or a reading mark of the person replaces."""
    return f"kept-pages:person:{pk}"


def _writer(ref: Any) -> str:
    return f"frame:writer:{ref}"


def forget() -> None:
    """No page kept so far is shown again."""
    cache.set(STAMP, uuid.uuid4().hex, None)


def follow(entry: Any) -> None:
    """Called with every journal entry: at once, and again when it is committed."""

    def change() -> None:
        cache.set_many({STAMP: uuid.uuid4().hex, _writer(entry.actor_ref): uuid.uuid4().hex}, None)

    change()
    transaction.on_commit(change)
