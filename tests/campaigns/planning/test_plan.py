"""The plan in five answers, outcomes bound to evidence, themed weeks inside a campaign."""

import pytest

from campaigns.planning.models import Campaign, Outcome
from portal.access.roles import Role
from tests.factories.activities import make_campaign


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


def _outcomes(*rows):
    data = {"outcomes-TOTAL_FORMS": str(len(rows)), "outcomes-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"outcomes-{number}-{name}": value for name, value in row.items()}
    return data


def test_five_answers_are_kept_and_shown_to_staff(city, signed_in, tree):
    campaign = make_campaign(tree.city)
    too_long = city.post(f"{campaign.staff_url}plan/", {"year": "字" * 501, "focus": "五一倡议"})
    assert "year" in too_long.context["form"].errors and "五一倡议" in too_long.content.decode()
    city.post(f"{campaign.staff_url}plan/", {"year": "抓实四项举措", "focus": "五一倡议", "steps": ""})
    campaign.refresh_from_db()
    assert campaign.plan == {"year": "抓实四项举措", "focus": "五一倡议"}
    page = signed_in(Role.COUNTY_OP, tree.pingding).get(campaign.staff_url).content.decode()
    assert page.index("年度有计划") < page.index("阶段有重点")
    assert signed_in(Role.COUNTY_OP, tree.pingding).get(f"{campaign.staff_url}plan/").status_code == 403


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"statement": "以廉为美理念更加深入"}, "请写依据"),
        ({"evidence": "知晓率调查"}, "请写成效"),
        ({"statement": "甲", "evidence": "乙", "link": "javascript:alert(1)"}, "以 / 开头"),
        ({"statement": "甲", "evidence": "乙", "link": "//elsewhere.example"}, "以 / 开头"),
    ],
)
def test_outcome_without_evidence_is_a_claim(city, tree, row, words):
    campaign = make_campaign(tree.city)
    assert words in city.post(f"{campaign.staff_url}outcomes/", _outcomes(row)).content.decode()
    assert not Outcome.objects.exists()


def test_outcomes_stand_on_the_public_page_with_their_evidence(city, client, tree):
    campaign = make_campaign(tree.city)
    row = {"statement": "以廉为美理念更加深入", "evidence": "作品征集", "link": "/works/"}
    for _time in range(2):
        city.post(f"{campaign.staff_url}outcomes/", _outcomes(row, {"statement": ""}))
    assert Outcome.objects.count() == 1
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert "以廉为美理念更加深入" in page and 'href="/works/"' in page


def test_themed_week_stands_inside_its_campaign(city, client, tree):
    whole = make_campaign(tree.city, name="全年")
    data = {
        "name": "家庭教育宣传周", "slug": "edu-week", "starts_on": "2026-05-09", "ends_on": "2026-05-15",
        "unit": tree.city.unit_no, "part_of": whole.pk,
    }  # fmt: skip
    city.post("/staff/campaigns/new/", data)
    week = Campaign.objects.get(slug="edu-week")
    assert "家庭教育宣传周" in city.get(whole.staff_url).content.decode()
    assert "家庭教育宣传周" not in client.get(whole.get_absolute_url()).content.decode()
    city.post(f"{week.staff_url}step/", {"step": "open"})
    assert "家庭教育宣传周" in client.get(whole.get_absolute_url()).content.decode()
    nested = city.post("/staff/campaigns/new/", data | {"slug": "deeper", "part_of": week.pk})
    assert "part_of" in nested.context["form"].errors


@pytest.mark.parametrize("slug", ["tags", "receipts", "new"])
def test_addresses_of_other_pages_are_no_slugs(city, tree, slug):
    data = {
        "name": "甲",
        "slug": slug,
        "starts_on": "2026-05-09",
        "ends_on": "2026-05-15",
        "unit": tree.city.unit_no,
    }
    assert "slug" in city.post("/staff/campaigns/new/", data).context["form"].errors
