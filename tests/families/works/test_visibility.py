"""What is only for its recipient meets no member of staff, whatever their role; cost of lists stays flat."""

import pytest
from django.test import Client
from django.urls import reverse

from families.works import queries
from families.works.lists import SPEC
from families.works.models import Work, WorkCall
from portal.access.permissions import Perm
from portal.access.roles import ROLES, Role
from portal.access.scope import scope_of
from portal.files import serving
from portal.privacy.rules import ConsentType
from portal.ui.lists import matching
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.factories.works import make_call, make_work
from tests.families.works.test_review import people, show

__all__ = ["people"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(tree: Tree) -> Work:
    call = make_call(tree.city, categories=("FAMILY_LETTER",), max_per_person=500)
    consents = {ConsentType.PROCESSING: "x"}
    return make_work(
        call,
        tree.dongguan,
        audience="only_recipient",
        text="给妈妈的信",
        title="只给妈妈的信",
        consents=consents,
    )


@pytest.mark.parametrize("role", list(Role))
def test_only_recipient_is_invisible_to_every_role(letter: Work, tree: Tree, role: Role, rf: object) -> None:
    from django.http import QueryDict

    user = make_user(role, tree.province)
    scope = scope_of(user)
    for perm in Perm:
        assert not scope.may(perm, letter)
        assert not scope.rows(Work, perm).filter(pk=letter.pk).exists()
        assert not scope.rows(Work.every.all(), perm).filter(pk=letter.pk).exists()
    rows, _filter = matching(SPEC, scope, QueryDict("q=只给妈妈"))
    assert not rows.exists()
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    if Perm.WORK_VIEW in ROLES[role].perms:
        assert client.get(letter.staff_url).status_code == 404
        page = client.get("/staff/works/?q=只给妈妈").content.decode()
        assert letter.no not in page
    assert client.get(letter.get_absolute_url()).status_code == 404
    assert letter.no not in client.get("/search/?q=只给妈妈").content.decode()

    class Asking:
        """A request for a file of the letter."""

        session: dict[str, str] = {}

    Asking.user = user  # type: ignore[attr-defined]
    rule = serving.RULES["work"]
    assert not rule.can_see(Asking(), str(letter.pk), "web")  # type: ignore[arg-type]
    assert rule.is_public is not None
    assert not rule.is_public(str(letter.pk), "web")


def test_the_family_itself_sees_it(letter: Work, family: Client) -> None:
    assert family.get(reverse("families:works:mine", args=[letter.no])).status_code == 200
    assert (
        "没有任何工作人员能打开"
        in family.get(reverse("families:works:mine", args=[letter.no])).content.decode()
    )
    assert queries.readers_of(letter) == []


@pytest.mark.parametrize("url", ["/staff/works/", "/works/"])
def test_lists_cost_the_same_for_one_and_three(
    url: str,
    call: WorkCall,
    tree: Tree,
    people: dict,
    signed_in: object,
    django_assert_num_queries: object,  # type: ignore[type-arg]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(Role.CITY_REVIEWER, tree.city)  # type: ignore[operator]
    show(make_work(call, tree.dongguan), people)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for unit in (tree.nanguan, tree.xiushui):
        show(make_work(call, unit), people)
    client.get(url)  # the counts behind the menu are made anew after a write
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)


def test_gallery_filters_and_pages(client: Client, call: WorkCall, tree: Tree, people: dict) -> None:  # type: ignore[type-arg]
    works = [
        show(make_work(call, tree.dongguan if n % 2 else tree.xiushui, title=f"家训第{n}条"), people)
        for n in range(14)
    ]
    first = client.get("/works/").content.decode()
    assert "家训第13条" not in first or first.count("wk-card__tx") == 12
    assert first.count("wk-card__tx") == 12
    assert client.get("/works/?county=140322000000").content.decode().count("wk-card__tx") == 7
    assert client.get(f"/works/?q={works[3].text}").content.decode().count("wk-card__tx") == 1
    assert "没有符合条件" in client.get("/works/?category=PAINTING").content.decode()
    assert client.get("/works/?after=zzz&category=%00x").status_code in (200, 400)
