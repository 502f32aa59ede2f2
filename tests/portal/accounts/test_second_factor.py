"""The second factor: nobody with a powerful role gets past it; codes work once; secrets are encrypted."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from portal import vault
from portal.access.roles import Role
from portal.accounts import second_factor
from portal.journal.models import JournalEntry
from tests.factories.people import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret=SECRET, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def sign_in(client, username):
    return client.post("/accounts/login/", {"username": username, "password": PASSWORD})


@pytest.fixture
def admin(person, tree):
    return person(Role.SEC_ADMIN, tree.city, username="secadmin")


@pytest.mark.django_db(transaction=True)  # the library tells of it after the commit
def test_administrator_sets_it_up_before_anything_else(admin):
    client = Client()
    assert sign_in(client, "secadmin")["Location"] == "/staff/"
    for path in ("/staff/grants/", "/ops/", "/staff/grants/invite/"):
        assert client.get(path)["Location"].startswith("/accounts/2fa/totp/activate/")
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert "data:image/svg+xml" in page.content.decode()
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    done = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/staff/grants/").status_code == 200
    assert JournalEntry.objects.filter(verb="account.second_factor_on").exists()


def test_sign_in_asks_for_the_code(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    client = Client()
    assert sign_in(client, "secadmin")["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/staff/grants/").status_code == 302
    assert client.get("/accounts/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": "123"}).status_code == 200
    assert JournalEntry.objects.filter(verb="account.second_factor_failed").exists()
    assert client.post("/accounts/2fa/authenticate/", {"code": code()})["Location"] == "/staff/"
    assert client.get("/staff/grants/").status_code == 200


def test_code_works_once(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    start = time.time() // 30 * 30
    with time_machine.travel(start, tick=False) as clock:
        used, first, second = code(), Client(), Client()
        sign_in(first, "secadmin")
        assert first.post("/accounts/2fa/authenticate/", {"code": used}).status_code == 302
        for seconds in (1, 31):
            clock.move_to(start + seconds)
            sign_in(second, "secadmin")
            assert second.post("/accounts/2fa/authenticate/", {"code": used}).status_code == 200


def test_old_code_and_guessing_are_refused(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    client = Client()
    sign_in(client, "secadmin")
    assert client.post("/accounts/2fa/authenticate/", {"code": code(steps=-3)}).status_code == 200
    for number in range(25):
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06d}"})
    assert client.post("/accounts/2fa/authenticate/", {"code": code()}).status_code != 302


def test_recovery_code_works_once(admin):
    client = Client()
    sign_in(client, "secadmin")
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
    spare = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    for expected in (302, 200):
        other = Client()
        sign_in(other, "secadmin")
        assert other.post("/accounts/2fa/authenticate/", {"code": spare}).status_code == expected


def test_secret_is_not_readable_in_the_database(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    row = Authenticator.objects.get(user=admin)
    assert SECRET not in str(row.data)
    assert vault.decrypt(row.data["secret"]) == SECRET
    assert TOTP(row).validate_code(code())


def test_session_from_before_must_pass_it_too(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    client = Client()
    client.force_login(admin, backend="portal.accounts.backends.PortalBackend")
    answer = client.get("/staff/grants/")
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    client.post(answer["Location"], {"code": code()})
    assert client.get("/staff/grants/").status_code == 200


def test_staff_needs_none_unless_the_setting_says_so(person, tree, settings):
    person(Role.COUNTY_OP, tree.pingding, username="county")
    client = Client()
    sign_in(client, "county")
    assert client.get("/staff/grants/").status_code == 200
    settings.SECOND_FACTOR_FOR_STAFF = True
    assert client.get("/staff/grants/")["Location"].startswith("/accounts/2fa/totp/activate/")


def test_turning_it_off_leads_back_to_setting_it_up(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    client = Client()
    sign_in(client, "secadmin")
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not second_factor.is_set_up(admin)
    assert client.get("/staff/grants/")["Location"].startswith("/accounts/2fa/totp/activate/")


def test_administrator_has_one_session(admin):
    second_factor.enrol(user=admin, secret=SECRET)
    first, second = Client(), Client()
    sign_in(first, "secadmin")
    first.post("/accounts/2fa/authenticate/", {"code": code()})
    assert first.get("/accounts/").status_code == 200
    with time_machine.travel(time.time() + 200):
        sign_in(second, "secadmin")
        second.post("/accounts/2fa/authenticate/", {"code": code()})
        assert second.get("/accounts/").status_code == 200
        assert first.get("/accounts/").status_code == 302


def test_unused_account_is_disabled(person, tree):
    from portal.accounts import tasks
    from portal.accounts.models import User

    person(Role.COUNTY_OP, tree.pingding, username="county")
    person(Role.COUNTY_OP, tree.pingding, username="demo", is_demo=True)
    assert tasks.disable_unused(None) == {"disabled": 0}
    with time_machine.travel(time.time() + timedelta(days=91).total_seconds()):
        cache.clear()
        assert tasks.disable_unused(None) == {"disabled": 1}
    assert list(User.objects.filter(is_active=False).values_list("username", flat=True)) == ["county"]
