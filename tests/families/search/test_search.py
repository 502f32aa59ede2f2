"""The index follows every step of a work; what it finds, what it never holds, and how it proves itself."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from families.search import actions, queries
from families.search.gallery import asked, page
from families.search.models import WorkSearch
from families.works.actions import own, publish
from families.works.models import Work, WorkCall
from families.works.rules import Audience, TakedownReason
from portal.access.roles import Role
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.jobs.registry import KINDS
from tests.factories.exhibition import put_on_show
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_call, make_work
from tests.families.works.test_review import show

pytestmark = pytest.mark.django_db


def numbers(**chosen: str) -> list[str]:
    """Of the works of the first page."""
    return [work.no for work in page(asked(**chosen), size=12).rows]


def test_only_a_published_work_is_in_the_index_and_leaves_it_with_its_page(
    call: WorkCall, tree: Tree, people: dict[str, Any]
) -> None:
    work = make_work(call, tree.dongguan, text="勤俭持家，清白做人")
    make_work(call, tree.dongguan, text="只给组织看的清白", audience=Audience.ORGANISATION)
    assert not WorkSearch.objects.exists()
    show(work, people)
    assert numbers(q="清白") == numbers(q="勤俭持家") == numbers(q="家 清白做") == [work.no]
    assert numbers(q="白清") == numbers(q="家清") == numbers(q="勤俭做人") == []
    publish.take_down(actor=people["publisher"], work=work, why=TakedownReason.ERROR, note="有误")
    assert not WorkSearch.objects.exists()
    assert actions.compare(mend=False).total == 0


def test_what_is_said_in_a_recording_is_found(call: WorkCall, tree: Tree, people: dict[str, Any]) -> None:
    work = show(make_work(call, tree.dongguan, extra={"transcript": "一粥一饭，当思来处不易"}), people)
    assert numbers(q="来处") == numbers(q="当思来处不易") == [work.no]
    assert numbers(q="一饭当思") == []
    assert actions.compare(mend=False).total == 0


@pytest.mark.parametrize("audience", [Audience.ORGANISATION, Audience.ONLY_RECIPIENT])
def test_family_that_narrows_is_found_no_more(
    call: WorkCall, tree: Tree, people: dict[str, Any], audience: Audience
) -> None:
    call = make_call(tree.city, categories=("FAMILY_LETTER",))
    work = show(
        make_work(call, tree.dongguan, text="清白做人" * 40, extra={"direction": "parent_to_child"}), people
    )
    assert numbers(q="清白") == [work.no]
    own.change_audience(actor=visitor_for(phone_hash(PHONE)), work=work, audience=audience)
    assert not WorkSearch.objects.exists()


def test_erased_work_leaves_nothing(call: WorkCall, tree: Tree) -> None:
    work = put_on_show(make_work(call, tree.dongguan))
    own.erase(actor=visitor_for(phone_hash(PHONE)), work=work)
    assert not WorkSearch.objects.exists()


def test_work_under_judging_rests_though_its_entry_stays(call: WorkCall, tree: Tree, client: Client) -> None:
    work = put_on_show(make_work(call, tree.dongguan, text="勤俭"))
    Work.every.filter(pk=work.pk).update(status="first_judge")
    assert numbers(q="勤俭") == []
    assert work.no not in client.get("/search/?q=勤俭").content.decode()


def test_filters_together_and_pages_in_order_of_publication(call: WorkCall, tree: Tree) -> None:
    works = [
        put_on_show(make_work(call, tree.dongguan if n % 2 else tree.xiushui, text=f"第{n}条家训"))
        for n in range(6)
    ]
    chosen = asked(q="家训", category="MOTTO", call=call.slug, mode="tell", county=tree.pingding.unit_no)
    first = page(chosen, size=2)
    assert [work.no for work in first.rows] == [works[5].no, works[3].no]
    second = page(chosen, size=2, after=first.after)
    assert [work.no for work in second.rows] == [works[1].no]
    assert [work.no for work in page(chosen, size=2, before=second.before).rows] == [works[5].no, works[3].no]
    assert numbers(q="家训", county="999999999999") == numbers(q="家训", call="nothing") == []


@pytest.mark.parametrize(
    "query", ["q=清白", "q=清白做人", "category=MOTTO", "mode=tell&county={county}", "call={call}"]
)
def test_filtered_gallery_costs_the_same_for_one_and_for_three(
    call: WorkCall, tree: Tree, client: Client, query: str
) -> None:
    address = f"/works/?{query.format(county=tree.pingding.unit_no, call=call.slug)}"
    put_on_show(make_work(call, tree.dongguan))
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).content.decode().count("wk-card__tx") == 1
    for _n in range(2):
        put_on_show(make_work(call, tree.dongguan))
    with CaptureQueriesContext(connection) as three:
        assert client.get(address).content.decode().count("wk-card__tx") == 3
    assert len(three) == len(one) <= 9, [query["sql"][:80] for query in three]


def test_index_proves_itself_and_is_mended(call: WorkCall, tree: Tree) -> None:
    missing, changed, gone = (put_on_show(make_work(call, tree.dongguan)) for _n in range(3))
    actions.take_out(missing.pk)
    Work.every.filter(pk=changed.pk).update(title="改过的题目")
    Work.every.filter(pk=gone.pk).update(audience=Audience.ORGANISATION, publish_state="taken_down")
    with pytest.raises(CommandError):
        call_command("verify_search", stdout=StringIO())
    assert WorkSearch.objects.count() == 2  # looking changes nothing
    report = KINDS["search.compare"].handler(None)
    assert report == {"works": 2, "missing": 1, "different": 1, "leftover": 1}
    assert set(WorkSearch.objects.values_list("work_id", flat=True)) == {missing.pk, changed.pk}
    assert numbers(q="改过的题目") == [changed.no]
    told = StringIO()
    call_command("verify_search", "--json", stdout=told)
    assert json.loads(told.getvalue()) == {"works": 2, "missing": 0, "different": 0, "leftover": 0}


def test_entry_moves_when_its_work_got_another_day(call: WorkCall, tree: Tree) -> None:
    work = put_on_show(make_work(call, tree.dongguan))
    Work.every.filter(pk=work.pk).update(published_at=work.published_at - timedelta(days=30))
    assert KINDS["search.compare"].handler(None) == {"works": 1, "missing": 1, "different": 0, "leftover": 1}
    assert actions.compare(mend=False).total == 0
    assert WorkSearch.objects.count() == 1
    assert not queries.of_works(range(10**6, 10**6 + actions.BATCH)).exists()  # a whole batch in one question


def test_entry_needs_a_day_of_publication(call: WorkCall, tree: Tree) -> None:
    with pytest.raises(ValueError, match="not published"):
        queries.entry_of(make_work(call, tree.dongguan))


def test_staff_role_changes_nothing_about_what_is_found(call: WorkCall, tree: Tree, signed_in: Any) -> None:
    letter = make_work(
        make_call(tree.city, categories=("FAMILY_LETTER",)), tree.dongguan, text="只给妈妈看" * 40,
        audience=Audience.ONLY_RECIPIENT, extra={"direction": "child_to_parent"},
    )  # fmt: skip
    client = signed_in(Role.CITY_REVIEWER, tree.city)
    for address in ("/works/?q=妈妈", "/search/?q=妈妈"):
        assert letter.no not in client.get(address).content.decode()


@pytest.mark.parametrize("typed", ["{no}", " {small} ", "“{no}”", "{wide}", "{bare}"])
def test_a_number_leads_to_its_work(
    call: WorkCall, tree: Tree, people: dict[str, Any], client: Client, typed: str
) -> None:
    work = show(make_work(call, tree.dongguan, text="勤俭持家"), people)
    hidden = make_work(call, tree.dongguan, text="还没公开")
    wide = "".join(chr(ord(char) + 0xFEE0) for char in work.no)
    words = {"small": work.no.lower(), "wide": wide, "bare": work.no.replace("-", "")}
    query = typed.format(no=work.no, **words)
    assert numbers(q=query) == numbers(q=query, mode="tell") == [work.no]
    assert numbers(q=query, mode="film") == []
    assert work.get_absolute_url() in client.get("/search/", {"q": query}).content.decode()
    assert numbers(q=hidden.no) == []
    assert hidden.no not in client.get("/works/", {"q": hidden.no}).content.decode().split("</form>")[-1]


@pytest.mark.parametrize("query", ["“勤俭持家”", "\"勤俭\" '持家'", "《勤俭持家》", "「持家」", '"', "“”"])
def test_quotes_do_no_harm(
    call: WorkCall, tree: Tree, people: dict[str, Any], client: Client, query: str
) -> None:
    work = show(make_work(call, tree.dongguan, text="勤俭持家，清白做人"), people)
    assert numbers(q=query) == [work.no]
    assert client.get("/search/", {"q": query}).status_code == 200
