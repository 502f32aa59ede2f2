"""The answer to too many wrong passwords."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, response: Any = None, credentials: Any = None, *args: Any
) -> HttpResponse:
    """429 with the time to wait; the same answer for names that do not exist."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    page = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page
