"""Campaigns: pages for everybody, planning by those who may, documents, groups, goals."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.planning import actions, queries
from campaigns.planning.models import Campaign, Goal, PolicyDocument
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.journal.actions import read_details
from portal.journal.models import JournalEntry
from portal.metrics import METRICS
from tests.factories.activities import make_activity, make_campaign

NEW = "/staff/campaigns/new/"


def _form(tree, **fields):
    values = {
        "name": "2026 清廉家庭创建", "slug": "clean-2026", "slogan": "树清廉家风", "starts_on": "2026-01-01",
        "ends_on": "2026-12-31", "unit": tree.city.unit_no, "organisers": [tree.pingding.unit_no],
        "partner_names": "市纪委监委、新华书店", "theme_words": "家风，家训", "summary": "四项举措",
    }  # fmt: skip
    return values | fields


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


def test_plan_open_and_show(city, client, tree):
    city.post(NEW, _form(tree))
    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.themes) == ("draft", ["家风", "家训"])
    assert {row.name for row in campaign.partners.all()} == {"市纪委监委", "新华书店"}
    assert client.get("/campaigns/clean-2026/").status_code == 404
    city.post("/staff/campaigns/clean-2026/step/", {"step": "open"})
    page = client.get("/campaigns/clean-2026/").content.decode()
    assert "树清廉家风" in page
    assert "平定县妇联" in page
    assert "2026 清廉家庭创建" in client.get("/campaigns/").content.decode()


def test_public_page_shows_published_activities_only(client, tree):
    campaign = make_campaign(tree.city)
    make_activity(tree.dongguan, campaign=campaign, title="公开的", status="city_ok", is_published=True)
    make_activity(tree.dongguan, campaign=campaign, title="没公开的", status="city_ok")
    page = client.get(f"/campaigns/{campaign.slug}/").content.decode()
    assert "公开的" in page
    assert "没公开的" not in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"slug": "有 中文"}, "slug"),
        ({"name": ""}, "name"),
        ({"unit": "140322000001"}, "unit"),
        ({"slug": "new"}, "slug"),
    ],
)
def test_mistakes_are_told_at_the_field(city, tree, fields, field):
    response = city.post(NEW, _form(tree, **fields))
    assert field in response.context["form"].errors
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("role", [Role.COUNTY_OP, Role.COUNTY_LEADER, Role.VILLAGE_OP, Role.CITY_LEADER])
def test_planning_is_refused_without_the_permission(signed_in, tree, role):
    client = signed_in(role, tree.pingding)
    campaign = make_campaign(tree.city)
    assert client.post(NEW, _form(tree)).status_code == 403
    for path in ("edit/", "step/", "policies/new/", "groups/new/", "phases/new/", "partners/"):
        assert (
            client.post(
                f"/staff/campaigns/{campaign.slug}/{path}", {"step": "close", "reason": "x"}
            ).status_code
            == 403
        )
    assert client.get(f"/staff/campaigns/{campaign.slug}/").status_code == 200


def test_campaign_being_prepared_is_hidden_from_below(signed_in, tree):
    campaign = make_campaign(tree.city, status="draft")
    assert (
        signed_in(Role.COUNTY_OP, tree.pingding).get(f"/staff/campaigns/{campaign.slug}/").status_code == 404
    )


def test_documents_and_leading_group(city, tree):
    campaign = make_campaign(tree.city)
    base = f"/staff/campaigns/{campaign.slug}/"
    bad = city.post(f"{base}policies/new/", {"title": "指导意见", "issue_no": "阳妇发[2022]5号"})
    assert "发文字号形如" in bad.content.decode()
    city.post(
        f"{base}policies/new/",
        {"title": "指导意见", "issue_no": "阳妇发〔2022〕5号", "issued_on": "2022-04-01"},
    )
    again = city.post(f"{base}policies/new/", {"title": "指导意见"})
    assert "已有同名文件" in again.content.decode()
    assert PolicyDocument.objects.count() == 1
    made = city.post(f"{base}groups/new/", {"name": "清廉家庭创建活动领导组", "kind": "leading"})
    city.post(f"{made.url}members/new/", {"name": "卢东华", "office": "党组书记、主席", "duty": "head"})
    page = city.get(base).content.decode()
    assert "卢东华" in page
    assert "组长" in page


def test_goal_is_set_once_and_changed_with_its_history(person, tree):
    leader = person(Role.COUNTY_LEADER, tree.pingding)
    metric = next(iter(METRICS))
    actions.set_goal(actor=leader, unit=tree.guanshan, metric=metric, year=2026, target=40)
    actions.set_goal(actor=leader, unit=tree.guanshan, metric=metric, year=2026, target=50)
    assert Goal.objects.get().target == 50
    entry = JournalEntry.objects.filter(verb="goal.set").order_by("-pk").first()
    assert read_details(entry) == {"metric": metric, "year": 2026, "before": 40, "after": 50}
    assert queries.target(tree.guanshan, metric, 2026) == 50


def test_goal_of_another_county_is_refused(person, signed_in, tree):
    with pytest.raises(PermissionDenied):
        actions.set_goal(
            actor=person(Role.COUNTY_LEADER, tree.pingding),
            unit=tree.xiushui,
            metric="x",
            year=2026,
            target=1,
        )
    campaign = make_campaign(tree.city)
    client = signed_in(Role.COUNTY_LEADER, tree.pingding)
    data = {"unit": tree.xiushui.unit_no, "metric": next(iter(METRICS)), f"target-{tree.xiushui.unit_no}": 3}
    assert client.post(f"/staff/campaigns/{campaign.slug}/goals/", data).status_code == 404
    assert not Goal.objects.exists()


def test_units_log_for_their_own_campaigns_and_those_above(tree):
    city, county, other = make_campaign(tree.city), make_campaign(tree.pingding), make_campaign(tree.yuxian)
    make_campaign(tree.city, status="closed")
    assert set(queries.open_for(tree.dongguan)) == {city, county}
    assert set(queries.open_for(tree.yuxian)) == {city, other}


def test_same_page_sent_twice_is_one_campaign(person, tree):
    user = person(Role.CITY_OP, tree.city)
    fields = {"slug": "a", "name": "甲", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}
    first = actions.create_campaign(actor=user, unit=tree.city, fields=fields, client_token="t" * 36)
    again = actions.create_campaign(actor=user, unit=tree.city, fields=fields, client_token="t" * 36)
    assert first.pk == again.pk
    assert queries.visible_to(scope_of(user)).count() == 1
