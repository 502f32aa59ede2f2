"""Codes to a phone: few, short-lived, used once, and never readable in the database."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import timezone

from portal.accounts import phone_codes
from portal.accounts.models import PhoneCode

PHONE = "13800138000"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What reached a phone: (phone, code, purpose)."""
    messages = []
    monkeypatch.setattr(
        phone_codes,
        "_sender",
        lambda phone, text, why: messages.append((phone, re.search(r"\d{6}", text)[0], why)),
    )
    return messages


@pytest.fixture
def visit():
    request = RequestFactory().get("/")
    request.session = SessionStore()
    return request


def test_code_is_taken_once(sent):
    phone_codes.issue(PHONE, "submit", "10.0.0.1")
    phone, code, purpose = sent[0]
    assert (phone, purpose) == (PHONE, "submit")
    assert not phone_codes.verify(PHONE, code, "reset")
    assert phone_codes.verify("+86 138-0013-8000", code, "submit")
    assert not phone_codes.verify(PHONE, code, "submit")


def test_code_dies_after_ten_minutes_five_tries_or_a_newer_one(sent):
    phone_codes.issue(PHONE, "submit", "10.0.0.1")
    wrong = "000000" if sent[0][1] != "000000" else "111111"
    assert [phone_codes.verify(PHONE, wrong, "submit") for _ in range(5)] == [False] * 5
    assert not phone_codes.verify(PHONE, sent[0][1], "submit")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        phone_codes.issue(PHONE, "submit", "10.0.0.1")
        second = sent[1][1]
    with time_machine.travel(timezone.now() + timedelta(minutes=13)):
        assert not phone_codes.verify(PHONE, second, "submit")


def test_limits_per_phone_and_per_address(sent, monkeypatch):
    start = timezone.now()
    phone_codes.issue(PHONE, "submit", "10.0.0.1")
    with pytest.raises(phone_codes.TooOften) as refused:
        phone_codes.issue(PHONE, "submit", "10.0.0.2")
    assert 50 <= refused.value.seconds <= 61
    for minute in range(1, 5):
        with time_machine.travel(start + timedelta(minutes=2 * minute)):
            phone_codes.issue(PHONE, "submit", "10.0.0.1")
    with time_machine.travel(start + timedelta(minutes=20)), pytest.raises(phone_codes.TooOften):
        phone_codes.issue(PHONE, "submit", "10.0.0.1")
    with time_machine.travel(start + timedelta(minutes=65)):
        monkeypatch.setattr(phone_codes, "MOST_PER_IP_AND_HOUR", 3)  # 600: a school has one address
        for number in range(3):
            phone_codes.issue(f"139001380{number:02d}", "submit", "10.0.0.9")
        with pytest.raises(phone_codes.TooOften):
            phone_codes.issue("13700137000", "submit", "10.0.0.9")
        phone_codes.issue("13700137000", "submit", "10.0.0.8")


def test_nothing_readable_is_stored(sent):
    phone_codes.issue(PHONE, "submit", "10.0.0.1")
    stored = str(list(PhoneCode.objects.values()))
    assert PHONE not in stored
    assert sent[0][1] not in PhoneCode.objects.get().code_hash


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１３８００１３８０００", PHONE),
        ("138 0013 8000", PHONE),
        ("008613800138000", PHONE),
        ("8613800138000", PHONE),
    ],
)
def test_phone_is_understood_as_people_type_it(typed, kept):
    assert phone_codes.clean_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "12345678901", "1380013800", "138001380000", "abc", "1380013800a"])
def test_other_things_are_no_phone(typed):
    with pytest.raises(ValidationError):
        phone_codes.clean_phone(typed)


def test_verified_phone_lives_while_it_is_used(visit):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        phone_codes.mark_verified(visit, PHONE)
        assert PHONE not in str(dict(visit.session))
        clock.shift(timedelta(minutes=25))
        assert phone_codes.verified_phone(visit) == PHONE
        clock.shift(timedelta(minutes=25))
        visitor = phone_codes.visitor_of(visit)
        assert visitor.phone_hash == phone_codes.phone_hash(PHONE)
        assert PHONE not in visitor.ref
        clock.shift(timedelta(minutes=31))
        assert phone_codes.verified_phone(visit) == ""
        assert phone_codes.visitor_of(visit) is None


def test_verified_phone_ends_after_a_working_day(visit):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        phone_codes.mark_verified(visit, PHONE)
        for _ in range(17):
            clock.shift(timedelta(minutes=29))
            phone_codes.verified_phone(visit)
        assert phone_codes.verified_phone(visit) == ""


def test_demo_shows_the_last_code_and_nothing_else_does(settings, sent):
    phone_codes.issue(PHONE, "submit", "10.0.0.1")
    assert phone_codes.last_demo_code(PHONE, "submit") == ""
    settings.DEMO = True
    phone_codes.issue("13900139000", "submit", "10.0.0.1")
    assert phone_codes.last_demo_code("13900139000", "submit") == sent[1][1]
