"""Families behind one address do not use up each other's limits; a flood still ends."""

import uuid
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from portal.access import limits
from portal.access.limits import LIMITS, Limit
from portal.access.roles import Role
from portal.softcache import CalmFileCache

pytestmark = pytest.mark.django_db
SAVE = "/drafts/save/"


def device(mark: str) -> Client:
    client = Client()
    client.cookies[settings.CSRF_COOKIE_NAME] = mark
    return client


def save(client: Client) -> int:
    body = {"form_token": str(uuid.uuid4()), "form_code": "works.submit", "title": "家训"}
    return client.post(SAVE, body, headers={"accept": "application/json"}).status_code


def test_each_device_has_its_own_limit_and_the_address_a_wider_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "drafts.save", Limit(2, 3600, address=5))
    one, other, third = device("a" * 32), device("b" * 32), device("c" * 32)
    assert [save(one) for _ in range(3)] == [200, 200, 429]
    assert save(other) == 200  # its neighbour's busy hour is not its own
    assert [save(third), save(third)] == [
        200,
        429,
    ]  # the sixth from this address: a flood ends whatever its cookies


def test_an_account_is_counted_by_itself(monkeypatch: pytest.MonkeyPatch, signed_in: Any, tree: Any) -> None:
    monkeypatch.setitem(LIMITS, "drafts.save", Limit(1, 3600, address=2))
    clients = [signed_in(Role.VILLAGE_OP, unit) for unit in (tree.dongguan, tree.nanguan)]
    assert [save(client) for client in clients for _ in range(3)] == [200, 200, 429] * 2


def test_new_cookies_and_none_end_at_the_limit_of_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "drafts.save", Limit(2, 3600, address=5))
    assert [save(Client()) for _ in range(3)] == [200, 200, 429]  # without a cookie they are one device
    answers = [save(device(uuid.uuid4().hex)) for _ in range(4)]
    assert answers == [200, 200, 429, 429]


def test_what_can_be_guessed_keeps_a_narrow_limit_per_address() -> None:
    by_address = {name for name, limit in limits.LIMITS.items() if not limit.address}
    assert {"accounts.forgot", "accounts.code", "accounts.link"} <= by_address
    guessed = [
        limit
        for name, limit in limits.LIMITS.items()
        if name.split(".")[1] in {"track", "find", "resume", "open"}
    ]
    assert guessed and all(limit.address <= 200 for limit in guessed)
    assert all(limit.address > limit.count for limit in limits.LIMITS.values() if limit.address)


def test_limit_of_an_hour_lasts_an_hour_in_the_file_cache(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "cache", CalmFileCache(str(tmp_path), {}))
    monkeypatch.setitem(LIMITS, "complaints.track_no", Limit(2, 3600))
    with time_machine.travel("2026-05-01T08:01:00+08:00", tick=False) as clock:
        assert [limits.within("complaints.track_no", "n") for _ in range(3)] == [True, True, False]
        clock.shift(600)
        assert not limits.within("complaints.track_no", "n")
        clock.shift(3600)
        assert limits.within("complaints.track_no", "n")
