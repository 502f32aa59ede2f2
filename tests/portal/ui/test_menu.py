"""The staff menu: registry, permissions, missing addresses, the current page."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory

from portal.access.permissions import Perm
from portal.ui import menu
from portal.ui.menu import MenuItem


class Holds:
    """A scope that holds the given permissions."""

    def __init__(self, *perms: Perm) -> None:
        self.perms = perms

    def has(self, perm: Perm) -> bool:
        return perm in self.perms


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(menu, "_items", [])
    return


def request_for(path: str = "/", *perms: Perm):
    request = RequestFactory().get(path)
    request.scope = Holds(*perms)
    return request


def item(url_name: str = "portal:pages:privacy", **fields) -> MenuItem:
    return MenuItem(**{"section": menu.WORK, "label": "条目", "icon": "dot", "url_name": url_name, **fields})


def test_entry_shows_only_to_holders_of_its_permission() -> None:
    menu.register(item(perm=Perm.ACTIVITY_VIEW))
    assert menu.sections_for(request_for("/")) == []
    shown = menu.sections_for(request_for("/", Perm.ACTIVITY_VIEW))
    assert [entry.url for _title, rows in shown for entry in rows] == ["/privacy/"]


def test_entry_without_an_address_is_left_out() -> None:
    menu.register(item("no:such:slice"))
    assert menu.sections_for(request_for()) == []


def test_registering_twice_keeps_one() -> None:
    menu.register(item(label="旧"))
    menu.register(item(label="新"))
    ((_title, rows),) = menu.sections_for(request_for())
    assert [entry.label for entry in rows] == ["新"]


def test_unknown_section_is_refused() -> None:
    with pytest.raises(LookupError):
        menu.register(item(section="nowhere"))


def test_longest_address_is_current() -> None:
    menu.register(item("portal:pages:home", order=1))
    menu.register(item("portal:pages:privacy", order=2))
    ((_title, rows),) = menu.sections_for(request_for("/privacy/"))
    assert [entry.current for entry in rows] == [False, True]


def test_badge_of_zero_is_not_shown() -> None:
    menu.register(item(badge=lambda request: 0))
    ((_title, rows),) = menu.sections_for(request_for())
    assert rows[0].badge is None


def test_tabs_are_the_marked_entries_in_order() -> None:
    menu.register(item("portal:pages:privacy", order=2, tab=True))
    menu.register(item("portal:pages:home", order=1, tab=True))
    menu.register(item("portal:pages:search", order=3))
    request = request_for()
    assert [entry.url for entry in menu.tabs_for(request, menu.sections_for(request))] == ["/", "/privacy/"]


def test_quick_entry_stands_in_the_middle_of_the_tabs_only() -> None:
    menu.register(item("portal:pages:home", order=1, tab=True))
    menu.register(item("portal:pages:privacy", order=2, tab=True))
    menu.register(item("portal:pages:accessibility", section=menu.QUICK))
    request = request_for()
    sections = menu.sections_for(request)
    assert [entry.url for _title, rows in sections for entry in rows] == ["/", "/privacy/"]
    tabs = menu.tabs_for(request, sections)
    assert [(entry.url, entry.quick) for entry in tabs] == [
        ("/", False),
        ("/accessibility/", True),
        ("/privacy/", False),
    ]
