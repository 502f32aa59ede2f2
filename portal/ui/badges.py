"""The numbers in the menu, kept per person until something is written, at most half a minute.

Every staff page shows the menu; its counts are the dearest part of a page that has little else to read.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import get_language

KEPT_SECONDS = 30  # what becomes due by the clock may show this much later
STAMP = "menu-badges:stamp"


def kept(user: Any, count: Callable[[], Any], *, name: str = "numbers") -> Any:
    """The numbers of one person by entry (or another part of the frame, by `name`), made anew after any write.

    What is kept may be anything but None.
    """
    if not settings.KEPT_PAGE_SECONDS or not getattr(user, "is_authenticated", False):
        return count()
    stamp = cache.get(STAMP)
    if stamp is None:
        forget()
        return count()
    key = f"menu-badges:{stamp}:{user.pk}:{get_language()}:{name}"
    known = cache.get(key)
    if known is None:
        known = count()
        cache.set(key, known, KEPT_SECONDS)
    return known


def forget() -> None:
    """Nothing counted so far is shown again."""
    cache.set(STAMP, uuid.uuid4().hex, None)


def follow(_entry: Any) -> None:
    """Called with every journal entry: at once, and again when it is committed."""
    forget()
    transaction.on_commit(forget)
