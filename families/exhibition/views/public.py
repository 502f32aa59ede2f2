"""Public pages of issues, and the pictures that chat apps show."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from families.exhibition import drawing, queries
from families.exhibition.models import Issue
from families.works import queries as works
from families.works.messages import full_url
from families.works.sharing import qr_svg
from portal.access.gate import public
from portal.pages.cached import cached_public
from portal.ui.lists.paging import page as key_page


@public
@require_safe
@cached_public
def issues(request: HttpRequest) -> HttpResponse:
    """Every published issue, newest first."""
    found = key_page(
        queries.public_issues(), ("-published_at", "-pk"), size=12, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    covers = queries.covers_of(found.rows)
    context = {
        "cards": [{"issue": issue, "photo": covers.get(issue.pk)} for issue in found.rows],
        "next": f"?after={found.after}" if found.after else "",
        "previous": f"?before={found.before}" if found.before else "",
    }
    return render(request, "families/exhibition/issues.html", context)


def _public_issue(key: str, number: int) -> Issue:
    row = queries.public_issue(key, number)
    if row is None:
        raise Http404
    return row


@public
@require_safe
@cached_public
def issue(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One issue with its works in order, and the way to the next one."""
    return render(request, "families/exhibition/issue.html", issue_context(_public_issue(key, number)))


def issue_context(row: Issue) -> dict[str, Any]:
    rows = queries.shown_works(row)
    photos = works.photos_of(rows)
    before, after = queries.neighbours(row)
    return {
        "issue": row,
        "cards": [
            {
                "work": work,
                "photo": next((file for file in photos.get(str(work.pk), []) if file.is_ready), None),
            }
            for work in rows
        ],
        "cover": queries.covers_of([row]).get(row.pk),
        "before": before,
        "after": after,
        "progress": queries.progress(row),
        "share": full_url(reverse("families:exhibition:issue_share", args=[row.key, row.number])),
    }


def _png(raw: bytes) -> HttpResponse:
    response = HttpResponse(raw, content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@public
@require_safe
def issue_share(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The picture that chat apps show beside the link."""
    return _png(drawing.of_issue(_public_issue(key, number)))


@public
@require_safe
def issue_qr(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The QR code of an issue."""
    row = _public_issue(key, number)
    return HttpResponse(qr_svg(full_url(row.get_absolute_url())), content_type="image/svg+xml")


@public
@require_safe
def work_share(request: HttpRequest, no: str) -> HttpResponse:
    """The same for a published work; gone with its page."""
    work = works.published().filter(no=no).first()
    if work is None:
        raise Http404
    return _png(drawing.of_work(work))
