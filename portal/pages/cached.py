"""Public pages that are kept for visitors (docs/decisions/0030-caching-public-pages.md).

    @public
    @require_safe
    @cached_public
    def index(request): ...

Kept is only what everybody gets: the answer to a GET without a query, without a session, without messages.
The CSRF tokens of its forms are cut out and each visitor gets an own one. Every key carries a stamp; `forget`
replaces it, so that a page taken down is gone with the next request.
"""

import hashlib
import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from portal.journal.models import JournalEntry
from portal.ui.context import CARE_COOKIE

KEPT_SECONDS = 60  # how old a figure of a public page may be; what was taken down does not wait for it
STAMP = "public-pages:stamp"
MESSAGES_COOKIE = "messages"
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+(?=")')
View = Callable[..., HttpResponse]
_watched: set[str] = set()


def stamp() -> str:
    """Part of every key. A lost stamp is replaced by one that was never used, so nothing old comes back."""
    found: str | None = cache.get(STAMP)
    if found is None:
        fresh = uuid.uuid4().hex
        cache.add(STAMP, fresh, None)
        found = cache.get(STAMP) or fresh
    return found


def forget() -> None:
    """Nothing kept so far is shown again."""
    cache.set(STAMP, uuid.uuid4().hex, None)


def watch(*verbs: str) -> None:
    """Journal verbs (or their beginnings, "work.") after which public pages are made anew."""
    _watched.update(verbs)


def follow(entry: JournalEntry) -> None:
    """At once, and again after the commit: a page made in between still shows what was."""
    if entry.verb.startswith(tuple(_watched)):
        forget()
        transaction.on_commit(forget)


def cached_public(view: View) -> View:
    """Keep the answers of a view that shows every visitor the same."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_shared(request):
            return view(request, *args, **kwargs)
        key = _key(request)
        pieces: list[bytes] | None = cache.get(key)
        if pieces is not None:
            body = get_token(request).encode().join(pieces) if len(pieces) > 1 else pieces[0]
            return HttpResponse(body)
        response = view(request, *args, **kwargs)
        if (
            response.status_code == 200
            and not response.cookies
            and response["Content-Type"].startswith("text/html")
        ):
            cache.set(key, TOKEN.split(response.content), KEPT_SECONDS)
        return response

    return answer


def _is_shared(request: HttpRequest) -> bool:
    """Would everybody else get the same answer?"""
    own = {settings.SESSION_COOKIE_NAME, MESSAGES_COOKIE} & request.COOKIES.keys()
    return (
        request.method == "GET"
        and not own
        and not request.META.get("QUERY_STRING")
        and "HX-Request" not in request.headers
    )


def _key(request: HttpRequest) -> str:
    """Taken before the page is made: whatever changes meanwhile changes the stamp and leaves the page unread."""
    care = request.COOKIES.get(CARE_COOKIE) == "1"
    parts = (stamp(), request.scheme, request.get_host(), get_language(), care, request.path)
    return f"public-page:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
