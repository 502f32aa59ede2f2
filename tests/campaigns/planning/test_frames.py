"""Tag sets, phases, groups with past members, partners with liaison."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.activities.queries import counted
from campaigns.planning.models import LeadingGroup, LeadingGroupMember, Liaison, Phase, Tag, TagSet
from campaigns.planning.rules import BEHIND, DONE, NOT_BEGUN, ON_TIME, SLOW, elapsed_percent, pace
from portal.access.roles import Role
from portal.units.models import Unit
from tests.factories.activities import form_data, make_activity, make_campaign
from tests.factories.planning import make_tag_set

SET_NEW = "/staff/campaigns/tags/new/"


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


@pytest.fixture
def campaign(tree):
    year = timezone.localdate().year
    return make_campaign(tree.city, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))


def _tags(*rows, **fields):
    data = {"tags-TOTAL_FORMS": str(len(rows)), "tags-INITIAL_FORMS": "0", **fields}
    for number, row in enumerate(rows):
        data |= {f"tags-{number}-{name}": value for name, value in row.items()}
    return data


# -- tags -------------------------------------------------------------------------------------------


def test_tag_set_is_made_renamed_and_retired(city, tree, campaign):
    city.post(
        SET_NEW,
        _tags(
            {"name": "家人助廉"}, {"name": "家规倡廉"}, {"name": ""}, name="三个作用", unit=tree.city.unit_no
        ),
    )
    tag_set = TagSet.objects.get()
    first, second = tag_set.tags.all()
    make_activity(tree.dongguan).tags.add(second)
    rows = _tags({"pk": first.pk, "name": "家人常助廉"}, {"pk": second.pk, "name": ""}, name="三个作用")
    city.post(f"/staff/campaigns/tags/{tag_set.pk}/", rows)
    assert list(tag_set.tags.values_list("pk", "name", "is_retired")) == [
        (first.pk, "家人常助廉", False),
        (second.pk, "家规倡廉", True),
    ]


def test_tag_set_of_others_stays_theirs(signed_in, tree, city):
    tag = make_tag_set(tree.city, "家人助廉")[0]
    county = signed_in(Role.COUNTY_OP, tree.pingding)
    assert county.get(SET_NEW).status_code == 403
    assert county.get(f"/staff/campaigns/tags/{tag.tag_set_id}/").status_code == 403
    assert "家人助廉" in city.get("/staff/campaigns/tags/").content.decode()


def test_mistakes_in_a_set_are_told(city, tree):
    twice = city.post(SET_NEW, _tags({"name": "甲"}, {"name": "甲"}, name="组", unit=tree.city.unit_no))
    assert "写了两遍" in twice.content.decode()
    none = city.post(SET_NEW, _tags({"name": ""}, name="组", unit=tree.city.unit_no))
    assert "至少写一个标签" in none.content.decode()
    assert not TagSet.objects.exists()


def test_activity_with_several_tags_counts_once(signed_in, tree, campaign, city):
    one, two = make_tag_set(tree.city, "家人助廉", "家规倡廉", campaign=campaign)
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    answer = client.post("/staff/activities/new/", form_data(campaign=campaign.pk, tags=[one.pk, two.pk]))
    assert answer.status_code == 302
    row = Activity.objects.get()
    assert set(row.tags.all()) == {one, two}
    assert "家人助廉" in client.get(row.staff_url).content.decode()
    make_activity(tree.dongguan, campaign=campaign, status="county_ok").tags.add(one, two)
    everything = Unit.objects.under(tree.city.path)
    assert counted(everything).count() == 1
    listed = city.get(f"/staff/activities/?tag={one.pk}&status=counted").context["page"]
    assert len(listed.rows) == 1
    page = city.get(campaign.staff_url).content.decode()
    assert "计入统计的活动 1 条，其中 1 条有标签" in page


def test_foreign_and_retired_tags_are_not_offered(signed_in, tree, campaign):
    other = make_tag_set(tree.yuxian, "盂县的", campaign=make_campaign(tree.yuxian))[0]
    kept, gone = make_tag_set(tree.city, "留", "停", campaign=campaign)
    Tag.objects.filter(pk=gone.pk).update(is_retired=True)
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    offered = set(client.get("/staff/activities/new/").context["form"].fields["tags"].queryset)
    assert offered == {kept}
    refused = client.post("/staff/activities/new/", form_data(tags=[other.pk]))
    assert "tags" in refused.context["form"].errors


# -- phases -----------------------------------------------------------------------------------------


def test_phase_of_today_is_marked_for_everybody(city, client, campaign):
    year, base = timezone.localdate().year, campaign.staff_url
    city.post(
        f"{base}phases/new/", {"name": "部署", "starts_on": f"{year}-01-01", "ends_on": f"{year}-03-31"}
    )
    city.post(
        f"{base}phases/new/",
        {"name": "实施", "starts_on": f"{year}-04-01", "ends_on": f"{year}-12-31", "focus": "全面展开"},
    )
    with time_machine.travel(f"{year}-03-31 20:00 +0800", tick=False):
        page = client.get(campaign.get_absolute_url()).content.decode()
    assert page.index("部署") < page.index("进行中", page.index("部署")) < page.index("实施")
    assert "未开始" in page and "全面展开" in page
    twice = city.post(
        f"{base}phases/new/", {"name": "部署", "starts_on": f"{year}-05-01", "ends_on": f"{year}-06-01"}
    )
    assert "已有同名阶段" in twice.content.decode()
    outside = city.post(
        f"{base}phases/new/", {"name": "总结", "starts_on": f"{year}-12-01", "ends_on": f"{year + 1}-01-31"}
    )
    assert "不在活动时间内" in outside.content.decode()
    city.post(f"{base}phases/{Phase.objects.get(name='部署').pk}/remove/")
    assert [phase.name for phase in Phase.objects.all()] == ["实施"]


# -- groups -----------------------------------------------------------------------------------------


def test_member_leaves_and_is_shown_as_past(city, signed_in, tree, campaign):
    base = f"{campaign.staff_url}groups/"
    url = city.post(f"{base}new/", {"name": "工作专班", "kind": "force", "until": "2099-06-30"}).url
    city.post(f"{url}members/new/", {"name": "甲", "office": "主席", "duty": "head", "since": "2020-01-01"})
    again = city.post(f"{url}members/new/", {"name": "甲", "duty": "member"})
    assert "已在名单里" in again.content.decode()
    member = LeadingGroupMember.objects.get()
    early = city.post(f"{url}members/{member.pk}/end/", {"until": "2019-01-01"}, follow=True)
    assert "早于任职起" in early.content.decode()
    city.post(f"{url}members/{member.pk}/end/", {"until": "2021-05-31"})
    city.post(f"{url}members/new/", {"name": "乙", "office": "主席", "duty": "head", "since": "2021-06-01"})
    page = city.get(campaign.staff_url).content.decode()
    assert "曾任组长" in page and "2021.05" in page
    assert page.index("乙") < page.index("曾任")
    again = city.post(f"{url}members/{member.pk}/end/", {"until": "2021-06-30"}, follow=True)
    assert "已经结束" in again.content.decode()
    stranger = signed_in(Role.COUNTY_OP, tree.pingding)
    assert stranger.post(f"{url}members/new/", {"name": "丙", "duty": "member"}).status_code == 403
    assert LeadingGroup.objects.get().members.count() == 2


# -- partners ---------------------------------------------------------------------------------------


def test_liaison_takes_office_numbers_only_and_stays_inside(city, client, campaign):
    url = f"{campaign.staff_url}partners/"
    city.post(url, {"name": "市纪委监委"})
    partner = campaign.partners.get()
    prefix = f"p{partner.pk}-"
    mobile = city.post(url, {f"{prefix}office": "宣传部", f"{prefix}phone": "13800138000"})
    assert "不要填个人手机号" in mobile.content.decode() and "宣传部" in mobile.content.decode()
    assert not Liaison.objects.exists()
    city.post(
        url, {f"{prefix}office": "宣传部", f"{prefix}phone": "0353 1234567", f"{prefix}share": "警示教育"}
    )
    row = Liaison.objects.get()
    assert (row.office, row.phone) == ("宣传部", "03531234567")
    assert "03531234567" in city.get(campaign.staff_url).content.decode()
    public = client.get(campaign.get_absolute_url()).content.decode()
    assert "市纪委监委" in public and "03531234567" not in public


# -- pace -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "target", "elapsed", "expected"),
    [
        (0, 0, 50, DONE), (10, 10, 50, DONE), (5, 10, 50, ON_TIME), (4, 10, 50, SLOW), (3, 10, 50, BEHIND), (0, 10, 0, NOT_BEGUN),
    ],
)  # fmt: skip
def test_pace_is_said_in_words(done, target, elapsed, expected):
    assert pace(done, target, elapsed) is expected


def test_elapsed_share_stays_between_nothing_and_all():
    first, last = date(2026, 1, 1), date(2026, 1, 10)
    assert [elapsed_percent(first, last, date(2026, 1, day)) for day in (1, 5, 10, 31)] == [10, 50, 100, 100]
    assert elapsed_percent(first, last, date(2025, 12, 1)) == 0


def test_pages_ask_the_same_number_of_questions(city, client, tree, campaign):
    def fill(number):
        group = LeadingGroup.objects.create(campaign=campaign, unit=tree.city, name=f"组{number}")
        LeadingGroupMember.objects.create(group=group, name=f"甲{number}")
        make_tag_set(tree.city, "甲", "乙", campaign=campaign)
        Phase.objects.create(
            campaign=campaign, name=f"阶段{number}", starts_on=campaign.starts_on, ends_on=campaign.ends_on
        )

    def count(address, who):
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert who.get(address).status_code == 200
        return len(context)

    fill(1)
    addresses = [
        (campaign.staff_url, city),
        (campaign.get_absolute_url(), client),
        ("/staff/campaigns/tags/", city),
    ]
    for address, who in addresses:
        who.get(address)
    before = [count(*pair) for pair in addresses]
    fill(2)
    fill(3)
    assert [count(*pair) for pair in addresses] == before


def test_set_sent_twice_keeps_its_tags(city, tree):
    tag = make_tag_set(tree.city, "家人助廉")[0]
    rows = _tags({"pk": tag.pk, "name": "家人助廉"}, {"pk": "", "name": "家规倡廉"}, name="三个作用")
    for _time in range(2):
        assert city.post(f"/staff/campaigns/tags/{tag.tag_set_id}/", rows).status_code == 302
    assert list(Tag.objects.values_list("name", "is_retired")) == [("家人助廉", False), ("家规倡廉", False)]
