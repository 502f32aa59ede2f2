"""Answers to faults: a plain sentence that says what to do, and nothing that was typed is lost."""

import re
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.drafts import rescue

# Fields that never come back to the page.
SECRET_PREFIXES = (
    "csrfmiddlewaretoken", "password", "new_password", "old_password", "code", "form_token", "form_code", "draft_path", "captcha", "altcha",
)  # fmt: skip
# What a page sends along by itself; nobody would copy it.
MACHINE = re.compile(r"^(act|action|next|unit|.*_remove|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)$")


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
    path = kept.resume_url if kept is not None and kept.resume_url else request.get_full_path()
    context: dict[str, Any] = {"typed": typed_fields(request), "path": path, "kept": kept}
    return render(request, "errors/403_csrf.html", context, status=403)


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, without secrets and files."""
    try:
        fields = request.POST.lists()
    except Exception:  # noqa: BLE001 – a body that cannot be read must not hide the first fault
        return []
    return [
        (name, value)
        for name, values in fields
        if not name.startswith(SECRET_PREFIXES) and not MACHINE.match(name)
        for value in values
        if value.strip()
    ]
