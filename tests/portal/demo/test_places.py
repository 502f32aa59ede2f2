"""The places of the demo are complete, sound, and loaded once."""

import csv
from pathlib import Path

import pytest

from portal.demo.places import load_places
from portal.units import queries
from portal.units.models import CodeSystem, Division, Level, Unit

pytestmark = pytest.mark.django_db
SEEDS = Path("portal/units/data/seed_places.csv")


def test_places_are_there_sound_and_loaded_once():
    load_places()
    count = Unit.objects.count()
    load_places()
    assert Unit.objects.count() == count
    assert not any(Unit.objects.find_problems())
    with SEEDS.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            assert queries.by_no(row["nbs2023_code"]) is not None, row
    yangquan = queries.by_no("140300000000")
    assert queries.subtree(yangquan).filter(level=Level.VILLAGE).count() == 777
    assert {unit.short_name for unit in queries.children_in_order(yangquan)} >= {
        "城区",
        "矿区",
        "郊区",
        "高新区",
        "平定县",
        "盂县",
    }
    gansu = queries.by_no("620000000000")
    assert queries.subtree(gansu).count() == 1 + 14 + 88
    assert Division.objects.filter(code_system=CodeSystem.MCA).count() == 1699
    pingxi = queries.by_no("520622002000")
    assert {one.code for one in queries.divisions_of(pingxi)} == {"520622002000", "520622001000"}
