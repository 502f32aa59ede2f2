"""The unit chip of the staff pages."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from portal.access.roles import Role
from portal.pages.wiring import unit_chip
from tests.factories.units import Tree

pytestmark = pytest.mark.django_db


def test_chip_names_the_persons_unit(signed_in: Callable[..., Client], tree: Tree) -> None:
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    html = client.get("/staff/").content.decode()
    assert f'<a class="unit" href="/dashboard/{tree.pingding.unit_no}/">' in html
    assert tree.pingding.name in html


def test_strangers_have_no_chip(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    assert unit_chip(request) is None
