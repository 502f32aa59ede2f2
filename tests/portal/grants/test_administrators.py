"""The three administrators: how the first ones come, and what they never see."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Role
from portal.accounts import second_factor
from portal.accounts.models import User

# What only the running of the portal, accounts and the journal are about.
ADMINISTRATIVE = {
    Perm.STAFF_ENTER, Perm.UNIT_VIEW, Perm.GRANT_VIEW, Perm.GRANT_GIVE, Perm.ACCOUNT_INVITE, Perm.ACCOUNT_ADMIN,
    Perm.HANDOVER_DO, Perm.JOURNAL_READ, Perm.JOB_READ, Perm.JOB_RETRY, Perm.OUTBOX_READ, Perm.OUTBOX_MANAGE,
    Perm.SETTINGS_EDIT,
}  # fmt: skip


def _patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def plain_addresses():
    """Every address without parameters, with the permissions that open it."""
    for path, view in _patterns(get_resolver()):
        rule = getattr(view, "access", None)
        if rule is not None and rule.kind == "allow" and not re.search(r"[<(\\^$]", path):
            yield f"/{path}", rule.perms


@pytest.mark.parametrize("role", sorted(EXCLUSIVE_ROLES))
def test_administrator_opens_exactly_what_the_table_says(signed_in, tree, role):
    client = signed_in(role, tree.city)
    for path, perms in plain_addresses():
        status = client.get(path).status_code
        is_allowed = any(perm in ROLES[role].perms for perm in perms)
        assert (status == 403) is not is_allowed or status == 405, path


@pytest.mark.parametrize("role", sorted(EXCLUSIVE_ROLES))
def test_administrators_hold_no_right_over_business_data(role):
    assert set(ROLES[role].perms) <= ADMINISTRATIVE


def test_first_administrator_comes_by_a_command_and_a_link(tree, capsys):
    call_command("invite_admin", "王安", "secadmin", role="sec_admin")
    link = re.search(r"/accounts/link/\S+", capsys.readouterr().out)[0]
    answer = Client().post(link, {"new_password": "Brand-New-4321", "again": "Brand-New-4321"})
    assert answer.status_code == 302
    user = User.objects.get(username="secadmin")
    assert [Role(grant.role) for grant in user.grants.all()] == [Role.SEC_ADMIN]
    for bad in ("secadmin", "X", "1abc"):
        with pytest.raises(CommandError):
            call_command("invite_admin", "王安", bad, role="sec_admin")


def test_lost_second_factor_of_an_administrator(person, tree):
    user = person(Role.SEC_ADMIN, tree.city, username="secadmin")
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "secadmin", reason="手机丢了")
    second_factor.enrol(user=user, secret="JBSWY3DPEHPK3PXP")
    call_command("reset_second_factor", "secadmin", reason="手机丢了")
    assert not second_factor.is_set_up(user)
