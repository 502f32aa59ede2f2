"""Answers to faults: a plain sentence that says what to do, and nothing that was typed is lost."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access.origin import page_of
from portal.drafts import rescue
from portal.ui.typed import typed_fields


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the body was more than a form may carry."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return render(request, "errors/413.html", status=413)
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without request, session or database."""
    context = {"reference": getattr(request, "request_id", "")}
    return HttpResponse(render(None, "errors/500.html", context).content, status=500)  # type: ignore[arg-type]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from a stale page: keep what was typed, show it, and lead back to it."""
    kept = rescue.keep(request)
    path = kept.resume_url if kept is not None and kept.resume_url else page_of(request)
    context: dict[str, Any] = {"typed": typed_fields(request), "path": path, "kept": kept}
    return render(request, "errors/403_csrf.html", context, status=403)
