"""What the frame counts: once per person, anew after their own writes, messages and grants, soon after those of others."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import transaction

from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.ui import badges, kept, menu
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _turned_on(settings):
    settings.KEPT_PAGE_SECONDS = 30
    cache.clear()


def _counter():
    calls = []

    def count():
        calls.append(1)
        return {"x": len(calls)}

    return count


def _asks(user):
    return SimpleNamespace(user=user, scope=scope_of(user, fresh=True))


@pytest.fixture
def people(tree):
    return make_user(Role.COUNTY_OP, tree.pingding), make_user(Role.COUNTY_OP, tree.pingding)


def test_kept_per_person_until_they_write(tree, people):
    (me, other), one, two = people, _counter(), _counter()
    assert [badges.kept(_asks(me), one)["x"] for _ in range(3)] == [1, 1, 1]
    assert badges.kept(_asks(other), two) == {"x": 1}
    with transaction.atomic():
        record("unit.renamed", actor=me, target=tree.dongguan)
    assert badges.kept(_asks(me), one) == {"x": 2}
    assert badges.kept(_asks(other), two) == {"x": 1}  # theirs is at most half a minute old


def test_message_or_another_grant_counts_anew(tree, people):
    (me, other), one, two = people, _counter(), _counter()
    badges.kept(_asks(me), one)
    badges.kept(_asks(other), two)
    kept.forget(me)
    assert badges.kept(_asks(me), one) == {"x": 2}
    assert badges.kept(_asks(other), two) == {"x": 1}
    other.grants.all().delete()
    assert badges.kept(_asks(other), two) == {"x": 2}


def test_a_part_counted_while_the_person_writes_is_not_shown_again(tree, people):
    me, again = people[0], _counter()

    def written_meanwhile():
        with transaction.atomic():
            record("unit.renamed", actor=me, target=tree.dongguan)
        return {"x": "old"}

    assert badges.kept(_asks(me), written_meanwhile) == {"x": "old"}
    assert badges.kept(_asks(me), again) == {"x": 1}


def test_menu_says_what_the_page_has_counted(tree, people, monkeypatch):
    monkeypatch.setattr(menu, "_items", [])
    item = menu.MenuItem(
        section=menu.WORK,
        label="待我处理",
        icon="inbox",
        url_name="portal:reviews:inbox",
        badge=lambda _request: 7,
    )
    menu.register(item)

    def shown(request):
        request.path = "/staff/"
        return menu.sections_for(request)[0][1][0].badge

    assert shown(_asks(people[0])) == 7
    request = _asks(people[0])
    badges.told(request, "portal:reviews:inbox", 3)
    assert shown(request) == 3


def test_nothing_is_kept_for_visitors_or_when_turned_off(people, settings):
    count, visitor = _counter(), SimpleNamespace(user=SimpleNamespace(is_authenticated=False))
    badges.kept(visitor, count)
    assert badges.kept(visitor, count) == {"x": 2}
    settings.KEPT_PAGE_SECONDS = 0
    badges.kept(_asks(people[0]), count)
    assert badges.kept(_asks(people[0]), count) == {"x": 4}
