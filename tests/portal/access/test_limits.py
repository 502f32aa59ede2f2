"""Families behind one address do not use up each other's limits; a flood still ends."""

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal.access import limits
from portal.access.limits import LIMITS, Limit
from portal.access.roles import Role

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
    monkeypatch.setitem(LIMITS, "drafts.save", Limit(2, 3600, address=1))
    clients = [signed_in(Role.VILLAGE_OP, unit) for unit in (tree.dongguan, tree.nanguan)]
    assert [save(client) for client in clients for _ in range(3)] == [200, 200, 429] * 2


def test_what_can_be_guessed_keeps_a_narrow_limit_per_address() -> None:
    by_address = {name for name, limit in limits.LIMITS.items() if not limit.address}
    assert {"accounts.forgot", "accounts.code", "accounts.link"} <= by_address
    assert all(limit.address > limit.count for limit in limits.LIMITS.values() if limit.address)
