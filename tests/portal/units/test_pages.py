"""The pages: insider and outsider, flat queries, preview before the act."""

import pytest
from django.urls import reverse

from portal.access.roles import Role
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.listing.actions import request_export
from portal.units.models import Level, Unit, UnitChange
from tests.factories.units import make_unit

pytestmark = pytest.mark.django_db
TREE, LIST = "/staff/units/", "/staff/units/list/"


def page(unit, tail=""):
    return f"/staff/units/{unit.unit_no}/{tail}"


def text(response):
    assert response.status_code == 200, response
    return response.content.decode()


def test_tree_begins_at_the_own_unit_and_opens_downwards(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    shown = text(client.get(TREE))
    assert "平定县" in shown and "冠山镇" in shown and "东关社区" not in shown and "盂县" not in shown
    assert "东关社区" in text(client.get(TREE, {"open": tree.guanshan.unit_no}))
    assert "秀水镇" not in text(client.get(TREE, {"open": tree.yuxian.unit_no}))


def test_branch_opens_by_htmx_and_without_it(tree, signed_in):
    client = signed_in(Role.CITY_OP, tree.city)
    opened = text(client.get(page(tree.guanshan, "node/"), {"open": "1"}, HTTP_HX_REQUEST="true"))
    assert "东关社区" in opened and "<html" not in opened
    shut = text(client.get(page(tree.guanshan, "node/"), HTTP_HX_REQUEST="true"))
    assert "东关社区" not in shut
    plain = client.get(page(tree.guanshan, "node/"), {"open": "1"})
    assert plain.status_code == 302 and f"open={tree.guanshan.unit_no}" in plain.url


def test_outsider_gets_404_everywhere(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.yuxian)
    for tail in ("", "node/", "add/", "rename/", "move/", "merge/", "close/"):
        assert client.get(page(tree.guanshan, tail)).status_code == 404, tail
    assert client.post(page(tree.guanshan, "cancel/")).status_code == 404
    assert "冠山" not in text(client.get(LIST))
    assert client.get(reverse("portal:units:options"), {"q": "冠山"}).json() == {"units": []}


def test_role_without_the_right_gets_403(tree, signed_in):
    leader = signed_in(Role.COUNTY_LEADER, tree.pingding)
    assert leader.get(page(tree.guanshan)).status_code == 200
    assert leader.get(page(tree.guanshan, "rename/")).status_code == 403
    officer = signed_in(Role.COUNTY_OP, tree.pingding)
    assert officer.get(page(tree.guanshan, "rename/")).status_code == 200
    assert officer.get(page(tree.guanshan, "move/")).status_code == 403
    assert officer.get(page(tree.pingding, "rename/")).status_code == 403
    speaker = signed_in(Role.SPEAKER, tree.pingding)
    assert speaker.get(TREE).status_code == 403


def test_unit_page_shows_facts_people_and_history(tree, signed_in, person):
    person(Role.VILLAGE_OP, tree.dongguan, display_name="王桂兰")
    shown = text(signed_in(Role.TOWNSHIP_OP, tree.guanshan).get(page(tree.dongguan)))
    assert "东关社区妇联" in shown and "140321100001" in shown and "王桂兰" in shown
    shown = text(signed_in(Role.PROVINCE_VIEWER, tree.province).get(page(tree.dongguan)))
    assert "东关社区妇联" in shown and "王桂兰" not in shown


def test_unit_page_costs_the_same_for_one_and_three_children(
    tree, signed_in, django_assert_max_num_queries, person
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.CITY_OP, tree.city)

    def cost(url):
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    urls = (page(tree.xiushui), TREE + f"?open={tree.xiushui.unit_no}", LIST + "?q=xs", LIST)
    make_unit(tree.xiushui, "140322100001", "秀水甲村", Level.VILLAGE)
    before = [cost(url) for url in urls]
    for number in (2, 3):
        unit = make_unit(tree.xiushui, f"14032210000{number}", f"秀水{number}村", Level.VILLAGE)
        person(Role.VILLAGE_OP, unit)
    assert [cost(url) for url in urls] == before


@pytest.mark.parametrize("words", ["东关", "dg", "dongguan", "140321100001", "东关社区妇联", "DGSQ"])
def test_list_finds_by_name_pinyin_and_number(tree, signed_in, words):
    shown = text(signed_in(Role.CITY_OP, tree.city).get(LIST, {"q": words}))
    assert "东关社区" in shown and "秀水镇" not in shown


def test_list_exports_as_a_job(tree, signed_in):
    actor = signed_in(Role.CITY_OP, tree.city).user
    request_export(actor=actor, list_code="units", query="level=5", file_format="csv")
    run_all()
    job = Job.objects.get(kind="listing.export")
    assert job.state == "done", job.error
    with job.open_file() as handle:
        rows = handle.read().decode("utf-8-sig")
    assert "东关社区" in rows and "秀水镇" not in rows


def test_village_is_added_after_a_preview(tree, signed_in):
    client = signed_in(Role.TOWNSHIP_OP, tree.guanshan)
    url = page(tree.guanshan, "add/")
    assert "下一步" in text(client.get(url))
    fields = {
        "short_name": "东关社区", "kind": "federation", "level": "5", "opened_on": "2026-03-01",
        "form_token": "6f0c6b1e-54a7-4d5b-9a6e-0c1d8a4a0d11",
    }  # fmt: skip
    preview = text(client.post(url, fields))
    assert "已有“东关社区”" in preview and "村(社区)" in preview
    assert Unit.objects.filter(short_name="东关社区").count() == 1
    for _again in range(2):
        assert client.post(url, fields | {"confirm": "1"}).status_code == 302
    added = Unit.objects.exclude(pk=tree.dongguan.pk).get(short_name="东关社区")
    assert (added.name, added.unit_no) == ("东关社区妇联", "140321100000-01")


def test_move_shows_impact_then_moves(tree, signed_in):
    client = signed_in(Role.CITY_OP, tree.city)
    url = page(tree.guanshan, "move/")
    assert "盂县" in text(client.get(url))
    fields = {"parent": tree.yuxian.unit_no, "effective_on": "2026-03-01", "reason": "批复"}
    preview = text(client.post(url, fields))
    assert "还没有改动" in preview and "批复" in preview
    assert not UnitChange.objects.exists()
    assert client.post(url, fields | {"confirm": "1"}).status_code == 302
    assert Unit.objects.get(pk=tree.dongguan.pk).path.startswith(Unit.objects.get(pk=tree.yuxian.pk).path)
    assert "隶属由平定县妇联调整为盂县妇联" in text(client.get(page(tree.guanshan)))


def test_refusal_keeps_what_was_typed(tree, signed_in):
    client = signed_in(Role.CITY_OP, tree.city)
    shown = text(
        client.post(
            page(tree.guanshan, "close/"),
            {"effective_on": "2026-03-01", "reason": "撤并文件一号", "confirm": "1"},
        )
    )
    assert "还有 2 个下级单位" in shown and "撤并文件一号" in shown


def test_foreign_unit_in_the_form_is_unknown(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    shown = text(
        client.post(
            page(tree.dongguan, "move/"),
            {"parent": tree.xiushui.unit_no, "effective_on": "2026-03-01", "reason": "x"},
        )
    )
    assert "没有找到" in shown
    assert not UnitChange.objects.exists()


def test_planned_change_can_be_called_off(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    from django.utils import timezone

    later = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1).isoformat()
    client.post(
        page(tree.dongguan, "rename/"),
        {"short_name": "东关", "name": "东关妇联", "effective_on": later, "reason": "x", "confirm": "1"},
    )
    assert "到日自动执行" in text(client.get(page(tree.dongguan)))
    assert client.post(page(tree.dongguan, "cancel/")).status_code == 302
    assert UnitChange.objects.get().cancelled_at
    assert "已取消" in text(client.get(page(tree.dongguan)))


def test_options_take_a_known_permission_only(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    url = reverse("portal:units:options")
    assert client.get(url, {"q": "dg"}).json() == {
        "units": ["东关社区 (山西省 › 阳泉市 › 平定县 › 冠山镇) 140321100001"]
    }
    assert client.get(url, {"q": "dg", "perm": "unit.reorganise"}).json() == {"units": []}
    assert client.get(url, {"q": "dg", "perm": "nonsense"}).status_code == 404
