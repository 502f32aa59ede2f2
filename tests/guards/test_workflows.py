"""Every state machine is whole: reachable, named, journalled, and moved through the one door."""

import re

import pytest
from django.apps import apps

from portal.access.permissions import Perm
from portal.journal.verbs import VERBS
from tests.guards.source import APPS, python_files, short

MODELS = [
    model
    for label in APPS
    for model in apps.get_app_config(label).get_models()
    if hasattr(model, "transitions")
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_transitions_are_complete(model):
    states = {value for value, _label in model._meta.get_field("status").choices}
    for name, row in model.transitions.items():
        assert row.name == name
        assert row.verb in VERBS, f"{name} records an unknown verb {row.verb}"
        assert str(row.label).strip()
        assert row.perm is None or row.perm in set(Perm)
        assert set(row.sources) | {row.target} <= states, f"{name} uses a state that does not exist"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_state_can_be_reached(model):
    field = model._meta.get_field("status")
    reached = {field.default} if field.default else set()
    entry = getattr(model, "entry_states", frozenset())
    reached |= set(entry)
    for _ in range(len(model.transitions) + 1):
        reached |= {row.target for row in model.transitions.values() if set(row.sources) & reached}
    assert {value for value, _label in field.choices} - reached == set()


def test_there_are_workflows():
    assert MODELS


def test_no_status_is_assigned_outside_the_door():
    """A status changes in reviews.workflow only; creating a row in its first state is not a change."""
    pattern = re.compile(r"\.status\s*=(?!=)|update\([^)]*\bstatus=")
    found = [
        f"{short(path)}: {line.strip()}"
        for path in python_files()
        if short(path) != "portal/reviews/workflow.py"
        for line in path.read_text("utf-8").splitlines()
        if pattern.search(line) and "status_code" not in line
    ]
    assert found == []
