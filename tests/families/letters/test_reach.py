"""A letter for its recipient only, against the whole site: nobody on the staff is told a word of it at any address, and
every page and figure of the site is the same with the letter as it was without it."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience, Status
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Role
from portal.accounts.models import User
from portal.accounts.second_factor import PASSED_KEY
from portal.dashboards.rollup import roll_up_all
from portal.files.models import StoredFile
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.journal.models import JournalEntry
from portal.notifications.models import Message, Outgoing
from portal.pages import cached
from tests.factories.letters import RECIPIENT, last_link, make_letter, send_letter
from tests.factories.people import give, make_user
from tests.factories.units import Tree
from tests.families.works.conftest import verified
from tests.guards import reach
from tests.portal.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # about what answers hold, not about the database
NAME, TITLE, WORDS, SENDER = "鬯鼐懿", "夜半灯前的话", "只有你知道的那句话", "13977170928"
BUSINESS = [role for role in Role if role not in EXCLUSIVE_ROLES]
# What is kept running, not what is said: rows of jobs, of the outbox and of the journal exist for every letter, without a
# word of it (the walk below reads them too).
OPERATIONS = ("/ops/", "/healthz", "/readyz")


@dataclass
class Letter:
    """The letter, its keys, and what may not be told."""

    work: Work
    keys: dict[str, list[str]]
    secrets: reach.Secrets


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def write(call: WorkCall, tree: Tree) -> Letter:
    """Written in the form, with a page in handwriting, and sent to its recipient, who has opened it."""
    family, token = verified(Client(), SENDER), str(uuid.uuid4())
    typed = {
        "form_token": token, "category": "FAMILY_LETTER", "title": TITLE, "text": WORDS + "，家里都好。" * 80, "author_name": NAME,
        "birth_ym": "1980-05", "phone": SENDER, "area": tree.guanshan.unit_no, "audience": "only_recipient", "action": "send",
        "consent_processing": "on", "x_direction": "child_to_parent", "files": samples.upload(samples.jpeg(), f"{NAME}手写.jpg"),
    }  # fmt: skip
    answer = family.post(f"/works/calls/{call.slug}/submit/", typed)
    assert answer.status_code == 302, answer.content.decode()
    work = Work.every.get(title=TITLE)
    send_letter(work)
    link = last_link()
    run_all()
    return letter_of(work, token, link.strip("/").rpartition("/")[2])


def letter_of(work: Work, token: str, link: str) -> Letter:
    files = [
        str(one.public_id) for one in StoredFile.objects.filter(target_type="work", target_id=str(work.pk))
    ]
    keys = {
        "str": [work.no, token, link], "int": [str(work.pk)], "slug": [work.call.slug, work.no.lower()], "uuid": [token, *files],
        "unit_no": [work.unit.unit_no],
    }  # fmt: skip
    words = {
        "title": TITLE, "words": WORDS, "author": NAME, "surname": NAME[0], "sender": SENDER, "recipient": RECIPIENT,
        "number": work.no, "link": link, "household": work.phone_hash, **{f"file {n}": one for n, one in enumerate(files)},
    }  # fmt: skip
    assert files
    return Letter(work, keys, reach.Secrets(words))


def staff(roles: list[Role], tree: Tree) -> Client:
    """One person with all these roles at the top, second factor given."""
    user: User = make_user(roles[0], tree.province)
    for role in roles[1:]:
        give(user, role, tree.province)
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    session = client.session
    session[PASSED_KEY] = user.pk
    session.save()
    return client


CROWDS = [BUSINESS, *([role] for role in sorted(EXCLUSIVE_ROLES))]
NAMES = ["every business role", *sorted(EXCLUSIVE_ROLES)]


@pytest.mark.once
@pytest.mark.parametrize(
    "roles", [BUSINESS, *(pytest.param(some, marks=pytest.mark.full) for some in CROWDS[1:])], ids=NAMES
)
def test_no_address_tells_anybody_on_the_staff(letters_call: WorkCall, tree: Tree, roles: list[Role]) -> None:
    letter, client = write(letters_call, tree), staff(roles, tree)
    assert letter.work.status == Status.PRIVATE
    held = {perm for role in roles for perm in ROLES[role].perms}
    urls = reach.addresses(letter.keys, held=held, near=reach.NEAR)
    assert reach.walk(client, urls, letter.secrets) == []
    plain = [
        url
        for url in reach.addresses({}, held=held)
        if "no-such-thing" not in url and not re.search(r"\d{6}", url)
    ]
    asked = reach.questions(reach.searched(client, plain), (TITLE, NAME, letter.work.no))
    assert reach.walk(client, asked, letter.secrets) == []
    let_in = [
        url
        for url in urls
        if letter.work.no in url and url.startswith("/staff/") and client.get(url).status_code == 200
    ]
    assert let_in == []


@pytest.mark.full
@pytest.mark.parametrize("role", list(Role))
def test_nothing_that_is_sent_reaches_it(letters_call: WorkCall, tree: Tree, role: Role) -> None:
    letter, client = write(letters_call, tree), staff([role], tree)
    assert reach.walk(client, reach.addresses(letter.keys), letter.secrets) == []
    urls = reach.addresses(letter.keys, reach.STEPS)
    assert reach.walk(client, urls, letter.secrets, method="post", data={"reason": "看一看这封信"}) == []


def test_no_message_and_no_note_tells_of_it(letters_call: WorkCall, tree: Tree) -> None:
    for role in Role:
        make_user(role, tree.city)
    letter = write(letters_call, tree)
    told = []
    for row in Message.objects.all():
        told += letter.secrets.told([f"{row.title}\n{row.text}\n{row.url}".encode()])
    for one in Outgoing.objects.exclude(user=None):
        told += letter.secrets.told([f"{one.subject}\n{one.text}".encode()])
    for entry in JournalEntry.objects.all():
        told += letter.secrets.told([f"{entry.verb} {entry.target_id} {entry.changed}".encode()])
    for job in Job.objects.all():
        told += letter.secrets.told([f"{job.args} {job.result} {job.message} {job.error}".encode()])
    assert told == []


# -- with and without ----------------------------------------------------------------------------------------

NOISE = [
    (re.compile(rb'(X-CSRFToken": ")[^"]*'), rb"\1"),
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*'), rb"\1"),
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), b"uuid"),
    (
        re.compile(
            rb"(nonce|signature|salt|challenge|data-spec|data-proof[\w-]*|altcha[\w-]*|captcha_token)[^>]*"
        ),
        b"noise",
    ),
    (re.compile("[一二三四五六七八九十]加[一二三四五六七八九十]".encode()), b"sum"),
]


def still(client: Client, urls: list[str]) -> dict[str, bytes]:
    """Every page as it stands now, without what is drawn anew for every request."""
    cached.forget()
    found = {}
    for url in urls:
        response = client.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        for pattern, instead in NOISE:
            body = pattern.sub(instead, body)
        found[url] = str(response.status_code).encode() + b"\n" + body
    return found


@pytest.mark.parametrize(
    "roles", [BUSINESS, *(pytest.param(some, marks=pytest.mark.full) for some in ([], *CROWDS[1:]))],
    ids=["every business role", "a visitor", *NAMES[1:]],
)  # fmt: skip
def test_the_site_is_the_same_with_the_letter_and_without(
    letters_call: WorkCall, tree: Tree, roles: list[Role]
) -> None:
    """Lists, counters, figures, reports, dashboards, menus, inboxes: nothing moves by one."""
    WorkCategory.objects.update(per_person=500)
    with time_machine.travel(timezone.now(), tick=False):
        shown = make_letter(
            letters_call, tree.dongguan, audience="organisation", title="给组织看的信", phone="13700000001"
        )
        client = staff(roles, tree) if roles else Client(raise_request_exception=False)
        units = [
            unit.unit_no for unit in (tree.province, tree.city, tree.pingding, tree.guanshan, tree.dongguan)
        ]
        keys = {
            "str": [shown.no],
            "int": [str(shown.pk)],
            "slug": [letters_call.slug],
            "unit_no": units,
            "uuid": [],
        }
        held = {perm for role in roles for perm in ROLES[role].perms}
        run_all()
        roll_up_all()
        run_all()
        urls = [url for url in reach.addresses(keys, held=held) if not url.startswith(OPERATIONS)]
        first = still(client, urls)  # what the first visit of a session brings about
        urls = [url for url in urls if first[url].startswith(b"200")]
        assert len(urls) > (100 if roles == BUSINESS else 20)
        before = still(client, urls)
        letter = write(letters_call, tree)
        roll_up_all()
        run_all()
        after = still(client, urls)
        moved = {url: lines for url in urls if (lines := _difference(before[url], after[url]))}
        assert moved == {}
        if roles == BUSINESS:
            Work.every.filter(pk=letter.work.pk).update(
                audience=Audience.ORGANISATION, status=Status.SUBMITTED
            )
            some = ["/staff/works/", "/staff/", "/staff/inbox/"]
            seen = still(client, some)
            assert [url for url in some if before[url] != seen[url]] == some  # opened to staff it is seen


def _difference(before: bytes, after: bytes) -> list[str]:
    one, other = (text.decode("utf-8", "replace").splitlines() for text in (before, after))
    return [line.strip()[:1500] for line in set(one) ^ set(other)][:6]
