"""Pages for everybody: only published records, the same for all readers."""

import io
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campaigns.activities import public
from campaigns.activities.rules import Kind
from portal.access.gate import public as open_to_all
from portal.pages.cached import cached_public


@open_to_all
@require_safe
@cached_public
def index(request: Any) -> HttpResponse:
    """Published activities, newest first, by page key."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    page = public.list_page(
        kind=kind, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "page": page,
        "kind": kind,
        "kinds": [{"label": _("全部"), "url": "/activities/", "current": not kind}]
        + [
            {"label": label, "url": f"/activities/?kind={code}", "current": kind == code}
            for code, label in Kind.choices
        ],
    }
    return render(request, "campaigns/activities/public_index.html", context)


@open_to_all
@require_safe
@cached_public
def detail(request: Any, no: str) -> HttpResponse:
    """One published activity."""
    found = public.page_of(no)
    if found is None:
        raise Http404
    return render(
        request, "campaigns/activities/public_detail.html", {"page": found, "activity": found.activity}
    )


@open_to_all
@require_safe
@cache_control(public=True, max_age=86_400)
def qr(request: Any, no: str) -> HttpResponse:
    """The page's address as a QR code, for print and posters."""
    if public.page_of(no) is None:
        raise Http404
    buffer = io.BytesIO()
    address = f"{settings.SITE['base_url'].rstrip('/')}/activities/{no}/"
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", scale=6, border=2)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")
