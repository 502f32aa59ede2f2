"""No judge and no wrong role reaches the family of a work before judges, through any address of the site: every address
with every key of the work, its pictures, its drafts, its exports, searches and messages, opened and read."""

import io
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from families.judging import queries
from families.judging.queries import shown
from families.likeness.models import Likeness
from families.works.actions.numbers import code_for
from families.works.actions.review import pass_format
from families.works.models import Work, WorkCall
from families.works.rules import PublishState, Status, shown_code
from portal.access import scope
from portal.access.roles import EXCLUSIVE_ROLES, ROLES, Role
from portal.accounts.models import User
from portal.accounts.phone_codes import phone_hash
from portal.accounts.second_factor import PASSED_KEY
from portal.drafts.models import FormDraft
from portal.files import responses
from portal.files.models import StoredFile
from portal.jobs.models import Job
from portal.jobs.runner import run_all
from portal.notifications.models import Message, Outgoing
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.reviews.judging.models import Sheet
from portal.ui.lists import LISTS
from portal.units.models import Level
from tests.factories.judging import make_judges, make_scoring
from tests.factories.people import give, make_user
from tests.factories.units import Tree, make_unit
from tests.families.works.conftest import verified
from tests.guards import reach

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # about what answers hold, not about the database
NAME, GUARDIAN, VILLAGE = "鬯鼐懿", "羑堃嵘", "鸮栖"
PHONE, GUARDIAN_PHONE, BORN, TITLE = "13977170928", "13966150739", "2014-07", "灯下一碗粥"
TEXT = f"我叫{NAME[0]} {NAME[1:]}，住{VILLAGE}社区，电话１３９7717-0928。当思来处不易，一粒米也不糟蹋。"
FILE = f"{NAME[0]}家堂屋.jpg"
WORDS = ("当思来处不易", "一粒米也不糟蹋")
ELSEWHERE = [role for role in Role if role not in EXCLUSIVE_ROLES | {Role.JUDGE}]


@dataclass
class Case:
    """The work, who judges it, and what nobody else may read."""

    work: Work
    twin: Work
    judges: list[User]
    keys: dict[str, list[str]]
    words: dict[str, str]
    places: list[str]

    def for_judges(self) -> reach.Secrets:
        """Judges may not even know the number, a masked name, or the address of a file."""
        files = StoredFile.objects.filter(target_type="work", target_id=str(self.work.pk))
        words = {
            **self.words,
            "number": self.work.no,
            "masked phone": "139****0928",
        }
        for at, file in enumerate(files):
            stems = [one.rpartition("/")[2].partition(".")[0][:24] for one in file.paths]
            words |= {f"file {at}": str(file.public_id), f"file {at} short": str(file.public_id)[:8]}
            words |= {f"tag {at}.{n}": stem for n, stem in enumerate(stems)}
        return reach.Secrets(words, [(WORDS, self.places)])

    def for_others(self) -> reach.Secrets:
        """Whoever has nothing to do with the place: not a word of the work either, unless it is the twin's."""
        return reach.Secrets(self.words, [(WORDS, self.places)])


def picture(name: str = FILE) -> SimpleUploadedFile:
    """A photo whose name and whose metadata name the family."""
    image, out, exif = (
        Image.linear_gradient("L").resize((1700, 1200)).convert("RGB"),
        io.BytesIO(),
        Image.Exif(),
    )
    exif[0x013B] = exif[0x010E] = f"{NAME} {VILLAGE}"
    image.save(out, "JPEG", exif=exif, comment=NAME.encode())
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def case(call: WorkCall, tree: Tree, staff: dict[str, User], settings: Any, tmp_path: Any) -> Case:
    """Sent by phone with every secret a form takes, checked, published, then before three of five judges; half of
    another form lies in its draft, and another county has a work with the same words."""
    settings.MEDIA_ROOT = tmp_path
    make_unit(tree.guanshan, "140321100099", f"{VILLAGE}社区", Level.VILLAGE)
    family, token, half = verified(Client(), PHONE), str(uuid.uuid4()), str(uuid.uuid4())
    typed = {
        "category": "MOTTO", "title": TITLE, "text": TEXT, "story": f"{GUARDIAN}立下的规矩。", "x_background": f"{VILLAGE}的老宅",
        "author_name": NAME, "birth_ym": BORN, "phone": PHONE, "area": tree.guanshan.unit_no, "village": f"{VILLAGE}社区",
        "audience": "public", "guardian_name": GUARDIAN, "guardian_phone": GUARDIAN_PHONE, "consent_guardian": "on",
        "consent_processing": "on", "consent_publication": "on", "licence": "on",
    }  # fmt: skip
    form = f"/works/calls/{call.slug}/submit/"
    answer = family.post(form, {**typed, "form_token": token, "action": "send", "files": picture()})
    assert answer.status_code == 302, answer.content.decode()
    family.post(form.replace("submit", "draft"), {**typed, "form_token": half})
    other = {
        "title": "米缸",
        "text": WORDS[0],
        "story": "",
        "village": "",
        "author_name": "王小平",
        "birth_ym": "1970-01",
    }
    other |= {
        "area": tree.xiushui.unit_no,
        "phone": "13711112222",
        "x_background": "",
        "guardian_name": "",
        "guardian_phone": "",
    }
    same = {"form_token": str(uuid.uuid4()), "action": "send", "files": picture("粥.jpg")}
    answer = verified(Client(), "13711112222").post(form, {**typed, **other, **same})
    assert answer.status_code == 302, answer.content.decode()
    work, twin = Work.objects.get(title=TITLE), Work.objects.get(title="米缸")
    run_all()
    pass_format(actor=staff["decider"], work=work)
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    for role in (Role.EDITOR, Role.PUBLISHER):
        gate.pass_on(row, actor=make_user(role, tree.city), answers=list(CHECKLIST))
    judges = make_judges(tree, 5)
    stage = make_scoring(call, staff, judges)
    run_all()
    work.refresh_from_db()
    assert (work.status, work.publish_state) == (Status.FIRST_JUDGE, PublishState.PUBLISHED)
    assert FormDraft.objects.filter(token=half).exists()
    sheets = [
        str(one) for one in Sheet.objects.filter(item__target_id=work.pk).values_list("public_id", flat=True)
    ]
    assert len(sheets) == 3
    files = [
        str(file.public_id) for file in StoredFile.objects.filter(target_type="work", target_id=str(work.pk))
    ]
    code = code_for(token)
    keys = {
        "str": [work.no, token, half, code],
        "int": [str(work.pk), "0"],
        "slug": [call.slug],
        "uuid": [sheets[0], *files, str(stage.public_id), str(row.public_id), sheets[1]],
        "unit_no": ["140321100099"],
    }
    words = {
        "author": NAME, "surname": NAME[0], "given name": NAME[1:], "guardian": GUARDIAN, "guardian's surname": GUARDIAN[0],
        "phone": PHONE, "guardian's phone": GUARDIAN_PHONE, "born": BORN, "born in words": "2014年7月", "written phone": "7717-0928",
        "short code": code, "short code in halves": shown_code(code), "household": work.phone_hash,
        "guardian's household": work.guardian_hash, "file": FILE,
    }  # fmt: skip
    assert work.phone_hash == phone_hash(PHONE)
    return Case(work, twin, judges, keys, words, [VILLAGE, "冠山", "平定"])


def signed_in(user: User) -> Client:
    """With the second factor given, where a role needs one."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    session = client.session
    session[PASSED_KEY] = user.pk
    session.save()
    return client


def everybody_at(unit: Any) -> User:
    """One person with every business role of a place sees whatever any of them could."""
    user = make_user(ELSEWHERE[0], unit)
    for role in ELSEWHERE[1:]:
        give(user, role, unit)
    return user


def extra_addresses(case: Case) -> list[str]:
    """Keys that travel behind a question mark."""
    _no, token, half, code = case.keys["str"]
    form = f"/works/calls/{case.work.call.slug}/submit/"
    return [
        f"{form}?restore={half}", f"{form}?restore={token}", f"/works/resume/?code={code}", case.twin.staff_url,
        f"/me/?next=/me/works/{case.work.no}/",
    ]  # fmt: skip


def told_to(
    client: Client, case: Case, secrets: reach.Secrets, roles: Iterable[Role] | None = None
) -> list[tuple[str, int, str]]:
    """Everything this person is told: at every address, and by searching for what only the family knows."""
    held = None if roles is None else {perm for role in roles for perm in ROLES[role].perms}
    found = reach.walk(client, reach.addresses(case.keys, held=held, near=reach.NEAR), secrets)
    found += reach.walk(client, extra_addresses(case), secrets)
    plain = [
        url
        for url in reach.addresses({}, held=held)
        if "no-such-thing" not in url and not re.search(r"\d{6}", url)
    ]
    asked = reach.questions(reach.searched(client, plain), (NAME, PHONE, f"{VILLAGE}社区"))
    by_name = reach.Secrets({**secrets.words, "found by name": TITLE, "number": case.work.no})
    return found + reach.walk(client, asked, by_name)


# -- judges --------------------------------------------------------------------------------------------


@pytest.mark.once
def test_no_address_tells_a_judge_who_wrote_it(case: Case) -> None:
    sheet = Sheet.objects.filter(item__target_id=case.work.pk)[0]
    judge, other = (
        sheet.judge,
        next(user for user in case.judges if not Sheet.objects.filter(judge=user).exists()),
    )
    page = signed_in(judge).get(sheet.get_absolute_url()).content.decode()
    assert WORDS[0] in page
    assert queries.project([case.work.pk])[case.work.pk].pictures == 1
    assert signed_in(judge).get(f"{sheet.get_absolute_url()}pictures/0/").status_code == 200
    for user in (judge, other):
        assert told_to(signed_in(user), case, case.for_judges(), [Role.JUDGE]) == []


@pytest.mark.full
@pytest.mark.parametrize("number", range(5))
def test_no_address_tells_any_of_the_five(case: Case, number: int) -> None:
    client = signed_in(case.judges[number])
    assert reach.walk(client, reach.addresses(case.keys), case.for_judges()) == []
    assert reach.walk(client, reach.addresses(case.keys, reach.STEPS), case.for_judges(), method="post") == []


def test_no_message_tells_a_judge(case: Case) -> None:
    told, secrets = [], case.for_judges()
    for row in Message.objects.filter(user__in=case.judges):
        told += secrets.told([f"{row.title}\n{row.text}\n{row.url}".encode()])
    for row in Outgoing.objects.filter(user__in=case.judges):
        told += secrets.told([f"{row.subject}\n{row.text}".encode()])
    assert Message.objects.filter(user__in=case.judges).exists()
    assert told == []


# -- wrong roles -----------------------------------------------------------------------------------------


@pytest.mark.once
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


@pytest.mark.once
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


# -- any key in any place ---------------------------------------------------------------------------------


def test_no_mixture_of_keys_tells_anybody(case: Case, tree: Tree) -> None:
    """Keys of one kind in places of another, sent with other methods and bodies: drawn, not listed."""
    every = [key for keys in case.keys.values() for key in keys] + [
        PHONE,
        NAME,
        "results",
        "award",
        "..",
        "%00",
    ]
    mixed = dict.fromkeys(("str", "slug", "unit_no"), sorted(set(every))) | {
        k: case.keys[k] for k in ("int", "uuid")
    }
    urls = reach.addresses(mixed)
    actors = {
        "judge": (signed_in(case.judges[0]), case.for_judges()),
        "elsewhere": (signed_in(everybody_at(tree.yuxian)), case.for_others()),
        "stranger": (Client(raise_request_exception=False), case.for_others()),
    }

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        who=st.sampled_from(sorted(actors)), url=st.sampled_from(urls), method=st.sampled_from(["get", "post", "head"]),
        body=st.dictionaries(st.sampled_from(["q", "no", "code", "resume_code", "form_token", "list", "reason", "name", "action"]),
                             st.sampled_from(every), max_size=3),
    )  # fmt: skip
    def ask(who: str, url: str, method: str, body: dict[str, str]) -> None:
        client, secrets = actors[who]
        typed = "".join(body.values())
        told = reach.walk(client, [url], secrets, method=method, data=body)
        assert [
            one for one in told if not any(secrets.words.get(one[2], "?") in part for part in (typed, url))
        ] == []

    ask()


# -- and it can fail -----------------------------------------------------------------------------------------


def _by_judge(judge: Client, case: Case) -> list[tuple[str, int, str]]:
    held = set(ROLES[Role.JUDGE].perms)
    urls = [url for url in reach.addresses(case.keys, held=held) if url.startswith("/judge/")]
    return reach.walk(judge, urls, case.for_judges())


def test_the_walk_sees_a_projection_without_screening(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "screen", lambda text, _secrets: text)
    judge = signed_in(Sheet.objects.filter(item__target_id=case.work.pk)[0].judge)
    told = {name for _url, _status, name in _by_judge(judge, case)}
    assert {"surname", "guardian", "written phone"} <= told


def test_the_walk_sees_a_header_with_the_address_of_a_file(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = responses.serve

    def serve(file: StoredFile, *args: Any, **kwargs: Any) -> Any:
        answer = known(file, *args, **kwargs)
        answer["Link"] = f"<{file.web_url}>; rel=canonical; title*=UTF-8''{quote(file.original_name)}"
        return answer

    monkeypatch.setattr(responses, "serve", serve)
    judge = signed_in(Sheet.objects.filter(item__target_id=case.work.pk)[0].judge)
    told = {name for _url, _status, name in _by_judge(judge, case)}
    assert {"file", "file 0", "surname"} <= told


def test_the_walk_sees_a_scope_that_lets_everybody_in(
    case: Case, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "_condition", lambda *_args: Q(pk__gt=0))
    client = signed_in(make_user(Role.COUNTY_REVIEWER, tree.yuxian))
    told = {name for _url, _status, name in reach.walk(client, [case.work.staff_url], case.for_others())}
    assert {"surname", f"{VILLAGE} beside the work"} <= told
