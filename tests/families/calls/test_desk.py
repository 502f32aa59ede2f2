"""The list of calls and the desk of one: numbers open their rows, what is lacking is said, drafts stay at home."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from campaigns.packages.registry import FULFILMENTS
from families.calls.lists import CALLS
from families.calls.queries import calls_seen, in_phase
from families.works import queries as works
from families.works.actions.calls import lacking, open_call
from families.works.models import WorkCall
from families.works.rules import CallPhase, CallState
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.reviews.workflow import WorkflowError
from tests.factories.units import Tree
from tests.factories.works import make_call, make_work

pytestmark = pytest.mark.django_db
LIST = "/staff/works/calls/"


def test_everybody_reads_announced_calls_and_drafts_stay_with_their_unit(
    call: WorkCall, tree: Tree, signed_in: Any
) -> None:
    make_call(tree.city, title="还在写的征集", slug="draft", status=CallState.DRAFT)
    city, county = signed_in(Role.CITY_OP, tree.city), signed_in(Role.COUNTY_OP, tree.pingding)
    assert "还在写的征集" in city.get(LIST).content.decode()
    page = county.get(LIST).content.decode()
    assert call.title in page
    assert "还在写的征集" not in page
    assert "新建征集" not in page
    assert county.get(f"{LIST}draft/").status_code == 404
    assert county.get(call.staff_url).status_code == 200
    assert "提前结束" not in county.get(call.staff_url).content.decode()
    assert Client().get(call.staff_url).status_code == 302
    assert signed_in(Role.JUDGE, tree.city).get(LIST).status_code == 403


def test_calls_are_filtered_by_organisers_above_and_units_below(
    call: WorkCall, tree: Tree, signed_in: Any
) -> None:
    make_call(tree.pingding, title="县里的征集", slug="county")
    make_call(tree.yuxian, title="邻县没写完", slug="theirs", status=CallState.DRAFT)
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    select = county.get(LIST).content.decode().partition('name="unit"')[2].partition("</select>")[0]
    units = re.findall(r'<option value="(\d*)"', select)
    assert units[:3] == ["", tree.city.unit_no, tree.pingding.unit_no]
    assert tree.dongguan.unit_no in units
    assert tree.yuxian.unit_no not in units
    of_city = county.get(f"{LIST}?unit={tree.city.unit_no}").content.decode()
    assert call.title in of_city
    assert "县里的征集" in of_city
    below = county.get(f"{LIST}?unit={tree.pingding.unit_no}").content.decode()
    assert "县里的征集" in below
    assert call.title not in below
    assert "邻县没写完" not in county.get(f"{LIST}?unit={tree.yuxian.unit_no}").content.decode()


def test_the_number_of_a_row_is_the_number_of_rows_behind_it(
    call: WorkCall, tree: Tree, person: Any, signed_in: Any
) -> None:
    make_work(call, tree.dongguan)
    make_work(call, tree.dongguan)
    make_work(call, tree.yuxian)
    for role, unit, expected in (
        (Role.CITY_OP, tree.city, 3), (Role.COUNTY_OP, tree.pingding, 2), (Role.COUNTY_OP, tree.yuxian, 1),
    ):  # fmt: skip
        scope = scope_of(person(role, unit))
        row = calls_seen(scope).get(pk=call.pk)
        assert row.n_works == expected == works.for_staff(scope).filter(call=call).count()
    page = signed_in(Role.CITY_OP, tree.city).get(call.staff_url).content.decode()
    assert f"/staff/works/?call={call.pk}&amp;status=submitted" in page


def test_the_list_costs_the_same_for_one_and_for_three(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    staff = signed_in(Role.CITY_OP, tree.city)
    staff.get(f"{LIST}?q=none")
    make_work(call, tree.dongguan)

    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(f"{LIST}?{query}").status_code == 200
        return len(caught)

    one = cost("sort=new")
    for number in range(2):
        make_work(make_call(tree.city, title=f"又一个{number}", max_per_person=500), tree.dongguan)
    assert cost("sort=close") == one
    assert CALLS.page_size


def test_phases_of_the_filter_are_those_of_the_tag(call: WorkCall, tree: Tree) -> None:
    now = timezone.now()
    make_call(tree.city, status=CallState.DRAFT)
    make_call(tree.city, open_at=now + timedelta(days=1))
    make_call(tree.city, status=CallState.CLOSED)
    make_call(tree.city, close_at=now - timedelta(seconds=1))
    rows = WorkCall.objects.all()
    for phase in CallPhase:
        assert {row.pk for row in rows if row.phase == phase} == {row.pk for row in in_phase(rows, phase)}
    assert in_phase(rows, CallPhase.ENDED).count() == 2


def test_a_call_goes_out_only_when_it_is_whole(tree: Tree, person: Any, signed_in: Any) -> None:
    draft = make_call(tree.city, slug="thin", status=CallState.DRAFT, close_at=timezone.now())
    draft.categories.clear()
    assert len(lacking(draft)) == 4
    city = person(Role.CITY_OP, tree.city)
    with pytest.raises(WorkflowError, match="截止日期已经过了"):
        open_call(actor=city, call=draft)
    staff = signed_in(Role.CITY_OP, tree.city)
    page = staff.get(draft.staff_url).content.decode()
    assert "还没有写主办单位" in page
    assert f"{LIST}thin/open/" not in page
    whole = make_call(
        tree.city, slug="whole", status=CallState.DRAFT, contact="市妇联", organisers=[{"role": "主办", "name": "市妇联"}]
    )  # fmt: skip
    assert f"{LIST}whole/open/" in staff.get(whole.staff_url).content.decode()
    open_call(actor=city, call=whole)
    assert whole.phase == CallPhase.RUNNING


def test_a_call_that_is_over_is_neither_ended_nor_published_again(tree: Tree, signed_in: Any) -> None:
    staff = signed_in(Role.CITY_OP, tree.city)
    past = timezone.now() - timedelta(seconds=1)
    for state in (CallState.OPEN, CallState.CLOSED):
        over = make_call(tree.city, status=state, close_at=past)
        page = staff.get(over.staff_url).content.decode()
        assert "已结束" in page
        assert f"{LIST}{over.slug}/close/" not in page
        assert f"{LIST}{over.slug}/open/" not in page
    running = staff.get(make_call(tree.city, slug="running").staff_url).content.decode()
    assert f"{LIST}running/close/" in running


def test_the_figure_of_a_package_opens_the_calls_behind_it(
    call: WorkCall, tree: Tree, signed_in: Any
) -> None:
    make_call(tree.city, title="还在写的征集", status=CallState.DRAFT)
    today = timezone.localdate()
    address = FULFILMENTS["works.calls"].link(tree.city, today - timedelta(days=30), today, "")
    page = signed_in(Role.CITY_OP, tree.city).get(address).content.decode()
    assert call.title in page
    assert "还在写的征集" not in page
    old = FULFILMENTS["works.calls"].link(tree.city, date(2020, 1, 1), date(2020, 12, 31), "")
    assert call.title not in signed_in(Role.CITY_OP, tree.city).get(old).content.decode().split("<main", 1)[1]


def test_the_preview_of_a_draft_is_the_page_with_its_code(tree: Tree, signed_in: Any) -> None:
    make_call(tree.city, slug="early", status=CallState.DRAFT)
    staff = signed_in(Role.CITY_OP, tree.city)
    page = staff.get(f"{LIST}early/preview/").content.decode()
    assert "只有您这边能看到" in page
    assert "征集已结束" not in page
    assert staff.get("/works/calls/early/qr.svg").status_code == 200
    assert Client().get("/works/calls/early/qr.svg").status_code == 404
    assert signed_in(Role.COUNTY_OP, tree.pingding).get("/works/calls/early/qr.svg").status_code == 404


def test_what_the_call_asks_stands_alone(tree: Tree, client: Client) -> None:
    call = make_call(
        tree.city, categories=("FAMILY_LETTER",), max_per_person=1, category_rules={"FAMILY_LETTER": {"text_max": 1200}}
    )  # fmt: skip
    page = client.get(call.get_absolute_url()).content.decode()
    assert "1200 字以内" in page
    assert "300–1500 字" not in page
    assert "每人最多 1 件" in page


@pytest.mark.parametrize("title", ["家训", "2026 年“家庭助廉”文化作品征集", "题" * 60])
def test_a_poster_is_one_page_whatever_stands_on_it(tree: Tree, signed_in: Any, title: str) -> None:
    from families.works.models import WorkCategory

    call = make_call(
        tree.city, slug="poster", title=title, theme="主题" * 40, audience_text="全市家庭" * 20, contact="联系" * 50,
        categories=tuple(WorkCategory.objects.values_list("code", flat=True)),
    )  # fmt: skip
    staff = signed_in(Role.CITY_OP, tree.city)
    for paper in ("a4", "a3"):
        pdf = PdfReader(io.BytesIO(staff.get(f"{LIST}{call.slug}/poster-{paper}.pdf").content))
        assert len(pdf.pages) == 1
        assert "扫码投稿" in "".join(pdf.pages[0].extract_text().split())
