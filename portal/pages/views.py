"""Public pages that belong to no business slice."""

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from portal.access.gate import public
from portal.pages import panels, search
from portal.pages.cached import cached_public
from portal.ui.context import CARE_COOKIE

MOST_STATS = 8
CARE_DAYS = 365


@public
@require_safe
@cached_public
def home(request: HttpRequest) -> HttpResponse:
    """The front door."""
    shown = panels.shown(request)
    stats = [row for panel in shown if panel.slot == panels.STATS for row in panel.context.get("stats", ())]
    as_of = [
        panel.context["as_of"] for panel in shown if panel.slot == panels.STATS and panel.context.get("as_of")
    ]
    hero = next((panel.context for panel in shown if panel.slot == panels.HERO), {})
    context: dict[str, Any] = {
        "hero": hero,
        "stats": stats[:MOST_STATS],
        "as_of": min(as_of, default=None),
        "panels": [panel for panel in shown if panel.slot not in (panels.HERO, panels.STATS)],
    }
    return render(request, "pages/home.html", context)


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is collected, why, who reads it, how long it is kept, and how to get it back."""
    return render(request, "pages/privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How to use the site with a keyboard, a screen reader or large type."""
    return render(request, "pages/accessibility.html")


@public
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Search over everything published."""
    query = request.GET.get("q", "").strip()[: search.LONGEST_QUERY]
    found = search.results(search.words_of(query))
    total = sum(len(hits) for _source, hits in found)
    return render(request, "pages/search.html", {"query": query, "found": found, "total": total})


@public
@require_POST
def care_mode(request: HttpRequest) -> HttpResponse:
    """Switch large type on or off and go back to the page it was pressed on."""
    response = HttpResponseRedirect(_safe_next(request))
    if request.COOKIES.get(CARE_COOKIE) == "1":
        response.delete_cookie(CARE_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            CARE_COOKIE, "1", max_age=CARE_DAYS * 86400, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return "/"


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Staff pages, forms in progress and the search are not for crawlers."""
    closed = (
        "/staff/",
        "/accounts/",
        "/me/",
        "/search/",
        "/dashboard/",
        "/screen/",
        "/judge/",
        "/ops/",
        "/drafts/",
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    expires = timezone.now() + timedelta(days=180)
    context = {
        "base": settings.SITE["base_url"].rstrip("/"),
        "expires": expires.strftime("%Y-%m-%dT00:00:00Z"),
    }
    return render(request, "pages/security.txt", context, content_type="text/plain; charset=utf-8")


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask for /favicon.ico get the mark."""
    return HttpResponseRedirect(staticfiles_storage.url("img/motifs/lotus-mark-solid.svg"))


# Where the form lies that opens without a network. The kernel knows the address, not what is behind it.
OFFLINE_FORM = "/staff/activities/new/"


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser with the service worker shows when the network does not answer."""
    return render(request, "pages/offline.html", {"form_url": OFFLINE_FORM})


@public
@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may answer for every page; its version changes with its words and
    with the pages it keeps, and a new version throws away what the old one kept."""
    words = {
        "static_url": f"/{settings.STATIC_URL.lstrip('/')}",
        "form_url": OFFLINE_FORM,
        "offline_url": reverse("portal:pages:offline"),
    }
    script = render_to_string("pages/sw.js", {**words, "version": _version_of_worker()})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@cache
def _version_of_worker() -> str:
    kept = ("pages/sw.js", "pages/offline.html", "base.html", "campaigns/activities/offline.html")
    texts = "".join(Path(str(get_template(name).origin)).read_text("utf-8") for name in kept)
    return hashlib.sha256(texts.encode()).hexdigest()[:12]
