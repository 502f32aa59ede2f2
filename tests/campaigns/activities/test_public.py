"""Pages for everybody: only what went through the gate, the same cost for one and many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.activities import actions, public
from campaigns.activities.rules import Status
from portal.access.roles import Role
from portal.publication import actions as gate
from portal.publication import rules as gate_rules
from tests.factories.activities import make_activity, make_campaign


@pytest.mark.parametrize("status", Status.values)
def test_unpublished_records_are_not_found(client, tree, status):
    row = make_activity(tree.dongguan, status=status)
    for path in ("", "qr.svg"):
        assert client.get(f"/activities/{row.no}/{path}").status_code == 404
    assert row.title not in client.get("/activities/").content.decode()


@pytest.mark.parametrize("no", ["x", "HD2026-999999", "%00", "..%2f..%2fetc", "HD2026-000001'--", "a" * 300])
def test_mangled_numbers_are_not_found(client, tree, no):
    assert client.get(f"/activities/{no}/").status_code in (400, 404)


def test_published_page_shows_the_record_without_names_of_staff(client, tree, person):
    author = person(Role.VILLAGE_OP, tree.dongguan, display_name="张内部")
    row = make_activity(
        tree.dongguan, author, status="county_ok", is_published=True, contact="张内部", contact_phone="0353-1234567",
        summary="讲身边的廉洁故事", headcount=2000, headcount_estimated=True, campaign=make_campaign(tree.city),
        remark="内部备注",
    )  # fmt: skip
    page = client.get(f"/activities/{row.no}/").content.decode()
    assert "讲身边的廉洁故事" in page
    assert "约2,000" in page
    for private in ("张内部", "0353-1234567", "内部备注"):
        assert private not in page
    answer = client.get(f"/activities/{row.no}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_pages_cost_the_same_for_one_and_many_and_little_when_kept(client, tree):
    rows = [make_activity(tree.dongguan, status="city_ok", is_published=True) for _ in range(1)]
    with CaptureQueriesContext(connection) as one:
        client.get("/activities/")
    for _ in range(25):
        rows.append(make_activity(tree.dongguan, status="city_ok", is_published=True))
    public.forget()
    with CaptureQueriesContext(connection) as many:
        client.get("/activities/")
    assert len(many) == len(one)
    with CaptureQueriesContext(connection) as kept:
        client.get("/activities/")
        client.get("/activities/")
    assert len(kept) == 0
    client.get(f"/activities/{rows[0].no}/")
    with CaptureQueriesContext(connection) as kept:
        client.get(f"/activities/{rows[0].no}/")
    assert len(kept) == 0


def test_list_walks_by_key_and_filters_by_kind(client, tree):
    numbers = {make_activity(tree.dongguan, status="city_ok", is_published=True).no for _ in range(25)}
    make_activity(tree.dongguan, status="city_ok", is_published=True, kind="reading", title="只此一读")
    page = client.get("/activities/").context["page"]
    more = client.get(f"/activities/{page.next}").context["page"]
    seen = [row.no for row, _photo in page.rows + more.rows]
    assert len(seen) == len(set(seen)) == 26
    assert numbers < set(seen)
    assert [row.title for row, _photo in client.get("/activities/?kind=reading").context["page"].rows] == [
        "只此一读"
    ]
    assert client.get("/activities/?kind=nonsense&after=%%").status_code == 200


def test_two_people_bring_a_record_to_the_public_and_one_takes_it_down(client, signed_in, person, tree):
    author = signed_in(Role.COUNTY_OP, tree.pingding)
    row = make_activity(tree.pingding, author.user, status="county_ok", summary="讲身边的廉洁故事")
    author.post(f"{row.staff_url}publish/")
    process = gate.queries.open_of(row)
    assert process is not None
    editor, publisher = person(Role.EDITOR, tree.city), person(Role.PUBLISHER, tree.city)
    answers = list(gate_rules.CHECKLIST)
    gate.pass_edit(process, actor=editor, answers=answers)
    row.refresh_from_db()
    assert not row.is_published
    gate.publish(process, actor=publisher, answers=answers)
    assert client.get(f"/activities/{row.no}/").status_code == 200
    gate.take_down(process, actor=publisher, reason="内容有误")
    row.refresh_from_db()
    assert not row.is_published
    public.forget()
    assert client.get(f"/activities/{row.no}/").status_code == 404


def test_publication_waits_for_approval(signed_in, tree):
    author = signed_in(Role.COUNTY_OP, tree.pingding)
    row = make_activity(tree.pingding, author.user, status="submitted")
    page = author.post(f"{row.staff_url}publish/", follow=True).content.decode()
    assert "审核通过后才能申请公开" in page


def test_taking_down_hides_at_once(tree, person):
    row = make_activity(tree.dongguan, status="city_ok")
    actions.show_in_public(actor=person(Role.PUBLISHER, tree.city), activity=row)
    actions.hide_from_public(actor=person(Role.PUBLISHER, tree.city), activity=row)
    row.refresh_from_db()
    assert not row.is_published


def test_a_number_leads_to_a_published_record_only(client, tree):
    shown = make_activity(tree.dongguan, status="city_ok", is_published=True)
    hidden = make_activity(tree.dongguan, status="city_ok")
    for query in (shown.no, f"“{shown.no.lower()}”"):
        assert f"/activities/{shown.no}/" in client.get("/search/", {"q": query}).content.decode()
    assert f"/activities/{hidden.no}/" not in client.get("/search/", {"q": hidden.no}).content.decode()
