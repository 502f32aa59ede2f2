"""The family's own page."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from families.works.actions import own
from families.works.models import Work, WorkCall
from families.works.rules import Audience, Status
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.notifications.models import Outgoing
from portal.privacy.models import Consent, RightsRequest
from portal.privacy.reading import LABELS
from portal.publication.queries import open_of
from portal.reviews.workflow import WorkflowError
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_work
from tests.families.works.conftest import verified
from tests.families.works.test_review import people, show

__all__ = ["people"]
pytestmark = pytest.mark.django_db


def url(work: Work, act: str = "") -> str:
    return f"/me/works/{work.no}/{act}"


def test_strangers_are_asked_and_others_see_nothing(client: Client, call: WorkCall, tree: Tree) -> None:
    work = make_work(call, tree.dongguan)
    assert "收一个验证码" in client.get("/me/").content.decode()
    assert client.get(url(work)).status_code == 302
    other = verified(Client(), "13900000001")
    for act in ("", "edit/"):
        assert other.get(url(work, act)).status_code == 404
    for act in ("withdraw/", "delete/", "withdraw-consent/"):
        assert other.post(url(work, act)).status_code == 404
    with pytest.raises(PermissionDenied):
        own.withdraw(actor=visitor_for(phone_hash("13900000001")), work=work)
    assert verified(Client()).get(url(work)).status_code == 200


def test_withdrawing_consent_takes_the_page_down_at_once(
    family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = show(make_work(call, tree.dongguan), people)
    assert Client().get(work.get_absolute_url()).status_code == 200
    family.post(url(work, "withdraw-consent/"))
    assert Client().get(work.get_absolute_url()).status_code == 404
    work.refresh_from_db()
    assert (work.publish_state, work.audience, work.taken_down_for) == (
        "taken_down",
        "organisation",
        "author",
    )
    assert open_of(work) is None
    assert Consent.objects.get(type="c3").withdrawn_at is not None
    assert "撤下" in Outgoing.objects.order_by("-pk")[0].text


def test_widening_needs_consent_again_and_two_readers(
    family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = show(make_work(call, tree.dongguan, audience="anonymous"), people)
    refused = family.post(url(work, "audience/"), {"audience": "public"})
    assert refused.status_code == 409
    assert "重新勾选" in refused.content.decode()
    family.post(url(work, "audience/"), {"audience": "public", "consent_publication": "1"})
    work.refresh_from_db()
    assert (work.audience, work.publish_state) == ("public", "unpublished")
    assert Client().get(work.get_absolute_url()).status_code == 404
    assert open_of(work).status == "requested"  # type: ignore[union-attr]


def test_narrowing_acts_at_once(family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]) -> None:
    work = show(make_work(call, tree.dongguan), people)
    family.post(url(work, "audience/"), {"audience": "organisation"})
    assert Client().get(work.get_absolute_url()).status_code == 404
    work.refresh_from_db()
    assert work.audience == Audience.ORGANISATION


def test_edit_while_allowed(
    family: Client, call: WorkCall, tree: Tree, people: dict[str, Any], typed: Any
) -> None:
    work = make_work(call, tree.dongguan)
    assert work.text in family.get(url(work, "edit/")).content.decode()
    family.post(url(work, "edit/"), typed(text="改过的家训"))
    work.refresh_from_db()
    assert work.text == "改过的家训"
    show(work, people)
    assert family.post(url(work, "edit/"), typed(text="又改")).status_code == 302
    work.refresh_from_db()
    assert work.text == "改过的家训"


def test_withdraw_and_delete(family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]) -> None:
    work = show(make_work(call, tree.dongguan), people)
    family.post(url(work, "withdraw/"))
    work.refresh_from_db()
    assert work.status == Status.WITHDRAWN
    assert Client().get(work.get_absolute_url()).status_code == 404
    with pytest.raises(WorkflowError):
        own.withdraw(actor=visitor_for(phone_hash(PHONE)), work=work)
    family.post(url(work, "delete/"))
    assert not Work.every.exists()


def test_download_and_erase_everything(family: Client, call: WorkCall, tree: Tree) -> None:
    work = make_work(call, tree.dongguan)
    other = make_work(call, tree.dongguan, phone="13900000002")
    body = json.loads(family.post("/me/data/").content)
    assert [row["no"] for row in body["投稿作品"]] == [work.no]
    assert body["投稿作品"][0]["authors"] == [
        {"name": "张小三", "pen_name": "", "birth_ym": "1970-05", "role": ""}
    ]
    page = family.post("/me/data/", {"as": "page"})
    assert page["Content-Disposition"].endswith('.html"')
    assert "<h2>投稿作品</h2>" in page.content.decode()
    assert "姓名：张小三；出生年月：1970-05" in page.content.decode()
    assert {name for row in body["投稿作品"] for name in row} <= set(LABELS)
    family.post("/me/erase/", {"sure": "是"})
    assert Work.every.count() == 2
    family.post("/me/erase/", {"sure": "删除"})
    assert list(Work.every.all()) == [other]
    assert set(RightsRequest.objects.values_list("kind", "state")) == {("export", "done"), ("erase", "done")}


def test_purge_after_half_a_year(call: WorkCall, tree: Tree) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from portal.privacy.actions import purge_expired

    kept, gone = make_work(call, tree.dongguan), make_work(call, tree.dongguan)
    own.withdraw(actor=visitor_for(phone_hash(PHONE)), work=gone)
    Work.every.update(updated_at=timezone.now() - timedelta(days=200))
    purge_expired()
    assert list(Work.every.all()) == [kept]
