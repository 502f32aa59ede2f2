"""Nobody ends up with more than the giver may give; 三员 stand alone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Reach, Role
from portal.access.scope import scope_of
from portal.grants import actions, rules
from portal.grants.models import Grant
from portal.grants.rules import GrantRefused
from portal.journal.models import JournalEntry
from tests.factories.people import give as hold
from tests.factories.people import make_user


def give(actor, user, role, unit, reach=Reach.SUBTREE, **fields):
    fields = {"starts_on": timezone.localdate(), **fields}
    return actions.give(actor=actor, user=user, role=role, unit=unit, reach=reach, **fields)


def test_county_gives_a_township_role_below_and_nowhere_else(tree, person):
    county, user = person(Role.COUNTY_OP, tree.pingding), make_user()
    grant = give(county, user, Role.TOWNSHIP_OP, tree.guanshan, reason="任职文件")
    assert scope_of(user, fresh=True).may(Perm.ACTIVITY_LOG, tree.guanshan)
    entry = JournalEntry.objects.get(verb="grant.given")
    assert (entry.target_id, entry.unit_id) == (str(grant.pk), tree.guanshan.pk)
    for role, unit in [
        (Role.TOWNSHIP_OP, tree.xiushui),
        (Role.TOWNSHIP_OP, tree.city),
        (Role.COUNTY_OP, tree.pingding),
        (Role.COUNTY_REVIEWER, tree.pingding),
        (Role.SYS_ADMIN, tree.pingding),
    ]:
        with pytest.raises(PermissionDenied):
            give(county, user, role, unit)


def test_nobody_gives_to_themselves_or_ends_their_own(tree, person):
    city = person(Role.CITY_OP, tree.city)
    with pytest.raises(GrantRefused):
        give(city, city, Role.COUNTY_OP, tree.pingding)
    with pytest.raises(GrantRefused):
        actions.end(actor=city, grant=city.grants.get(), reason="不做了")


def test_reach_stays_within_the_givers(tree, person):
    county = person(Role.COUNTY_OP, tree.pingding)
    county.grants.update(reach=Reach.UNIT)
    with pytest.raises(PermissionDenied):
        give(county, make_user(), Role.TOWNSHIP_OP, tree.guanshan)
    with pytest.raises(PermissionDenied):
        give(county, make_user(), Role.TOWNSHIP_OP, tree.pingding, Reach.SUBTREE)
    assert give(county, make_user(), Role.TOWNSHIP_OP, tree.pingding, Reach.UNIT).reach == Reach.UNIT


def test_delegated_role_makes_no_appointments(tree, person):
    county, helper = person(Role.COUNTY_OP, tree.pingding), person(Role.TOWNSHIP_OP, tree.guanshan)
    today = timezone.localdate()
    source = county.grants.get()
    actions.delegate(
        actor=county, source=source, to=helper, unit=tree.pingding, reach=Reach.SUBTREE,
        starts_on=today, ends_on=today, reason="出差",
    )  # fmt: skip
    assert scope_of(helper, fresh=True).may(Perm.ACTIVITY_LOG, tree.pingding)
    with pytest.raises(PermissionDenied):
        give(helper, make_user(), Role.TOWNSHIP_REVIEWER, tree.guanshan)


@pytest.mark.parametrize("admin", sorted(EXCLUSIVE_ROLES))
@pytest.mark.parametrize(
    "other", [Role.COUNTY_OP, Role.JUDGE, Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN]
)
def test_an_administrator_holds_nothing_else(admin, other):
    if admin != other:
        assert rules.conflict(other, {admin})
        assert rules.conflict(admin, {other})
    assert not rules.conflict(admin, {admin})
    assert not rules.conflict(Role.COUNTY_OP, {Role.JUDGE})


def test_security_administrator_cannot_give_a_business_role_to_an_administrator(tree, person):
    security, auditor = person(Role.SEC_ADMIN, tree.city), person(Role.AUDIT_ADMIN, tree.city)
    assert give(security, make_user(), Role.COUNTY_OP, tree.pingding)
    with pytest.raises(GrantRefused):
        give(security, auditor, Role.COUNTY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        give(security, make_user(), Role.AUDIT_ADMIN, tree.city)


def test_dates_and_doubles_are_refused(tree, person):
    city, user, today = person(Role.CITY_OP, tree.city), make_user(), timezone.localdate()
    with pytest.raises(GrantRefused):
        give(city, user, Role.COUNTY_OP, tree.pingding, starts_on=today - timedelta(days=1))
    with pytest.raises(GrantRefused):
        give(city, user, Role.COUNTY_OP, tree.pingding, ends_on=today - timedelta(days=1))
    give(city, user, Role.COUNTY_OP, tree.pingding)
    with pytest.raises(GrantRefused):
        give(city, user, Role.COUNTY_OP, tree.pingding)


def test_same_form_twice_gives_once(tree, person):
    city, user = person(Role.CITY_OP, tree.city), make_user()
    grants = [give(city, user, Role.COUNTY_OP, tree.pingding, token="t1") for _ in range(2)]
    assert grants[0].pk == grants[1].pk


def test_role_that_ran_out_can_be_given_again(tree, person):
    city, user = person(Role.CITY_OP, tree.city), make_user()
    hold(user, Role.COUNTY_OP, tree.pingding, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    assert give(city, user, Role.COUNTY_OP, tree.pingding)


def test_end_takes_the_right_away_with_its_delegations(tree, person):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    helper = person(Role.TOWNSHIP_OP, tree.guanshan)
    today = timezone.localdate()
    source = county.grants.get()
    actions.delegate(
        actor=county, source=source, to=helper, unit=tree.pingding, reach=Reach.SUBTREE,
        starts_on=today, ends_on=today + timedelta(days=9), reason="出差",
    )  # fmt: skip
    with pytest.raises(GrantRefused):
        actions.end(actor=city, grant=source, reason=" ")
    actions.end(actor=city, grant=source, reason="换届")
    assert not scope_of(county, fresh=True).lines
    assert {line.role for line in scope_of(helper, fresh=True).lines} == {Role.TOWNSHIP_OP}


def test_end_at_a_date(tree, person):
    city, county = person(Role.CITY_OP, tree.city), person(Role.COUNTY_OP, tree.pingding)
    day = timezone.localdate() + timedelta(days=5)
    actions.end(actor=city, grant=county.grants.get(), reason="到龄", on=day)
    assert county.grants.get().ends_on == day
    assert scope_of(county, fresh=True).lines


def test_powers_to_give_only_shrink():
    """Whoever is given a role may not give roles that the giver may not give."""
    for spec in ROLES.values():
        for role in spec.grants:
            assert ROLES[role].grants <= spec.grants


@settings(max_examples=60)
@given(data=st.data())
def test_no_chain_of_grants_reaches_beyond_the_first_giver(tree, data):
    units = [tree.city, tree.pingding, tree.yuxian, tree.guanshan, tree.xiushui, tree.dongguan]
    roles, reaches = st.sampled_from(list(Role)), st.sampled_from(list(Reach))
    first = make_user()
    start_role, start_unit = data.draw(roles), data.draw(st.sampled_from(units))
    hold(first, start_role, start_unit, reach=data.draw(reaches))
    allowed = {start_role} | set(ROLES[start_role].grants)
    people = [first, make_user(), make_user()]
    for _ in range(8):
        actor, user = data.draw(st.sampled_from(people)), data.draw(st.sampled_from(people))
        try:
            give(actor, user, data.draw(roles), data.draw(st.sampled_from(units)), data.draw(reaches))
        except (PermissionDenied, GrantRefused):
            continue
    for grant in Grant.objects.filter(user__in=people).select_related("unit"):
        assert Role(grant.role) in allowed
        assert grant.unit.path.startswith(start_unit.path)
    for user in people:
        held = {Role(role) for role in user.grants.values_list("role", flat=True)}
        assert not (held & EXCLUSIVE_ROLES) or len(held) == 1
    Grant.objects.filter(user__in=people).delete()
