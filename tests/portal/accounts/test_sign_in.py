"""Signing in: who gets in, who is locked out, what is told and what is written down."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.access.roles import Role
from portal.accounts.models import SignedInDevice
from portal.journal.models import JournalEntry
from tests.factories.people import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(client, username, password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": username, "password": password}, **extra)


def verbs():
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def county(person, tree):
    return person(Role.COUNTY_OP, tree.pingding, username="county")


def test_right_password_opens_the_workbench(county):
    client = Client()
    page = client.get(LOGIN)
    assert b'name="username"' in page.content
    assert b'name="password"' in page.content
    answer = sign_in(client, " ＣOUNTY ")
    assert (answer.status_code, answer["Location"]) == (302, "/staff/")
    assert verbs()[-1] == "account.signed_in"
    county.refresh_from_db()
    assert county.last_seen_at is not None


def test_wrong_name_and_wrong_password_look_the_same(county):
    known, unknown = sign_in(Client(), "county", "wrong"), sign_in(Client(), "nobody", "wrong")
    strip = lambda page, name: page.content.replace(name.encode(), b"").split(b"csrfmiddlewaretoken")[0]  # noqa: E731
    assert known.status_code == unknown.status_code == 200
    assert strip(known, "county") == strip(unknown, "nobody")
    assert verbs() == ["account.sign_in_failed"] * 2


def test_five_wrong_passwords_lock_the_name_for_a_quarter_of_an_hour(county):
    start = timezone.now()
    client = Client()
    statuses = [sign_in(client, "county", "wrong").status_code for _ in range(5)]
    assert statuses[:4] == [200] * 4
    refused = sign_in(client, "COUNTY")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "900"
    assert "account.locked" in verbs()
    with time_machine.travel(start + timedelta(minutes=16)):
        assert sign_in(Client(), "county").status_code == 302


def test_unknown_name_is_locked_like_a_known_one(db):
    client = Client()
    statuses = [sign_in(client, "nobody", "wrong").status_code for _ in range(6)]
    assert statuses[-1] == 429


def test_lock_is_per_address(county):
    for _ in range(5):
        sign_in(Client(), "county", "wrong")
    assert sign_in(Client(), "county").status_code == 429
    assert sign_in(Client(), "county", REMOTE_ADDR="10.1.2.3").status_code == 302


@time_machine.travel("2026-05-15T08:00:00Z", tick=False)
def test_header_of_the_client_does_not_move_it_to_another_address(county):
    statuses = [
        sign_in(Client(), f"name{n}", "wrong", HTTP_X_FORWARDED_FOR=f"10.9.8.{n}").status_code
        for n in range(30)
    ]
    assert statuses[:10] == [200] * 10
    assert set(statuses[10:]) == {429}


@time_machine.travel("2026-05-15T08:00:00Z", tick=False)
def test_limit_per_address_comes_before_hashing(county, monkeypatch):
    for n in range(10):
        sign_in(Client(), f"name{n}", "wrong")
    hashed = []
    monkeypatch.setattr("portal.accounts.backends.make_password", hashed.append)
    monkeypatch.setattr("portal.accounts.models.User.check_password", lambda *args: hashed.append(args))
    assert sign_in(Client(), "county").status_code == 429
    assert hashed == []


@pytest.mark.parametrize(
    "target", ["//evil.example/x", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_nowhere_else(county, target):
    client = Client()
    assert (
        client.post(LOGIN, {"username": "county", "password": PASSWORD, "next": target})["Location"]
        == "/staff/"
    )


def test_next_on_this_site_is_followed(county):
    answer = Client().post(LOGIN, {"username": "county", "password": PASSWORD, "next": "/accounts/"})
    assert answer["Location"] == "/accounts/"


def test_signing_out_is_a_post(county):
    client = Client()
    sign_in(client, "county")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302
    assert verbs()[-1] == "account.signed_out"
    assert not SignedInDevice.objects.exists()


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/reset/", "confirm-email/", "password/set/", "inactive/"]
)
def test_library_pages_that_are_not_listed_do_not_exist(db, path):
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_disabled_person_is_out_with_the_next_request(county):
    client = Client()
    sign_in(client, "county")
    assert client.get("/accounts/").status_code == 200
    county.is_active = False
    county.save()
    assert client.get("/accounts/").status_code == 302
    cache.clear()
    assert sign_in(Client(), "county").status_code == 200


def test_idle_and_absolute_limits(county, settings):
    with time_machine.travel(time.time(), tick=False) as clock:
        client = Client()
        sign_in(client, "county")
        clock.shift(timedelta(minutes=14))
        assert client.get("/accounts/").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert client.get("/accounts/").status_code == 302
        assert verbs()[-1] == "account.session_expired"
        sign_in(client, "county")
        for _ in range(33):
            clock.shift(timedelta(minutes=14))
            assert client.get("/accounts/").status_code == 200
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            last = client.get("/accounts/").status_code
        assert last == 302


def test_other_devices_are_listed_and_ended(county):
    here, there = (
        Client(HTTP_USER_AGENT="Mozilla Windows Edg/120"),
        Client(HTTP_USER_AGENT="Mozilla iPhone Safari"),
    )
    sign_in(here, "county")
    sign_in(there, "county")
    page = here.get("/accounts/").content.decode()
    assert "Edge · Windows" in page
    assert "Safari · iPhone" in page
    here.post("/accounts/devices/end/", {"device": "others"})
    assert there.get("/accounts/").status_code == 302
    assert here.get("/accounts/").status_code == 200


def test_nobody_ends_the_device_of_another(county, person, tree):
    other = person(Role.COUNTY_OP, tree.yuxian, username="county2")
    mine, theirs = Client(), Client()
    sign_in(mine, "county")
    sign_in(theirs, "county2")
    device = SignedInDevice.objects.get(user=other)
    mine.post("/accounts/devices/end/", {"device": device.pk})
    assert theirs.get("/accounts/").status_code == 200


def test_signed_in_pages_are_not_stored(county):
    client = Client()
    sign_in(client, "county")
    assert client.get("/accounts/")["Cache-Control"] == "no-store"


def test_judge_is_led_to_a_page_that_opens(person, tree):
    person(Role.JUDGE, tree.city, username="judge1")
    client = Client()
    assert client.get(sign_in(client, "judge1")["Location"]).status_code == 200


def test_unknown_name_costs_as_many_hashes_as_a_wrong_password(county, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    counted = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *args: counted.append(1) or plain(self, *args)
    )
    sign_in(Client(), "county", "wrong")
    known = len(counted)
    sign_in(Client(), "nobody", "wrong")
    assert len(counted) - known == known == 1


def test_codes_devices_and_failures_are_forgotten(county):
    from axes.models import AccessAttempt

    from portal.accounts import tasks

    sign_in(Client(), "county")
    sign_in(Client(), "county", "wrong")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert tasks.purge(None) == {"codes": 0, "devices": 1, "attempts": 1}
    assert not AccessAttempt.objects.exists()
