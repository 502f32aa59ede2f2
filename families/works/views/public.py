"""The gallery, calls, and the page of a published work."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from families.calls.queries import documents_of
from families.calls.rules import Channel, ages_in_words
from families.exhibition.queries import gallery_calls, issues_of_work, shown_outward
from families.search import gallery
from families.works import panels, queries, spoken
from families.works.categories import MODES
from families.works.messages import full_url
from families.works.models import Work, WorkCall
from families.works.sharing import qr_svg
from portal.access.gate import public
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.pages.cached import cached_public

PAGE_SIZE = 12
FILTERS = ("q", "category", "county", "mode", "call", "issue")


def _svg(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@public
@require_safe
@cached_public
def index(request: HttpRequest) -> HttpResponse:
    """Open calls and the gallery, newest first; there is no ranking."""
    chosen = {name: request.GET.get(name, "").strip()[:70] for name in FILTERS}
    found = gallery.page(
        gallery.asked(**chosen),
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    covers = queries.covers_of(found.rows)
    cards = [{"work": work, "photo": covers.get(str(work.pk))} for work in found.rows]
    keep = request.GET.copy()
    for name in ("after", "before"):
        keep.pop(name, None)
    context = {
        "cards": cards,
        "calls": list(queries.open_calls()[:3]),
        "categories": queries.shown_categories(),
        "counties": queries.counties(),
        "modes": [(code, label) for code, (label, _codes) in MODES.items()],
        "gallery_calls": gallery_calls(),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "next": _link(keep, "after", found.after),
        "previous": _link(keep, "before", found.before),
    }
    return render(request, "families/works/gallery.html", context)


def _link(query: object, name: str, cursor: str) -> str:
    if not cursor:
        return ""
    copy = query.copy()  # type: ignore[attr-defined]
    copy[name] = cursor
    return f"?{copy.urlencode()}"


@public
@require_safe
@cached_public
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """A call as the public reads it."""
    row = queries.announced_calls().filter(slug=slug).first()
    if row is None:
        raise Http404
    return render(request, "families/works/call.html", call_context(row))


def call_context(call: WorkCall) -> dict[str, Any]:
    """What the page of a call shows; the preview of staff is the same page."""
    return {
        "call": call,
        "categories": queries.categories_of(call),
        "groups": [
            {**row, "ages": ages_in_words(row), "how": Channel(row.get("channel", Channel.PUBLIC)).label}
            for row in call.groups
        ],
        "tiers": call.award_tiers,
        "documents": documents_of(call),
        "now": timezone.now(),
        "recent": list(queries.published().filter(call=call).order_by("-published_at", "-pk")[:3]),
        "share": full_url(reverse("families:calls:share", args=[call.slug])),
    }


@public
@require_safe
def call_qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The QR code that leads to the form."""
    row = queries.announced_calls().filter(slug=slug).first()
    if row is None:  # the preview of a call that is not out yet shows its code as well
        row = scope_of(request.user).rows(WorkCall, Perm.CALL_EDIT).filter(slug=slug).first()
    if row is None:
        raise Http404
    return _svg(qr_svg(full_url(row.get_absolute_url())))


def _published(no: str) -> Work:
    work = queries.published().select_related("call").prefetch_related("authors").filter(no=no).first()
    if work is None:
        raise Http404
    return work


@public
@require_safe
@cached_public
def detail(request: HttpRequest, no: str) -> HttpResponse:
    """One work. Exists only while it is published and its author agrees."""
    work = _published(no)
    photos, files = queries.shown_files(work)
    media = [file for file in files if file.is_ready]
    context = {
        "work": work,
        "photos": [file for file in photos if file.is_ready],
        "media": media,
        "words": spoken.transcript_of(work, media),
        "more": list(
            queries.published()
            .filter(category=work.category)
            .exclude(pk=work.pk)
            .order_by("-published_at", "-pk")[:3]
        ),
        "extras": queries.extras_of(work),
        "outward": shown_outward(work),
        "issues": issues_of_work(work),
        "share": full_url(reverse("families:exhibition:work_share", args=[work.no])),
        "complaint": f"/complaints/?kind=report&page={work.get_absolute_url()}",
        "is_letter": work.category.code == "FAMILY_LETTER",
        "is_long": len(work.text) > 120,
        "panels": panels.for_public_work(request, work),
    }
    return render(request, "families/works/detail.html", context)


@public
@require_safe
def detail_qr(request: HttpRequest, no: str) -> HttpResponse:
    """The QR code of a published work."""
    return _svg(qr_svg(full_url(_published(no).get_absolute_url())))
