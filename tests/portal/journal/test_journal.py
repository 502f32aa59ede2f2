"""The chain shows every change; a person can be forgotten without breaking it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.access.actors import SYSTEM, Visitor
from portal.journal import actions, queries
from portal.journal.models import JournalEntry, JournalSeal
from portal.journal.verbs import VERBS, Verb


@pytest.fixture(autouse=True)
def _verb(monkeypatch):
    monkeypatch.setitem(VERBS, "test.happened", Verb("test.happened", "试了一次"))


def _record(tree, **fields):
    with transaction.atomic():
        return actions.record("test.happened", actor=SYSTEM, target=tree.city, unit=tree.city, **fields)


def test_entry_needs_its_transaction_and_a_known_verb(tree, transactional_db):
    with pytest.raises(RuntimeError):
        actions.record("test.happened", actor=SYSTEM, target=tree.city)
    with pytest.raises(KeyError), transaction.atomic():
        actions.record("test.unheard_of", actor=SYSTEM, target=tree.city)


def test_unbroken_chain_verifies_and_a_changed_row_is_found(tree, capsys):
    for number in range(5):
        _record(tree, changed=[f"field{number}"])
    call_command("verify_journal")
    assert "unbroken" in capsys.readouterr().out
    seal = JournalSeal.objects.get(seq=3)
    JournalSeal.objects.filter(seq=3).delete()
    assert any("3 is missing" in fault for fault in queries.faults())
    seal.save(force_insert=True)
    JournalSeal.objects.filter(seq=2).update(digest="f" * 64)
    with pytest.raises(CommandError):
        call_command("verify_journal")


def test_details_are_encrypted_and_gone_after_erasure(tree):
    visitor = Visitor(ref="visitor:abc")
    with transaction.atomic():
        entry = actions.record(
            "test.happened", actor=visitor, target=tree.city, details={"name": ["", "张三丰"]}, unit=tree.city
        )
    assert "张三丰" not in entry.detail.sealed
    assert actions.read_details(entry) == {"name": ["", "张三丰"]}
    actions.erase_person("visitor:abc")
    assert actions.read_details(entry) is None
    actions.seal()
    assert list(queries.faults()) == []


# Names of fields; PostgreSQL's JSON takes any character but NUL.
FIELD_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@settings(max_examples=20)
@given(changes=st.lists(st.lists(FIELD_NAMES, max_size=3), min_size=1, max_size=6), size=st.integers(1, 4))
def test_chain_holds_however_it_is_sealed(tree, changes, size):
    for fields in changes:
        _record(tree, changed=fields)
        actions.seal(limit=size)
    while actions.seal(limit=size):
        pass
    assert list(queries.faults()) == []
    assert JournalEntry.objects.filter(seal__isnull=True).count() == 0
