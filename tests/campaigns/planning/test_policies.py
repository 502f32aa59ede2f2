"""Documents: sent, confirmed by the units, replaced by new versions; who did not confirm is reminded once."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from campaigns.planning import actions, queries
from campaigns.planning.models import PolicyDocument, PolicyReceipt
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.files.queries import attached_to
from portal.jobs import runner
from portal.journal.actions import read_details
from portal.journal.models import JournalEntry
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.reviews import inbox
from portal.reviews.workflow import StaleState, WorkflowError
from tests.factories.activities import make_campaign
from tests.factories.planning import make_policy


@pytest.fixture
def campaign(tree):
    return make_campaign(tree.city)


@pytest.fixture
def city(signed_in, tree):
    return signed_in(Role.CITY_OP, tree.city)


@pytest.fixture
def county(signed_in, tree):
    return signed_in(Role.COUNTY_OP, tree.pingding)


def _form(*units, **fields):
    values = {"title": "指导意见", "confirm_days": "5", "text": "抓实四项举措", "is_public": "on"}
    return values | {"receivers": [unit.unit_no for unit in units]} | fields


def test_city_sends_and_county_confirms_with_one_press(city, county, signed_in, tree, campaign):
    other = signed_in(Role.COUNTY_OP, tree.yuxian)
    answer = city.post(f"{campaign.staff_url}policies/new/", _form(tree.pingding, tree.yuxian))
    policy = PolicyDocument.objects.get()
    assert answer.url == policy.staff_url
    runner.run_all()
    assert "请签收" in Message.objects.get(user=county.user).title
    group = next(
        row for row in inbox.groups(scope_of(county.user, fresh=True)) if row.source.code == "policy_receipts"
    )
    assert "指导意见" in group.items[0].title
    assert "确认收到" in county.get(policy.staff_url).content.decode()
    mine, theirs = policy.receipts.get(unit=tree.pingding), policy.receipts.get(unit=tree.yuxian)
    assert county.post(f"/staff/campaigns/receipts/{theirs.pk}/confirm/").status_code == 404
    for _press in range(2):
        county.post(f"/staff/campaigns/receipts/{mine.pk}/confirm/")
    mine.refresh_from_db()
    assert mine.confirmed_by == county.user and mine.confirmed_at is not None
    page = city.get(policy.staff_url)
    assert [row.unit for row in page.context["receipts"]] == [tree.yuxian, tree.pingding]
    assert "2 个单位中 1 个未收" in page.content.decode()
    assert "盂县" not in str(
        [row.unit.short_name for row in county.get(policy.staff_url).context["receipts"]]
    )
    assert len(city.get("/staff/campaigns/receipts/?box=open").context["page"].rows) == 1
    assert len(other.get("/staff/campaigns/receipts/", follow=True).context["page"].rows) == 1


def test_issuer_cannot_confirm_for_a_county(person, tree, campaign):
    policy = make_policy(campaign, tree.pingding)
    receipt = policy.receipts.get()
    with pytest.raises(PermissionDenied):
        actions.confirm_receipt(actor=person(Role.CITY_OP, tree.city), receipt=receipt)
    with pytest.raises(PermissionDenied):
        actions.confirm_receipt(actor=person(Role.COUNTY_LEADER, tree.pingding), receipt=receipt)
    assert actions.confirm_receipt(actor=person(Role.COUNTY_OP, tree.pingding), receipt=receipt)


def test_only_open_units_below_are_addressed(person, tree, campaign, city):
    user = person(Role.CITY_OP, tree.city)
    with pytest.raises(WorkflowError):
        actions.issue_policy(actor=user, campaign=campaign, fields={"title": "甲"}, receivers=[tree.province])
    assert not PolicyDocument.objects.exists()
    refused = city.post(f"{campaign.staff_url}policies/new/", _form(tree.dongguan))
    assert "直接下级" in refused.content.decode() and "抓实四项举措" in refused.content.decode()


def test_new_version_replaces_and_the_old_one_stays_readable(city, county, client, tree, campaign):
    policy = make_policy(campaign, tree.pingding, title="指导意见", text="第一版的话")
    actions.confirm_receipt(actor=county.user, receipt=policy.receipts.get())
    frozen = city.post(f"{policy.staff_url}edit/", _form(tree.pingding, title="指导意见", text="悄悄改"))
    assert "发新版本" in frozen.content.decode()
    made = city.post(f"{policy.staff_url}renew/", _form(tree.pingding, text="第二版的话"))
    new = PolicyDocument.objects.get(version=2)
    assert made.url == new.staff_url and new.replaces == policy
    assert new.receipts.get().confirmed_at is None
    old_page = county.get(policy.staff_url).content.decode()
    assert "第一版的话" in old_page and "请看第 2 版" in old_page
    public = client.get(campaign.get_absolute_url()).content.decode()
    assert public.index("第二版的话") < public.index("第一版的话")
    with pytest.raises(StaleState):
        actions.renew_policy(actor=city.user, policy=policy, fields={"title": "又一版"}, receivers=[])
    assert PolicyDocument.objects.count() == 2


def test_replaced_document_waits_for_nobody(person, tree, campaign):
    user, receiver = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    policy = make_policy(campaign, tree.pingding, days_ago=30)
    actions.renew_policy(actor=user, policy=policy, fields={"title": policy.title}, receivers=[])
    assert not queries.receipts_to_confirm(scope_of(receiver)).exists()
    with pytest.raises(StaleState):
        actions.confirm_receipt(actor=receiver, receipt=policy.receipts.get())
    assert reminders.run()["planning.receipts"] == 0


def test_page_sent_twice_is_one_document(city, tree, campaign):
    data = _form(tree.pingding, form_token="5d0e7c1e-1111-4222-8333-444455556666")
    for _time in range(2):
        city.post(f"{campaign.staff_url}policies/new/", data)
    assert (PolicyDocument.objects.count(), PolicyReceipt.objects.count()) == (1, 1)


def test_silent_unit_is_reminded_after_the_days_and_once_more(person, tree, campaign):
    receiver = person(Role.COUNTY_OP, tree.pingding)
    policy = make_policy(campaign, tree.pingding, confirm_days=5)
    start = policy.receipts.get().addressed_at
    told = []
    for days in (4, 5, 6, 9, 10, 40):
        with time_machine.travel(start + timedelta(days=days, hours=1), tick=False):
            reminders.run()
            reminders.run()
            told.append(Message.objects.filter(user=receiver).count())
    assert told == [0, 1, 1, 1, 2, 2]


def test_confirmed_unit_is_left_alone(person, tree, campaign):
    policy = make_policy(campaign, tree.pingding, days_ago=20)
    actions.confirm_receipt(actor=person(Role.COUNTY_OP, tree.pingding), receipt=policy.receipts.get())
    assert reminders.run()["planning.receipts"] == 0


def test_addressees_can_be_changed_while_they_have_not_confirmed(city, county, tree, campaign):
    policy = make_policy(campaign, tree.pingding, tree.yuxian, title="指导意见", text="抓实四项举措")
    actions.confirm_receipt(actor=county.user, receipt=policy.receipts.get(unit=tree.pingding))
    city.post(f"{policy.staff_url}edit/", _form(tree.zone, is_public="on"))
    assert {row.unit for row in policy.receipts.all()} == {tree.pingding, tree.zone}


def test_scanned_pages_go_with_the_document(city, county, client, tree, campaign):
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(picture, "PNG")
    picture.seek(0)
    picture.name = "page.png"
    data = _form(tree.pingding, scan=picture, form_token="5d0e7c1e-1111-4222-8333-444455556666")
    data.pop("is_public")
    city.post(f"{campaign.staff_url}policies/new/", data)
    policy = PolicyDocument.objects.get()
    runner.run_all()
    file = attached_to(policy, "scan").get()
    assert file.is_ready
    assert county.get(file.web_url).status_code == 200
    assert client.get(file.web_url).status_code in {302, 403, 404}
    assert policy.title not in client.get(campaign.get_absolute_url()).content.decode()


def test_document_of_a_campaign_in_preparation_opens_for_whom_it_was_sent_to(county, signed_in, tree):
    campaign = make_campaign(tree.city, status="draft")
    policy = make_policy(campaign, tree.pingding)
    assert county.get(policy.staff_url).status_code == 200
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(policy.staff_url).status_code == 404


def test_receipt_pages_stay_flat(city, tree, campaign):
    def count(address):
        with CaptureQueriesContext(connection) as context:
            assert city.get(address).status_code == 200
        return len(context)

    policy = make_policy(campaign, tree.pingding)
    addresses = ["/staff/campaigns/receipts/?box=all", policy.staff_url, campaign.staff_url]
    for address in addresses:
        city.get(address)
    before = [count(address) for address in addresses]
    for unit in (tree.yuxian, tree.zone):
        PolicyReceipt.objects.create(policy=policy, unit=unit, addressed_at=timezone.now())
        make_policy(campaign, tree.pingding)
    assert [count(address) for address in addresses] == before


# -- down to the levels below -----------------------------------------------------------------------


def test_levels_below_the_addressees_confirm_for_themselves(city, county, signed_in, tree, campaign):
    township = signed_in(Role.TOWNSHIP_OP, tree.guanshan)
    city.post(f"{campaign.staff_url}policies/new/", _form(tree.pingding, levels=["4", "5"]))
    policy = PolicyDocument.objects.get()
    assert [row.unit for row in policy.receipts.all()] == [tree.pingding]
    for _run in range(2):
        runner.run_all()
    asked = {row.unit for row in policy.receipts.all()}
    assert {tree.pingding, tree.guanshan} < asked and tree.xiushui not in asked
    assert "请签收" in Message.objects.get(user=township.user).title
    receipt = policy.receipts.get(unit=tree.guanshan)
    assert county.post(f"/staff/campaigns/receipts/{receipt.pk}/confirm/").status_code == 404
    assert "确认收到" in township.get(policy.staff_url).content.decode()
    township.post(f"/staff/campaigns/receipts/{receipt.pk}/confirm/")
    page = city.get(policy.staff_url)
    levels = {row.name: (row.confirmed, row.asked) for row in page.context["levels"]}
    assert levels["乡镇(街道)"] == (1, 1) and levels["县(市、区)"] == (0, 1)
    [branch] = page.context["branches"]
    assert (branch.unit, branch.own, branch.levels[0].confirmed) == (tree.pingding, False, 1)
    listed = city.get(f"/staff/campaigns/receipts/?box=done&policy={policy.pk}&level=4")
    assert listed.context["page"].total == 1


def test_levels_are_taken_back_while_nobody_has_confirmed(city, tree, campaign, person):
    policy = make_policy(campaign, tree.pingding, title="指导意见", text="抓实四项举措")
    city.post(f"{policy.staff_url}edit/", _form(tree.pingding, levels=["4"]))
    runner.run_all()
    assert policy.receipts.count() == 2
    city.post(f"{policy.staff_url}edit/", _form(tree.pingding))
    assert [row.unit for row in policy.receipts.all()] == [tree.pingding]
    with pytest.raises(PermissionDenied):
        actions.address_below(
            actor=person(Role.COUNTY_OP, tree.pingding), policy=policy, progress=lambda done, total: None
        )


def test_levels_without_an_addressee_are_refused_at_the_field(city, campaign):
    page = city.post(f"{campaign.staff_url}policies/new/", _form(levels=["4"]))
    assert "请先在上面勾选直接下级" in page.content.decode()
    assert not PolicyDocument.objects.exists()


def test_a_change_of_receivers_is_in_the_journal_of_the_document(city, tree, campaign):
    policy = make_policy(campaign, tree.pingding)
    edit = {"actor": city.user, "policy": policy, "fields": {}}
    actions.edit_policy(**edit, receivers=[tree.pingding])
    assert not JournalEntry.objects.filter(verb="policy.readdressed").exists()  # nothing has changed
    actions.edit_policy(**edit, receivers=[tree.yuxian])
    entry = JournalEntry.objects.get(verb="policy.readdressed")
    assert (entry.target_id, entry.changed) == (str(policy.pk), ["receivers"])
    assert read_details(entry) == {"added": [tree.yuxian.unit_no], "removed": [tree.pingding.unit_no]}
