"""The journal browser: by role, inside the scope, values only with a reason."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.access.actors import SYSTEM
from portal.access.roles import Reach, Role
from portal.grants import actions as granting
from portal.jobs.runner import run_all
from portal.journal.actions import record
from portal.journal.models import JournalEntry, JournalSeal
from portal.journal.verbs import VERBS, Verb

PAGE = "/ops/journal/"


@pytest.fixture(autouse=True)
def _verb(monkeypatch):
    monkeypatch.setitem(VERBS, "test.happened", Verb("test.happened", "试了一次"))


def write(tree, actor=SYSTEM, unit=None, **fields):
    unit = unit or tree.pingding
    return record("test.happened", actor=actor, target=unit, unit=unit, **fields)


def rows(page):
    return page.content.decode().count("试了一次</td>")


def test_auditor_sees_the_scope_and_what_has_no_unit(signed_in, tree):
    client = signed_in(Role.AUDIT_ADMIN, tree.pingding)
    write(tree)
    write(tree, unit=tree.yuxian)
    JournalEntry.objects.create(
        at=timezone.now(),
        verb="test.happened",
        actor_ref="anonymous",
        target_type="portal.user",
        target_id="0",
    )
    assert rows(client.get(PAGE)) == 2
    supervisor = signed_in(Role.SUPERVISION, tree.pingding)
    assert rows(supervisor.get(PAGE)) == 1


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.CITY_OP, Role.VILLAGE_OP])
def test_others_do_not_get_in(signed_in, tree, role):
    client = signed_in(role, tree.city)
    entry = write(tree)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{entry.pk}/", {"reason": "好奇"}).status_code == 403
    assert client.post(f"{PAGE}verify/").status_code == 403


def test_filters(signed_in, person, tree):
    client = signed_in(Role.AUDIT_ADMIN, tree.city)
    user = person(Role.COUNTY_OP, tree.pingding, display_name="张桂英")
    write(tree, actor=user)
    write(tree, unit=tree.yuxian)
    today = timezone.localdate().isoformat()
    assert rows(client.get(PAGE, {"person": "桂英"})) == 1
    assert rows(client.get(PAGE, {"unit": "盂县"})) == 1
    assert rows(client.get(PAGE, {"target": f"portal.unit:{tree.yuxian.pk}"})) == 1
    assert rows(client.get(PAGE, {"verb": "test.happened", "since": today, "until": today})) == 2
    assert rows(client.get(PAGE, {"until": "2020-01-01"})) == 0
    for bad in ({"since": "x"}, {"verb": "no"}, {"after": "%%"}, {"target": ":::"}):
        assert client.get(PAGE, bad).status_code == 200


def test_page_costs_the_same_for_one_and_many(signed_in, person, tree):
    client = signed_in(Role.AUDIT_ADMIN, tree.city)
    write(tree, actor=person(Role.COUNTY_OP, tree.pingding))
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for _ in range(60):
        write(tree, actor=client.user, unit=tree.yuxian)
    with CaptureQueriesContext(connection) as many:
        page = client.get(PAGE)
    assert len(one) == len(many)
    assert "after=" in page.content.decode()


def test_values_are_shown_with_a_reason_which_is_written_down(signed_in, tree):
    client = signed_in(Role.AUDIT_ADMIN, tree.city)
    entry = write(tree, details={"name": ["张三", "张三丰"]})
    path = f"{PAGE}{entry.pk}/"
    assert "张三丰" not in client.get(path).content.decode()
    assert "张三丰" not in client.post(path, {"reason": ""}).content.decode()
    assert "张三丰" in client.post(path, {"reason": "核实投诉"}).content.decode()
    revealed = JournalEntry.objects.get(verb="journal.revealed")
    assert (revealed.actor_ref, revealed.target_id) == (str(client.user.ref), str(entry.pk))


def test_entry_of_another_county_is_not_there(signed_in, tree):
    client = signed_in(Role.AUDIT_ADMIN, tree.pingding)
    entry = write(tree, unit=tree.yuxian, details={"a": 1})
    assert client.get(f"{PAGE}{entry.pk}/").status_code == 404
    assert client.post(f"{PAGE}{entry.pk}/", {"reason": "核实"}).status_code == 404


def test_verifying_shows_what_was_found(signed_in, tree):
    client = signed_in(Role.AUDIT_ADMIN, tree.city)
    write(tree)
    address = client.post(f"{PAGE}verify/")["Location"]
    run_all()
    assert "操作记录完整" in client.get(address).content.decode()
    JournalSeal.objects.filter(seq=1).update(digest="f" * 64)
    address = client.post(f"{PAGE}verify/")["Location"]
    run_all()
    assert "发现异常" in client.get(address).content.decode()


def test_delegated_act_is_shown_on_behalf(signed_in, person, tree):
    county = person(Role.COUNTY_OP, tree.pingding, display_name="张三")
    helper = person(Role.TOWNSHIP_OP, tree.guanshan, display_name="李四")
    today = timezone.localdate()
    granting.delegate(
        actor=county, source=county.grants.get(), to=helper, unit=tree.pingding, reach=Reach.SUBTREE,
        starts_on=today, ends_on=today, reason="出差",
    )  # fmt: skip
    write(tree, actor=helper, unit=tree.pingding)
    auditor = signed_in(Role.AUDIT_ADMIN, tree.city)
    assert "代张三" in auditor.get(PAGE, {"verb": "test.happened"}).content.decode()
    JournalEntry.objects.filter(verb="test.happened").delete()
    write(tree, actor=helper, unit=tree.guanshan)
    assert "代张三" not in auditor.get(PAGE, {"verb": "test.happened"}).content.decode()


def test_stranger_signs_in_first(db):
    assert Client().get(PAGE).status_code == 302
