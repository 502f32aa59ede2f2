"""Exports: what the list shows, with the rights of the person, as text that no spreadsheet runs."""

import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from portal.access.permissions import Perm
from portal.access.roles import Role
from portal.jobs.models import JobState
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.listing import actions
from portal.listing.writing import safe
from portal.ui.lists import LISTS, Column, ListSpec, Sort
from portal.units.models import Unit


@pytest.fixture
def spec(monkeypatch):
    found = ListSpec(
        code="test-export",
        title="单位台账",
        rows=lambda scope: scope.rows(Unit, Perm.UNIT_VIEW),
        columns=(
            Column("name", "名称", lambda unit: unit.name),
            Column(
                "phone", "电话", lambda unit: "13800138000", sensitive=True, masked=lambda unit: "138****8000"
            ),
        ),
        sorts=(Sort("no", "编号", ("unit_no",)),),
    )
    monkeypatch.setitem(LISTS, found.code, found)
    return found


def _rows(job):
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    with job.open_file() as handle:
        sheet = openpyxl.load_workbook(io.BytesIO(handle.read())).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_county_exports_its_own_rows_masked_and_one_click_is_one_job(tree, person, spec):
    user = person(Role.COUNTY_OP, tree.pingding)
    token = "5d0e7c1e-1111-4222-8333-444455556666"
    job = actions.request_export(actor=user, list_code=spec.code, query="", file_format="xlsx", token=token)
    again = actions.request_export(actor=user, list_code=spec.code, query="", file_format="xlsx", token=token)
    assert again.pk == job.pk
    run_all()
    rows = _rows(job)
    assert [row[0] for row in rows] == ["平定县妇联", "冠山镇妇联", "东关社区妇联", "南关社区妇联"]
    assert {row[1] for row in rows} == {"138****8000"}
    assert JournalEntry.objects.filter(verb="list.exported").count() == 1
    with pytest.raises(PermissionDenied):
        actions.request_export(actor=user, list_code=spec.code, query="", file_format="xlsx", reason="核对")


def test_reviewer_with_a_reason_gets_the_full_values(tree, person, spec):
    user = person(Role.CITY_REVIEWER, tree.city)
    job = actions.request_export(
        actor=user, list_code=spec.code, query="", file_format="xlsx", reason="逐户核对"
    )
    run_all()
    assert {row[1] for row in _rows(job)} == {"13800138000"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_formula_like_text_is_made_harmless(start):
    assert safe(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert safe(-5) == -5


def test_csv_opens_in_office_programs(tree, person, spec):
    job = actions.request_export(
        actor=person(Role.COUNTY_OP, tree.pingding), list_code=spec.code, query="", file_format="csv"
    )
    run_all()
    job.refresh_from_db()
    with job.open_file() as handle:
        raw = handle.read()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert "平定县妇联".encode() in raw
