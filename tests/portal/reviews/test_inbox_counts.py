"""The inbox counts all sources in one question, and one broken source does not take the others with it."""

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.access.scope import Scope
from portal.reviews import inbox
from portal.units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


def _source(code, rows, items=None):
    item = inbox.InboxItem(code, "", "/", timezone.now())
    return inbox.InboxSource(code, code, "bell", rows, items or (lambda _scope, _limit: [item]))


@pytest.fixture(autouse=True)
def _only_these(monkeypatch):
    monkeypatch.setattr(inbox, "SOURCES", {})


def _fails(*_args):
    raise LookupError("broken")


def test_empty_sources_are_not_read_and_all_are_counted_at_once(tree):
    inbox.register(_source("units", lambda _scope: Unit.objects.all()))
    inbox.register(_source("nothing", lambda _scope: Unit.objects.filter(name="没有这个单位"), _fails))
    with CaptureQueriesContext(connection) as asked:
        groups = inbox.groups(Scope())
    assert [(group.source.code, group.count) for group in groups] == [("units", 1)]
    assert len(asked) == 1
    assert inbox.total(Scope()) == Unit.objects.count()


def test_broken_source_is_left_out(tree):
    inbox.register(_source("units", lambda _scope: Unit.objects.all()))
    inbox.register(_source("code", _fails))
    inbox.register(_source("items", lambda _scope: Unit.objects.all(), _fails))
    wrong = RawSQL("SELECT no_such_column FROM portal_unit", [])
    inbox.register(_source("sql", lambda _scope: Unit.objects.filter(pk__in=wrong)))
    assert [group.source.code for group in inbox.groups(Scope())] == ["units"]
    assert inbox.total(Scope()) == 2 * Unit.objects.count()
