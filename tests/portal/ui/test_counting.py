"""Many counts in one question."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from portal.ui.counting import count_each
from portal.units.models import Unit

pytestmark = pytest.mark.django_db


def test_all_are_counted_in_one_query(tree):
    units = Unit.objects.order_by("path")
    asked = {
        "all": units,
        "few": units.filter(pk__in=[tree.dongguan.pk, tree.nanguan.pk]),
        "words": units.filter(Q(name="'; %s --") | Q(name=tree.city.name)),
        "two": [units.filter(pk=tree.city.pk), units.filter(pk=tree.dongguan.pk)],
        "sliced": units[:2],
        "none": units.none(),
        "impossible": units.filter(pk__in=[]),
        "number": 7,
        "unknown": None,
    }
    with CaptureQueriesContext(connection) as questions:
        found = count_each(asked, most=100)
    assert len(questions) == 1
    assert found == {
        "all": Unit.objects.count(), "few": 2, "words": 1, "two": 2, "sliced": 2, "none": 0, "impossible": 0,
        "number": 7, "unknown": None,
    }  # fmt: skip


def test_counting_stops_at_the_most(tree):
    units = Unit.objects.all()
    assert count_each({"one": units, "sum": [units, units]}, most=3) == {"one": 3, "sum": 3}


def test_nothing_to_count_asks_nothing(tree):
    with CaptureQueriesContext(connection) as questions:
        assert count_each({"a": 1, "b": Unit.objects.none(), "c": []}, most=9) == {"a": 1, "b": 0, "c": 0}
    assert not questions.captured_queries
