"""The unit field: a select for few, typed text for many, never outside its set."""

import pytest
from django import forms

from portal.units.fields import UnitChoiceField
from portal.units.models import Level, Unit
from tests.factories.units import make_unit

pytestmark = pytest.mark.django_db


def field(tree, few=60):
    return UnitChoiceField(rows=Unit.objects.filter(path__startswith=tree.city.path), few=few)


def test_few_units_make_a_select_with_places(tree):
    found = field(tree)
    assert isinstance(found.widget, forms.Select)
    assert (
        "140321100001",
        "东关社区 (山西省 › 阳泉市 › 平定县 › 冠山镇) 140321100001",
    ) in found.widget.choices
    assert found.clean("140321100001") == tree.dongguan


@pytest.mark.parametrize(
    "typed", ["140321100001", "东关社区", "东关社区妇联", "东关社区 (阳泉市) 140321100001", " 东关社区 "]
)
def test_many_units_take_number_or_name(tree, typed):
    found = field(tree, few=2)
    assert "data-unit-picker" in found.widget.attrs
    assert found.clean(typed) == tree.dongguan


def test_same_name_twice_asks_for_the_number(tree):
    make_unit(tree.xiushui, "140322100001", "东关社区", Level.VILLAGE)
    with pytest.raises(forms.ValidationError, match=r"有几个“东关社区”.*140321100001.*140322100001"):
        field(tree, few=2).clean("东关社区")


@pytest.mark.parametrize("typed", ["140000000000", "没有这个", "140399999999"])
def test_unit_outside_the_set_is_unknown(tree, typed):
    with pytest.raises(forms.ValidationError, match="没有找到"):
        field(tree).clean(typed)


def test_empty_is_none_unless_required(tree):
    with pytest.raises(forms.ValidationError):
        field(tree).clean("")
    assert UnitChoiceField(rows=Unit.objects.all(), required=False).clean("") is None


def test_a_part_of_the_name_is_answered_with_the_units_meant(tree):
    with pytest.raises(forms.ValidationError, match=r"没有正好叫“东关”的单位.*东关社区.*140321100001"):
        field(tree, few=2).clean("东关")
    assert field(tree, few=2).clean("１４０３２１１００００１") == tree.dongguan
