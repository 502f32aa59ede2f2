"""Numbers in the menu: counted once per person, anew after any write."""

from types import SimpleNamespace

import pytest
from django.db import transaction

from portal.access.actors import SYSTEM
from portal.journal.actions import record
from portal.ui import badges

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _turned_on(settings):
    settings.KEPT_PAGE_SECONDS = 30


def _counter():
    calls = []

    def count():
        calls.append(1)
        return {"x": len(calls)}

    return count


def _person(pk, *, is_authenticated=True):
    return SimpleNamespace(pk=pk, is_authenticated=is_authenticated)


def test_kept_per_person_until_something_is_written(tree):
    badges.forget()
    one, two = _counter(), _counter()
    assert [badges.kept(_person(1), one)["x"] for _ in range(3)] == [1, 1, 1]
    assert badges.kept(_person(2), two) == {"x": 1}
    with transaction.atomic():
        record("unit.renamed", actor=SYSTEM, target=tree.dongguan)
    assert badges.kept(_person(1), one) == {"x": 2}


def test_nothing_is_kept_for_visitors_or_without_a_stamp():
    count = _counter()
    badges.kept(_person(None, is_authenticated=False), count)
    assert badges.kept(_person(None, is_authenticated=False), count) == {"x": 2}
