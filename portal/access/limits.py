"""How often one person may do what: every rate limit of the portal, in one table (trust page §3).

Counted per account; when nobody is signed in per address and, more narrowly, per device (its cookie of forms): a school,
a village or the customers of one mobile network share an address. A device is only what it says it is, so the limit of the
address is the one that must hold against floods and guessing. The address is the one our own proxy saw, never a client's
header. Counts live in the cache: when that is away,
limits are softer, pages are not.
"""

import functools
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Limit:
    """At most `count` times in each window of `seconds`; with `address`, `count` is a device's and `address` that of all
    devices behind one address together."""

    count: int
    seconds: int
    address: int = 0


LIMITS: dict[str, Limit] = {
    "accounts.forgot": Limit(20, 3600),
    "accounts.code": Limit(30, 600),
    "accounts.link": Limit(20, 3600),
    "accounts.phone_step": Limit(100, 3600, address=300),  # each phone has its own limit besides
    "complaints.submit": Limit(10, 3600, address=60),
    "complaints.track": Limit(15, 600, address=60),
    "complaints.track_no": Limit(10, 3600),
    "files.stage": Limit(200, 3600, address=600),
    "files.part": Limit(6000, 3600, address=15_000),  # 500 MB are 125 parts
    "drafts.save": Limit(600, 3600, address=3000),
    "drafts.rescue": Limit(30, 3600, address=100),
    "pledges.sign": Limit(60, 3600, address=600),
    "pledges.door": Limit(60, 3600, address=200),
    "venues.book": Limit(30, 3600, address=100),
    "venues.find": Limit(30, 600, address=60),
    "venues.find_no": Limit(10, 3600),
    "works.submit": Limit(10, 3600),  # per verified phone
    "works.submit_address": Limit(300, 600),
    "works.resume": Limit(30, 3600, address=100),
    "letters.send": Limit(6, 3600),  # per sender: each one is a message to somebody else's phone
    "letters.open": Limit(60, 600, address=200),
    # A classroom answers at the same hour; a tablet at a stand is one device.
    "quizzes.start": Limit(200, 3600, address=1000),
    "quizzes.answer": Limit(6000, 3600, address=30_000),
    "quizzes.resume": Limit(30, 3600, address=100),
    "surveys.answer": Limit(100, 3600, address=400),
}


def key_of(request: HttpRequest) -> str:
    """Who is counted."""
    from portal.middleware import client_ip  # deferred: the middleware module loads after the apps

    if request.user.is_authenticated:
        return f"u{request.user.pk}"
    return f"a{client_ip(request)}"


def allows(name: str, request: HttpRequest) -> bool:
    """Count one use by whoever asks; False when the limit of the account, the device or the address is used up."""
    limit, key = LIMITS[name], key_of(request)
    if not within(name, key, most=limit.address):
        return False
    if request.user.is_authenticated or not limit.address:
        return True
    # Whoever sends no cookie shares one device with all others of the address that send none.
    return within(name, f"d{request.COOKIES.get(settings.CSRF_COOKIE_NAME, key)}")


def within(name: str, key: str, *, most: int = 0) -> bool:
    """Count one use; False when the limit is used up. Raises KeyError for an unlisted name."""
    limit = LIMITS[name]
    window = int(time.time()) // limit.seconds
    slot = hashlib.sha256(f"{name}|{key}|{window}".encode()).hexdigest()
    cache.add(f"limit:{slot}", 0, limit.seconds)
    try:
        return int(cache.incr(f"limit:{slot}")) <= (most or limit.count)
    except ValueError:  # the window ended between the two calls
        return True


def limited(name: str) -> Callable[[View], View]:
    """Refuse POSTs beyond the limit with 429 and the time to wait."""

    def declare(view: View) -> View:
        @functools.wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "POST" and not allows(name, request):
                return too_many(request, name)
            return view(request, *args, **kwargs)

        return counted

    return declare


def too_many(request: HttpRequest, name: str) -> HttpResponse:
    """The answer beyond the limit, for people and for scripts."""
    limit = LIMITS[name]
    wait = limit.seconds - int(time.time()) % limit.seconds
    text = _("操作太频繁，请在 %(minutes)s 分钟后再试。") % {"minutes": max(1, wait // 60)}
    if "application/json" in request.headers.get("accept", ""):
        response: HttpResponse = JsonResponse({"error": text}, status=429)
    else:
        response = render(request, "errors/429.html", {"text": text}, status=429)
    response["Retry-After"] = str(wait)
    return response
