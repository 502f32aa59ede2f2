"""Everything under one name is found, taken down in one action by one person, and put back by two."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from campaigns.stories.models import Story
from families.exhibition.actions import sweeps
from families.exhibition.models import Sweep
from families.exhibition.rules import SweepState
from families.works.entry import AuthorEntry
from families.works.models import Work, WorkCall
from families.works.rules import PublishState
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash
from portal.journal.models import JournalEntry
from portal.notifications.models import Outgoing
from portal.publication.queries import open_of
from portal.reviews.workflow import SamePerson, WorkflowError
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_work
from tests.families.works.test_review import people, show

__all__ = ["people"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def fallen(call: WorkCall, tree: Tree, people: dict[str, Any]) -> list[Work]:
    """Two works on show of 李守信, one of somebody else whose text names him."""
    rows = [make_work(call, tree.dongguan, author_name="李守信", phone=f"1380000000{n}") for n in range(2)]
    rows.append(make_work(call, tree.dongguan, author_name="王小平", story="邻居李守信教我写字。"))
    return [show(work, people) for work in rows]


def _chosen(found: Any, *, sure: bool = True) -> list[tuple[str, int]]:
    return [(source.code, hit.target_id) for source, hits in found for hit in hits if hit.sure or not sure]


def test_one_action_takes_everything_down(
    fallen: list[Work], tree: Tree, person: Any, people: dict[str, Any], client: Client
) -> None:
    publisher, outsider = people["publisher"], people["editor"]
    with pytest.raises(PermissionDenied):
        sweeps.search(actor=outsider, name="李守信", phone_hash="")
    found = sweeps.search(actor=publisher, name="李 守信", phone_hash="")
    chosen = _chosen(found)
    assert {pk for code, pk in chosen if code == "work"} == {fallen[0].pk, fallen[1].pk}
    assert ("work", fallen[2].pk) in _chosen(
        sweeps.search(actor=publisher, name="李守信", phone_hash=""), sure=False
    )
    with pytest.raises(WorkflowError, match="理由"):
        sweeps.sweep(actor=publisher, unit=tree.city, name="李守信", chosen=chosen, reason="")
    before = Outgoing.objects.count()
    rows = [
        sweeps.sweep(
            actor=publisher, unit=tree.city, name="李守信", chosen=[*chosen, ("work", 999_999)], reason="被查处，不再展示",
            token="s" * 36,
        )
        for _n in range(2)
    ]  # fmt: skip
    assert rows[0].pk == rows[1].pk
    assert rows[0].items.count() == 2
    for work in fallen[:2]:
        work.refresh_from_db()
        assert (work.publish_state, work.taken_down_for) == (PublishState.TAKEN_DOWN, "person")
        assert client.get(work.get_absolute_url()).status_code == 404
    assert client.get(fallen[2].get_absolute_url()).status_code == 200
    assert Outgoing.objects.count() == before + 2
    assert JournalEntry.objects.filter(verb="sweep.item_down").count() == 2
    assert "李守信" not in str(Sweep.objects.values("masked").get())


@pytest.mark.parametrize("name", ["王 秀英", "荷塘", "李家大院", "买买提•𬀩"])
def test_every_name_a_work_stands_under_finds_it(
    call: WorkCall, tree: Tree, people: dict[str, Any], name: str
) -> None:
    authors = (
        AuthorEntry("李建国", "1970-05"),
        AuthorEntry("王秀英", "1972-05", pen_name="荷塘"),
        AuthorEntry("买买提·𬀩", "1980-01"),
    )
    work = show(
        make_work(call, tree.dongguan, authors=authors, household="李家大院", household_agreed=True), people
    )
    other = show(make_work(call, tree.dongguan, author_name="李建军", phone="13800000009"), people)
    found = _chosen(sweeps.search(actor=people["publisher"], name=name, phone_hash=""))
    assert found == [("work", work.pk)]
    assert ("work", other.pk) not in _chosen(
        sweeps.search(actor=people["publisher"], name="家", phone_hash=""), sure=True
    )


def test_by_phone(fallen: list[Work], people: dict[str, Any]) -> None:
    found = sweeps.search(actor=people["publisher"], name="", phone_hash=phone_hash(PHONE))
    assert _chosen(found) == [("work", fallen[2].pk)]


def test_two_people_put_back_and_the_gate_reads_again(
    fallen: list[Work], tree: Tree, person: Any, people: dict[str, Any]
) -> None:
    first, second = people["publisher"], person(Role.PUBLISHER, tree.city)
    chosen = _chosen(sweeps.search(actor=first, name="李守信", phone_hash=""))
    row = sweeps.sweep(actor=first, unit=tree.city, name="李守信", chosen=chosen, reason="先撤下核实")
    sweeps.ask_back(actor=first, row=row, reason="核实无误")
    with pytest.raises(SamePerson):
        sweeps.put_back(actor=first, row=row)
    sweeps.put_back(actor=second, row=row)
    assert row.status == SweepState.BACK
    work = fallen[0]
    work.refresh_from_db()
    assert work.publish_state == PublishState.TAKEN_DOWN  # two readers bring it back, not the button
    assert open_of(work) is not None


def test_the_second_person_may_refuse(
    fallen: list[Work], tree: Tree, person: Any, people: dict[str, Any]
) -> None:
    first, second = people["publisher"], person(Role.PUBLISHER, tree.city)
    chosen = _chosen(sweeps.search(actor=first, name="李守信", phone_hash=""))
    row = sweeps.sweep(actor=first, unit=tree.city, name="李守信", chosen=chosen, reason="先撤下核实")
    sweeps.ask_back(actor=first, row=row, reason="核实无误")
    sweeps.refuse_back(actor=second, row=row, reason="还没有结论")
    assert row.status == SweepState.DOWN
    assert row.asked_by_id is None


def test_stories_go_too_and_stay_in_scope(tree: Tree, people: dict[str, Any], person: Any) -> None:
    from campaigns.stories import actions as stories
    from portal.publication import actions as gate
    from tests.families.works.test_review import ALL

    writer = person(Role.CITY_OP, tree.city)
    fields = {
        "title": "家风访谈", "kind": "interview", "body": "正文",
        "parts": [{"title": "问", "speaker": "李守信", "office": "", "text": "答", "url": ""}],
    }  # fmt: skip
    story = stories.create(actor=writer, unit=tree.city, slug="fangtan", fields=fields)
    stories.submit(actor=writer, story=story)
    for name in ("editor", "publisher"):
        row = open_of(story)
        assert row is not None
        gate.pass_on(row, actor=people[name], answers=ALL)
    chosen = _chosen(sweeps.search(actor=people["publisher"], name="李守信", phone_hash=""))
    assert chosen == [("story", story.pk)]
    sweeps.sweep(actor=people["publisher"], unit=tree.city, name="李守信", chosen=chosen, reason="不再展示")
    assert Story.objects.get(pk=story.pk).status != "published"


def test_the_page(fallen: list[Work], tree: Tree, signed_in: Any) -> None:
    staff = signed_in(Role.PUBLISHER, tree.city)
    assert (
        "请填姓名或手机号"
        in staff.post("/staff/exhibition/sweeps/new/", {"name": "", "phone": ""}).content.decode()
    )
    page = staff.post(
        "/staff/exhibition/sweeps/new/", {"name": "李守信", "action": "search"}
    ).content.decode()
    assert fallen[0].no in page
    assert "只是文字里提到这个名字" in page
    chosen = [f"work:{fallen[0].pk}", f"work:{fallen[1].pk}"]
    data = {"name": "李守信", "action": "take_down", "chosen": chosen}
    assert "请写明撤下的理由" in staff.post("/staff/exhibition/sweeps/new/", data).content.decode()
    answer = staff.post("/staff/exhibition/sweeps/new/", {**data, "reason": "被查处，不再展示"})
    assert answer.status_code == 302
    row = Sweep.objects.get()
    assert "页面已撤下" in staff.get(row.staff_url).content.decode()
    assert signed_in(Role.EDITOR, tree.city).get("/staff/exhibition/sweeps/new/").status_code == 403
