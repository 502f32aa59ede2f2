"""How often the pages and steps of a work ask the database: exact, so that a repeat does not creep in again.

Inside a test every transaction of its own is a savepoint, two statements each; in production there are fewer.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from families.works.models import WorkCall
from portal.access.roles import Role
from portal.publication import actions as gate
from portal.publication.queries import open_of
from tests.factories.units import Tree
from tests.factories.works import make_work
from tests.families.works.test_review import ALL, people
from tests.families.works.test_staff_entry import picture

__all__ = ["people"]
pytestmark = pytest.mark.django_db
Typed = Callable[..., dict[str, Any]]
URL = "/works/calls/motto-2026/submit/"


def test_submission(family: Client, call: WorkCall, typed: Typed, django_assert_num_queries: Any) -> None:
    """Was 87."""
    family.post(URL, typed())
    with django_assert_num_queries(32):
        assert family.post(URL, typed()).status_code == 302


def test_paper_entry(
    call: WorkCall, tree: Tree, signed_in: Any, typed: Typed, django_assert_num_queries: Any
) -> None:
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    client.post("/staff/works/new/", typed(scan=picture()))
    with django_assert_num_queries(40):
        assert client.post("/staff/works/new/", typed(scan=picture())).status_code == 302


def test_check_gate_and_public_page(
    call: WorkCall,
    tree: Tree,
    signed_in: Any,
    people: dict[str, Any],
    client: Client,
    django_assert_num_queries: Any,
) -> None:
    first, work = (make_work(call, tree.dongguan) for _n in range(2))
    reviewer = signed_in(Role.CITY_REVIEWER, tree.city)
    reviewer.post(f"{first.staff_url}check/")
    with django_assert_num_queries(27):
        assert reviewer.post(f"{work.staff_url}check/").status_code == 302
    for name in ("editor", "publisher"):
        gate.pass_on(open_of(work), actor=people[name], answers=ALL)  # type: ignore[arg-type]
    client.get(f"{work.get_absolute_url()}?_=1")
    with django_assert_num_queries(6):
        assert client.get(f"{work.get_absolute_url()}?_=2").status_code == 200


def test_list_of_works_asks_the_same_for_one_and_for_three(
    call: WorkCall, tree: Tree, signed_in: Any
) -> None:
    client, counts = signed_in(Role.CITY_REVIEWER, tree.city), []
    client.get("/staff/works/")
    for number in (1, 2):
        for _n in range(number):
            make_work(call, tree.dongguan)
        with CaptureQueriesContext(connection) as asked:
            assert (
                client.get("/staff/works/").content.decode().count('name="chosen"')
                == number * (number + 1) // 2
            )
        counts.append(len(asked))
    assert counts[0] == counts[1]
