"""The reviewer's page: marks in the text, two people at once, on to the next; the author who thinks again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from families.works.actions import own, review
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience, PublishState, Status
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.reviews.workflow import StaleState, WorkflowError, move
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_call, make_work
from tests.families.works.test_review import people, show

__all__ = ["people"]
pytestmark = pytest.mark.django_db


def test_places_are_marked_in_the_text(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    work = make_work(
        call, tree.dongguan, audience="anonymous", story="张小三说，有事打13987654321。", author_name="张小三"
    )
    page = signed_in(Role.CITY_REVIEWER, tree.city).get(work.staff_url).content.decode()
    assert 'id="mark-1"' in page
    assert 'id="mark-2"' in page
    assert "手机号" in page
    assert "不应公开的姓名" in page
    onlooker = signed_in(Role.VILLAGE_OP, tree.dongguan).get(work.staff_url).content.decode()
    assert "手机号" in onlooker
    assert "不应公开的姓名" not in onlooker  # it would say whose name it is


def test_a_step_leads_to_the_next_work(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    first, second = make_work(call, tree.dongguan), make_work(call, tree.dongguan)
    staff = signed_in(Role.CITY_REVIEWER, tree.city)
    assert staff.post(f"{first.staff_url}check/").url == second.staff_url
    assert staff.post(f"{second.staff_url}return/", {"reason": "请补充来历"}).url == "/staff/works/"


def test_the_second_reviewer_reads_who_was_faster(
    call: WorkCall, tree: Tree, people: dict[str, Any], signed_in: Any
) -> None:
    work = make_work(call, tree.dongguan)
    slow = signed_in(Role.CITY_REVIEWER, tree.city)
    assert 'name="seen" value="submitted"' in slow.get(work.staff_url).content.decode()
    review.pass_format(actor=people["reviewer"], work=work)
    answer = slow.post(f"{work.staff_url}return/", {"reason": "题目有错字", "seen": "submitted"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert people["reviewer"].display_name in page
    assert "题目有错字" in page
    work.refresh_from_db()
    assert work.status == Status.CONTENT_REVIEW
    again = slow.post(f"{work.staff_url}return/", {"reason": "题目有错字", "seen": "content_review"})
    assert again.status_code == 302
    gone = slow.post(f"{work.staff_url}return/", {"reason": "还有一句", "seen": "content_review"})
    assert "还有一句" in gone.content.decode()  # no field for it any more: the words are shown to be copied


def test_names_of_staff_are_not_told_to_families(call: WorkCall, tree: Tree, people: dict[str, Any]) -> None:
    work = make_work(call, tree.dongguan)
    review.pass_format(actor=people["reviewer"], work=work)
    with pytest.raises(StaleState) as told:
        review.pass_format(actor=people["second"], work=work)
    assert people["reviewer"].display_name in str(told.value)
    with pytest.raises(StaleState) as silent:
        move(work, "submit", actor=visitor_for(phone_hash(PHONE)))
    assert people["reviewer"].display_name not in str(silent.value)


def test_the_bulk_check_reaches_its_address(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    work = make_work(call, tree.dongguan)
    staff = signed_in(Role.CITY_REVIEWER, tree.city)
    page = staff.get("/staff/works/").content.decode()
    assert 'action="/staff/works/bulk/"' in page
    staff.post("/staff/works/bulk/", {"chosen": [work.pk]})
    work.refresh_from_db()
    assert work.status == Status.CONTENT_REVIEW
    village = signed_in(Role.VILLAGE_OP, tree.dongguan).get("/staff/works/").content.decode()
    assert work.title in village
    assert "初核通过</button>" not in village


def test_a_withdrawn_work_can_be_put_back_while_the_call_is_open(
    family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = show(make_work(call, tree.dongguan), people)
    address = f"/me/works/{work.no}/"
    with pytest.raises(WorkflowError):
        own.put_back(actor=visitor_for(phone_hash(PHONE)), work=work)  # not withdrawn
    family.post(f"{address}withdraw/")
    assert "恢复投稿" in family.get(address).content.decode()
    work.refresh_from_db()
    with pytest.raises(PermissionDenied):
        own.put_back(actor=visitor_for(phone_hash("13900000001")), work=work)
    assert family.post(f"{address}put-back/").status_code == 302
    work.refresh_from_db()
    assert (work.status, work.audience) == (Status.SUBMITTED, Audience.ORGANISATION)
    assert work.publish_state != PublishState.PUBLISHED
    assert Client().get(work.get_absolute_url()).status_code == 404
    assert family.post(f"{address}put-back/").status_code == 409  # pressed twice


def test_putting_back_has_the_limits_of_sending(call: WorkCall, tree: Tree) -> None:
    author = visitor_for(phone_hash(PHONE))
    WorkCategory.objects.update(per_person=1)
    work = make_work(call, tree.dongguan)
    own.withdraw(actor=author, work=work)
    make_work(call, tree.dongguan)
    with pytest.raises(WorkflowError, match="又投满了"):
        own.put_back(actor=author, work=work)
    other = make_call(tree.city)
    late = make_work(other, tree.dongguan)
    own.withdraw(actor=author, work=late)
    WorkCall.objects.filter(pk=other.pk).update(close_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WorkflowError, match="已经截止"):
        own.put_back(actor=author, work=Work.every.select_related("call").get(pk=late.pk))


def test_the_family_reads_what_its_state_means(
    family: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = make_work(call, tree.dongguan)
    address = f"/me/works/{work.no}/"
    assert "还可以修改、撤回" in family.get(address).content.decode()
    review.send_back(actor=people["reviewer"], work=work, reason="请写明来历")
    page = family.get(address).content.decode()
    assert "请修改后重新提交" in page
    assert page.index("请写明来历") < page.index("走到哪一步")


def test_letters_are_set_as_letters(client: Client, tree: Tree, people: dict[str, Any]) -> None:
    call = make_call(tree.city, categories=("FAMILY_LETTER",), max_per_person=500)
    text = "孩子：\n" + "家里一切都好，你在外面放心工作。" * 25 + "\n妈妈"
    work = show(
        make_work(call, tree.dongguan, title="写给孩子", text=text, extra={"direction": "parent_to_child"}),
        people,
    )
    page = client.get(work.get_absolute_url()).content.decode()
    assert '<p class="is-hail">孩子：</p>' in page
    assert '<p class="is-sign">妈妈</p>' in page
    assert "写给孩子" in client.get("/works/").content.decode()  # the card names the letter
