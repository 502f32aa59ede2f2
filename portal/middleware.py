"""Request id, clean input, and answers to faults of the database that keep what was typed."""

import errno
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import timezone

from portal.ui.typed import fields_to_send_again, typed_fields

log = structlog.get_logger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]
LONGEST_REQUEST = timedelta(hours=1)  # what is older is another machine's wrong clock
_REQUEST_ID = re.compile(r"^[0-9a-zA-Z-]{8,64}$")


def client_ip(request: HttpRequest) -> str:
    """The client's address: the peer's, or what our own proxies wrote – never a client's own header."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else peer


def _moment_of(request: HttpRequest) -> datetime:
    """When the request came in: as our own proxy wrote it (its clock, and the seconds since the first byte: an upload
    may take minutes), else now."""
    now = timezone.now()
    if not settings.TRUSTED_PROXIES:
        return now
    clock, _space, seconds = request.META.get("HTTP_X_REQUEST_START", "").partition(" ")
    try:
        told = datetime.fromtimestamp(float(clock) - float(seconds), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return told if now - LONGEST_REQUEST <= told <= now else now


def received_at(request: HttpRequest) -> datetime:
    """When the request came in. For deadlines: who waited for a turn, or for the upload, was in time."""
    return getattr(request, "received_at", None) or timezone.now()


class RequestIdMiddleware:
    """Binds a request id to every log line and sends it back; notes when the request came in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        request.received_at = _moment_of(request)  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, ip=client_ip(request))
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class FaultMiddleware:
    """A database that is away or too slow is answered with a 503 page; a body too large with 413, a full
    disk with 507."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.REQUEST_MAX_MB * 1024 * 1024:
            return _too_large(request)
        try:
            response = self.get_response(request)
            return (
                _wrong_method(response) if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED else response
            )
        except (OperationalError, InterfaceError) as error:
            return _unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer faults raised inside views; everything else goes its usual way."""
        if isinstance(error, OperationalError | InterfaceError):
            return _unavailable(request, error)
        if isinstance(error, RequestDataTooBig | TooManyFilesSent):
            return _too_large(request)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _no_space(request, error)
        return None


def _wrong_method(response: HttpResponse) -> HttpResponse:
    """Django's own answer is an empty page; who followed a link to a button's address is told what happened."""
    if not response.content:
        response.content = _plain("errors/405.html", {})
        response["Content-Length"] = str(len(response.content))
    return response


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("database.unavailable", error=type(error).__name__, path=request.path)
    again = fields_to_send_again(request) if request.method == "POST" else []
    context: dict[str, Any] = {
        "typed": typed_fields(request),
        "path": request.get_full_path(),
        "again": again,
    }
    response = HttpResponse(_plain("errors/503.html", context), status=503)
    response["Retry-After"] = "10"
    return response


def _no_space(request: HttpRequest, error: OSError) -> HttpResponse:
    log.error("disk.full", error=str(error), path=request.path)
    context: dict[str, Any] = {"typed": typed_fields(request), "path": request.path}
    return HttpResponse(_plain("errors/507.html", context), status=507)


def _too_large(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_plain("errors/413.html", {"limit_mb": settings.REQUEST_MAX_MB}), status=413)


def _plain(template: str, context: dict[str, Any]) -> str:
    """Render without a request: no session, no user, no query."""
    return render(None, template, context).content.decode()  # type: ignore[arg-type]


class CleanInputMiddleware:
    """Refuses NUL characters in the address and in text fields, which no database takes."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(_plain("errors/400.html", {}))
        return self.get_response(request)
