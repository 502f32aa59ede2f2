"""Paging by key shows every row once, whatever the order and however many share a value."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django_filters import BooleanFilter, FilterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.ui.lists import Column, ListSpec, Sort, build, chosen, paging
from portal.units.models import Unit

SPEC = ListSpec(
    code="test-units",
    title="单位",
    rows=lambda scope: scope.rows(Unit, Perm.UNIT_VIEW),
    columns=(
        Column("name", "名称", lambda unit: unit.name),
        Column("level", "级别", lambda unit: unit.level, number=True),
    ),
    sorts=(Sort("level", "级别", ("-level",)), Sort("no", "编号", ("unit_no",))),
    page_size=3,
)


def _walk(rows, fields, size):
    seen, after, firsts = [], "", []
    while True:
        part = paging.page(rows, fields, size=size, after=after)
        seen += [row.pk for row in part.rows]
        firsts.append(part)
        if not part.after:
            return seen, firsts
        after = part.after


@settings(max_examples=25)
@given(
    fields=st.sampled_from([("level",), ("-level",), ("-level", "short_name"), ("unit_no",)]),
    size=st.integers(1, 7),
)
def test_walking_shows_every_row_once_and_back_again(tree, fields, size):
    rows = Unit.objects.all()
    full = (*fields, "-pk" if fields[0].startswith("-") else "pk")
    expected = list(rows.order_by(*full).values_list("pk", flat=True))
    seen, pages = _walk(rows, fields, size)
    assert seen == expected
    if len(pages) > 1:
        back = paging.page(rows, fields, size=size, before=pages[1].before)
        assert [row.pk for row in back.rows] == [row.pk for row in pages[0].rows]
        assert back.before == ""


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IGpzb24", "WzEsMiwzLDRd", "%%%", "WyJhIiwiYiJd"])
def test_mangled_cursor_shows_the_first_page(tree, cursor):
    part = paging.page(Unit.objects.all(), ("-level",), size=3, after=cursor)
    assert len(part.rows) == 3


def _request(user, query="", data=None):
    factory = RequestFactory()
    request = factory.post("/x/", data) if data is not None else factory.get(f"/x/?{query}")
    request.user, request.scope = user, scope_of(user)
    return request


def test_list_costs_the_same_for_one_and_three_rows(tree, person, django_assert_num_queries):
    one, three = person(Role.VILLAGE_OP, tree.dongguan), person(Role.TOWNSHIP_OP, tree.guanshan)
    for user in (one, three):
        request = _request(user)
        with django_assert_num_queries(3):  # the rows, the capped count, the person's saved views
            assert build(request, SPEC).rows


def test_bulk_choice_stays_inside_the_scope(tree, person):
    user = person(Role.TOWNSHIP_OP, tree.guanshan)
    picked = chosen(
        _request(user, data={"chosen": [str(tree.dongguan.pk), str(tree.xiushui.pk), "1;drop"]}), SPEC
    )
    assert [unit.pk for unit in picked] == [tree.dongguan.pk]
    everything = chosen(_request(user, data={"all_matching": "1", "query": ""}), SPEC)
    assert everything.count() == 3


def test_page_keeps_filters_in_its_links(tree, person):
    request = _request(person(Role.CITY_OP, tree.city), "sort=no&q=a%26b")
    page = build(request, SPEC)
    assert page.previous == ""
    assert QueryDict(page.next[1:])["q"] == "a&b"
    assert QueryDict(page.next[1:])["sort"] == "no"


@pytest.mark.parametrize(("given", "left"), [("", 3), ("unknown", 3), ("true", 2), ("false", 1)])
def test_a_filter_of_yes_no_or_both(tree, person, given, left):
    class Open(FilterSet):
        open = BooleanFilter(label="还在", field_name="closed_on", lookup_expr="isnull")

    keys = [unit.pk for unit in (tree.city, tree.pingding, tree.guanshan)]
    Unit.objects.filter(pk=tree.guanshan.pk).update(closed_on=date(2026, 1, 1))
    spec = replace(SPEC, filterset=Open, rows=lambda _scope: Unit.objects.filter(pk__in=keys))
    request = RequestFactory().get("/", {"open": given})
    request.user = person(Role.CITY_OP, tree.city)
    request.scope = scope_of(request.user)
    page = build(request, spec)
    assert page.total == left
    field = page.filterset.form["open"]
    assert field.field.is_plain  # written out, without a template per option
    assert re.findall(r'value="(\w*)"[^>]*>([^<]+)</option>', str(field)) == [
        ("unknown", "全部"), ("true", "是"), ("false", "否"),
    ]  # fmt: skip
    assert re.findall(r'value="(\w+)" selected', str(field)) == [given or "unknown"]
