"""Whatever sequence of changes is tried, the tree stays sound."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.access.actors import SYSTEM
from portal.units import actions, queries
from portal.units.models import Unit
from portal.units.rules import Refused, is_territorial
from tests.factories.units import make_tree

STEP = st.tuples(
    st.sampled_from(["add", "move", "merge", "rename", "close"]), st.integers(0, 30), st.integers(0, 30)
)


def take(step, number):
    what, first, second = step
    units = list(Unit.objects.order_by("pk"))
    unit, other = units[first % len(units)], units[second % len(units)]
    if what == "add":
        actions.add_unit(
            parent=unit,
            name=f"第{number}村妇联",
            short_name=f"第{number}村",
            level=5 - second % 2,
            actor=SYSTEM,
        )
    elif what == "move":
        actions.move(unit=unit, parent=other, actor=SYSTEM)
    elif what == "merge":
        actions.merge(unit=unit, into=other, actor=SYSTEM)
    elif what == "rename":
        actions.rename(unit=unit, name=f"{number}号妇联", short_name=f"{number}号", actor=SYSTEM)
    else:
        actions.close(unit=unit, actor=SYSTEM)


def assert_sound():
    assert not any(Unit.objects.find_problems())
    open_units = list(Unit.objects.open())
    by_path = {unit.path: unit for unit in Unit.objects.all()}
    for unit in open_units:
        parent = by_path.get(unit.path[: -Unit.steplen])
        if parent is not None:
            assert not parent.is_closed, (unit, parent)
            if is_territorial(unit.kind):
                assert parent.level < unit.level
                assert is_territorial(parent.kind)
        assert [one.pk for one in queries.ancestors_of(unit)] == [
            by_path[unit.path[:end]].pk for end in range(Unit.steplen, len(unit.path), Unit.steplen)
        ]
    for unit in Unit.objects.exclude(replaced_by=None).select_related("replaced_by"):
        assert unit.is_closed
        assert not unit.divisions.exists()
        assert unit.path.startswith(unit.replaced_by.path)


@pytest.mark.django_db
@settings(max_examples=20)
@given(steps=st.lists(STEP, max_size=12))
def test_tree_stays_sound(steps, db):
    with transaction.atomic():
        make_tree()
        for number, step in enumerate(steps):
            try:
                take(step, number)
            except Refused:
                continue
        assert_sound()
        transaction.set_rollback(True)
