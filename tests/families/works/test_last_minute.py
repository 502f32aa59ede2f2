"""The end of a call: everybody who was in time is taken, everybody who was not is told and keeps what they wrote."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from families.works.models import Work, WorkCall
from portal.drafts.models import FormDraft
from portal.journal.models import JournalEntry
from portal.notifications.models import Outgoing
from portal.privacy.models import Consent
from tests.factories.units import Tree
from tests.factories.works import make_call
from tests.families.works.conftest import verified

URL = "/works/calls/motto-2026/submit/"
Typed = Callable[..., dict[str, Any]]


def start_of_request(moment: Any) -> str:
    """As our own proxy writes it: its clock now, and how long the request has been on its way."""
    waited = timezone.now() - moment
    return f"{timezone.now().timestamp():.3f} {waited.total_seconds():.3f}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("many", [40, pytest.param(200, marks=pytest.mark.full)])
def test_everybody_in_time_is_taken_and_nobody_loses_a_word(
    tree: Tree, typed: Typed, settings: Any, many: int
) -> None:
    """All of them wait for their turn until two seconds past the end; what counts is when they came."""
    settings.TRUSTED_PROXIES = 1
    end = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    make_call(tree.city, slug="motto-2026", close_at=end)
    came = {number: end - timedelta(milliseconds=1 if number % 4 else 0) for number in range(many)}
    clients = {number: verified(Client(), f"139{number:08d}") for number in came}

    def send(number: int) -> Any:
        fields = typed(phone=f"139{number:08d}", text=f"第{number}家：清白做人", area=tree.guanshan.unit_no)
        headers = {
            "x-forwarded-for": f"10.0.{number // 250}.{number % 250 + 1}",
            "x-request-start": start_of_request(came[number]),
        }
        try:
            return clients[number].post(URL, fields, headers=headers)
        finally:
            connections.close_all()

    with time_machine.travel(end + timedelta(seconds=2), tick=False), ThreadPoolExecutor(24) as pool:
        answers = dict(zip(came, pool.map(send, came), strict=True))

    in_time = [number for number in came if came[number] < end]
    late = [number for number in came if came[number] >= end]
    assert {answers[number].status_code for number in in_time} == {302}
    assert {answers[number].status_code for number in late} == {409}
    assert set(Work.every.values_list("text", flat=True)) == {f"第{number}家：清白做人" for number in in_time}
    assert Work.every.values("no").distinct().count() == Work.every.count() == len(in_time)
    for number in late:
        page = answers[number].content.decode()
        assert "征集已经截止" in page
        assert f"第{number}家：清白做人" in page
    kept = {json.loads(draft.payload)["text"][0] for draft in FormDraft.objects.all()}
    assert kept == {f"第{number}家：清白做人" for number in late}
    # Nothing of a work is half done.
    assert JournalEntry.objects.filter(verb="work.submitted").count() == len(in_time)
    assert Consent.objects.count() == 3 * len(in_time)
    assert Outgoing.objects.count() == len(in_time)


@pytest.mark.django_db
def test_clock_of_a_stranger_is_not_believed(family: Client, call: WorkCall, typed: Typed) -> None:
    WorkCall.objects.update(close_at=timezone.now() - timedelta(seconds=5))
    header = {"x-request-start": start_of_request(timezone.now() - timedelta(seconds=60))}
    assert family.post(URL, typed(), headers=header).status_code == 409  # not from our own proxy
    assert not Work.every.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("told", ["", "x y", "nan nan", "1e400 0", "0 0", "99999999999 0"])
def test_mangled_clock_means_now(
    family: Client, call: WorkCall, typed: Typed, settings: Any, told: str
) -> None:
    settings.TRUSTED_PROXIES = 1
    headers = {"x-request-start": told, "x-forwarded-for": "10.0.0.1"}
    assert family.post(URL, typed(), headers=headers).status_code == 302
    WorkCall.objects.update(close_at=timezone.now())
    assert family.post(URL, typed(), headers=headers).status_code == 409
