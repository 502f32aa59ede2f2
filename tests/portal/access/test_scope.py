"""One object answers "may I?" and "which ones?", and both agree."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import given
from hypothesis import strategies as st

from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Reach, Role
from portal.access.scope import GrantLine, Scope, scope_of
from portal.units.models import Unit


def test_county_officer_sees_own_subtree_only(tree, person):
    scope = scope_of(person(Role.COUNTY_OP, tree.pingding))
    assert scope.may(Perm.UNIT_VIEW, tree.dongguan)
    assert not scope.may(Perm.UNIT_VIEW, tree.xiushui)
    names = set(scope.rows(Unit, Perm.UNIT_VIEW).values_list("short_name", flat=True))
    assert names == {"平定县", "冠山镇", "东关社区", "南关社区"}
    with pytest.raises(Http404):
        scope.get(Unit, Perm.UNIT_VIEW, unit_no=tree.xiushui.unit_no)


def test_unit_reach_does_not_go_down(tree, person):
    scope = scope_of(person(Role.COUNTY_OP, tree.pingding))
    assert scope.may(Perm.ACTIVITY_LOG, tree.pingding)
    assert not scope.may(Perm.ACTIVITY_LOG, tree.guanshan)


def test_missing_permission_gives_nothing(tree, person):
    scope = scope_of(person(Role.VILLAGE_OP, tree.dongguan))
    assert not scope.rows(Unit, Perm.UNIT_REORGANISE).exists()
    with pytest.raises(PermissionDenied):
        scope.require(Perm.UNIT_REORGANISE)


def test_ended_grant_gives_nothing(tree, person):
    user = person(Role.COUNTY_OP, tree.pingding)
    user.grants.update(ended_at="2020-01-01T00:00:00Z")
    assert not scope_of(user, fresh=True).has(Perm.UNIT_VIEW)


@given(
    role=st.sampled_from(list(Role)),
    perm=st.sampled_from(list(Perm)),
    reach=st.sampled_from(list(Reach)),
    offset=st.sampled_from(["", "00001", "0000100002"]),
    at=st.sampled_from(["00001", "00002", "0000100003"]),
)
def test_grant_never_reaches_further_than_role_or_line(role, perm, reach, offset, at):
    unit = Unit(pk=9, path="00001" + offset)
    line = GrantLine(role, 9 if at == unit.path else 8, at, reach)
    if Scope([line]).may(perm, unit):
        assert perm in ROLES[role].perms
        assert unit.path.startswith(at)
        if min(reach, ROLES[role].perms[perm]) is Reach.UNIT:
            assert line.unit_id == unit.pk


def test_three_administrators_share_no_power_over_business():
    business = {Perm.ACTIVITY_VIEW, Perm.ACTIVITY_LOG, Perm.WORK_VIEW, Perm.WORK_REVIEW, Perm.CONTENT_PUBLISH}
    powers = {role: set(ROLES[role].perms) for role in EXCLUSIVE_ROLES}
    assert not any(power & business for power in powers.values())
    assert Perm.JOURNAL_READ not in powers[Role.SYS_ADMIN] | powers[Role.SEC_ADMIN]
    assert Perm.GRANT_GIVE not in powers[Role.SYS_ADMIN] | powers[Role.AUDIT_ADMIN]
