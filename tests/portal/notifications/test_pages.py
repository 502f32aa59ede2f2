"""The bell, the settings and the outbox."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access.roles import Role
from portal.notifications import actions
from portal.notifications.models import Message, Outgoing
from portal.notifications.rules import State


def _tell(user, n=1):
    for number in range(n):
        actions.tell(users=[user], title=f"消息{number}", text="说明", url="/staff/", key=f"k{number}")


def test_bell_counts_and_reading_leads_on(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    _tell(client.user, 2)
    page = client.get("/staff/messages/").content.decode()
    assert "消息，2 条未读" in page and "消息1" in page
    message = Message.objects.first()
    assert client.post(f"/staff/messages/{message.pk}/").headers["Location"] == "/staff/"
    client.post("/staff/messages/read/", {"until": "nonsense"})
    assert "没有未读消息" in client.get("/staff/messages/?new=1").content.decode()


def test_message_of_another_person_does_not_exist(tree, signed_in):
    mine, other = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.yuxian)
    _tell(mine.user)
    assert other.post(f"/staff/messages/{Message.objects.get().pk}/").status_code == 404
    assert "消息0" not in other.get("/staff/messages/").content.decode()
    assert Message.objects.filter(read_at__isnull=True).exists()


def test_message_never_leads_off_the_site(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    actions.tell(users=[client.user], title="x", url="https://elsewhere.example/", key="x")
    answer = client.post(f"/staff/messages/{Message.objects.get().pk}/")
    assert answer.headers["Location"] == "/staff/messages/"


def test_settings_are_kept(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    assert client.post("/staff/messages/settings/", {"email": "loud"}).status_code == 422
    client.post("/staff/messages/settings/", {"email": "off", "quiet": "on"})
    page = client.get("/staff/messages/settings/").content.decode()
    assert 'value="off"' in page and "checked" in page


@pytest.fixture
def rows(tree):
    return [actions.send_sms(to=f"1380013800{n}", text=f"第{n}条", about=tree.pingding) for n in range(3)]


def test_outbox_hides_numbers_and_finds_a_whole_one(tree, signed_in, rows):
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    page = admin.get("/ops/outbox/").content.decode()
    assert "138****8000" in page and "13800138000" not in page
    found = admin.get("/ops/outbox/?to=138 0013 8001").content.decode()
    assert "138****8001" in found and "138****8002" not in found


def test_outbox_is_closed_to_others_and_reading_is_not_managing(tree, signed_in, rows):
    assert signed_in(Role.COUNTY_OP, tree.pingding).get("/ops/outbox/").status_code == 403
    reader = signed_in(Role.CITY_REVIEWER, tree.city)
    assert reader.get(rows[0].staff_url).status_code == 200
    assert reader.post("/ops/outbox/bulk/", {"do": "discard", "chosen": [rows[0].pk]}).status_code == 403
    assert reader.post(rows[0].staff_url, {"text": "x"}).status_code == 403


def test_admin_discards_and_sends_again_in_bulk(tree, signed_in, rows):
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    Outgoing.objects.filter(pk=rows[0].pk).update(state=State.FAILED)
    admin.post("/ops/outbox/bulk/", {"do": "again", "chosen": [row.pk for row in rows]})
    rows[0].refresh_from_db()
    assert rows[0].state == State.QUEUED
    admin.post("/ops/outbox/bulk/", {"do": "discard", "all_matching": "1", "query": ""})
    assert set(Outgoing.objects.values_list("state", flat=True)) == {State.DISCARDED}
    admin.post(rows[1].staff_url, {"text": "改"})
    rows[1].refresh_from_db()
    assert "改" not in rows[1].text


@pytest.mark.parametrize("address", ["/staff/messages/", "/ops/outbox/"])
def test_pages_cost_the_same_with_more_rows(tree, signed_in, address):
    admin = signed_in(Role.SYS_ADMIN, tree.city)
    _tell(admin.user)
    actions.send_sms(to="13800138000", text="x", about=tree.pingding)
    for _ in range(2):  # the counts behind the menu are kept
        admin.get(address)
    with CaptureQueriesContext(connection) as one:
        admin.get(address)
    _tell(admin.user, 6)
    for n in range(5):
        actions.send_sms(to="13800138000", text=f"{n}", about=tree.pingding)
    admin.get(address)
    with CaptureQueriesContext(connection) as many:
        assert admin.get(address).status_code == 200
    assert len(many) == len(one)
