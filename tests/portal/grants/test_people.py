"""Invitations, resets, delegation and handover: who may, what happens, who is told."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.roles import Reach, Role
from portal.access.scope import scope_of
from portal.accounts import links, messages, second_factor
from portal.accounts.models import User
from portal.grants import actions, handover, queries, tasks
from portal.grants.actions import Invitation
from portal.grants.rules import GrantRefused
from portal.journal.models import JournalEntry
from tests.factories.people import PASSWORD, make_user

NEW = "Brand-New-4321"


@pytest.fixture
def told(monkeypatch):
    sent = []
    monkeypatch.setattr(messages, "_messenger", [lambda user, text, secret: sent.append((user.pk, text))])
    return sent


def invitation(tree, **fields):
    base = {
        "username": "zhangsan", "display_name": "张三", "role": Role.TOWNSHIP_OP, "unit": tree.guanshan,
        "reach": Reach.SUBTREE, "starts_on": timezone.localdate(), "phone": "13800138000",
    }  # fmt: skip
    return Invitation(**{**base, **fields})


def test_invited_person_sets_a_password_once_and_signs_in(tree, person, told):
    county = person(Role.COUNTY_OP, tree.pingding)
    user, token = actions.invite(actor=county, invitation=invitation(tree))
    assert not user.has_usable_password()
    assert any(links.address(token) in text for pk, text in told if pk == user.pk)
    client, path = Client(), f"/accounts/link/{token}/"
    assert "张三" in client.get(path).content.decode()
    assert client.post(path, {"new_password": "short", "again": "short"}).status_code == 200
    assert client.post(path, {"new_password": NEW, "again": NEW})["Location"] == "/accounts/login/"
    assert client.get(path).status_code == 410
    assert client.post("/accounts/login/", {"username": "zhangsan", "password": NEW}).status_code == 302


def test_link_dies_with_time_and_when_it_is_revoked(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    user, token = actions.invite(actor=county, invitation=invitation(tree))
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert links.find(token) is None
    second = actions.resend(actor=county, user=user)
    assert links.find(token) is None
    assert links.find(second) is not None
    actions.revoke_invitation(actor=county, user=user)
    assert links.find(second) is None


def test_invitation_outside_the_scope_is_refused_with_nothing_written(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        actions.invite(actor=county, invitation=invitation(tree, unit=tree.xiushui))
    with pytest.raises(PermissionDenied):
        actions.invite(
            actor=county, invitation=invitation(tree, role=Role.COUNTY_REVIEWER, unit=tree.pingding)
        )
    make_user(username="taken")
    with pytest.raises(GrantRefused):
        actions.invite(actor=county, invitation=invitation(tree, username="taken"))
    assert not User.objects.filter(display_name="张三").exists()


def test_batch_is_all_or_nothing(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    good, bad = invitation(tree, username="goodone"), invitation(tree, username="x")
    with pytest.raises(GrantRefused):
        actions.invite_many(actor=county, invitations=[good, bad])
    assert not User.objects.filter(username="goodone").exists()


def test_password_reset_by_the_unit_above_only(tree, person, told):
    county, township = person(Role.COUNTY_OP, tree.pingding), person(Role.TOWNSHIP_OP, tree.guanshan)
    reviewer, other = person(Role.COUNTY_REVIEWER, tree.pingding), person(Role.COUNTY_OP, tree.yuxian)
    for actor, user in [(county, reviewer), (other, township), (township, county), (county, county)]:
        with pytest.raises(PermissionDenied):
            actions.reset_password(actor=actor, user=user, reason="忘记了")
    token = actions.reset_password(actor=county, user=township, reason="忘记了")
    township.refresh_from_db()
    assert not township.check_password(PASSWORD)
    assert links.find(token).user == township
    assert told[-1][0] == township.pk


def test_lost_second_factor_is_reset_told_and_written_down(tree, person, told):
    security, county = person(Role.SEC_ADMIN, tree.city), person(Role.COUNTY_OP, tree.pingding)
    second_factor.enrol(user=county, secret="JBSWY3DPEHPK3PXP")
    with pytest.raises(GrantRefused):
        actions.reset_second_factor(actor=security, user=county, reason="")
    actions.reset_second_factor(actor=security, user=county, reason="手机丢了，已电话核实")
    assert not second_factor.is_set_up(county)
    assert told[-1][0] == county.pk
    assert JournalEntry.objects.filter(verb="account.second_factor_reset").exists()


def test_person_with_a_higher_delegated_role_is_out_of_reach_meanwhile(tree, person):
    leader, county = person(Role.COUNTY_LEADER, tree.pingding), person(Role.COUNTY_OP, tree.pingding)
    township, today = person(Role.TOWNSHIP_OP, tree.guanshan), timezone.localdate()
    actions.delegate(
        actor=leader, source=leader.grants.get(), to=township, unit=tree.pingding, reach=Reach.SUBTREE,
        starts_on=today, ends_on=today, reason="出差",
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.reset_password(actor=county, user=township, reason="忘记了")


def test_delegation_ends_by_itself(tree, person, told):
    county, helper = person(Role.COUNTY_OP, tree.pingding), person(Role.TOWNSHIP_OP, tree.guanshan)
    today = timezone.localdate()
    fields = {"unit": tree.pingding, "reach": Reach.SUBTREE, "starts_on": today, "reason": "出差"}
    source = county.grants.get()
    actions.delegate(actor=county, source=source, to=helper, ends_on=today + timedelta(days=3), **fields)
    assert scope_of(helper, fresh=True).may(Perm.ACTIVITY_LOG, tree.pingding)
    assert [
        user for user, text in told if "临时委托给您" in text and str(today + timedelta(days=3)) in text
    ] == [helper.pk]
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert not scope_of(helper, fresh=True).may(Perm.ACTIVITY_LOG, tree.pingding)
    county.is_active = False
    county.save()
    assert not scope_of(helper, fresh=True).may(Perm.ACTIVITY_LOG, tree.pingding)


def test_delegation_is_refused_beyond_the_own_right(tree, person):
    county, helper = person(Role.COUNTY_OP, tree.pingding), person(Role.TOWNSHIP_OP, tree.guanshan)
    stranger, security = person(Role.COUNTY_OP, tree.yuxian), person(Role.SEC_ADMIN, tree.city)
    source, today = county.grants.get(), timezone.localdate()
    fields = {
        "reach": Reach.SUBTREE,
        "starts_on": today,
        "ends_on": today + timedelta(days=3),
        "reason": "出差",
    }
    with pytest.raises(PermissionDenied):
        actions.delegate(actor=county, source=source, to=helper, unit=tree.city, **fields)
    with pytest.raises(PermissionDenied):
        actions.delegate(actor=helper, source=source, to=county, unit=tree.pingding, **fields)
    with pytest.raises(GrantRefused):
        actions.delegate(actor=county, source=source, to=stranger, unit=tree.pingding, **fields)
    with pytest.raises(GrantRefused):
        actions.delegate(
            actor=county,
            source=source,
            to=helper,
            unit=tree.pingding,
            **{**fields, "ends_on": today + timedelta(days=99)},
        )
    with pytest.raises(PermissionDenied):
        actions.delegate(actor=security, source=security.grants.get(), to=county, unit=tree.city, **fields)
    passed = actions.delegate(actor=county, source=source, to=helper, unit=tree.pingding, **fields)
    with pytest.raises(PermissionDenied):
        actions.delegate(actor=helper, source=passed, to=county, unit=tree.pingding, **fields)


def test_handover_moves_everything_at_once(tree, person, told, monkeypatch):
    moved = []
    monkeypatch.setattr(handover, "HOLDINGS", [])
    handover.register("任务", lambda user: 3, lambda old, new: moved.append((old, new)) or 3)
    city, old, new = (
        person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.pingding)
    )  # fmt: skip
    with pytest.raises(GrantRefused):
        actions.hand_over(actor=city, user=old, successor=old, reason="调动", ends_on=None)
    assert actions.hand_over(actor=city, user=old, successor=new, reason="调动", ends_on=None) == {"任务": 3}
    assert moved == [(old, new)]
    assert [text for user, text in told if user == new.pk and "3 项工作已移交给您" in text]
    assert not queries.open_of(old).exists()
    assert JournalEntry.objects.filter(verb="handover.done").exists()


def test_handover_that_fails_half_way_leaves_all_as_it_was(tree, person, monkeypatch):
    monkeypatch.setattr(handover, "HOLDINGS", [])

    def broken(old, new):
        raise RuntimeError

    handover.register("任务", lambda user: 1, broken)
    city, old, new = (
        person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding), person(Role.COUNTY_OP, tree.pingding)
    )  # fmt: skip
    with pytest.raises(RuntimeError):
        actions.hand_over(actor=city, user=old, successor=new, reason="调动", ends_on=None)
    assert queries.open_of(old).exists()


def test_mandate_is_warned_of_once_and_then_closes_the_account(tree, person, told):
    county, today = person(Role.COUNTY_OP, tree.pingding), timezone.localdate()
    county.grants.update(ends_on=today + timedelta(days=20))
    assert tasks.warn_ending(None) == {"warned": 1}
    assert tasks.warn_ending(None) == {"warned": 0}
    assert tasks.end_terms(None) == {"disabled": 0}
    with time_machine.travel(timezone.now() + timedelta(days=21)):
        assert tasks.end_terms(None) == {"disabled": 1}
        assert tasks.end_terms(None) == {"disabled": 0}
    county.refresh_from_db()
    assert (county.is_active, county.disabled_reason) == (False, "任期已满")
