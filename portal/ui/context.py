"""What every template can use: site facts, the menu, unread messages, care mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.ui import menu

CARE_COOKIE = "care_mode"

_unread: Callable[[HttpRequest], int] | None = None
_bell_url_name = ""
_unit: Callable[[HttpRequest], dict[str, str] | None] | None = None


def set_unread(count: Callable[[HttpRequest], int], *, url_name: str) -> None:
    """Tell how unread messages are counted and where they are read; called once by notifications."""
    global _unread, _bell_url_name
    _unread, _bell_url_name = count, url_name


def set_unit(provide: Callable[[HttpRequest], dict[str, str] | None]) -> None:
    """Tell which unit the person works for: {"name", "place", "url"}; called once by grants."""
    global _unit
    _unit = provide


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor. The menu and counts are computed only by templates that show them."""
    entries = SimpleLazyObject(lambda: menu.sections_for(request))
    return {
        "site": settings.SITE,
        "is_elder": request.COOKIES.get(CARE_COOKIE) == "1",
        "is_demo": settings.DEMO,
        "menu": entries,
        "tabs": SimpleLazyObject(lambda: menu.tabs_for(list(entries))),
        "unread": SimpleLazyObject(lambda: _count(request)),
        "bell_url_name": _bell_url_name,
        "unit_chip": SimpleLazyObject(lambda: _unit(request) if _unit else None),
    }


def _count(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if _unread is None or user is None or not user.is_authenticated:
        return 0
    return _unread(request)
