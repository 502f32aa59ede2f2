"""The answers to too many attempts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.rules import plain_username


def locked_out(
    request: HttpRequest, response: Any = None, credentials: Any = None, *args: Any
) -> HttpResponse:
    """429 with the time to wait; the same answer for names that do not exist."""
    return _refuse(request, round(settings.AXES_COOLOFF_TIME * 60))


def too_many(request: HttpRequest, *args: Any) -> HttpResponse:
    """429 of the limits per address, before any password is looked at."""
    return _refuse(request, 5)


def _refuse(request: HttpRequest, minutes: int) -> HttpResponse:
    page = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def counted_name(request: HttpRequest, credentials: Any) -> str:
    """The name under which failures are counted: `County`, ` county` and `ｃｏｕｎｔｙ` are one."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return plain_username(str(given))[:150]
