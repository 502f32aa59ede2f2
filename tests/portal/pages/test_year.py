"""Figures of the year on the home page come from the roll-ups and are asked for rarely."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.pages import year
from tests.factories.units import Tree

pytestmark = pytest.mark.django_db


def test_nothing_before_the_first_roll_up(rf: RequestFactory, tree: Tree, settings) -> None:
    settings.SITE = {**settings.SITE, "home_unit": tree.city.unit_no}
    assert year.stats(rf.get("/")) is None


def test_an_unknown_home_unit_shows_nothing(rf: RequestFactory, settings) -> None:
    settings.SITE = {**settings.SITE, "home_unit": "999"}
    assert year.stats(rf.get("/")) is None


def test_figures_are_kept_for_minutes(client: Client, django_assert_num_queries) -> None:
    row = {"icon": "people", "label": "参与人数", "value": 8897, "unit": "人", "sub": "今年以来"}
    cache.set("pages.year.zh-hans", {"stats": [row], "as_of": timezone.now()}, 60)
    with django_assert_num_queries(0):
        assert year.stats(RequestFactory().get("/"))["stats"] == [row]  # type: ignore[index]
    html = client.get("/", HTTP_ACCEPT_LANGUAGE="zh-CN").content.decode()
    assert "8,897" in html
    assert "数据截至" in html
