"""The database refuses to rewrite the journal, whoever asks."""

import pytest
from django.db import Error, connection, transaction

from portal.access.actors import SYSTEM
from portal.journal import actions, guards
from portal.journal.models import JournalEntry, JournalSeal
from portal.journal.verbs import VERBS, Verb


@pytest.fixture
def guarded(tree, monkeypatch):
    """Triggers for the length of one test: its transaction takes them away again."""
    monkeypatch.setitem(VERBS, "test.happened", Verb("test.happened", "试了一次"))
    guards.install(connection)
    guards.install(connection)
    entry = actions.record("test.happened", actor=SYSTEM, target=tree.city, unit=tree.city)
    actions.seal()
    return entry


def _refused(write):
    with pytest.raises(Error, match="journal only grows"), transaction.atomic():
        write()


def test_entries_and_seals_are_neither_changed_nor_deleted(guarded):
    _refused(lambda: JournalEntry.objects.filter(pk=guarded.pk).update(verb="other"))
    _refused(lambda: JournalEntry.objects.filter(pk=guarded.pk)._raw_delete("default"))
    _refused(lambda: JournalSeal.objects.all().update(digest="f" * 64))
    _refused(lambda: JournalSeal.objects.all()._raw_delete("default"))
    assert JournalEntry.objects.get(pk=guarded.pk).verb == "test.happened"


def test_appending_and_sealing_go_on(guarded, tree):
    actions.record("test.happened", actor=SYSTEM, target=tree.city)
    assert actions.seal() == 1


def test_guards_can_be_taken_away_by_a_migration(guarded):
    guards.remove(connection)
    assert JournalEntry.objects.filter(pk=guarded.pk).update(verb="other") == 1


def test_unknown_database_is_said_loudly():
    with pytest.raises(ValueError, match="oracle"):
        guards.sql_lists("oracle")
