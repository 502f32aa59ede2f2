"""The recipient's phone on the form itself: asked where it is needed, sent with the work or refused at its field."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from families.letters.models import Delivery
from families.letters.rules import MOST_TO_A_PHONE_A_DAY
from families.works.models import Work, WorkCall
from families.works.rules import Status
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash
from portal.notifications.models import Outgoing
from tests.factories.letters import RECIPIENT, make_letter, send_letter
from tests.factories.units import Tree
from tests.factories.works import PHONE
from tests.families.works.conftest import verified

pytestmark = pytest.mark.django_db
URL = "/works/calls/letters-2026/submit/"
Typed = Callable[..., dict[str, Any]]


@pytest.fixture
def typed(tree: Tree, letters_call: WorkCall) -> Typed:
    """A letter for one person, filled in rightly."""

    def make(**fields: Any) -> dict[str, Any]:
        data = {
            "form_token": str(uuid.uuid4()), "category": "FAMILY_LETTER", "text": "妈妈：" + "我在外面一切都好，" * 40,
            "x_direction": "child_to_parent", "author_name": "张小三", "birth_ym": "1990-05", "phone": PHONE,
            "area": tree.guanshan.unit_no, "audience": "only_recipient", "consent_processing": "on", "action": "send",
            "recipient_phone": "139 8765 4321", "recipient_name": " 妈妈 ",
        }  # fmt: skip
        return {key: value for key, value in {**data, **fields}.items() if value is not None}

    return make


@pytest.fixture
def family() -> Client:
    return verified(Client())


def test_written_and_sent_on_one_page(family: Client, typed: Typed) -> None:
    data = typed()
    page = family.post(URL, data, follow=True).content.decode()
    family.post(URL, data)  # pressed twice
    work, row = Work.every.get(), Delivery.objects.get()
    assert (work.status, row.to_name, row.phone) == (Status.PRIVATE, "妈妈", RECIPIENT)
    assert "已寄给 139****4321" in page
    assert "下一步" not in page
    assert Outgoing.objects.filter(to_hash=phone_hash(RECIPIENT)).count() == 1


def test_the_phone_may_be_added_later_on_the_second_page(family: Client, typed: Typed) -> None:
    page = family.post(URL, typed(recipient_phone="", recipient_name=""), follow=True).content.decode()
    work = Work.every.get()
    assert "下一步：填收信人的手机号" in page
    assert not Delivery.objects.exists()
    send = reverse("families:letters:send", args=[work.no])
    family.post(send, {"phone": RECIPIENT, "form_token": str(uuid.uuid4())})
    assert Delivery.objects.get().work == work


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recipient_phone": "12345"}, "11 位手机号"),
        ({"recipient_phone": PHONE}, "您自己的手机号"),
        ({"recipient_phone": ""}, "还没有写手机号"),
        (
            {"recipient_phone": "13900000000", "birth_ym": "2010-01", "guardian_name": "张大", "guardian_phone": "13900000000"},
            "您自己的手机号",
        ),
    ],
)  # fmt: skip
def test_a_wrong_number_is_named_at_its_field(
    family: Client, typed: Typed, fields: dict[str, Any], words: str
) -> None:
    data = typed(**fields)
    page = family.post(URL, data).content.decode()
    assert words in page[page.index('name="recipient_phone"') :][:1200]
    assert data["text"][:20] in page
    assert not Work.every.exists()


def test_who_refused_or_is_flooded_is_not_written_to_and_nothing_is_half_there(
    family: Client, typed: Typed, letters_call: WorkCall, tree: Tree
) -> None:
    for number in range(MOST_TO_A_PHONE_A_DAY):
        send_letter(make_letter(letters_call, tree.dongguan, phone=f"1370000000{number}"))
    before = Work.every.count()
    page = family.post(URL, typed()).content.decode()
    assert "今天已经收到好几封信" in page[page.index('name="recipient_phone"') :][:1200]
    assert Work.every.count() == before
    assert Delivery.objects.count() == MOST_TO_A_PHONE_A_DAY


@pytest.mark.parametrize(
    ("category", "is_asked", "is_open"),
    [("FAMILY_LETTER", True, True), ("MOTTO", True, False), ("FAMILY_STORY", False, False)],
)
def test_where_it_is_asked(
    family: Client, letters_call: WorkCall, category: str, is_asked: bool, is_open: bool
) -> None:
    from families.works.models import WorkCategory

    letters_call.categories.add(WorkCategory.objects.get(code="FAMILY_STORY"))
    page = family.get(URL, {"category": category}).content.decode()
    assert ('name="recipient_phone"' in page) == is_asked
    assert ('data-opens-with="audience=only_recipient" open' in page) == is_open
    assert ("只给收信人看" in page) == is_asked


def test_neither_officers_nor_changes_ask(
    family: Client, letters_call: WorkCall, tree: Tree, signed_in: Any, typed: Typed
) -> None:
    family.post(URL, typed())
    work = Work.every.get()
    assert (
        "recipient_phone" not in family.get(reverse("families:works:edit", args=[work.no])).content.decode()
    )
    staff = signed_in(Role.VILLAGE_OP, tree.dongguan)
    page = staff.get("/staff/works/new/?call=letters-2026&category=FAMILY_LETTER").content.decode()
    assert "recipient_phone" not in page
    assert "只给收信人看" not in page


def test_a_draft_keeps_the_recipient(family: Client, typed: Typed) -> None:
    family.post(URL, typed(action="draft"))
    page = family.get(URL).content.decode()
    assert "139 8765 4321" in page
    assert " 妈妈 " in page
