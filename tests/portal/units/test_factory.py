"""The tree of the tests, made quickly, is the tree that the kernel makes."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from portal.units.models import Division, Unit
from tests.factories import units as factory

pytestmark = pytest.mark.django_db


def rows(model: type[Model]) -> list[dict[str, Any]]:
    found = list(model._default_manager.order_by("pk").values())
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


def everything(made: list[Unit]) -> Any:
    held = [{name: getattr(unit, name) for name in ("unit_no", "path", "depth", "numchild")} for unit in made]
    links = sorted(Unit.divisions.through.objects.values_list("unit__unit_no", "division__code"))
    return held, rows(Unit), rows(Division), links


def test_made_at_once_is_made_one_by_one() -> None:
    with transaction.atomic():
        quickly = everything(factory._at_once())
        transaction.set_rollback(True)
    slowly = everything(factory._one_by_one())
    assert quickly == slowly
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_a_second_tree_stands_beside_what_is_there() -> None:
    factory.make_unit(None, "110000000000", "北京市", factory.Level.PROVINCE)
    tree = factory.make_tree()
    assert tree.province.path > Unit.objects.get(unit_no="110000000000").path
    assert tree.nanguan.is_descendant_of(tree.city)
