"""Two colleagues with the same page open: the second is told, and nothing is written over."""

import re
import threading
from typing import Any

import pytest
from django.db import connection

from campaigns.materials.models import Material
from campaigns.series.models import Series
from campaigns.visits.models import FamilyVisit
from portal.access.roles import Role
from portal.ui import forms
from tests.factories.activities import make_campaign
from tests.factories.materials import make_material
from tests.factories.planning import make_package, make_policy
from tests.factories.pledges import make_template
from tests.factories.series import make_series
from tests.factories.visits import make_visit


def _typed(html: str) -> dict[str, Any]:
    """What a browser would send back: hidden fields, inputs, chosen options and text areas of the page's form."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        kind, name = re.search(r'type="([^"]*)"', tag), re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind and kind[1] in {"checkbox", "radio", "file"} and "checked" not in tag):
            continue
        found[name[1]] = value[1] if value else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[name] = body.strip()
    return found


@pytest.mark.parametrize("make", [make_series, make_material, make_visit])
def test_second_writer_is_told_and_the_first_words_stay(make, tree, signed_in):
    row: Series | Material | FamilyVisit = make(tree.pingding)
    field = "area" if isinstance(row, FamilyVisit) else "title"
    first, second = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.pingding)
    address = f"{row.staff_url}edit/"
    mine, theirs = _typed(first.get(address).content.decode()), _typed(second.get(address).content.decode())
    assert first.post(address, {**mine, field: "先改的"}).status_code == 302
    refused = second.post(address, {**theirs, field: "后改的"})
    assert refused.status_code == 422
    assert "另一位同事改过" in refused.content.decode() and "后改的" in refused.content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == "先改的"
    again = _typed(second.get(address).content.decode())
    assert second.post(address, {**again, field: "看过再改"}).status_code == 302


# What each edit page saves, and the field that two people write at the same moment.
PAGES = [
    (Role.COUNTY_OP, lambda tree: make_series(tree.pingding), "title"),
    (Role.COUNTY_OP, lambda tree: make_material(tree.pingding), "title"),
    (Role.COUNTY_OP, lambda tree: make_visit(tree.pingding), "area"),
    (Role.CITY_OP, lambda tree: make_campaign(tree.city), "slogan"),
    (Role.COUNTY_OP, lambda tree: make_package(tree.pingding, tree.guanshan), "name"),
    (Role.CITY_OP, lambda tree: make_policy(make_campaign(tree.city), tree.pingding), "title"),
    (Role.COUNTY_OP, lambda tree: make_template(tree.pingding, status="draft"), "title"),
]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("role", "make", "field"), PAGES)
def test_of_two_who_save_at_the_same_moment_one_is_told(role, make, field, tree, signed_in, monkeypatch):
    """Both have passed the form's own check before either writes: only the compare-and-set can tell them apart."""
    row = make(tree)
    address = f"{row.staff_url}edit/"
    unit = tree.city if role is Role.CITY_OP else tree.pingding
    people = [signed_in(role, unit) for _number in range(2)]
    pages = [_typed(client.get(address).content.decode()) for client in people]
    both, write = threading.Barrier(2), forms._PortalFormMixin.write

    def together(form: Any, action: Any) -> Any:
        both.wait(20)
        return write(form, action)

    monkeypatch.setattr(forms._PortalFormMixin, "write", together)
    answers: dict[int, Any] = {}

    def save(number: int) -> None:
        try:
            answers[number] = people[number].post(address, {**pages[number], field: f"第{number}位写的"})
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    won = [number for number, answer in answers.items() if answer.status_code == 302]
    assert len(answers) == 2 and len(won) == 1
    page = answers[1 - won[0]].content.decode()
    assert "另一位同事改过" in page and f"第{1 - won[0]}位写的" in page
    row.refresh_from_db()
    assert getattr(row, field) == f"第{won[0]}位写的"


def test_a_step_or_a_look_of_a_colleague_stops_nobody(tree, signed_in):
    package = make_package(
        tree.pingding, tree.guanshan, status="draft", items=(("一场宣讲", "activities.kind", "talk", 1),)
    )
    first, second = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.pingding)
    page = _typed(second.get(f"{package.staff_url}edit/").content.decode())
    assert first.post(f"{package.staff_url}step/", {"step": "open"}).status_code == 302
    assert second.post(f"{package.staff_url}edit/", {**page, "name": "改了名"}).status_code == 302
    package.refresh_from_db()
    assert package.name == "改了名" and package.status == "open"
