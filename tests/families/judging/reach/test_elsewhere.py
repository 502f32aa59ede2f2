"""No wrong role, other place, stranger or other family reaches a work before judges, through any address of the site."""

import uuid

import pytest
from django.test import Client

from families.likeness.models import Likeness
from families.works.actions.numbers import code_for
from portal.access.roles import EXCLUSIVE_ROLES, Role
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.ui.lists import LISTS
from tests.factories.people import give, make_user
from tests.factories.units import Tree
from tests.families.judging.reach.case import ELSEWHERE, Case, everybody_at, signed_in, told_to
from tests.families.works.conftest import verified
from tests.guards import reach

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # about what answers hold, not about the database


@pytest.mark.parametrize(
    "place", ["yuxian", *(pytest.param(one, marks=pytest.mark.full) for one in ("nanguan", "office"))]
)
def test_no_address_tells_another_place(case: Case, tree: Tree, place: str) -> None:
    """Another county, the next village of the same town, an office of the city."""
    client = signed_in(everybody_at(getattr(tree, place)))
    if place == "yuxian":
        assert Likeness.objects.exists()
        assert case.work.no in client.get(case.twin.staff_url).content.decode()  # alike, but out of reach
    assert told_to(client, case, case.for_others(), ELSEWHERE) == []


def test_no_address_tells_a_stranger_or_another_family(case: Case) -> None:
    for client in (
        Client(raise_request_exception=False),
        verified(Client(raise_request_exception=False), "13655556666"),
    ):
        assert told_to(client, case, case.for_others(), []) == []


def test_no_short_code_opens_it_with_another_phone(case: Case) -> None:
    client = verified(Client(), "13655556666")
    for code in (case.words["short code"], code_for(case.keys["str"][2])):
        answer = client.post("/works/resume/", {"action": "verify", "resume_code": code}, follow=True)
        assert case.for_others().told(reach.opened(answer)) == []
        assert answer.redirect_chain[-1][0] == "/me/"


OUTSIDE = [
    Role.PROVINCE_VIEWER,
    Role.SPEAKER,
    Role.STORE_KEEPER,
    Role.STORE_SUPERVISOR,
    Role.VETTING_OFFICER,
    Role.SUPERVISION,
]


@pytest.mark.parametrize(
    "roles",
    [OUTSIDE, *(pytest.param([role], marks=pytest.mark.full) for role in sorted(EXCLUSIVE_ROLES))],
    ids="+".join,
)
def test_no_address_tells_a_role_without_works(case: Case, tree: Tree, roles: list[Role]) -> None:
    """Above the place, but without the right to works: totals, speakers, stores, supervision, administrators."""
    user = make_user(roles[0], tree.province)
    for role in roles[1:]:
        give(user, role, tree.province)
    assert told_to(signed_in(user), case, case.for_others(), roles) == []


@pytest.mark.full
@pytest.mark.parametrize("place", ["yuxian", "xiushui", "nanguan", "office"])
@pytest.mark.parametrize("role", ELSEWHERE)
def test_no_address_tells_any_role_elsewhere(case: Case, tree: Tree, place: str, role: Role) -> None:
    client = signed_in(make_user(role, getattr(tree, place)))
    assert reach.walk(client, reach.addresses(case.keys), case.for_others()) == []
    assert reach.walk(client, reach.addresses(case.keys, reach.STEPS), case.for_others(), method="post") == []


def test_no_export_tells_another_place(case: Case, tree: Tree) -> None:
    client, told, files = signed_in(everybody_at(tree.yuxian)), [], 0
    for code, spec in LISTS.items():
        for kind in ("csv", "xlsx") if spec.export else ():
            asked = {
                "list": code,
                "format": kind,
                "query": "",
                "token": str(uuid.uuid4()),
                "reason": "核对名单需要",
            }
            client.post("/staff/lists/export/", asked)
    run_all()
    for job in Job.objects.filter(kind="listing.export"):
        answer = client.get(f"/staff/jobs/{job.public_id}/file/")
        files += answer.status_code == 200
        told += [(job.args["list_code"], name) for name in case.for_others().told(reach.opened(answer))]
    assert files > 10
    assert told == []
