"""The staff menu: every slice registers its entries, each person sees those they may open.

A slice calls `register(MenuItem(...))` from its AppConfig.ready(). An entry whose address does not exist
is left out, so that a slice can be absent without a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ui import badges
from portal.ui.counting import Countable, count_each

Text: TypeAlias = str | Promise
Badge: TypeAlias = Callable[[HttpRequest], Countable]  # rows are counted together with those of other entries
MOST = 1000

WORK = "work"
PLAN = "plan"
CARRIER = "carrier"
MANAGE = "manage"
SYSTEM = "system"
QUICK = "quick"  # not in the menu: the raised button in the middle of the phone tab bar
# Sections in their order; the first one has no heading.
SECTIONS: dict[str, Text] = {
    WORK: "",
    PLAN: _("计划与任务"),
    CARRIER: _("载体与阵地"),
    MANAGE: _("统计与管理"),
    SYSTEM: _("系统"),
}


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One entry. `perm=None` shows it to every signed-in person; `tab` also puts it on the phone tab bar.

    `keep_badge=False`: the number changes without a journal entry and is counted on every page.
    """

    section: str
    label: Text
    icon: str
    url_name: str
    perm: Any = None
    badge: Badge | None = None
    keep_badge: bool = True
    order: int = 100
    tab: bool = False


@dataclass(frozen=True)
class Entry:
    """An entry as one person sees it on one page."""

    label: Text
    icon: str
    url: str
    badge: int | None
    current: bool
    tab: bool
    quick: bool = False


_items: list[MenuItem] = []


def register(item: MenuItem) -> None:
    """Add an entry; registering the same address again replaces it."""
    if item.section not in (*SECTIONS, QUICK):
        raise LookupError(f"unknown menu section {item.section!r}")
    _items[:] = [known for known in _items if known.url_name != item.url_name]
    _items.append(item)


def sections_for(request: HttpRequest) -> list[tuple[Text, list[Entry]]]:
    """The menu of this person, section by section; empty sections are left out."""
    found = []
    entries = [(item, url) for item, url in _visible(request) if item.section != QUICK]
    current = _current_url(request.path, (url for _item, url in entries))
    numbers = _numbers(request, [item for item, _url in entries if item.badge])
    for key, title in SECTIONS.items():
        rows = [_entry(item, url, current, numbers) for item, url in entries if item.section == key]
        if rows:
            found.append((title, rows))
    return found


def tabs_for(request: HttpRequest, menu: list[tuple[Text, list[Entry]]], most: int = 5) -> list[Entry]:
    """The phone tab bar: the marked entries, with the quick one in the middle."""
    quick = [_entry(item, url, request.path, {}) for item, url in _visible(request) if item.section == QUICK]
    tabs = [entry for _title, rows in menu for entry in rows if entry.tab][: most - len(quick[:1])]
    middle = len(tabs) // 2
    return [*tabs[:middle], *(replace(entry, quick=True) for entry in quick[:1]), *tabs[middle:]]


def _visible(request: HttpRequest) -> list[tuple[MenuItem, str]]:
    scope = getattr(request, "scope", None)
    return [
        (item, url)
        for item in sorted(_items, key=lambda known: known.order)
        if (item.perm is None or (scope and scope.has(item.perm)))
        and (url := _address(item.url_name, settings.ROOT_URLCONF))
    ]


@lru_cache(maxsize=256)
def _address(url_name: str, _urlconf: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _current_url(path: str, urls: Iterable[str]) -> str:
    """The longest registered address that the page lies under, so that /staff/ does not win everywhere."""
    return max((url for url in urls if path.startswith(url)), key=len, default="")


def _numbers(request: HttpRequest, items: list[MenuItem]) -> dict[str, int | None]:
    """The badges by address name: those that may be kept from the cache, the others counted."""

    def counted(*, keep: bool) -> dict[str, int | None]:
        asked = {one.url_name: one.badge(request) for one in items if one.badge and one.keep_badge is keep}
        return count_each(asked, most=MOST)

    numbers = badges.kept(request, lambda: counted(keep=True))
    return {**numbers, **getattr(request, "counted", {}), **counted(keep=False)}


def _entry(item: MenuItem, url: str, current: str, numbers: dict[str, int | None]) -> Entry:
    badge = numbers.get(item.url_name)
    return Entry(item.label, item.icon, url, badge or None, url == current, item.tab)
