"""A call of the city, and the data of its form."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from families.works.models import WorkCall, WorkCategory
from portal.accounts import phone_codes
from portal.notifications.models import Outgoing
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_call


@pytest.fixture(autouse=True)
def _many(db: None) -> None:
    """Factories may send more than one person would."""
    from families.works.actions.calls import ensure_categories

    ensure_categories()
    WorkCategory.objects.update(per_person=500)


@pytest.fixture
def call(tree: Tree) -> WorkCall:
    return make_call(tree.city, slug="motto-2026", max_per_person=500)


@pytest.fixture
def typed(tree: Tree) -> Callable[..., dict[str, Any]]:
    """A form filled in rightly."""

    def make(**fields: Any) -> dict[str, Any]:
        data = {
            "form_token": str(uuid.uuid4()), "category": "MOTTO", "title": "清白做人", "text": "勤俭持家，清白做人。",
            "story": "爷爷当保管员时立下的规矩。", "author_name": "张小三", "birth_ym": "1962-05", "phone": PHONE,
            "area": tree.guanshan.unit_no, "village": "东关社区", "audience": "public", "consent_processing": "on",
            "consent_publication": "on", "licence": "on", "action": "send",
        }  # fmt: skip
        return {key: value for key, value in {**data, **fields}.items() if value is not None}

    return make


@pytest.fixture
def family(client: Client) -> Client:
    """A browser whose phone has been verified."""
    return verified(client)


def verified(client: Client, phone: str = PHONE) -> Client:
    import time

    from portal import vault

    session = client.session
    now = int(time.time())
    session[phone_codes.SESSION_KEY] = {"phone": vault.encrypt(phone), "began": now, "seen": now}
    session.save()
    return client


def last_code(phone: str = PHONE) -> str:
    """The six digits in the newest message to a phone."""
    text = Outgoing.objects.filter(to_hash=phone_codes.phone_hash(phone)).order_by("-pk")[0].text
    return re.search(r"\d{6}", text)[0]  # type: ignore[index]
