"""What the activity log shows on other pages."""

from django.utils import timezone

from campaigns.activities import public
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.pages import search
from portal.reviews import inbox
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
    assert source.count(scope_of(reviewer)) == 1
    assert source.count(scope_of(person(Role.VILLAGE_OP, tree.dongguan))) == 0


def test_menu_counts_what_waits(signed_in, tree):
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    make_activity(tree.dongguan, status="submitted", submitted_at=timezone.now())
    page = client.get("/staff/activities/").content.decode()
    assert "条等您审核" in page


def test_returned_records_are_told_on_the_workbench(signed_in, tree):
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    make_activity(tree.dongguan, client.user, status="returned")
    assert "活动被退回修改" in client.get("/staff/").content.decode()
