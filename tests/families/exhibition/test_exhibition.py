"""Issues through the gate, what the public sees of them, outward selections, the gallery's filters and cost."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from campaigns.series import actions as series_actions
from campaigns.series.models import Episode
from families.exhibition.actions.issues import create_issue, set_works, submit_issue
from families.exhibition.actions.outward import add_outward, edit_outward, remove_outward
from families.exhibition.models import Issue, Outward
from families.exhibition.rules import IssueState, Result
from families.works.actions import publish
from families.works.models import Work, WorkCall
from families.works.rules import TakedownReason
from portal.access.roles import Role
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.reviews.workflow import WorkflowError
from tests.factories.exhibition import make_issue, put_on_show
from tests.factories.units import Tree
from tests.factories.works import make_call, make_work
from tests.families.works.test_review import ALL, people

__all__ = ["people"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def works(call: WorkCall, tree: Tree) -> list[Work]:
    return [
        put_on_show(make_work(call, tree.dongguan, title=f"作品{name}", text=f"作品{name}"))
        for name in "甲乙丙"
    ]


def through_gate(issue: Issue, people: dict[str, Any]) -> Issue:
    for name in ("editor", "publisher"):
        row = open_of(issue)
        assert row is not None
        gate.pass_on(row, actor=people[name], answers=ALL)
    issue.refresh_from_db()
    return issue


def test_an_issue_is_composed_read_by_two_and_shown(
    call: WorkCall, works: list[Work], tree: Tree, person: Any, people: dict[str, Any], client: Client
) -> None:
    staff = person(Role.CITY_OP, tree.city)
    with pytest.raises(PermissionDenied):
        make_issue(call, person(Role.COUNTY_OP, tree.pingding), works)
    issue = make_issue(call, staff, [works[2], works[0]], intro="卷首的话")
    assert client.get(issue.get_absolute_url()).status_code == 404
    submit_issue(actor=staff, issue=issue)
    through_gate(issue, people)
    page = client.get(f"/works/issues/{call.slug}/1/").content.decode()
    assert page.index("作品丙") < page.index("作品甲")
    assert "卷首的话" in page
    assert issue.title in client.get("/works/issues/").content.decode()
    second = through_gate(_submitted(make_issue(call, staff, [works[1]]), staff), people)
    assert second.number == 2
    assert second.title in client.get(issue.get_absolute_url()).content.decode()
    assert issue.title in client.get(second.get_absolute_url()).content.decode()
    assert client.get(f"/works/issues/{call.slug}/1/share.png").content.startswith(b"\x89PNG")
    assert client.get(f"/works/issues/{call.slug}/1/qr.svg").status_code == 200


def _submitted(issue: Issue, staff: Any) -> Issue:
    submit_issue(actor=staff, issue=issue)
    return issue


def test_a_work_taken_down_leaves_its_issue_and_changes_are_read_again(
    call: WorkCall, works: list[Work], tree: Tree, person: Any, people: dict[str, Any], client: Client
) -> None:
    staff = person(Role.CITY_OP, tree.city)
    issue = through_gate(_submitted(make_issue(call, staff, works), staff), people)
    publish.take_down(actor=people["publisher"], work=works[0], why=TakedownReason.ERROR, note="内容有误")
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "作品甲" not in page
    assert "作品乙" in page
    set_works(actor=staff, issue=issue, works=[works[2], works[1]])
    issue.refresh_from_db()
    assert issue.status == IssueState.REVIEW
    assert client.get(issue.get_absolute_url()).status_code == 404


def test_a_work_takes_the_number_it_is_given(
    call: WorkCall, works: list[Work], tree: Tree, person: Any, signed_in: Any
) -> None:
    issue = make_issue(call, person(Role.CITY_OP, tree.city), works)
    staff = signed_in(Role.CITY_OP, tree.city)

    def order(**numbers: str) -> list[str]:
        staff.post(f"/staff/exhibition/{issue.pk}/works/", numbers)
        return [place.work.title for place in issue.places.select_related("work").order_by("position")]

    first, second, third = (f"pos_{work.pk}" for work in works)
    assert order(**{first: "1", second: "2", third: "1"}) == ["作品丙", "作品甲", "作品乙"]
    assert order(**{third: "3", first: "2", second: "3"}) == ["作品甲", "作品乙", "作品丙"]
    assert order(**{first: "x", second: "², ", third: ""}) == ["作品甲", "作品乙", "作品丙"]


def test_only_published_works_and_one_number_once(
    call: WorkCall, works: list[Work], tree: Tree, person: Any
) -> None:
    staff = person(Role.CITY_OP, tree.city)
    hidden = make_work(call, tree.dongguan, title="未公开")
    issue = make_issue(call, staff, works, number=3)
    with pytest.raises(WorkflowError, match="没有公开"):
        set_works(actor=staff, issue=issue, works=[hidden])
    assert issue.places.count() == 3
    with pytest.raises(ValidationError):
        make_issue(call, staff, works, number=3)
    same = [
        create_issue(actor=staff, call=call, series=None, fields={"title": "同一张表"}, token="t" * 36).pk
        for _n in range(2)
    ]
    assert same[0] == same[1]
    with pytest.raises(WorkflowError, match="没有公开的作品"):
        submit_issue(actor=staff, issue=make_issue(call, staff, []))


def test_publishing_counts_the_episode_of_its_series(
    call: WorkCall, works: list[Work], tree: Tree, person: Any, people: dict[str, Any], client: Client
) -> None:
    staff = person(Role.CITY_OP, tree.city)
    fields = {"title": "吟诵展播", "kind": "showcase", "planned": 10}
    series = series_actions.create_series(actor=staff, unit=tree.city, slug="yinsong", fields=fields)
    for _n in range(2):
        series_actions.add_episode(actor=staff, series=series, fields={"topic": "一期"})
    issue = make_issue(call, staff, works, series=series)
    through_gate(_submitted(issue, staff), people)
    assert issue.key == "yinsong"
    episode = Episode.objects.get(series=series, number=1)
    assert episode.status == "published"
    assert issue.episode_id == episode.pk
    assert episode.works == ["作品甲", "作品乙", "作品丙"]
    assert "已展播 1 / 10 期" in client.get("/works/issues/yinsong/1/").content.decode()


def test_the_pages_of_the_staff(call: WorkCall, works: list[Work], tree: Tree, signed_in: Any) -> None:
    staff = signed_in(Role.CITY_OP, tree.city)
    data = {"call": call.pk, "title": "第一缕清风", "cover": "cover-paper.svg"}
    assert staff.post("/staff/exhibition/new/", {**data, "call": ""}).status_code == 200
    assert staff.post("/staff/exhibition/new/", data).status_code == 302
    issue = Issue.objects.get()
    assert "作品甲" in staff.get(issue.staff_url).content.decode()
    staff.post(f"{issue.staff_url}works/", {"add": [works[0].pk, works[1].pk, works[2].pk]})
    staff.post(f"{issue.staff_url}works/", {f"pos_{works[0].pk}": "9", "drop": [works[1].pk]})
    assert [place.work_id for place in issue.places.all()] == [works[2].pk, works[0].pk]
    assert "公众看到的就是这个样子" in staff.get(f"{issue.staff_url}preview/").content.decode()
    outsider = signed_in(Role.COUNTY_OP, tree.pingding)
    assert outsider.get(issue.staff_url).status_code == 403
    assert staff.post(f"{issue.staff_url}submit/").status_code == 302
    issue.refresh_from_db()
    assert issue.status == IssueState.REVIEW


def test_outward_selection_is_shown_on_the_work(
    works: list[Work], people: dict[str, Any], client: Client
) -> None:
    reviewer = people["reviewer"]
    fields = {"exhibition": "清风颂", "place": "省城", "result": Result.SENT}
    with pytest.raises(PermissionDenied):
        add_outward(actor=people["outsider"], work=works[0], fields=fields)
    row = add_outward(actor=reviewer, work=works[0], fields=fields)
    with pytest.raises(ValidationError):
        add_outward(actor=reviewer, work=works[0], fields=fields)
    assert "清风颂" not in client.get(works[0].get_absolute_url()).content.decode()
    edit_outward(actor=reviewer, outward=row, fields={"result": Result.AWARDED, "award": "优秀奖"})
    assert "优秀奖" in client.get(works[0].get_absolute_url()).content.decode()
    remove_outward(actor=reviewer, outward=row)
    assert not Outward.objects.exists()


def test_gallery_filters_and_share_picture(
    call: WorkCall, works: list[Work], tree: Tree, person: Any, people: dict[str, Any], client: Client
) -> None:
    other = make_call(tree.city, categories=("CRAFT",), slug="cihua")
    plate = put_on_show(
        make_work(other, tree.dongguan, title="瓷盘莲", text="", extra={"statement": "烧出来就改不了"})
    )
    staff = person(Role.CITY_OP, tree.city)
    through_gate(_submitted(make_issue(call, staff, works[:1]), staff), people)
    for query, inside, outside in (
        ("call=cihua", "瓷盘莲", works[0].no), ("mode=show", "瓷盘莲", works[0].no), ("mode=tell", works[0].no, "瓷盘莲"),
        (f"issue={call.slug}-1", works[0].no, works[1].no), ("q=瓷盘", "瓷盘莲", works[0].no),
    ):  # fmt: skip
        page = client.get(f"/works/?{query}").content.decode()
        assert inside in page, query
        assert outside not in page, query
    assert "烧出来就改不了" in client.get(plate.get_absolute_url()).content.decode()
    assert client.get(f"/works/{plate.no}/share.png").content.startswith(b"\x89PNG")
    Work.every.filter(pk=plate.pk).update(publish_state="taken_down")
    assert client.get(f"/works/{plate.no}/share.png").status_code == 404


@pytest.mark.parametrize("path", ["/works/issues/", "/works/issues/{key}/1/", "/works/?call={key}"])
def test_public_pages_cost_the_same_for_one_and_for_three(
    call: WorkCall, tree: Tree, person: Any, people: dict[str, Any], client: Client, path: str,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from portal.pages import cached

    staff = person(Role.CITY_OP, tree.city)
    first = put_on_show(make_work(call, tree.dongguan))
    issue = through_gate(_submitted(make_issue(call, staff, [first]), staff), people)
    address = path.format(key=call.slug)
    client.get(address)
    cached.forget()
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert client.get(address).status_code == 200
    more = [put_on_show(make_work(call, tree.dongguan)) for _n in range(2)]
    set_works(actor=staff, issue=issue, works=[first, *more])
    issue.refresh_from_db()
    through_gate(issue, people)
    cached.forget()
    client.get(address)
    cached.forget()
    with CaptureQueriesContext(connection) as three:
        assert client.get(address).status_code == 200
    assert len(three) == len(one), [query["sql"][:90] for query in three]


@pytest.mark.parametrize(
    "path", ["/staff/exhibition/", "/staff/exhibition/outward/", "/staff/exhibition/sweeps/"]
)
def test_staff_lists_answer(tree: Tree, signed_in: Any, path: str) -> None:
    role = {"/staff/exhibition/": Role.CITY_OP}.get(path, Role.CITY_REVIEWER)
    assert signed_in(role, tree.city).get(path).status_code == 200
