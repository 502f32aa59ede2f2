"""A letter on its way: link, code, reading, reply, refusing – and everybody else."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from families.letters import actions, queries
from families.letters.models import Delivery
from families.works.actions import own
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience, Status
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.notifications.models import Outgoing
from portal.privacy.registry import SOURCES, Person
from portal.reviews.workflow import WorkflowError
from tests.factories.letters import RECIPIENT, attach_photo, handwriting, last_link, make_letter, send_letter
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_work
from tests.families.works.conftest import last_code, verified
from tests.families.works.test_review import people, show

__all__ = ["people"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(letters_call: WorkCall, tree: Tree) -> Work:
    return make_letter(letters_call, tree.dongguan)


def typed_reply(**fields: Any) -> dict[str, Any]:
    data = {
        "form_token": str(uuid.uuid4()), "category": "FAMILY_LETTER", "text": "妈妈收到了，放心。", "author_name": "李秀兰",
        "birth_ym": "1958-03", "audience": "only_recipient", "consent_processing": "on", "action": "send",
    }  # fmt: skip
    return {key: value for key, value in {**data, **fields}.items() if value is not None}


def test_letter_is_answered_after_its_call_has_ended(letter: Work) -> None:
    verified(Client()).post(
        reverse("families:letters:send", args=[letter.no]),
        {"to_name": "妈妈", "phone": RECIPIENT, "form_token": str(uuid.uuid4())},
    )
    mother, link = Client(), last_link()
    mother.post(link, {"action": "send_code"})
    mother.post(link, {"action": "open", "code": last_code(RECIPIENT)})
    WorkCall.objects.update(close_at=timezone.now() - timedelta(seconds=1))
    mother.post(reverse("families:letters:reply", args=[letter.no]), typed_reply())
    assert Work.every.filter(title__startswith="回信").count() == 1


def test_from_the_link_to_the_reply(letter: Work) -> None:
    author = verified(Client())
    page = author.post(
        reverse("families:letters:send", args=[letter.no]),
        {"to_name": "妈妈", "phone": RECIPIENT, "form_token": str(uuid.uuid4())},
        follow=True,
    )
    assert "已寄出，还没打开" in page.content.decode()
    row = Delivery.objects.get()
    assert RECIPIENT not in str(Delivery.objects.filter(pk=row.pk).values_list("phone_hash", "token_hash"))
    mother, link = Client(), last_link()
    door = mother.get(link).content.decode()
    assert letter.title not in door
    assert "我在外面一切都好" not in door
    mother.post(link, {"action": "send_code"})
    assert mother.post(link, {"action": "open", "code": "000000x"}).status_code == 200
    read = mother.post(link, {"action": "open", "code": last_code(RECIPIENT)}, follow=True).content.decode()
    assert "我在外面一切都好" in read
    assert "写回信" in read
    data = typed_reply()
    reply_url = reverse("families:letters:reply", args=[letter.no])
    mother.post(reply_url, data)
    mother.post(reply_url, data)  # pressed twice
    assert Work.every.filter(title__startswith="回信").count() == 1
    answer = Work.every.get(title__startswith="回信")
    assert answer.status == Status.PRIVATE
    assert answer.extra == {"direction": "parent_to_child"}
    assert answer.unit == letter.unit
    both = author.get(reverse("families:letters:thread", args=[letter.no])).content.decode()
    assert both.index("我在外面一切都好") < both.index("妈妈收到了，放心。")
    assert "回信" in author.get("/me/").content.decode()
    assert "看回信" in author.get(reverse("families:works:mine", args=[letter.no])).content.decode()
    assert Outgoing.objects.filter(to_hash=phone_hash(PHONE), text__isnull=False).count() >= 2


def test_messages_hold_no_names_and_stay_secret(letter: Work) -> None:
    send_letter(letter)
    row = Outgoing.objects.filter(to_hash=phone_hash(RECIPIENT)).get()
    assert row.is_secret
    assert re.search(
        r"http[!-~]+/letters/[!-~]+/ ", row.text
    )  # phones take what touches a link for a part of it
    assert "妈妈" not in row.text
    assert letter.title not in row.text


def test_guessed_old_and_expired_links(letter: Work, client: Client) -> None:
    _delivery, first = send_letter(letter)
    assert client.get("/letters/AAAAAAAAAAAAAAAAAAAAAAAA/").status_code == 404
    _delivery, second = send_letter(letter)
    assert first != second
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        late = client.get(second)
    assert late.status_code == 410
    assert "再寄一次" in late.content.decode()


def test_another_phone_never_reads_it(letter: Work) -> None:
    delivery, link = send_letter(letter)
    stranger = verified(Client(), "13700000000")
    assert "写给您的家书" in stranger.get(link).content.decode()
    for name in ("thread", "send"):
        assert stranger.get(reverse(f"families:letters:{name}", args=[letter.no])).status_code == 404
    assert (
        stranger.post(reverse("families:letters:reply", args=[letter.no]), typed_reply()).status_code == 404
    )
    with pytest.raises(PermissionDenied):
        actions.opened(actor=visitor_for(phone_hash("13700000000")), delivery=delivery)
    with pytest.raises(PermissionDenied):
        actions.send(
            actor=visitor_for(phone_hash("13700000000")), work=letter, to_name="", phone=RECIPIENT, token="t"
        )


def test_same_form_twice_sends_one_message(letter: Work) -> None:
    token = str(uuid.uuid4())
    for _again in range(2):
        actions.send(
            actor=visitor_for(letter.phone_hash), work=letter, to_name="妈妈", phone=RECIPIENT, token=token
        )
    assert Outgoing.objects.filter(to_hash=phone_hash(RECIPIENT)).count() == 1


@pytest.mark.parametrize("phone", [PHONE, "12345", "", "010-1234567"])
def test_bad_recipient_numbers_are_said_at_the_field(letter: Work, phone: str) -> None:
    author = verified(Client())
    page = author.post(
        reverse("families:letters:send", args=[letter.no]), {"to_name": "爱人", "phone": phone}
    )
    assert page.status_code == 200
    assert "invalid-feedback" in page.content.decode()
    assert "爱人" in page.content.decode()
    assert not Delivery.objects.exists()


def test_a_phone_is_not_flooded(letters_call: WorkCall, tree: Tree) -> None:
    for _number in range(3):
        send_letter(make_letter(letters_call, tree.dongguan))
    with pytest.raises(WorkflowError, match="明天再寄"):
        send_letter(make_letter(letters_call, tree.dongguan))


def test_refused_letters_do_not_come_again(letter: Work, letters_call: WorkCall, tree: Tree) -> None:
    delivery, link = send_letter(letter)
    mother = verified(Client(), RECIPIENT)
    mother.get(link)
    mother.post(reverse("families:letters:refuse", args=[letter.no]))
    assert mother.get(reverse("families:letters:thread", args=[letter.no])).status_code == 404
    assert mother.get(link).status_code == 410
    for work in (letter, make_letter(letters_call, tree.dongguan)):
        with pytest.raises(WorkflowError, match="不想收到"):
            send_letter(work)
    delivery.refresh_from_db()
    assert delivery.refused_at is not None


def test_a_child_answers_with_its_guardian_only(letter: Work) -> None:
    send_letter(letter)
    phone = verified(Client(), RECIPIENT)
    url = reverse("families:letters:reply", args=[letter.no])
    born = f"{timezone.localdate().year - 13}-01"
    child = typed_reply(author_name="李小小", birth_ym=born)
    refused = phone.post(url, child)
    assert "监护人" in refused.content.decode()
    assert "妈妈收到了" in refused.content.decode()
    assert not Work.every.filter(title__startswith="回信").exists()
    phone.post(
        url, {**child, "guardian_name": "李大山", "guardian_phone": RECIPIENT, "consent_guardian": "on"}
    )
    assert Work.every.get(title__startswith="回信").is_child


def test_withdrawn_and_erased_letters_are_gone_for_the_recipient(letter: Work) -> None:
    _delivery, link = send_letter(letter)
    mother = verified(Client(), RECIPIENT)
    assert mother.get(link).status_code == 302
    own.withdraw(actor=visitor_for(letter.phone_hash), work=letter)
    assert mother.get(link).status_code == 410
    assert mother.get(reverse("families:letters:thread", args=[letter.no])).status_code == 404
    own.erase(actor=visitor_for(letter.phone_hash), work=letter)
    assert not Delivery.objects.exists()


def test_handwritten_pages_are_served_to_the_two_only(letter: Work, signed_in: Any, tree: Tree) -> None:
    photo = attach_photo(letter, handwriting())
    send_letter(letter)
    assert verified(Client(), RECIPIENT).get(photo.web_url).status_code == 200
    assert verified(Client()).get(photo.web_url).status_code == 200
    assert verified(Client(), RECIPIENT).get(photo.master_url).status_code == 404
    assert verified(Client(), "13700000000").get(photo.web_url).status_code == 404
    assert signed_in(Role.CITY_REVIEWER, tree.city).get(photo.web_url).status_code == 404


def test_pair_on_the_public_page_only_when_both_agreed(
    letters_call: WorkCall, tree: Tree, people: Any, client: Client
) -> None:
    consents = {"c1": "x", "c3": "x", "c5": "x"}
    letter = show(make_letter(letters_call, tree.dongguan, audience="public", consents=consents), people)
    send_letter(letter)
    mother = verified(Client(), RECIPIENT)
    mother.post(reverse("families:letters:reply", args=[letter.no]), typed_reply())
    assert "妈妈收到了" not in client.get(letter.get_absolute_url()).content.decode()
    answer = Work.every.get(title__startswith="回信")
    own.change_audience(
        actor=visitor_for(phone_hash(RECIPIENT)), work=answer, audience=Audience.ANONYMOUS, consented=True
    )
    answer.refresh_from_db()
    assert answer.status == Status.SUBMITTED
    show(answer, people)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "妈妈收到了" in page
    assert "李秀兰" not in page
    own.change_audience(
        actor=visitor_for(phone_hash(RECIPIENT)),
        work=Work.every.get(pk=answer.pk),
        audience=Audience.ONLY_RECIPIENT,
    )
    assert "妈妈收到了" not in client.get(letter.get_absolute_url()).content.decode()


def test_author_answers_the_reply(letter: Work) -> None:
    send_letter(letter)
    mother = verified(Client(), RECIPIENT)
    mother.post(reverse("families:letters:reply", args=[letter.no]), typed_reply())
    answer = Work.every.get(title__startswith="回信")
    author = verified(Client())
    author.post(
        reverse("families:letters:reply", args=[answer.no]),
        typed_reply(text="我周末回家。", author_name="张小三"),
    )
    thread = queries.thread_of(Work.every.get(pk=letter.pk))
    assert [row.text[:5] for row in thread] == ["妈妈：我在", "妈妈收到了", "我周末回家"]
    assert "我周末回家" in mother.get(reverse("families:letters:thread", args=[letter.no])).content.decode()


def test_a_motto_for_one_person_is_sent_and_read_but_not_answered(letters_call: WorkCall, tree: Tree) -> None:
    motto = make_work(
        letters_call, tree.dongguan, category=letters_call.categories.get(code="MOTTO"), audience="only_recipient",
        story="太爷爷写在门上。",
    )  # fmt: skip
    assert motto.status == Status.PRIVATE
    _delivery, link = send_letter(motto)
    assert "一份家规家训" in Outgoing.objects.filter(to_hash=phone_hash(RECIPIENT)).latest("pk").text
    daughter = Client()
    assert "有一份写给您的家规家训" in daughter.get(link).content.decode()
    page = verified(daughter, RECIPIENT).get(reverse("families:letters:thread", args=[motto.no]))
    assert "太爷爷写在门上" in page.content.decode()
    assert "写回信" not in page.content.decode()
    assert daughter.get(reverse("families:letters:reply", args=[motto.no])).status_code == 404


def test_what_nobody_can_keep_for_one_person_is_not_sent(letters_call: WorkCall, tree: Tree) -> None:
    story = WorkCategory.objects.get(code="FAMILY_STORY")
    letters_call.categories.add(story)
    work = make_work(letters_call, tree.dongguan, category=story)
    with pytest.raises(WorkflowError, match="只有家书"):
        send_letter(work)
    assert verified(Client()).get(reverse("families:letters:send", args=[work.no])).status_code == 404


def test_data_of_both_sides_and_the_end_of_the_number(letter: Work) -> None:
    send_letter(letter)
    sent = SOURCES["letters"].export(Person(phone_hash(PHONE)))
    received = SOURCES["letters"].export(Person(phone_hash(RECIPIENT)))
    assert [row["phone"] for row in sent] == [RECIPIENT]
    assert "我在外面" in received[0]["text"]
    assert "phone" not in received[0]
    assert actions.forget_phones(timezone.now()) == 0
    assert actions.forget_phones(timezone.now() + timedelta(days=366)) == 1
    assert Delivery.objects.get().phone == ""
    assert SOURCES["letters"].erase(Person(phone_hash(RECIPIENT)), visitor_for(phone_hash(RECIPIENT))) == 1
