"""What every template can use: site facts, the menu, unread messages, care mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from portal.ui import badges, menu

CARE_COOKIE = "care_mode"


@dataclass
class _Hooks:
    """What slices above this layer provide."""

    unread: Callable[[HttpRequest], int] | None = None
    bell_url_name: str = ""
    unit: Callable[[HttpRequest], dict[str, str] | None] | None = None


_hooks = _Hooks()


def set_unread(count: Callable[[HttpRequest], int], *, url_name: str) -> None:
    """Tell how unread messages are counted and where they are read; called once by notifications."""
    _hooks.unread, _hooks.bell_url_name = count, url_name


def set_unit(provide: Callable[[HttpRequest], dict[str, str] | None]) -> None:
    """Tell which unit the person works for: {"name", "place", "url"}; called once by grants."""
    _hooks.unit = provide


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor. The menu and counts are computed only by templates that show them."""
    entries = SimpleLazyObject(lambda: menu.sections_for(request))
    return {
        "site": settings.SITE,
        "is_elder": request.COOKIES.get(CARE_COOKIE) == "1",
        "is_demo": settings.DEMO,
        "staff_menu": SimpleLazyObject(lambda: _written(list(entries))),
        "phone_tabs": SimpleLazyObject(lambda: menu.tabs_for(request, list(entries))),
        "unread_count": SimpleLazyObject(lambda: _count(request)),
        "bell_url_name": _hooks.bell_url_name,
        "unit_chip": SimpleLazyObject(lambda: _hooks.unit(request) if _hooks.unit else None),
    }


def _written(entries: list[Any]) -> SafeString:
    """The menu as it stands twice on every page: beside it, and behind a button on a phone."""
    return render_to_string("ui/_menu.html", {"staff_menu": entries})


def _count(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if _hooks.unread is None or user is None or not user.is_authenticated:
        return 0
    unread = _hooks.unread
    return int(badges.kept(request, lambda: unread(request), name="unread"))
