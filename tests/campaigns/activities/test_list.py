"""The staff list, bulk steps, one record, the review queue – insiders and outsiders."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.activities.ledger import SPEC
from campaigns.activities.models import Activity
from campaigns.planning.models import Partner
from portal.access.roles import Role
from portal.jobs.models import Job, JobState
from portal.jobs.runner import run_all
from tests.factories.activities import make_activity, make_campaign

LIST = "/staff/activities/"


def _titles(client, query=""):
    return [row.obj.title for row in client.get(f"{LIST}?{query}").context["page"].rows]


def test_list_shows_what_is_in_reach(signed_in, tree):
    make_activity(tree.dongguan, title="东关的")
    make_activity(tree.xiushui, title="秀水的")
    joint = make_activity(tree.yuxian, title="两县的")
    joint.co_units.add(tree.pingding)
    assert set(_titles(signed_in(Role.COUNTY_OP, tree.pingding))) == {"东关的", "两县的"}
    assert _titles(signed_in(Role.VILLAGE_OP, tree.dongguan)) == ["东关的"]
    assert len(_titles(signed_in(Role.CITY_LEADER, tree.city))) == 3


@pytest.mark.parametrize("role", [Role.PROVINCE_VIEWER, Role.EDITOR, Role.SYS_ADMIN, Role.JUDGE])
def test_list_is_closed_to_those_without_details(signed_in, tree, role):
    assert signed_in(role, tree.city).get(LIST).status_code == 403


def test_list_asks_strangers_to_sign_in(client, tree):
    assert client.get(LIST).status_code == 302


def test_same_number_of_queries_for_one_and_three_rows(signed_in, tree):
    client = signed_in(Role.COUNTY_OP, tree.pingding)

    def rich(number):
        row = make_activity(tree.dongguan, client.user, campaign=make_campaign(tree.city))
        row.co_units.add(tree.nanguan)
        row.partners.add(Partner.objects.create(name=f"单位{number}"))
        row.media_links.create(outlet="日报")

    rich(1)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    rich(2)
    rich(3)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(three) <= len(one)
    counting = [
        query["sql"]
        for query in three.captured_queries
        if "COUNT(" in query["sql"] and "activity" in query["sql"]
    ]
    assert all("LIMIT" in sql for sql in counting)


def test_filters(signed_in, tree):
    client = signed_in(Role.CITY_OP, tree.city)
    now = timezone.now()
    make_activity(tree.dongguan, title="讲", kind="talk", status="county_ok", headcount_estimated=True)
    make_activity(
        tree.guanshan, title="读", kind="reading", status="submitted", photo_count=2, place="图书馆"
    )
    old = make_activity(
        tree.xiushui, title="旧", kind="talk", status="city_ok", starts_at=now - timedelta(days=400)
    )
    campaign = make_campaign(tree.city)
    Activity.objects.filter(pk=old.pk).update(campaign=campaign)
    today = timezone.localdate()
    cases = {
        "unit=140321000000": {"讲", "读"}, "unit=140321100001": {"讲"}, "unit=140322000000": {"旧"},
        "kind=talk": {"讲", "旧"}, "status=counted": {"讲", "旧"}, "status=submitted": {"读"},
        f"since={today - timedelta(days=30)}": {"讲", "读"}, f"until={today - timedelta(days=30)}": {"旧"},
        f"campaign={campaign.slug}": {"旧"}, "estimated=1": {"讲"}, "estimated=0": {"读", "旧"},
        "photos=1": {"读"}, "q=图书馆": {"读"}, f"q={old.no}": {"旧"}, "q=讲 无": set(), "source=import": set(),
        "kind=talk&status=counted&unit=140321000000": {"讲"},
    }  # fmt: skip
    for query, expected in cases.items():
        assert set(_titles(client, query)) == expected, query


@pytest.mark.parametrize(
    "query",
    [
        "unit=999",
        "unit='--",
        "status=%00x",
        "since=abc",
        "kind=a&kind=b",
        "after=%%%",
        "sort=;drop",
        "campaign=x",
        "q=%27%22%3C",
        "photos=5",
    ],
)
def test_mangled_filters_are_answered(signed_in, tree, query):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    make_activity(tree.dongguan)
    assert client.get(f"{LIST}?{query}").status_code in (200, 400)


def test_unit_of_another_county_in_the_address_shows_nothing(signed_in, tree):
    make_activity(tree.xiushui)
    assert _titles(signed_in(Role.COUNTY_OP, tree.pingding), f"unit={tree.xiushui.unit_no}") == []


def test_paging_by_key_reaches_every_row(signed_in, tree):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    same = timezone.now() - timedelta(days=3)
    expected = {make_activity(tree.dongguan, starts_at=same).pk for _ in range(60)}
    seen, query = [], ""
    while True:
        page = client.get(f"{LIST}{query}").context["page"]
        seen += [row.obj.pk for row in page.rows]
        if not page.next:
            break
        query = page.next
    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == expected


def test_bulk_asks_before_it_acts(signed_in, tree):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    rows = [make_activity(tree.dongguan, status="submitted") for _ in range(2)]
    data = {"step": "approve", "chosen": [row.pk for row in rows]}
    question = client.post(f"{LIST}bulk/", data).content.decode()
    assert "选中 2 条" in question
    assert Activity.objects.filter(status="submitted").count() == 2
    client.post(f"{LIST}bulk/", data | {"sure": "1"})
    assert Activity.objects.filter(status="county_ok").count() == 2


def test_bulk_return_asks_for_a_reason(signed_in, tree):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    row = make_activity(tree.dongguan, status="submitted")
    data = {"step": "return", "chosen": [row.pk], "sure": "1"}
    assert "请写明理由" in client.post(f"{LIST}bulk/", data).content.decode()
    client.post(f"{LIST}bulk/", data | {"reason": "请补照片说明"})
    row.refresh_from_db()
    assert row.status == "returned"


def test_bulk_stays_inside_the_scope(signed_in, tree):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    foreign = make_activity(tree.xiushui, status="submitted")
    client.post(f"{LIST}bulk/", {"step": "approve", "chosen": [foreign.pk], "sure": "1"})
    client.post(f"{LIST}bulk/", {"step": "approve", "all_matching": "1", "query": "", "sure": "1"})
    foreign.refresh_from_db()
    assert foreign.status == "submitted"


def test_bulk_on_all_that_match_becomes_a_job(signed_in, tree, monkeypatch):
    monkeypatch.setattr("campaigns.activities.bulk.AT_ONCE", 3)
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    for _ in range(5):
        make_activity(tree.dongguan, status="submitted")
    make_activity(tree.dongguan, status="submitted", kind="other")
    data = {"step": "approve", "all_matching": "1", "query": "status=submitted&kind=talk", "sure": "1"}
    client.post(f"{LIST}bulk/", data)
    assert Activity.objects.filter(status="county_ok").count() == 0
    run_all()
    job = Job.objects.get(kind="activities.bulk")
    assert (job.state, job.result["done"]) == (JobState.DONE, 5)
    assert Activity.objects.filter(status="submitted").count() == 1


@pytest.mark.parametrize("step", ["hand_in", "unlock", "x", ""])
def test_bulk_knows_only_its_steps(signed_in, tree, step):
    client = signed_in(Role.CITY_OP, tree.city)
    row = make_activity(tree.dongguan)
    client.post(f"{LIST}bulk/", {"step": step, "chosen": [row.pk], "sure": "1"})
    row.refresh_from_db()
    assert row.status == "draft"


def test_detail_for_insiders_and_outsiders(signed_in, tree):
    row = make_activity(
        tree.dongguan, headcount=20_000, headcount_estimated=True, summary="<script>alert(1)</script>"
    )
    page = signed_in(Role.COUNTY_OP, tree.pingding).get(row.staff_url).content.decode()
    assert "约20,000" in page
    assert "<script>alert" not in page
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(row.staff_url).status_code == 404
    assert signed_in(Role.VILLAGE_OP, tree.nanguan).get(row.staff_url).status_code == 404
    for path in ("step/", "discard/", "edit/", "publish/"):
        assert (
            signed_in(Role.COUNTY_OP, tree.yuxian)
            .post(f"{row.staff_url}{path}", {"step": "submit"})
            .status_code
            == 404
        )


def test_review_one_after_the_other(signed_in, tree):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    rows = [
        make_activity(
            tree.dongguan, status="submitted", submitted_at=timezone.now() - timedelta(hours=9 - number)
        )
        for number in range(3)
    ]
    response = client.get(f"{LIST}review/")
    assert response["Location"] == f"{rows[0].staff_url}?queue=1"
    page = client.get(response["Location"]).content.decode()
    assert "看下一条" in page
    response = client.post(f"{rows[0].staff_url}step/", {"step": "approve", "queue": "1"})
    assert response["Location"] == f"{rows[1].staff_url}?queue=1"
    response = client.post(f"{rows[1].staff_url}step/", {"step": "return", "reason": "补人数", "queue": "1"})
    assert response["Location"] == f"{rows[2].staff_url}?queue=1"
    response = client.post(f"{rows[2].staff_url}step/", {"step": "approve", "queue": "1"})
    assert response["Location"] == LIST


def test_second_reviewer_is_told_that_it_was_handled(signed_in, tree):
    row = make_activity(tree.dongguan, status="county_ok")
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    page = client.post(f"{row.staff_url}step/", {"step": "approve"}, follow=True).content.decode()
    assert "状态已经变了" in page


def test_withdraw_right_after_submitting(signed_in, tree):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    row = make_activity(tree.dongguan, client.user, status="submitted")
    client.post(f"{row.staff_url}step/", {"step": "withdraw"})
    row.refresh_from_db()
    assert row.status == "draft"


def test_ledger_columns_are_those_of_the_reference():
    headings = [str(column.label) for column in SPEC.columns]
    for name in (
        "单位", "活动名称", "活动类型", "时间", "地点", "主办/协办", "形式", "参与人数(线下)", "参与人次(线上)",
        "覆盖家庭(户)", "发放资料(份)", "主要内容", "媒体报道(媒体/级别/链接)", "佐证材料", "填报人", "联系电话", "备注",
    ):  # fmt: skip
        assert name in headings


def test_words_of_a_record_are_words_in_its_row(signed_in, tree):
    make_activity(tree.dongguan, title='<b>"讲"&</b>', place="<i>")
    page = signed_in(Role.COUNTY_REVIEWER, tree.pingding).get(LIST).content.decode()
    assert "<b>" not in page.split("<tbody>")[1].split("</tbody>")[0]
    assert 'aria-label="选择 &lt;b&gt;&quot;讲&quot;&amp;&lt;/b&gt;"' in page
    assert '<td data-label="地点">&lt;i&gt;</td>' in page
