"""What the activity log shows on other pages."""

from django.utils import timezone

from campaigns.activities import public
from campaigns.activities.actions import step
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.pages import search
from portal.reviews import inbox
from portal.ui.counting import count_each
from tests.factories.activities import make_activity


def test_home_and_search_show_published_records_only(client, tree):
    make_activity(tree.dongguan, title="剪纸话清廉", status="city_ok", is_published=True)
    make_activity(tree.dongguan, title="剪纸未公开", status="city_ok")
    public.forget()
    home = client.get("/").content.decode()
    assert "剪纸话清廉" in home
    assert "剪纸未公开" not in home
    hits = [hit.title for _source, found in search.results(["剪纸"]) for hit in found]
    assert hits == ["剪纸话清廉"]


def test_inbox_holds_what_this_person_may_review(person, tree):
    reviewer = person(Role.COUNTY_REVIEWER, tree.pingding)
    mine = make_activity(tree.dongguan, status="submitted", submitted_at=timezone.now())
    make_activity(tree.dongguan, reviewer, status="submitted")
    make_activity(tree.xiushui, status="submitted")
    source = inbox.SOURCES["activities"]
    assert [item.title for item in source.items(scope_of(reviewer), 20)] == [mine.title]
    assert count_each({"it": source.rows(scope_of(reviewer))}, most=9) == {"it": 1}
    assert count_each({"it": source.rows(scope_of(person(Role.VILLAGE_OP, tree.dongguan)))}, most=9) == {
        "it": 0
    }


def test_menu_counts_what_waits(signed_in, tree):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    make_activity(tree.dongguan, status="submitted", submitted_at=timezone.now())
    page = client.get("/staff/activities/").content.decode()
    assert "条等您审核" in page


def test_returned_records_are_told_on_the_workbench(signed_in, tree):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    make_activity(tree.dongguan, client.user, status="returned")
    assert "活动被退回修改" in client.get("/staff/").content.decode()


def test_workbench_lists_returned_records_with_the_reason_and_own_drafts(signed_in, person, tree):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    sent = make_activity(
        tree.dongguan, client.user, title="剪纸课", status="submitted", submitted_by=client.user
    )
    make_activity(tree.dongguan, client.user, title="没写完的一条", status="draft")
    make_activity(tree.dongguan, person(Role.VILLAGE_OP, tree.dongguan), title="别人的草稿", status="draft")
    step(actor=person(Role.COUNTY_REVIEWER, tree.pingding), activity=sent, name="return", reason="请补人数")
    page = client.get("/staff/").content.decode()
    assert "我的待办" in page
    assert "退回理由：请补人数" in page
    assert page.index("剪纸课") < page.index("没写完的一条")
    assert "别人的草稿" not in page
    assert f"/staff/activities/{sent.no}/edit/" in page
    rows = client.get("/staff/activities/?status=open").content.decode()
    assert "剪纸课" in rows
    assert "没写完的一条" in rows


def test_workbench_has_no_list_of_things_to_do_when_nothing_is_left(signed_in, tree):
    assert "我的待办" not in signed_in(Role.VILLAGE_OP, tree.dongguan).get("/staff/").content.decode()
