"""No judge and no wrong role reaches an author through any address of the site."""

import re

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from families.judging.queries import project
from families.judging.screening import HIDDEN, screen
from families.works.entry import AuthorEntry
from families.works.models import Work, WorkCategory
from families.works.rules import PublishState
from portal.access.roles import Role
from portal.accounts.second_factor import PASSED_KEY
from portal.files.models import StoredFile
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.reviews.judging import actions
from portal.reviews.judging.models import JudgingStage, Sheet
from tests.factories.judging import make_accepted, make_scoring, score_all
from tests.factories.people import make_user
from tests.guards.test_access import ALL, SAMPLES

pytestmark = pytest.mark.django_db
NAME, PHONE, GUARDIAN, GUARDIAN_PHONE = "欧阳守廉", "13977778888", "欧阳大山", "13966665555"
TEXT = "我叫欧 阳守廉，住东关社区，电话１３９7777-8888。一粥一饭当思来处不易。"


@pytest.fixture
def judged(call, tree, staff, judges):
    """A work by a known child, public with its name, now before judges; and the round."""
    work = make_accepted(
        call, tree, staff, author_name=NAME, phone=PHONE, birth_ym="2014-05", guardian_name=GUARDIAN, audience="public",
        guardian_phone=GUARDIAN_PHONE, text=TEXT, story="东关的爷爷欧阳大山立下的规矩。", title="守廉家训",
        consents={ConsentType.PROCESSING: "同意", ConsentType.LICENCE: "授权", ConsentType.PUBLICATION: "公开", ConsentType.GUARDIAN: "监护"},
    )  # fmt: skip
    editor, publisher = make_user(Role.EDITOR, tree.city), make_user(Role.PUBLISHER, tree.city)
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    gate.pass_edit(row, actor=editor, answers=CHECKLIST)
    gate.publish(row, actor=publisher, answers=CHECKLIST)
    work.refresh_from_db()
    assert work.publish_state == PublishState.PUBLISHED
    stage = make_scoring(call, staff, judges)
    return work, stage


def values_for(work: Work, stage: JudgingStage) -> dict[str, list[str]]:
    """What a curious person could put into any address."""
    sheets = Sheet.objects.filter(item__stage=stage)
    row = Publication.objects.get(content_type="work", target_id=work.pk)
    files = StoredFile.objects.filter(target_type="work", target_id=str(work.pk))
    public_ids = [
        str(one) for one in (stage.public_id, row.public_id, *sheets.values_list("public_id", flat=True)[:4])
    ]
    return {
        "uuid": [*public_ids, *(str(file.public_id) for file in files)],
        "int": [str(work.pk), "0"],
        "slug": [work.call.slug, "award", "results", "pictures", "clips"],
        "str": [work.no, str(work.pk)],
        "path": [work.no],
        "unit_no": [work.unit.unit_no],
    }


def addresses_of(work: Work, stage: JudgingStage) -> set[str]:
    known, found = values_for(work, stage), set()
    for route, _pattern, _space in ALL:
        if route.startswith(("^", "accounts/logout")) or "(?P" in route:
            continue
        made = [""]
        for part in re.split(r"(<[^>]+>)", route):
            if part.startswith("<"):
                kind = part[1:-1].split(":")[0] if ":" in part else "str"
                made = [start + one for start in made for one in known.get(kind, [SAMPLES.get(kind, "x")])]
            else:
                made = [start + part for start in made]
        found |= {f"/{one}" for one in made[:40]}
    more = ("/works/", "/search/", "/judge/", "/staff/works/", "/staff/judging/", "/staff/publication/")
    return found | {
        f"{one}?q={word}" for one in more for word in (NAME, "东关社区", PHONE, "守廉家训", work.no)
    }


def leaks(client: Client, work: Work, stage: JudgingStage) -> list[tuple[str, str]]:
    secret = (
        NAME,
        "守廉",
        "欧阳同学",
        "欧*",
        PHONE,
        "139****8888",
        GUARDIAN,
        GUARDIAN_PHONE,
        "7777-8888",
        work.display_name,
    )
    found = []
    for address in sorted(addresses_of(work, stage)):
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        asked = re.sub(r'value="[^"]*"|[?&]q=[^"&\s]*|“[^”]*”', "", body.decode("utf-8", "replace"))
        # what somebody typed into the address may come back on its page; it is not the portal that tells it
        found += [(address, word) for word in secret if word in asked and word not in address]
        if work.text[-10:-1] in asked and "东关" in asked:
            found.append((address, "东关"))
    return found


@pytest.mark.once
def test_no_address_leads_a_judge_to_the_author_after_the_round(judged, staff, judges, enter):
    """While it is open: `reach`."""
    work, stage = judged
    score_all(stage, lambda sheet: ["25", "10", "25", "20", "10", "10"])
    actions.close_stage(actor=staff["manager"], stage=stage)
    mine = Sheet.objects.filter(item__target_id=work.pk)[0]
    judge = enter(mine.judge)
    page = judge.get(mine.get_absolute_url()).content.decode()
    assert "一粥一饭当思来处不易" in page
    assert HIDDEN in page
    assert leaks(judge, work, stage) == []


@pytest.mark.once
def test_no_address_leads_the_administrator_to_the_author(judged, tree):
    """The outbox shows masked numbers without a word of what they are about; other roles: `reach`."""
    work, stage = judged
    user, client = make_user(Role.SYS_ADMIN, tree.city), Client()
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    session = client.session
    session[PASSED_KEY] = user.pk
    session.save()
    assert [found for found in leaks(client, work, stage) if found != ("/ops/outbox/", "139****8888")] == []


def test_another_judges_sheet_does_not_exist(judged, judges, enter):
    work, _stage = judged
    mine = Sheet.objects.filter(item__target_id=work.pk)[0]
    other = next(user for user in judges if user.pk != mine.judge_id)
    client = enter(other)
    for address in (mine.get_absolute_url(), f"{mine.get_absolute_url()}pictures/0/"):
        assert client.get(address).status_code == 404
    assert client.post(f"{mine.get_absolute_url()}recuse/", {"recuse-reason": "认识"}).status_code == 404


def test_public_page_rests_while_judged(judged, client):
    work, _stage = judged
    assert client.get(work.get_absolute_url()).status_code == 404
    assert work.title not in client.get("/works/").content.decode()


def test_projection_has_nothing_of_the_family(judged):
    work, _stage = judged
    shown = project([work.pk])[work.pk]
    words = " ".join(
        [shown.title, *(text for _label, text in shown.parts), *(text for _l, text in shown.facts)]
    )
    assert not any(secret in words for secret in ("守廉", "欧阳", "大山", "东关", "7777"))


def test_addresses_outside_are_no_way_to_the_author(call, tree, staff, judges, enter):
    """A film kept elsewhere stands under its author's account: neither the field nor a link in the words is shown."""
    call.categories.set(WorkCategory.objects.filter(code="RECITATION"))
    link = "https://video.example.com/@author-account/1"
    work = make_accepted(
        call, tree, staff, category=call.categories.get(), text="",
        extra={"link": link, "transcript": f"全文见 {link}，或 www.example.com/me", "statement": "念给孩子听"},
    )  # fmt: skip
    shown = project([work.pk])[work.pk]
    assert shown.is_elsewhere
    assert dict(shown.parts)["文字稿（给听不见的人看）"] == f"全文见 {HIDDEN}，或 {HIDDEN}"
    make_scoring(call, staff, judges)
    sheet = Sheet.objects.filter(item__target_id=work.pk).select_related("judge").first()
    page = enter(sheet.judge).get(sheet.get_absolute_url()).content.decode()
    assert "example.com" not in page
    assert "站外网页" in page


@settings(max_examples=80)
@given(
    name=st.text(alphabet="王李欧阳守廉𬀩㛃·", min_size=2, max_size=5).filter(lambda n: len(n.replace("·", "")) >= 2),
    before=st.text(alphabet="家风清白，。 \n", max_size=8), gap=st.sampled_from(["", " ", "·", "　", "，", "\n"]),
)  # fmt: skip
def test_a_name_never_survives_screening(name, before, gap):
    letters = [char for char in name if char != "·"]
    text = before + gap.join(letters) + before
    assert "".join(letters) not in re.sub(r"[\s·，　]", "", screen(text, [name]))


def test_nothing_of_any_author_is_left_in_what_judges_read(call, tree, staff):
    work = make_accepted(
        call, tree, staff,
        authors=(AuthorEntry("李建国", "1975-05"), AuthorEntry("欧阳小荷", "2010-05", pen_name="荷塘月", role="书写")),
        household="清白李家", instructors=("王大明", "赵老师"), guardian_name="李建国", guardian_phone="13966665555",
        text="建国和小荷写，荷塘月题。清白李家的规矩，大明老师教。",
        consents={ConsentType.PROCESSING: "同意", ConsentType.GUARDIAN: "监护"},
    )  # fmt: skip
    seen = project([work.pk])[work.pk]
    words = str(seen.parts) + seen.title + str(seen.facts)
    for name in ("建国", "小荷", "荷塘月", "清白李家", "大明", "书写"):
        assert name not in words
    assert words.count(HIDDEN) >= 5
