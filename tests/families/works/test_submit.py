"""Sending a work: what is taken, what is refused, what is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from families.works.models import Author, Work, WorkCall
from portal.notifications.models import Outgoing
from portal.privacy.models import Consent
from portal.ui import captcha
from tests.factories.units import Tree
from tests.factories.works import PHONE
from tests.families.works.conftest import last_code

pytestmark = pytest.mark.django_db
URL = "/works/calls/motto-2026/submit/"
Typed = Callable[..., dict[str, Any]]


def test_page_opens_without_an_account(client: Client, call: WorkCall) -> None:
    page = client.get(URL).content.decode()
    for name in ("text", "story", "files", "author_name", "birth_ym", "phone", "area", "audience"):
        assert f'name="{name}"' in page
    for name in ("consent_processing", "consent_publication", "licence", "consent_guardian"):
        assert f'name="{name}"' in page
    assert " checked" not in page.replace("is-checked", "")


def test_sent_work_is_kept_with_consents_and_told(
    family: Client, call: WorkCall, typed: Typed, tree: Tree
) -> None:
    answer = family.post(URL, typed(), follow=True)
    work = Work.every.get()
    assert answer.redirect_chain[-1][0] == "/works/sent/"
    assert work.no in answer.content.decode()
    assert (work.status, work.unit, work.county) == ("submitted", tree.dongguan, tree.pingding)
    assert work.display_name == "张*三"
    assert set(Consent.objects.values_list("type", flat=True)) == {"c1", "c3", "c5"}
    assert work.no in Outgoing.objects.get().text
    raw = Author.objects.raw("select id, name as plain from families_author")[0]
    assert "张" not in raw.plain


def test_phone_code_without_javascript(
    client: Client, call: WorkCall, typed: Typed, monkeypatch: Any
) -> None:
    monkeypatch.setattr(captcha, "passed", lambda data: True)
    page = client.post(URL, typed(action="send_code")).content.decode()
    assert "验证码已发到" in page
    assert "勤俭持家" in page
    assert "138****5678" in page
    wrong = client.post(URL, typed(code="000000")).content.decode()
    assert "验证码不对" in wrong
    assert not Work.every.exists()
    client.post(URL, typed(code=last_code()))
    assert Work.every.count() == 1


def test_phone_code_needs_a_person(client: Client, call: WorkCall, typed: Typed) -> None:
    page = client.post(URL, typed(action="send_code")).content.decode()
    assert "小问题" in page
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "字" * 51}, "超出 1 字"),
        ({"text": ""}, "请写下"),
        ({"story": "字" * 301}, "超出 1 字"),
        ({"author_name": "张"}, "2–30"),
        ({"author_name": "张三1"}, "2–30"),
        ({"birth_ym": "1962-13"}, "年和月"),
        ({"birth_ym": "2199-01"}, "年和月"),
        ({"area": "110101001000"}, "不在本次征集的范围内"),
        ({"village": "不存在村"}, "没有找到"),
        ({"consent_processing": None}, "请阅读并勾选"),
        ({"consent_publication": None}, "选了公开展示"),
        ({"licence": None}, "作品授权"),
        ({"audience": "everybody"}, "有效"),
        ({"birth_ym": "2013-05"}, "监护人"),
    ],
)
def test_bad_input_is_named_at_the_field_and_loses_nothing(
    family: Client, call: WorkCall, typed: Typed, fields: dict[str, Any], words: str
) -> None:
    data = typed(**fields)
    answer = family.post(URL, data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert not Work.every.exists()
    assert data["story"] in page
    assert data["author_name"] in page


@pytest.mark.parametrize("name", ["㛃𬀩", "阿依古丽·买买提", "欧阳娜娜", "张 三丰"])
def test_rare_names_are_taken(family: Client, call: WorkCall, typed: Typed, name: str) -> None:
    family.post(URL, typed(author_name=name))
    assert Author.objects.get().name == name


def test_fifty_characters_with_punctuation_are_taken(family: Client, call: WorkCall, typed: Typed) -> None:
    family.post(URL, typed(text="，".join("字" * 50)))
    assert Work.every.count() == 1


def test_closed_a_second_ago_keeps_the_draft(family: Client, call: WorkCall, typed: Typed) -> None:
    WorkCall.objects.update(close_at=timezone.now() - timedelta(seconds=1))
    answer = family.post(URL, typed())
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "征集已经截止" in page
    assert "勤俭持家" in page
    assert not Work.every.exists()
    assert (
        "勤俭持家" in family.get("/me/").content.decode() or "清白做人" in family.get("/me/").content.decode()
    )


def test_last_day_lasts_until_midnight(tree: Tree) -> None:
    from datetime import date

    from families.works.actions.calls import end_of

    end = timezone.localtime(end_of(date(2026, 12, 31)))
    assert (end.year, end.month, end.day, end.hour) == (2027, 1, 1, 0)


def test_same_page_twice_is_one_work(family: Client, call: WorkCall, typed: Typed) -> None:
    data = typed()
    first, second = family.post(URL, data), family.post(URL, data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Work.every.count() == 1
    assert family.get("/works/sent/").status_code == 200


def test_too_many_are_refused_kindly(family: Client, call: WorkCall, typed: Typed) -> None:
    with time_machine.travel(timezone.now(), tick=False):  # an hour that does not end meanwhile
        for _ in range(10):
            family.post(URL, typed())
        answer = family.post(URL, typed())
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "勤俭持家" in answer.content.decode()
    assert Work.every.count() == 10


def test_per_person_limit(family: Client, call: WorkCall, typed: Typed) -> None:
    WorkCall.objects.update(max_per_person=1)
    family.post(URL, typed())
    page = family.post(URL, typed()).content.decode()
    assert "最多投 1 件" in page
    assert Work.every.count() == 1


def test_draft_comes_back_on_another_phone(
    client: Client, call: WorkCall, typed: Typed, monkeypatch: Any
) -> None:
    monkeypatch.setattr(captcha, "passed", lambda data: True)
    page = client.post(URL, typed(action="draft", text="写了一半的家训")).content.decode()
    assert "取回码" in page
    code = page.split('wk-code">')[1].split("<")[0]
    other = Client()
    other.post("/works/resume/", {"action": "send_code", "phone": PHONE})
    answer = other.post(
        "/works/resume/",
        {"action": "verify", "phone": PHONE, "code": last_code(), "resume_code": code},
        follow=True,
    )
    assert "写了一半的家训" in answer.content.decode()


def test_drafts_are_found_without_the_code(client: Client, call: WorkCall, typed: Typed) -> None:
    client.post(URL, typed(action="draft"))
    from tests.families.works.conftest import verified

    assert "清白做人" in verified(Client()).get("/me/").content.decode()
    assert "清白做人" not in verified(Client(), "13900000000").get("/me/").content.decode()
