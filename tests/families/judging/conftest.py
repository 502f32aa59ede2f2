"""A call with accepted works and people who judge them."""

from typing import Any

import pytest
from django.test import Client

from families.works.models import Work, WorkCall, WorkCategory
from portal.accounts.models import User
from tests.factories.judging import make_accepted, make_judges, make_staff
from tests.factories.units import Tree
from tests.factories.works import make_call


@pytest.fixture
def call(tree: Tree) -> WorkCall:
    found = make_call(tree.city, slug="motto-2026", max_per_person=500)
    WorkCategory.objects.update(per_person=500)
    return found


@pytest.fixture
def staff(tree: Tree) -> dict[str, User]:
    return make_staff(tree)


@pytest.fixture
def judges(tree: Tree) -> list[User]:
    return make_judges(tree, 4)


@pytest.fixture
def works(call: WorkCall, tree: Tree, staff: dict[str, User]) -> list[Work]:
    return [make_accepted(call, tree, staff, phone=f"1380000{n:04d}") for n in range(4)]


@pytest.fixture
def enter() -> Any:
    """`enter(user)` → a browser signed in as this account."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
        return client

    return make
