"""Only the recipient: no member of staff meets the letter, at any address, in any list, export, figure, inbox or file."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from families.letters.models import Delivery
from families.likeness.queries import work_to_compare
from families.works import queries as works
from families.works.actions import own
from families.works.models import Work, WorkCall
from families.works.rules import Audience, PublishState, Status
from portal.access.permissions import Perm
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Reach, Role
from portal.access.scope import scope_of
from portal.accounts.phone_codes import visitor_for
from portal.accounts.second_factor import PASSED_KEY
from portal.dashboards import todo
from portal.grants.models import Grant
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.actions import read_details
from portal.journal.models import JournalEntry
from portal.listing.actions import request_export
from portal.metrics import SOURCES as METRICS
from portal.notifications.models import Message
from portal.pages import search as site_search
from portal.privacy.models import Consent
from portal.publication.models import Publication, PublicCopy
from portal.publication.queries import visible
from portal.reviews.inbox import SOURCES as INBOXES
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import LISTS, matching
from tests.factories.letters import attach_photo, handwriting, make_letter, send_letter
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.families.works.test_review import people, show
from tests.guards.test_access import ALL, concrete, rule

__all__ = ["people"]
pytestmark = pytest.mark.django_db
TITLE, WORDS = "独一无二的题目", "独一无二的正文"
SECRETS = (TITLE, WORDS)


@pytest.fixture
def kept(letters_call: WorkCall, tree: Tree) -> Work:
    """For its recipient only from the first moment, sent, with a handwritten page."""
    work = make_letter(letters_call, tree.dongguan, title=TITLE, text=WORDS)
    attach_photo(work, handwriting())
    send_letter(work)
    return work


@pytest.fixture
def taken_back(letters_call: WorkCall, tree: Tree, people: Any) -> Work:
    """Read by staff, published, then taken back from everybody but the recipient."""
    consents = {"c1": "x", "c3": "x", "c5": "x"}
    work = show(
        make_letter(
            letters_call, tree.dongguan, title=TITLE, text=WORDS, audience="public", consents=consents
        ),
        people,
    )
    attach_photo(work, handwriting())
    run_all()
    own.change_audience(actor=visitor_for(work.phone_hash), work=work, audience=Audience.ONLY_RECIPIENT)
    run_all()
    return Work.every.get(pk=work.pk)


def addresses_of(work: Work, held: set[Perm]) -> Iterator[str]:
    """Every address that a role is let into at all (the rest: `test_access`), with this letter's number and keys."""
    publication = Publication.objects.filter(target_id=work.pk).first()
    fill = {
        "no-such-thing": work.no,
        "987654321": str(work.pk),
        "5d0e7c1e-1111-4222-8333-444455556666": str(publication.public_id)
        if publication
        else str(work.client_token),
    }
    for route, pattern, space in ALL:
        known = rule(pattern, space)
        if route.startswith("^") or "(?P" in route or "logout" in route or known is None:
            continue
        if known.kind == "allow" and not held & set(known.perms):
            continue
        address = concrete(route)
        for sample, value in fill.items():
            address = address.replace(sample, value)
        yield address
    yield from (f"{path}?q={TITLE}" for path in ("/staff/works/", "/staff/cards/", "/search/", "/works/"))
    yield "/staff/publication/?title=" + TITLE
    for file in works.photos_of([work]).get(str(work.pk), []):
        yield from (file.thumb_url, file.web_url, file.master_url)


def body_of(response: Any) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode("utf-8", "replace")


ADMINS = sorted(EXCLUSIVE_ROLES)
EVERYBODY = [role for role in Role if role not in EXCLUSIVE_ROLES]


@pytest.mark.once
@pytest.mark.parametrize(
    "roles", [EVERYBODY, *([role] for role in ADMINS)], ids=["every business role", *ADMINS]
)
def test_no_address_shows_it_to_any_role(roles: list[Role], kept: Work, taken_back: Work, tree: Tree) -> None:
    """One person with every business role at the top sees whatever any of them could; administrators hold one each."""
    user = make_user(roles[0], tree.province)
    for role in roles[1:]:
        Grant.objects.create(
            user=user, role=role, unit=tree.province, reach=Reach.SUBTREE, starts_on=timezone.localdate()
        )
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    if roles[0] in EXCLUSIVE_ROLES:
        session = client.session
        session[PASSED_KEY] = user.pk
        session.save()
    files = {str(file.public_id) for found in works.photos_of([kept, taken_back]).values() for file in found}
    assert len(files) == 2
    held: set[Perm] = {perm for role in roles for perm in ROLES[role].perms}
    told = []
    for address in sorted({*addresses_of(kept, held), *addresses_of(taken_back, held)}):
        response = client.get(address)
        text = body_of(response) if response.status_code == 200 else ""
        typed = TITLE in address  # a page may repeat what was searched for
        if WORDS in text or (TITLE in text and not typed) or (any(key in address for key in files) and text):
            told.append((address, response.status_code))
    assert told == []


@pytest.mark.parametrize("name", ["kept", "taken_back"])
@pytest.mark.parametrize("role", list(Role))
def test_no_registered_source_holds_it(name: str, role: Role, tree: Tree, request: Any) -> None:
    work = request.getfixturevalue(name)
    user = make_user(role, tree.province)
    scope = scope_of(user)
    for perm in Perm:
        assert not scope.may(perm, work)
        assert not scope.rows(Work.every.all(), perm).filter(pk=work.pk).exists()
        assert not scope.rows(Delivery, perm).exists()
    for spec in LISTS.values():
        rows, _filter = matching(spec, scope, QueryDict(""))
        shown = [
            str(value)
            for row in rows[:200]
            for column in spec.columns
            for value in (column.value(row), (column.export_value or column.value)(row))
        ]
        assert not any(secret in value for secret in SECRETS for value in shown), spec.code
    for source in INBOXES.values():
        assert not any(TITLE in item.title + item.sub for item in source.items(scope, 50)), source.code
    for one in todo._sources.values():
        assert not any(TITLE in item.title for item in one.items(scope, 50))
    assert not any(TITLE in str(row.snapshot) + row.title for row in visible(scope))
    for search in site_search._sources.values():
        assert list(search.find([TITLE], 10)) == []


@pytest.mark.parametrize("name", ["kept", "taken_back"])
def test_neither_figures_nor_messages_nor_journal_hold_it(
    name: str, tree: Tree, request: Any, rf: Any
) -> None:
    work = request.getfixturevalue(name)
    for role in Role:
        make_user(role, tree.city)
    run_all()
    for code, source in METRICS.items():
        for rows in (source.counted(), source.pending() if source.pending else None):
            if rows is not None and rows.model is Work:
                assert not rows.filter(pk=work.pk).exists(), code
    assert not any(TITLE in row.title + row.text for row in Message.objects.all())
    for entry in JournalEntry.objects.all():
        assert not any(
            secret in json.dumps(read_details(entry) or {}, ensure_ascii=False) for secret in SECRETS
        )
    assert work_to_compare(work.pk) is None
    assert works.readers_of(work) == []
    copies = PublicCopy.objects.values_list("snapshot", flat=True)
    assert not any(secret in json.dumps(copy, ensure_ascii=False) for secret in SECRETS for copy in copies)
    assert not any(
        secret in json.dumps(job.args, ensure_ascii=False) for secret in SECRETS for job in Job.objects.all()
    )


@pytest.mark.parametrize("name", ["kept", "taken_back"])
def test_exports_are_without_it(name: str, tree: Tree, request: Any) -> None:
    request.getfixturevalue(name)
    user = make_user(Role.CITY_REVIEWER, tree.city)
    jobs = [
        request_export(actor=user, list_code=code, query="", file_format="csv", reason="核对名单需要")
        for code in ("works", "cards")
    ]
    run_all()
    for job in jobs:
        job.refresh_from_db()
        assert job.state == "done", job.error
        text = job.open_file().read().decode("utf-8-sig")
        assert not any(secret in text for secret in SECRETS)


def test_models_of_letters_are_reached_by_no_scope() -> None:
    assert apps.get_model("families", "Delivery").scope_rule.kind == "unscoped"


# -- the four audiences ------------------------------------------------------------------------------


def test_taken_back_is_gone_from_kept_pages_at_once(
    letters_call: WorkCall, tree: Tree, people: Any, client: Client
) -> None:
    consents = {"c1": "x", "c3": "x", "c5": "x"}
    letter = make_letter(letters_call, tree.dongguan, title=TITLE, audience="public", consents=consents)
    work = show(letter, people)
    url = work.get_absolute_url()
    for _kept in range(2):
        assert url in Client().get("/works/").content.decode()
        assert Client().get(url).status_code == 200
    own.change_audience(actor=visitor_for(work.phone_hash), work=work, audience=Audience.ONLY_RECIPIENT)
    assert url not in Client().get("/works/").content.decode()
    assert Client().get(url).status_code == 404
    work = Work.every.get(pk=work.pk)
    assert (work.status, work.publish_state) == (Status.PRIVATE, PublishState.TAKEN_DOWN)


def test_every_widening_is_asked_and_written_down_anew(letters_call: WorkCall, tree: Tree) -> None:
    work = make_letter(letters_call, tree.dongguan)
    author = visitor_for(work.phone_hash)
    steps = [(Audience.ORGANISATION, "c1", 2), (Audience.ANONYMOUS, "c3", 1), (Audience.PUBLIC, "c3", 2)]
    for audience, kind, count in steps:
        with pytest.raises(WorkflowError, match="重新勾选同意"):
            own.change_audience(actor=author, work=work, audience=audience)
        assert Work.every.get(pk=work.pk).audience != audience
        own.change_audience(actor=author, work=work, audience=audience, consented=True, ip="10.0.0.1")
        rows = Consent.objects.filter(target_type="families.work", target_id=work.pk, type=kind)
        assert rows.count() == count
        assert rows.filter(withdrawn_at__isnull=True).get().ip == "10.0.0.1"
    assert Work.every.get(pk=work.pk).status == Status.SUBMITTED
    own.change_audience(actor=author, work=work, audience=Audience.ORGANISATION)
    assert not Consent.objects.filter(target_id=work.pk, type="c3", withdrawn_at__isnull=True).exists()


def test_staff_hears_of_it_only_when_it_is_opened_to_them(letters_call: WorkCall, tree: Tree) -> None:
    make_user(Role.CITY_REVIEWER, tree.city)
    work = make_letter(letters_call, tree.dongguan, title=TITLE)
    run_all()
    assert not Message.objects.exists()
    own.change_audience(
        actor=visitor_for(work.phone_hash), work=work, audience=Audience.ORGANISATION, consented=True
    )
    run_all()
    assert any(TITLE in row.title for row in Message.objects.all())


def test_who_can_see_it_names_units_roles_and_people(letters_call: WorkCall, tree: Tree) -> None:
    for role, unit, count in (
        (Role.CITY_REVIEWER, tree.city, 2), (Role.COUNTY_LEADER, tree.pingding, 1), (Role.COUNTY_OP, tree.yuxian, 1),
        (Role.EDITOR, tree.city, 1), (Role.VILLAGE_OP, tree.dongguan, 1), (Role.SYS_ADMIN, tree.city, 1),
    ):  # fmt: skip
        for _person in range(count):
            make_user(role, unit)
    narrow = make_user(Role.CITY_OP, tree.city)
    narrow.grants.update(reach=Reach.UNIT)
    work = make_letter(letters_call, tree.dongguan, audience="organisation")
    found = [(row.unit, row.people, row.why) for row in works.readers_of(work)]
    assert found == [("阳泉市妇联", 2, ""), ("平定县妇联", 1, ""), ("东关社区妇联", 1, "")]
    own.change_audience(
        actor=visitor_for(work.phone_hash), work=work, audience=Audience.ANONYMOUS, consented=True
    )
    assert ("阳泉市妇联", 1, "发布前审核") in [
        (row.unit, row.people, row.why) for row in works.readers_of(work)
    ]


def test_old_letters_follow(letters_call: WorkCall, tree: Tree) -> None:
    """An edit of the form narrows and widens like the button does."""
    from families.works.actions.submit import resubmit
    from tests.factories.works import make_entry

    work = make_letter(letters_call, tree.dongguan, audience="organisation")
    entry = {"category": work.category, "extra": work.extra, "text": work.text}
    author = visitor_for(work.phone_hash)
    resubmit(
        actor=author,
        work=work,
        entry=make_entry(letters_call, tree.dongguan, audience="only_recipient", **entry),
    )
    assert Work.every.get(pk=work.pk).status == Status.PRIVATE
    assert timezone.now() > work.submitted_at
    resubmit(
        actor=author,
        work=work,
        entry=make_entry(letters_call, tree.dongguan, audience="organisation", **entry),
    )
    assert Work.every.get(pk=work.pk).status == Status.SUBMITTED
