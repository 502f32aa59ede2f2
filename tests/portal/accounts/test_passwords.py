"""Passwords: first change, age, history, reset by phone."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.access.roles import Role
from portal.accounts import actions, links, phone_codes
from portal.accounts.models import AccessLink, SignedInDevice
from portal.journal.models import JournalEntry
from tests.factories.people import PASSWORD

NEW = "Brand-New-4321"
CHANGE = "/accounts/password/change/"


def sign_in(username, password=PASSWORD):
    client = Client()
    client.post("/accounts/login/", {"username": username, "password": password})
    return client


def change(client, new=NEW, old=PASSWORD, again=None):
    return client.post(CHANGE, {"old_password": old, "new_password": new, "again": again or new})


@pytest.fixture
def county(person, tree):
    user = person(Role.COUNTY_OP, tree.pingding, username="county")
    actions.store_phone(user, "13800138000")
    return user


@pytest.fixture
def sent(monkeypatch):
    codes = []
    monkeypatch.setattr(
        phone_codes, "_sender", lambda phone, text, why: codes.append(text.split("，")[0][-6:])
    )
    return codes


def test_first_sign_in_changes_the_password(county):
    county.must_change_password = True
    county.save()
    client = sign_in("county")
    answer = client.get("/staff/grants/")
    assert answer["Location"].startswith(CHANGE)
    assert client.get("/").status_code == 200
    assert "第一次登录" in client.get(CHANGE).content.decode()
    assert client.get("/staff/grants/", headers={"HX-Request": "true"})["HX-Redirect"].startswith(CHANGE)
    assert client.post(f"{CHANGE}?next=/staff/grants/", {
        "old_password": PASSWORD, "new_password": NEW, "again": NEW,
    })["Location"] == "/staff/grants/"  # fmt: skip
    assert client.get("/staff/grants/").status_code == 200
    assert JournalEntry.objects.filter(verb="account.password_changed").count() == 1


def test_demo_account_skips_it(county):
    county.must_change_password, county.is_demo = True, True
    county.save()
    assert sign_in("county").get("/staff/grants/").status_code == 200


def test_old_password_must_be_changed(county, settings):
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert sign_in("county").get("/staff/grants/")["Location"].startswith(CHANGE)
        settings.PASSWORD_MAX_DAYS = 0
        assert sign_in("county").get("/staff/grants/").status_code == 200


@pytest.mark.parametrize(
    "weak", ["short1A!", "alllowercaseletters", "12345678901", "Password123", "county-County-1", PASSWORD]
)
def test_weak_passwords_are_refused(county, weak):
    client = sign_in("county")
    county.username = "county"
    assert change(client, weak).status_code == 200
    county.refresh_from_db()
    assert county.check_password(PASSWORD)


def test_last_five_passwords_are_refused(county):
    old = PASSWORD
    for number in range(5):
        client = sign_in("county", old)
        assert change(client, f"Quite-New-{number}x", old).status_code == 302
        old = f"Quite-New-{number}x"
        cache.clear()
    assert change(sign_in("county", old), "Quite-New-1x", old).status_code == 200
    assert change(sign_in("county", old), PASSWORD, old).status_code == 302


def test_wrong_old_password_and_two_different_new_ones(county):
    client = sign_in("county")
    assert "现在的密码不对" in change(client, old="nope").content.decode()
    assert "不一样" in change(client, again="Other-New-9").content.decode()


def test_change_signs_out_everywhere_else(county):
    here, there = sign_in("county"), sign_in("county")
    change(here)
    assert here.get("/accounts/").status_code == 200
    assert there.get("/accounts/").status_code == 302
    assert SignedInDevice.objects.filter(user=county).count() == 1
    here.post("/accounts/devices/end/", {"device": "others"})
    assert here.get("/accounts/").status_code == 200


def test_forgotten_password_by_phone(county, sent):
    there, client = sign_in("county"), Client()
    base = "/accounts/password/forgot/"
    assert client.get(base).status_code == 200
    assert client.get(f"{base}new/").status_code == 302
    client.post(base, {"username": "COUNTY", "phone": "138 0013 8000"})
    assert client.post(f"{base}code/", {"code": "000000" if sent[0] != "000000" else "1"}).status_code == 200
    assert client.post(f"{base}code/", {"code": sent[0]})["Location"] == f"{base}new/"
    assert client.post(f"{base}new/", {"new_password": NEW, "again": NEW})["Location"] == "/accounts/login/"
    assert there.get("/accounts/").status_code == 302
    assert sign_in("county", NEW).get("/accounts/").status_code == 200
    assert JournalEntry.objects.filter(verb="account.password_forgotten").count() == 1
    assert client.get(f"{base}new/").status_code == 302


@pytest.mark.parametrize(("name", "phone"), [("nobody", "13800138000"), ("county", "13900139000")])
def test_unknown_name_or_phone_looks_the_same_and_sends_nothing(county, sent, name, phone):
    client = Client()
    answer = client.post("/accounts/password/forgot/", {"username": name, "phone": phone})
    assert answer["Location"] == "/accounts/password/forgot/code/"
    assert "如果用户名和手机号" in client.get("/accounts/password/forgot/code/").content.decode()
    assert sent == []


def test_disabled_account_cannot_come_back_by_phone_or_link(county, sent):
    token = links.make(user=county, kind=AccessLink.Kind.RESET, given_by=None)
    county.is_active = False
    county.save()
    Client().post("/accounts/password/forgot/", {"username": "county", "phone": "13800138000"})
    assert sent == []
    assert Client().get(f"/accounts/link/{token}/").status_code == 410


def test_new_phone_is_verified_first(county, sent):
    client = sign_in("county")
    client.post("/accounts/phone/", {"phone": "13900139000"})
    county.refresh_from_db()
    assert county.phone == "13800138000"
    assert "139****9000" in client.get("/accounts/phone/code/").content.decode()
    client.post("/accounts/phone/code/", {"code": sent[0]})
    county.refresh_from_db()
    assert county.phone == "13900139000"


def test_profile_is_kept_right_by_oneself(county):
    client = sign_in("county")
    client.post("/accounts/edit/", {"title": "副主席", "email": "a@example.cn"})
    county.refresh_from_db()
    assert (county.title, county.email) == ("副主席", "a@example.cn")
    assert client.post("/accounts/edit/", {"title": "x" * 41, "email": "no"}).status_code == 422


def test_every_fault_of_a_password_is_told_in_chinese(county):
    county.must_change_password = True
    county.save()
    client, told = sign_in("county"), set()
    for bad in ("Short1", "password12", "onlyletters", "county-1234"):
        page = client.get(CHANGE) and change(client, new=bad)
        assert page.status_code == 200, bad
        told |= {line for lines in page.context["form"].errors.values() for line in lines}
    assert "密码至少 10 个字符。" in told
    assert [line for line in told if line.isascii()] == []
