"""Pages for everybody: the list, one venue, its plate, running public notices."""

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campaigns.venues.models import Venue
from campaigns.venues.queries import bases as base_queries
from campaigns.venues.queries import venues as queries
from campaigns.venues.queries import visits as visit_queries
from campaigns.venues.rules.venues import Kind
from portal.access.gate import public as open_to_all
from portal.files.queries import attached_to, by_target
from portal.pages.cached import cached_public
from portal.pages.search import words_of
from portal.ui.lists import paging
from portal.units.queries import in_subtree

PAGE_SIZE = 24


def published(no: str) -> Venue:
    """A public venue by number, else Http404."""
    venue = queries.published().filter(no=no).first() if len(no) <= 16 and no.isascii() else None
    if venue is None:
        raise Http404
    return venue


@open_to_all
@require_safe
@cached_public
def index(request: Any) -> HttpResponse:
    """Public venues in division order, by place, kind and words."""
    place, kind, words = (request.GET.get(name, "")[:60] for name in ("place", "kind", "q"))
    kind = kind if kind in Kind.values else ""
    rows = queries.published_with(words_of(words))
    if place:
        rows = rows.filter(in_subtree(place))
    if kind:
        rows = rows.filter(kind=kind)
    part = paging.page(
        rows, ("unit__path", "pk"), size=PAGE_SIZE, after=request.GET.get("after", "")[:300],
        before=request.GET.get("before", "")[:300],
    )  # fmt: skip
    photos = by_target(Venue, [row.pk for row in part.rows if row.photo_count], "photos")
    plates = base_queries.plates_of(part.rows)
    kept = {key: value for key, value in (("place", place), ("kind", kind), ("q", words)) if value}
    context = {
        "rows": [
            (
                row,
                next((file for file in photos.get(str(row.pk), []) if file.is_ready), None),
                plates.get(row.pk),
            )
            for row in part.rows
        ],
        "previous": f"?{urlencode(kept | {'before': part.before})}" if part.before else "",
        "next": f"?{urlencode(kept | {'after': part.after})}" if part.after else "",
        "places": queries.public_places(),
        "kinds": queries.by_kind(queries.published()),
        "place": place,
        "kind": kind,
        "words": words,
        "is_filtered": bool(kept),
    }
    return render(request, "campaigns/venues/public_index.html", context)


@open_to_all
@require_safe
@cached_public
def detail(request: Any, no: str) -> HttpResponse:
    """One venue: where it is, when it is open, how to book. A venue with a plate but without a page of its own
    (closed, or under review again) still answers a scanned plate."""
    if base_queries.plate_of_number(no) is not None and not queries.published().filter(no=no[:16]).exists():
        return redirect("campaigns:venues:plate", no)
    venue = published(no)
    context = {
        "venue": venue,
        "photos": [file for file in attached_to(venue, "photos") if file.is_ready],
        "plate": base_queries.plate_of(venue),
        "days": visit_queries.open_days(venue)[:7] if venue.can_be_booked else [],
    }
    return render(request, "campaigns/venues/public_detail.html", context)


@open_to_all
@require_safe
@cache_control(public=True, max_age=86_400)
def qr(request: Any, no: str) -> HttpResponse:
    """The address of the venue's public page as a QR code. It is drawn for every number that is well formed, so
    that a plate can be printed before the page is out."""
    if not (len(no) == 10 and no.isascii() and no.isalnum()):
        raise Http404
    buffer = io.BytesIO()
    address = f"{settings.SITE['base_url'].rstrip('/')}/venues/{no}/"
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", scale=8, border=2)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")


@open_to_all
@require_safe
def plate(request: Any, no: str) -> HttpResponse:
    """What a scanned plate says: valid or removed, and the way to the venue's page."""
    base = base_queries.plate_of_number(no)
    venue = queries.published().filter(no=no).first()
    if base is None and venue is None:
        raise Http404
    return render(request, "campaigns/venues/plate.html", {"base": base, "venue": venue})


@open_to_all
@require_safe
def notices(request: Any) -> HttpResponse:
    """Public notices that run today; each goes from the page by itself when its time is over."""
    return render(request, "campaigns/venues/notices.html", {"rows": list(base_queries.public_notices())})
