"""Two colleagues with the same page open: the second is told, and nothing is written over."""

import re
from typing import Any

import pytest

from campaigns.materials.models import Material
from campaigns.series.models import Series
from campaigns.visits.models import FamilyVisit
from portal.access.roles import Role
from tests.factories.materials import make_material
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
