"""Playlists for everybody."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.series import queries
from campaigns.series.models import Series
from portal.access.gate import public
from portal.files.queries import attached_to
from portal.pages.cached import cached_public


@public
@require_safe
@cached_public
def public_index(request: Any) -> HttpResponse:
    """Every series that has something to watch, hear or read."""
    return render(request, "campaigns/series/public_index.html", {"rows": list(queries.public()[:200])})


def _public(slug: str) -> Series:
    series = queries.public().filter(slug=slug).first()
    if series is None:
        raise Http404
    return series


@public
@require_safe
@cached_public
def public_detail(request: Any, slug: str) -> HttpResponse:
    """The playlist: what went out in order, and how many are still to come."""
    series = _public(slug)
    context = {
        "series": series,
        "episodes": queries.public_episodes(series),
        "totals": queries.totals(series),
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/series/public_detail.html", context)


@public
@require_safe
@cached_public
def public_episode(request: Any, slug: str, number: int) -> HttpResponse:
    """One episode, with the way to the one before and the one after."""
    series = _public(slug)
    rows = queries.public_episodes(series)
    at = next((place for place, row in enumerate(rows) if row.number == number), None)
    if at is None:
        raise Http404
    context = {
        "series": series,
        "episode": rows[at],
        "photos": [file for file in attached_to(rows[at], "photos") if file.is_ready],
        "before": rows[at - 1] if at else None,
        "after": rows[at + 1] if at + 1 < len(rows) else None,
    }
    return render(request, "campaigns/series/public_episode.html", context)
