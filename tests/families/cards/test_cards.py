"""Desk cards: studio, consent, batch of 60 read back from the PDF, who is left out."""

import io
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from families.cards import actions, documents, ink, queries
from families.cards.models import Card, CardBatch
from families.cards.rules import Fold, Reason, Sheet, Size, pages_of, plain_crop, point_size
from families.works.actions import own
from families.works.actions.review import pass_format
from families.works.models import Work, WorkCall
from families.works.rules import Audience
from portal import typeset
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.accounts.phone_codes import visitor_for
from portal.jobs.models import Job, JobState
from portal.jobs.runner import run_all
from portal.privacy.models import Consent
from portal.reviews.workflow import WorkflowError
from tests.factories.letters import attach_photo, handwriting, make_card, make_message
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.families.works.conftest import verified

pytestmark = pytest.mark.django_db
MM = 72 / 25.4


def checked(work: Work, reviewer: Any) -> Work:
    pass_format(actor=reviewer, work=work)
    work.refresh_from_db()
    return work


def printable(call: WorkCall, tree: Tree, reviewer: Any, number: int, **fields: Any) -> Work:
    work = make_message(call, tree.dongguan, number, **fields)
    make_card(work)
    return checked(work, reviewer)


def batch(actor: Any, unit: Any, works: list[Work], **fields: Any) -> CardBatch:
    fields = {"size": Size.A5, "fold": Fold.TENT, "sheet": Sheet.SINGLE, "token": str(uuid.uuid4()), **fields}
    return actions.ask_batch(actor=actor, unit=unit, chosen=works, **fields)


def pdf_of(made: CardBatch) -> PdfReader:
    run_all()
    job = Job.objects.get(pk=made.job_id)
    assert job.state == JobState.DONE, job.error
    return PdfReader(io.BytesIO(job.open_file().read()))


def size_of(page: Any) -> tuple[int, int]:
    return round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM)


def text_of(reader: PdfReader) -> str:
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")


@pytest.fixture
def reviewer(tree: Tree) -> Any:
    return make_user(Role.COUNTY_REVIEWER, tree.pingding)


@pytest.fixture
def clerk(tree: Tree) -> Any:
    return make_user(Role.COUNTY_OP, tree.pingding)


def test_sixty_cards_in_one_file_read_back(
    letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any
) -> None:
    works = [
        printable(letters_call, tree, reviewer, n, text=f"清白做人{n:02d}，名叫𬀩㛃的女儿写")
        for n in range(60)
    ]
    made = batch(clerk, tree.pingding, works)
    reader = pdf_of(made)
    assert len(reader.pages) == 120
    assert {size_of(page) for page in reader.pages} == {(230, 168)}
    text = text_of(reader)
    assert all(f"清白做人{n:02d}" in text for n in range(60))
    assert text.count("𬀩㛃") == 60
    made.refresh_from_db()
    assert (made.made, made.left_out) == (60, {})
    assert Job.objects.get(pk=made.job_id).result == {"cards": 60, "left_out": 0}
    assert Card.objects.filter(printed_at__isnull=False).count() == 60


@pytest.mark.parametrize(
    ("size", "sheet", "pages", "paper"),
    [
        (Size.A5, Sheet.SINGLE, 10, (230, 168)),
        (Size.A6, Sheet.SINGLE, 10, (168, 125)),
        (Size.A5, Sheet.A4, 6, (210, 297)),
        (Size.A6, Sheet.A4, 4, (297, 210)),
    ],
)
@pytest.mark.parametrize("fold", list(Fold))
def test_every_layout(
    letters_call: WorkCall, tree: Tree, reviewer: Any, size: str, sheet: str, pages: int, paper: tuple[int, int], fold: str
) -> None:  # fmt: skip
    works = [printable(letters_call, tree, reviewer, n) for n in range(5)]
    rows = list(queries.for_staff(scope_of(reviewer)).filter(pk__in=[work.pk for work in works]))
    reader = PdfReader(io.BytesIO(documents.pdf(rows, size=size, fold=fold, sheet=sheet)))
    assert len(reader.pages) == pages == pages_of(5, size=size, sheet=sheet)
    assert {size_of(page) for page in reader.pages} == {paper}
    text = text_of(reader)
    assert text.count("守得住清白") == 5
    assert text.count("爸爸") == 5
    assert ("折" in text) == (fold == Fold.TENT)


def test_who_is_left_out_and_why(letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any) -> None:
    good = printable(letters_call, tree, reviewer, 1)
    silent = checked(make_message(letters_call, tree.dongguan, 2), reviewer)
    sorry = printable(letters_call, tree, reviewer, 3)
    actions.withdraw(actor=visitor_for(sorry.phone_hash), work=sorry)
    fresh = make_message(letters_call, tree.dongguan, 4)
    make_card(fresh)
    rows = {work.no: work for work in queries.for_staff(scope_of(clerk))}
    reasons = {no: queries.reason_of(work) for no, work in rows.items()}
    assert reasons == {
        good.no: None, silent.no: Reason.NOT_ASKED, sorry.no: Reason.WITHDRAWN, fresh.no: Reason.NOT_CHECKED,
    }  # fmt: skip
    made = batch(clerk, tree.pingding, [good, silent, sorry, fresh])
    assert len(pdf_of(made).pages) == 2
    made.refresh_from_db()
    assert made.left_out == {"not_asked": 1, "withdrawn": 1, "not_checked": 1}


def test_consent_withdrawn_after_asking_counts(
    letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any
) -> None:
    works = [printable(letters_call, tree, reviewer, n) for n in range(2)]
    made = batch(clerk, tree.pingding, works)
    actions.withdraw(actor=visitor_for(works[0].phone_hash), work=works[0])
    reader = pdf_of(made)
    assert len(reader.pages) == 2
    assert "守得住清白，回得了家门0" not in text_of(reader)
    later = batch(clerk, tree.pingding, works)
    assert len(pdf_of(later).pages) == 2


def test_narrowed_to_the_recipient_it_leaves_list_and_file(
    letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any
) -> None:
    works = [printable(letters_call, tree, reviewer, n) for n in range(2)]
    made = batch(clerk, tree.pingding, works)
    own.change_audience(
        actor=visitor_for(works[0].phone_hash), work=works[0], audience=Audience.ONLY_RECIPIENT
    )
    assert list(queries.for_staff(scope_of(clerk))) == [works[1]]
    card = Card.objects.get(work=works[0])
    assert not any(scope_of(clerk).may(perm, card) for perm in scope_of(clerk)._by_perm)
    assert len(pdf_of(made).pages) == 2


def test_asked_twice_made_once_and_wrong_roles(
    letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any
) -> None:
    work, token = printable(letters_call, tree, reviewer, 1), str(uuid.uuid4())
    first = batch(clerk, tree.pingding, [work], token=token)
    assert batch(clerk, tree.pingding, [work], token=token) == first
    assert Job.objects.filter(kind="cards.batch").count() == 1
    for role, unit in (
        (Role.COUNTY_LEADER, tree.pingding),
        (Role.COUNTY_OP, tree.yuxian),
        (Role.JUDGE, tree.city),
    ):
        with pytest.raises(PermissionDenied):
            batch(make_user(role, unit), tree.pingding, [work])
    elsewhere = make_user(Role.COUNTY_OP, tree.yuxian)
    with pytest.raises(WorkflowError):  # of its own unit, but none of the chosen is its own
        batch(elsewhere, tree.yuxian, [work])
    with pytest.raises(PermissionDenied):
        batch(reviewer, tree.pingding, [work], token=token)


def test_the_job_may_run_twice(letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any) -> None:
    made = batch(clerk, tree.pingding, [printable(letters_call, tree, reviewer, 1)])
    pdf_of(made)
    Job.objects.filter(pk=made.job_id).update(
        state=JobState.QUEUED, published_at=None, run_after=timezone.now()
    )
    assert len(pdf_of(made).pages) == 2
    assert CardBatch.objects.get(pk=made.pk).made == 1


def test_staff_pages_from_the_list_to_the_file(
    letters_call: WorkCall, tree: Tree, reviewer: Any, signed_in: Any
) -> None:
    work = printable(letters_call, tree, reviewer, 1)
    silent = checked(make_message(letters_call, tree.dongguan, 2), reviewer)
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    page = client.get("/staff/cards/").content.decode()
    assert work.no in page
    assert "可以印" in page
    asked = client.post("/staff/cards/batch/", {"chosen": [work.pk, silent.pk]}).content.decode()
    assert "家人还没有同意印制" in asked
    data = {
        "make": "1", "work": [work.pk, silent.pk], "size": "a6", "fold": "tent", "sheet": "a4", "form_token": str(uuid.uuid4()),
    }  # fmt: skip
    going = client.post("/staff/cards/batch/", data)
    assert going.status_code == 302
    run_all()
    assert client.get(going["Location"]).status_code == 200
    got = client.get(going["Location"] + "file/")
    assert got["Content-Type"] == "application/pdf"
    assert "守得住清白" in text_of(PdfReader(io.BytesIO(b"".join(got.streaming_content))))
    assert "家人还没有同意印制 1" in client.get("/staff/cards/batches/").content.decode()
    picture = client.get(reverse("families:cards:preview", args=[work.no]))
    assert Image.open(io.BytesIO(picture.content)).size[0] > 900
    assert client.get(reverse("families:cards:preview", args=[silent.no])).status_code == 404
    outsider = signed_in(Role.COUNTY_OP, tree.yuxian)
    for name in ("detail", "preview"):
        assert outsider.get(reverse(f"families:cards:{name}", args=[work.no])).status_code == 404
    assert work.no not in outsider.get("/staff/cards/").content.decode()
    assert signed_in(Role.COUNTY_LEADER, tree.pingding).get("/staff/cards/").status_code == 403


def test_list_costs_the_same_for_one_and_three(
    letters_call: WorkCall, tree: Tree, reviewer: Any, signed_in: Any
) -> None:
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    printable(letters_call, tree, reviewer, 1)
    client.get("/staff/cards/")
    client.get("/staff/cards/")
    with CaptureQueriesContext(connection) as one:
        client.get("/staff/cards/")
    for number in (2, 3):
        printable(letters_call, tree, reviewer, number)
    client.get("/staff/cards/")
    with CaptureQueriesContext(connection) as three:
        client.get("/staff/cards/")
    assert len(three) == len(one)


# -- the studio ------------------------------------------------------------------------------------


def studio_data(**fields: Any) -> dict[str, Any]:
    data = {
        "lettering": "typed",
        "pattern": "bamboo",
        "left": "0",
        "top": "0",
        "right": "100",
        "bottom": "100",
        "opted": "on",
    }
    return {key: value for key, value in {**data, **fields}.items() if value is not None}


def test_studio_saves_shows_and_withdraws(letters_call: WorkCall, tree: Tree) -> None:
    work = make_message(letters_call, tree.dongguan)
    family = verified(Client(), work.phone)
    url = reverse("families:cards:studio", args=[work.no])
    assert "做桌签" in family.get(url).content.decode()
    for _again in range(2):
        family.post(url, studio_data(unit=tree.office.unit_no))
    card = Card.objects.get()
    assert (card.pattern, card.unit) == ("bamboo", tree.office)
    assert Consent.objects.filter(type="cd", withdrawn_at__isnull=True).count() == 1
    assert family.get(reverse("families:cards:own_preview", args=[work.no]))["Content-Type"] == "image/png"
    reader = PdfReader(
        io.BytesIO(family.get(reverse("families:cards:own_pdf", args=[work.no]) + "?size=a6").content)
    )
    assert work.text in text_of(reader)
    family.post(reverse("families:cards:withdraw", args=[work.no]))
    assert not Consent.objects.filter(type="cd", withdrawn_at__isnull=True).exists()
    family.post(url, studio_data())
    family.post(url, studio_data(opted=None))
    assert Consent.objects.filter(type="cd").count() == 2
    assert not Consent.objects.filter(type="cd", withdrawn_at__isnull=True).exists()
    stranger = verified(Client(), "13700009999")
    for name in ("studio", "own_preview", "own_pdf"):
        assert stranger.get(reverse(f"families:cards:{name}", args=[work.no])).status_code == 404
    assert stranger.post(reverse("families:cards:withdraw", args=[work.no])).status_code == 404


def test_card_stands_in_another_unit_which_prints_it(
    letters_call: WorkCall, tree: Tree, reviewer: Any
) -> None:
    work = make_message(letters_call, tree.dongguan)
    make_card(work, unit=tree.office)
    checked(work, reviewer)
    office = make_user(Role.UNIT_OP, tree.office)
    assert list(queries.for_staff(scope_of(office))) == [work]
    assert len(pdf_of(batch(office, tree.office, [work])).pages) == 2


def test_the_list_asks_for_printed_unprinted_or_all(signed_in: Any, tree: Tree) -> None:
    page = signed_in(Role.COUNTY_REVIEWER, tree.pingding).get("/staff/cards/").content.decode()
    box = re.search(r'<select name="printed".*?</select>', page, re.DOTALL)
    assert box
    assert re.findall(r">([^<>]+)</option>", box.group()) == ["全部", "是", "否"]


def test_handwriting_is_cut_out_and_printed(
    letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any
) -> None:
    work = make_message(letters_call, tree.dongguan, text="")
    attach_photo(work, handwriting())
    card = make_card(work, lettering="handwritten")
    picture = Image.open(io.BytesIO(bytes(card.ink)))
    assert picture.mode == "RGBA"
    assert picture.width > picture.height * 2  # two lines of six characters; the table at the side is gone
    checked(work, reviewer)
    reader = pdf_of(batch(clerk, tree.pingding, [work]))
    assert len(reader.pages[0].images) >= 1


def test_studio_says_what_is_wrong_with_the_photo(letters_call: WorkCall, tree: Tree) -> None:
    work = make_message(letters_call, tree.dongguan)
    family, url = verified(Client(), work.phone), reverse("families:cards:studio", args=[work.no])
    assert "还没有手写照片" in family.post(url, studio_data(lettering="handwritten")).content.decode()
    blank = io.BytesIO()
    Image.new("RGB", (800, 600), (240, 238, 230)).save(blank, "JPEG")
    attach_photo(work, blank.getvalue())
    assert "没有找到清楚的字" in family.post(url, studio_data(lettering="handwritten")).content.decode()
    wrong = family.post(url, studio_data(left="60", right="40")).content.decode()
    assert "裁切框太小" in wrong
    assert 'value="60"' in wrong
    assert not Card.objects.exists()


@pytest.mark.parametrize("text", ["爱你😀", "名字里有㸚字"])
def test_characters_that_cannot_be_printed_are_named(letters_call: WorkCall, tree: Tree, text: str) -> None:
    work = make_message(letters_call, tree.dongguan, text=text)
    with pytest.raises(WorkflowError, match="印不出来"):
        make_card(work)
    assert typeset.missing("𬀩㛃镕喆·，。") == set()


def test_only_recipient_is_printed_at_home_not_by_staff(letters_call: WorkCall, tree: Tree) -> None:
    work = make_message(letters_call, tree.dongguan, audience="only_recipient")
    with pytest.raises(WorkflowError, match="工作人员看不到"):
        make_card(work)
    make_card(work, opted=False)
    family = verified(Client(), work.phone)
    assert family.get(reverse("families:cards:own_pdf", args=[work.no])).status_code == 200


def test_a_child_of_thirteen_needs_its_guardian(
    letters_call: WorkCall, tree: Tree, reviewer: Any, clerk: Any
) -> None:
    born = f"{timezone.localdate().year - 13}-01"
    consents = {"c1": "x", "c6": "x"}
    work = make_message(
        letters_call,
        tree.dongguan,
        birth_ym=born,
        guardian_name="李大山",
        guardian_phone="13711112222",
        consents=consents,
    )
    make_card(work)
    assert Consent.objects.get(type="cd").relation == "guardian"
    checked(work, reviewer)
    Consent.objects.filter(type="c6").update(withdrawn_at=timezone.now())
    row = queries.for_staff(scope_of(clerk)).get()
    assert queries.reason_of(row) == Reason.NO_GUARDIAN
    actions.withdraw(actor=visitor_for(work.phone_hash), work=work)
    with pytest.raises(WorkflowError, match="监护人"):
        make_card(work)


def test_another_family_cannot_touch_it(letters_call: WorkCall, tree: Tree) -> None:
    work = make_message(letters_call, tree.dongguan)
    with pytest.raises(PermissionDenied):
        actions.save(
            actor=visitor_for("f" * 64),
            work=work,
            lettering="typed",
            pattern="lotus",
            crop=[],
            unit=None,
            opted=True,
        )


# -- pure ------------------------------------------------------------------------------------------


def test_frames() -> None:
    assert plain_crop(0, 0, 100, 100) == []
    assert plain_crop(10, 20, 90, 80) == [10, 20, 90, 80]
    for box in ((50, 0, 52, 100), (0, 0, 101, 100), (90, 0, 10, 100)):
        with pytest.raises(ValueError, match=r"\["):
            plain_crop(*box)


def test_type_shrinks_until_sixty_characters_fit() -> None:
    sizes = [point_size("字" * n, width=174, height=38) for n in (4, 20, 60, 120)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2] >= 12


def test_a_frame_chosen_by_hand_is_kept() -> None:
    whole = ink.clean(handwriting(table=False))
    half = ink.clean(handwriting(table=False), [0, 0, 45, 100])
    assert half.width < whole.width
