"""代录, calls, exports."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from families.works.models import Work, WorkCall
from portal.access.roles import Role
from portal.files.models import StoredFile
from tests.factories.units import Tree
from tests.factories.works import make_work

pytestmark = pytest.mark.django_db


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("纸.jpg", out.getvalue(), "image/jpeg")


def test_village_officer_types_in_a_paper(
    call: WorkCall, tree: Tree, signed_in: Any, typed: Callable[..., Any]
) -> None:
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    page = client.get("/staff/works/new/").content.decode()
    assert "东关社区" in page
    without = client.post("/staff/works/new/", typed())
    assert without.status_code == 200
    assert not Work.objects.exists()
    answer = client.post("/staff/works/new/", typed(scan=picture()), follow=True)
    work = Work.objects.get()
    assert work.entered_by == client.user
    assert "取回码" in answer.content.decode()
    assert StoredFile.objects.get().target_type == "consent"
    detail = signed_in(Role.COUNTY_REVIEWER, tree.pingding).get(work.staff_url).content.decode()
    assert f"{client.user.display_name} 代录" in detail
    assert client.post(f"{work.staff_url}check/").status_code == 403


def test_officer_stays_inside_the_own_village(
    call: WorkCall, tree: Tree, signed_in: Any, typed: Callable[..., Any]
) -> None:
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    page = client.post("/staff/works/new/", typed(village="南关社区", scan=picture())).content.decode()
    assert "本单位范围" in page
    assert not Work.objects.exists()


def test_public_form_refuses_a_unit_outside_the_call(
    family: Any, call: WorkCall, typed: Callable[..., Any], tree: Tree
) -> None:
    WorkCall.objects.update(unit=tree.pingding)
    page = family.post(
        "/works/calls/motto-2026/submit/", typed(area=tree.xiushui.unit_no, village="")
    ).content.decode()
    assert "不在本次征集的范围内" in page


def test_export_is_masked_unless_reasoned(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    from portal.jobs.models import Job
    from portal.jobs.runner import run_all

    make_work(call, tree.dongguan, author_name="李守信")
    client = signed_in(Role.CITY_REVIEWER, tree.city)
    for reason, shown in (("", False), ("评审组联系作者", True)):
        client.post("/staff/lists/export/", {"list": "works", "query": "", "format": "csv", "reason": reason})
        run_all()
        body = (
            Job.objects.filter(kind="listing.export")
            .order_by("-pk")[0]
            .open_file()
            .read()
            .decode("utf-8-sig")
        )
        assert ("李守信" in body) is shown


def test_call_is_written_previewed_and_published(tree: Tree, signed_in: Any, client: Any) -> None:
    from families.works.models import WorkCategory

    staff = signed_in(Role.CITY_OP, tree.city)
    data = {
        "title": "剪纸征集", "slug": "papercut", "open_on": "2026-01-01", "close_on": "2030-01-01", "max_per_person": 2,
        "unit_min_quota": 0, "copyright_mode": "license", "no_fee": "on", "org_host": "市妇联",
        "contact": "市妇联家儿部",
        "categories": [WorkCategory.objects.get(code="PAPERCUT").pk],
    }  # fmt: skip
    wrong = staff.post("/staff/works/calls/new/", {**data, "close_on": "2025-01-01"})
    assert "不能早于" in wrong.content.decode()
    assert staff.post("/staff/works/calls/new/", data).status_code == 302
    assert client.get("/works/calls/papercut/").status_code == 404
    assert "预览" in staff.get("/staff/works/calls/papercut/preview/").content.decode()
    # A date input shows nothing for any other notation, and saving would then lose the day.
    assert 'value="2026-01-01"' in staff.get("/staff/works/calls/papercut/edit/").content.decode()
    assert 'value="2026-01-01"' in staff.get("/staff/works/?from_=2026-01-01").content.decode()
    staff.post("/staff/works/calls/papercut/open/")
    assert client.get("/works/calls/papercut/").status_code == 200
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    assert county.get("/staff/works/calls/new/").status_code == 403
    assert county.get("/staff/works/calls/papercut/edit/").status_code == 403


def test_who_typed_it_in_corrects_it_after_a_return(
    call: WorkCall, tree: Tree, signed_in: Any, person: Any, typed: Callable[..., Any]
) -> None:
    from families.works.actions import review

    client, other = signed_in(Role.VILLAGE_OP, tree.dongguan), signed_in(Role.VILLAGE_OP, tree.dongguan)
    client.post("/staff/works/new/", typed(scan=picture(), phone=""))
    work = Work.objects.get()
    review.send_back(actor=person(Role.COUNTY_REVIEWER, tree.pingding), work=work, reason="错字")
    url = f"{work.staff_url}edit/"
    assert other.get(url).status_code == 404
    workbench = client.get("/staff/").content.decode()
    assert url in workbench
    assert "退回理由：错字" in workbench
    assert work.text in client.get(url).content.decode()
    assert client.post(url, typed(text="改好的家训", phone="", audience="organisation")).status_code == 302
    work.refresh_from_db()
    assert (work.text, work.status, work.audience) == ("改好的家训", "submitted", "organisation")
    from portal.privacy.models import Consent

    assert Consent.objects.get(type="c3").withdrawn_at is not None
