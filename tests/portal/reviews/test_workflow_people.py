"""Two people: an empty field is nobody, not everybody without an account."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from portal.access.actors import SYSTEM, Visitor
from portal.reviews.workflow import Transition, _refused_person

ROW = Transition("pass", frozenset({"a"}), "b", "x.y", "通过", not_by=("created_by",))


@dataclass
class Thing:
    created_by_id: Any = field(default=None)


def test_nobody_is_not_the_same_person():
    for actor in (SYSTEM, Visitor(ref="visitor:1")):
        assert not _refused_person(Thing(), ROW, actor)
    me = SimpleNamespace(pk=7, ref="me")
    assert _refused_person(Thing(7), ROW, me)
    assert not _refused_person(Thing(8), ROW, me)
