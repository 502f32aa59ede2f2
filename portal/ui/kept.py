"""Staff pages that are kept for the person who asked (docs/decisions/0031-keeping-staff-pages.md).

    @allow(Perm.ACTIVITY_VIEW)
    @never_cache
    @kept
    def index(request)

A person who goes back to a list, or opens the workbench for the tenth time in an hour, gets the page that was made
the last time, unless something was written since: a journal entry by anybody, a message, a draft or a saved view of
their own. Tokens of forms are cut out and made anew each time. KEPT_PAGE_SECONDS is the limit for what changes by the clock.
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
from django.utils import timezone
from django.utils.translation import get_language

from portal.ui import badges
from portal.ui.context import CARE_COOKIE

MESSAGES_COOKIE = "messages"
TOKENS = re.compile(rb'(?:(?<=name="csrfmiddlewaretoken" value=")|(?<="X-CSRFToken": "))[A-Za-z0-9]{64}(?=")')
FORM_TOKENS = re.compile(rb'(?<=name="form_token" value=")[0-9a-f-]{36}(?=")')
CSRF_MARK = b"\x00csrf\x00"
View = Callable[..., HttpResponse]


def kept(view: View) -> View:
    """Keep the answers to plain GETs; stands below the access rule, which is checked every time."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = _key(request)
        if not key:
            return view(request, *args, **kwargs)
        page: tuple[bytes, int] | None = cache.get(key)
        if page is not None:
            return HttpResponse(_with_fresh_tokens(request, *page))
        response = view(request, *args, **kwargs)
        if (
            response.status_code == 200
            and not response.cookies
            and response["Content-Type"].startswith("text/html")
        ):
            cache.set(key, _without_tokens(response.content), settings.KEPT_PAGE_SECONDS)
        return response

    return answer


def forget(user: Any) -> None:
    """What was kept for one person is not shown again: at once, and again after the commit."""
    if getattr(user, "pk", None) is not None:
        forget_people([user.pk])


def forget_people(keys: list[int]) -> None:
    """The same for many people at once."""

    def change() -> None:
        cache.set_many({badges.person(pk): uuid.uuid4().hex for pk in keys}, None)

    change()
    transaction.on_commit(change)


def _key(request: Any) -> str:
    """Where the page is kept, "" when it must be made. Taken before the page is made: whatever changes meanwhile
    changes a stamp, and the page is kept under a name nobody asks for."""
    if (
        not settings.KEPT_PAGE_SECONDS
        or request.method != "GET"
        or request.COOKIES.get(MESSAGES_COOKIE)
        or not request.user.is_authenticated
    ):
        return ""
    parts = (
        badges.stamps(badges.STAMP, badges.person(request.user.pk)),
        request.user.pk,
        request.scope.lines,
        timezone.localdate(),
        request.scheme,
        request.get_host(),
        get_language(),
        request.COOKIES.get(CARE_COOKIE) == "1",
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""),
        request.get_full_path(),
        settings.DEMO,
    )
    return f"kept-page:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _without_tokens(content: bytes) -> tuple[bytes, int]:
    """The page with marks in the places of its tokens, and how many different form tokens it had."""
    content = TOKENS.sub(CSRF_MARK, content.replace(b"\x00", b""))
    tokens = list(dict.fromkeys(FORM_TOKENS.findall(content)))
    for number, token in enumerate(tokens):
        content = content.replace(token, _mark(number))
    return content, len(tokens)


def _with_fresh_tokens(request: HttpRequest, content: bytes, forms: int) -> bytes:
    content = content.replace(CSRF_MARK, get_token(request).encode())
    for number in range(forms):  # a token used twice would make the second form a copy of the first
        content = content.replace(_mark(number), str(uuid.uuid4()).encode())
    return content


def _mark(number: int) -> bytes:
    return b"\x00form%d\x00" % number
