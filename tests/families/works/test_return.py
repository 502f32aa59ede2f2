"""A family that comes back: after its phone was forgotten, to a draft, as a guardian."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from families.works.actions import publish
from families.works.actions.numbers import code_hash
from families.works.models import Work, WorkCall
from families.works.rules import TakedownReason
from portal.files.models import StoredFile
from portal.notifications.models import Outgoing
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.factories.works import make_work
from tests.families.works.conftest import verified
from tests.families.works.test_bad_input import URL
from tests.families.works.test_review import people, show
from tests.families.works.test_staff_entry import picture

__all__ = ["people"]

pytestmark = pytest.mark.django_db
GUARDIAN = "13900000009"


def _child(**fields: Any) -> dict[str, Any]:
    return {"birth_ym": "2015-03", "guardian_name": "王大明", "guardian_phone": GUARDIAN, **fields}


def test_the_guardian_opens_and_withdraws_the_work_of_the_child(
    family: Client, call: WorkCall, typed: Callable[..., Any]
) -> None:
    family.post(URL, typed(**_child(consent_guardian="on")))
    work = Work.every.get()
    guardian = verified(Client(), GUARDIAN)
    assert guardian.get(f"/me/works/{work.no}/").status_code == 200
    assert work.no in guardian.get("/me/").content.decode()
    assert guardian.post(f"/me/works/{work.no}/withdraw/").status_code == 302
    work.refresh_from_db()
    assert work.status == "withdrawn"
    assert verified(Client(), "13900000008").get(f"/me/works/{work.no}/").status_code == 404


def test_an_adults_work_opens_for_one_phone_only(
    family: Client, call: WorkCall, typed: Callable[..., Any]
) -> None:
    family.post(URL, typed(guardian_name="王大明", guardian_phone=GUARDIAN))
    work = Work.every.get()
    assert verified(Client(), GUARDIAN).get(f"/me/works/{work.no}/").status_code == 404


def test_words_changed_after_the_phone_was_forgotten_come_back(
    call: WorkCall, tree: Tree, typed: Callable[..., Any]
) -> None:
    work, browser = make_work(call, tree.dongguan), Client()
    page = browser.post(
        f"/me/works/{work.no}/edit/", typed(text="改过的家训不能丢", consent_publication=None)
    )
    assert page.status_code == 302
    assert page["Location"].startswith("/me/?next=")
    verified(browser)
    path = browser.post("/me/" + page["Location"].removeprefix("/me/"), {"action": "verify"})["Location"]
    form = browser.get(path).context["form"]
    assert form["text"].value() == "改过的家训不能丢"
    assert not form["consent_publication"].value()
    assert form["consent_processing"].value()


@pytest.mark.parametrize("act", ["audience", "withdraw", "withdraw-consent", "delete"])
def test_a_button_pressed_too_late_leads_to_a_page_that_opens(call: WorkCall, tree: Tree, act: str) -> None:
    work, browser = make_work(call, tree.dongguan), Client()
    door = browser.post(f"/me/works/{work.no}/{act}/", {"audience": "organisation"})["Location"]
    verified(browser)
    path = browser.post(door, {"action": "verify"})["Location"]
    assert browser.get(path).status_code == 200
    assert Work.every.filter(pk=work.pk).exists()


def test_pictures_staged_before_the_age_was_known_are_dropped(
    family: Client, call: WorkCall, typed: Callable[..., Any]
) -> None:
    data = typed(text="字" * 51, files=picture())
    family.post(URL, data)
    assert StoredFile.objects.exclude(state="deleted").count() == 1
    for action in ("send_code", "send"):
        page = family.post(
            URL, typed(**_child(form_token=data["form_token"], action=action, files=picture()))
        ).content.decode()
        assert "照片没有保存" in page
        assert not StoredFile.objects.exclude(state="deleted").exists()
    family.post(URL, typed(**_child(form_token=data["form_token"], consent_guardian="on", files=picture())))
    assert StoredFile.objects.exclude(state="deleted").get().target_type == "work"


def test_a_draft_of_this_browser_goes_on_and_can_be_left_aside(
    client: Client, call: WorkCall, typed: Callable[..., Any]
) -> None:
    assert "没写完的" not in client.get(URL).content.decode()
    client.post(URL, typed(action="draft"))
    page = client.get(URL)
    assert "接着上次没写完的" in page.content.decode()
    assert page.context["form"]["text"].value() == "勤俭持家，清白做人。"
    fresh = client.get(URL, {"new": "1"})
    assert "有一份没写完的草稿" in fresh.content.decode()
    assert not fresh.context["form"]["text"].value()
    restored = client.get(fresh.context["waiting"].resume_url)
    assert restored.context["form"]["text"].value() == "勤俭持家，清白做人。"
    assert "没写完的" not in restored.content.decode()
    assert "没写完的" not in Client().get(URL).content.decode()


def test_a_code_asked_for_too_soon_is_not_said_to_be_sent(
    client: Client, call: WorkCall, typed: Callable[..., Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr("portal.ui.captcha.passed", lambda data: True)
    assert "验证码已发到" in client.post(URL, typed(action="send_code")).content.decode()
    page = client.post(URL, typed(action="send_code")).content.decode()
    assert "秒后再获取" in page
    assert "验证码已发到" not in page


def test_the_slip_of_a_paper_entry_without_a_phone_opens_it_once(call: WorkCall, tree: Tree) -> None:
    work = make_work(call, tree.dongguan)
    fields = {
        "phone": "",
        "phone_hash": "",
        "entered_by": make_user(),
        "resume_code_hash": code_hash("ABCD2345"),
    }
    Work.every.filter(pk=work.pk).update(**fields)
    data = {"action": "verify", "resume_code": "abcd-2345"}
    finder = verified(Client(), GUARDIAN)
    assert finder.post("/works/resume/", {**data, "resume_code": "ABCD2346"})["Location"] == "/me/"
    assert finder.post("/works/resume/", data)["Location"] == f"/me/works/{work.no}/"
    assert finder.get(f"/me/works/{work.no}/").status_code == 200
    other = verified(Client(), "13900000008")
    assert other.post("/works/resume/", data)["Location"] == "/me/"
    assert other.get(f"/me/works/{work.no}/").status_code == 404


def test_what_is_missing_is_said_in_words(family: Client, call: WorkCall, typed: Callable[..., Any]) -> None:
    page = family.post(URL, typed(area=None, author_name="", birth_ym="", audience=None)).content.decode()
    assert "这个字段是必填项" not in page
    assert "请选择所在县区和乡镇" in page


def test_withdrawing_consent_is_told_once(
    family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = show(make_work(call, tree.dongguan), people)
    told = Outgoing.objects.count()
    family.post(f"/me/works/{work.no}/withdraw-consent/")
    assert Outgoing.objects.count() == told + 1


def test_a_page_taken_down_by_staff_is_told_once(call: WorkCall, tree: Tree, people: dict[str, Any]) -> None:
    work = show(make_work(call, tree.dongguan), people)
    told = Outgoing.objects.count()
    publish.take_down(actor=people["publisher"], work=work, why=TakedownReason.OBJECTION, note="名字写错了")
    assert Outgoing.objects.count() == told + 1
    work.refresh_from_db()
    assert (work.publish_state, work.taken_down_for, work.taken_down_note) == (
        "taken_down",
        "objection",
        "名字写错了",
    )
