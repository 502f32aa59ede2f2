"""Format check, the gate by two people, returns, reveals, take-down."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from families.likeness.actions import compare
from families.works.actions import publish, review
from families.works.models import Work, WorkCall
from families.works.rules import PublishState, Status, TakedownReason
from portal.access.roles import Role
from portal.journal.models import JournalEntry
from portal.notifications.models import Outgoing
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.publication.rules import CHECKLIST
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from tests.factories.units import Tree
from tests.factories.works import make_work

pytestmark = pytest.mark.django_db
ALL = list(CHECKLIST)


@pytest.fixture
def people(tree: Tree, person: Callable[..., Any]) -> dict[str, Any]:
    return {
        "reviewer": person(Role.CITY_REVIEWER, tree.city),
        "second": person(Role.CITY_REVIEWER, tree.city),
        "editor": person(Role.EDITOR, tree.city),
        "publisher": person(Role.PUBLISHER, tree.city),
        "outsider": person(Role.COUNTY_REVIEWER, tree.yuxian),
    }


def show(work: Work, people: dict[str, Any]) -> Work:
    """Bring a work to the public page."""
    review.pass_format(actor=people["reviewer"], work=work)
    for name in ("editor", "publisher"):
        row = open_of(work)
        assert row is not None
        gate.pass_on(row, actor=people[name], answers=ALL)
    work.refresh_from_db()
    return work


def test_three_people_bring_a_work_to_its_page(
    client: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = make_work(call, tree.dongguan)
    assert client.get(work.get_absolute_url()).status_code == 404
    show(work, people)
    page = client.get(work.get_absolute_url())
    assert page.status_code == 200
    assert "张小三" in page.content.decode()
    assert work.status == Status.ACCEPTED
    assert "已公开展示" in Outgoing.objects.order_by("-pk")[0].text
    assert work.text in client.get("/works/").content.decode()
    assert work.title in client.get(f"/search/?q={work.title}").content.decode()


def test_checker_cannot_publish_and_editor_not_twice(
    call: WorkCall, tree: Tree, people: dict[str, Any], person: Any
) -> None:
    both = person(Role.EDITOR, tree.city)
    from tests.factories.people import give

    give(both, Role.PUBLISHER, tree.city)
    work = make_work(call, tree.dongguan)
    review.pass_format(actor=people["reviewer"], work=work)
    gate.pass_on(open_of(work), actor=both, answers=ALL)  # type: ignore[arg-type]
    with pytest.raises(SamePerson):
        gate.pass_on(open_of(work), actor=both, answers=ALL)  # type: ignore[arg-type]


def test_who_typed_it_in_cannot_check_it(call: WorkCall, tree: Tree, person: Any) -> None:
    reviewer = person(Role.TOWNSHIP_REVIEWER, tree.guanshan)
    work = make_work(call, tree.dongguan, actor=reviewer, paper=True)
    with pytest.raises(SamePerson):
        review.pass_format(actor=reviewer, work=work)
    review.pass_format(actor=person(Role.TOWNSHIP_REVIEWER, tree.guanshan), work=work)
    assert work.status == Status.CONTENT_REVIEW


def test_outsider_neither_sees_nor_checks(
    call: WorkCall, tree: Tree, people: dict[str, Any], signed_in: Any
) -> None:
    work = make_work(call, tree.dongguan)
    with pytest.raises(PermissionDenied):
        review.pass_format(actor=people["outsider"], work=work)
    outsider, insider = (
        signed_in(Role.COUNTY_REVIEWER, tree.yuxian),
        signed_in(Role.COUNTY_REVIEWER, tree.pingding),
    )
    assert outsider.get(work.staff_url).status_code == 404
    assert outsider.post(f"{work.staff_url}check/").status_code == 404
    assert work.no not in outsider.get("/staff/works/").content.decode()
    assert insider.get(work.staff_url).status_code == 200
    assert work.no in insider.get("/staff/works/").content.decode()


def test_return_tells_the_family_and_opens_it_again(
    call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = make_work(call, tree.dongguan)
    with pytest.raises(WorkflowError):
        review.send_back(actor=people["reviewer"], work=work, reason=" ")
    review.send_back(actor=people["reviewer"], work=work, reason="请写明来历")
    assert work.status == Status.RETURNED
    assert work.is_editable
    assert "请写明来历" in Outgoing.objects.order_by("-pk")[0].text
    with pytest.raises(StaleState):
        review.pass_format(actor=people["reviewer"], work=work)


def test_organisation_only_is_accepted_by_a_second_person_and_never_public(
    client: Client, call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = make_work(call, tree.dongguan, audience="organisation", consents={ConsentType.PROCESSING: "x"})
    review.pass_format(actor=people["reviewer"], work=work)
    assert open_of(work) is None
    with pytest.raises(SamePerson):
        review.accept(actor=people["reviewer"], work=work)
    review.accept(actor=people["second"], work=work)
    assert work.status == Status.ACCEPTED
    assert client.get(work.get_absolute_url()).status_code == 404


def test_gate_returns_to_the_author(call: WorkCall, tree: Tree, people: dict[str, Any]) -> None:
    work = make_work(call, tree.dongguan, story="请打我电话13987654321")
    review.pass_format(actor=people["reviewer"], work=work)
    row = open_of(work)
    assert row is not None
    assert row.findings
    gate.send_back(row, actor=people["editor"], reason="请删去电话")
    work.refresh_from_db()
    assert (work.status, work.publish_state) == (Status.RETURNED, PublishState.UNPUBLISHED)


@pytest.mark.parametrize(
    ("audience", "born", "shown", "hidden"),
    [
        ("public", "1970-05", "张小三", "一户家庭"),
        ("anonymous", "1970-05", "平定县 一户家庭", "张小三"),
        ("public", "2012-05", "张同学", "张小三"),
        ("anonymous", "2012-05", "平定县 一户家庭", "张同学"),
    ],
)
def test_author_is_shown_as_agreed(
    client: Client,
    call: WorkCall,
    tree: Tree,
    people: dict[str, Any],
    audience: str,
    born: str,
    shown: str,
    hidden: str,
) -> None:
    consents = dict.fromkeys(
        (ConsentType.PROCESSING, ConsentType.LICENCE, ConsentType.PUBLICATION, ConsentType.GUARDIAN), "x"
    )
    work = make_work(
        call,
        tree.dongguan,
        audience=audience,
        birth_ym=born,
        consents=consents,
        guardian_name="张大",
        guardian_phone="13900000000",
    )
    show(work, people)
    for url in (work.get_absolute_url(), "/works/"):
        page = client.get(url).content.decode()
        assert shown in page
        assert hidden not in page


def test_take_down_is_at_once_with_a_reason(
    client: Client, call: WorkCall, tree: Tree, people: dict[str, Any], person: Any
) -> None:
    work = show(make_work(call, tree.dongguan), people)
    with pytest.raises(PermissionDenied):
        publish.take_down(
            actor=person(Role.COUNTY_OP, tree.pingding), work=work, why=TakedownReason.ERROR, note="x"
        )
    with pytest.raises(WorkflowError):
        publish.take_down(actor=people["reviewer"], work=work, why=TakedownReason.ERROR, note=" ")
    publish.take_down(
        actor=people["reviewer"], work=work, why=TakedownReason.OBJECTION, note="收到异议，核实中"
    )
    assert client.get(work.get_absolute_url()).status_code == 404
    work.refresh_from_db()
    assert (work.publish_state, work.taken_down_for, work.public_author) == ("taken_down", "objection", "")
    assert open_of(work) is None
    assert "撤下" in Outgoing.objects.order_by("-pk")[0].text


def test_reveal_needs_a_reason_is_journalled_and_minors_need_more(
    call: WorkCall, tree: Tree, signed_in: Any
) -> None:
    consents = {ConsentType.PROCESSING: "x", ConsentType.GUARDIAN: "x"}
    adult = make_work(call, tree.dongguan, audience="organisation", author_name="李守信")
    child = make_work(
        call, tree.dongguan, audience="organisation", author_name="赵小明", birth_ym="2015-01", consents=consents,
        guardian_name="赵大", guardian_phone="13900000000",
    )  # fmt: skip
    county, city = signed_in(Role.COUNTY_REVIEWER, tree.pingding), signed_in(Role.CITY_REVIEWER, tree.city)
    assert "李守信" not in county.get(adult.staff_url).content.decode()
    assert county.post(f"{adult.staff_url}reveal/", {"reason": ""}).status_code == 409
    assert "李守信" in county.post(f"{adult.staff_url}reveal/", {"reason": "电话核实作者"}).content.decode()
    assert county.post(f"{child.staff_url}reveal/", {"reason": "电话核实作者"}).status_code == 403
    assert "赵小明" in city.post(f"{child.staff_url}reveal/", {"reason": "核实监护人"}).content.decode()
    assert JournalEntry.objects.filter(verb="work.revealed").count() == 2


def test_twins_are_flagged_to_staff_only(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    first = make_work(call, tree.dongguan, text="勤俭持家，清白做人")
    second = make_work(call, tree.nanguan, text="勤俭持家 清白做人！", phone="13900000009")
    compare(work_id=first.pk)
    compare(work_id=second.pk)
    page = signed_in(Role.CITY_REVIEWER, tree.city).get(second.staff_url).content.decode()
    assert "可能重复" in page
    assert first.no in page


def test_bulk_pass(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    works = [make_work(call, tree.dongguan) for _ in range(3)]
    client = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    client.post("/staff/works/bulk/", {"chosen": [work.pk for work in works[:2]]})
    assert Work.objects.filter(status=Status.CONTENT_REVIEW).count() == 2
    client.post("/staff/works/bulk/", {"all_matching": "1", "query": "status=submitted"})
    assert Work.objects.filter(status=Status.CONTENT_REVIEW).count() == 3
