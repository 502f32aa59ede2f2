"""Every page of families, filled with works, letters, cards, rounds and issues, in a real browser at both widths: axe finds
nothing, nothing scrolls sideways. A template that no address here renders fails the test."""

import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from families.calls.actions import send_notice
from families.calls.models import CallReceipt
from families.calls.queries import addressable
from families.cards import actions as cards
from families.cards.rules import Fold, Sheet, Size
from families.exhibition.actions import sweeps
from families.exhibition.actions.issues import submit_issue
from families.exhibition.actions.outward import add_outward
from families.exhibition.rules import Result
from families.judging import actions as judging
from families.letters.models import Delivery
from families.works.models import Work, WorkCategory
from families.works.rules import CallState
from portal.access.roles import Role
from portal.jobs.runner import run_all
from portal.publication import actions as gate
from portal.publication.queries import open_of
from portal.publication.rules import CHECKLIST
from portal.reviews.judging import actions as rounds
from portal.reviews.judging.models import Sheet as ScoreSheet
from tests.factories.exhibition import make_issue, make_late_code, put_on_show
from tests.factories.judging import (
    make_accepted,
    make_judges,
    make_scoring,
    make_staff,
    make_stage,
    score_all,
)
from tests.factories.letters import (
    RECIPIENT,
    attach_photo,
    handwriting,
    make_card,
    make_letter,
    make_message,
    send_letter,
)
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.factories.works import PHONE, make_call, make_work
from tests.families.judging.reach.case import signed_in
from tests.families.works.conftest import verified
from tests.portal.pages.test_accessible import axe, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SITE, WIDTHS = "http://testserver", ((1440, 900), (390, 844))
WORDS = "从前听过一句话：一粥一饭，当思来处不易；半丝半缕，恒念物力维艰。"


def answers(tree: Tree) -> Iterator[tuple[str, Any]]:
    """(what it is, the answer) of every page; who looks at it follows from the page."""
    call = make_call(
        tree.city, slug="all", categories=("MOTTO", "FAMILY_LETTER", "CLEAN_MESSAGE", "RECITATION"), max_per_person=500,
        groups=[{"code": "a", "name": "成人组", "age_min": 18, "age_max": 120, "channel": "public"}],
    )  # fmt: skip
    WorkCategory.objects.update(per_person=500)
    crowd = make_staff(tree)
    manager, decider, publisher = crowd["manager"], crowd["decider"], make_user(Role.PUBLISHER, tree.city)
    editor, village = make_user(Role.EDITOR, tree.city), make_user(Role.VILLAGE_OP, tree.dongguan)
    motto = {"category": call.categories.get(code="MOTTO")}
    shown = put_on_show(make_work(call, tree.dongguan, text=WORDS[:30], story=WORDS * 3, **motto))
    attach_photo(shown, handwriting())
    waiting = make_work(call, tree.dongguan, text=WORDS[:30], **motto)
    typed = make_work(call, tree.dongguan, actor=village, paper=True, **motto)
    letter = make_letter(call, tree.dongguan, phone=PHONE)
    sent, link = send_letter(letter)
    wish = make_message(call, tree.dongguan, phone=PHONE)
    make_card(wish)
    run_all()
    visitor, family, reader = Client(), verified(Client()), verified(Client(), RECIPIENT)
    for url in ("/works/", "/works/calls/all/", "/works/resume/", "/me/", f"/works/{shown.no}/", link):
        yield url, visitor.get(url)
    form = {
        "category": "MOTTO",
        "text": WORDS * 3,
        "author_name": "张",
        "birth_ym": "2018-01",
        "form_token": str(uuid.uuid4()),
    }
    yield "an empty form", visitor.get("/works/calls/all/submit/")
    yield "a refused form", family.post("/works/calls/all/submit/", {**form, "action": "send"})
    good = {
        "category": "MOTTO", "text": WORDS[:30], "author_name": "张小三", "birth_ym": "1970-01", "audience": "organisation", "action": "send",
        "area": tree.guanshan.unit_no, "consent_processing": "on", "phone": PHONE, "form_token": str(uuid.uuid4()),
    }  # fmt: skip
    yield "sent", family.post("/works/calls/all/submit/", good, follow=True)
    for url in (
        "/me/", f"/me/works/{shown.no}/", f"/me/works/{waiting.no}/edit/", f"/me/works/{letter.no}/", f"/me/letters/{letter.no}/send/",
        f"/me/cards/{wish.no}/",
    ):  # fmt: skip
        yield url, family.get(url)
    yield "a letter read", reader.get(f"/me/letters/{letter.no}/")
    yield "a reply", reader.get(f"/me/letters/{letter.no}/reply/")
    Delivery.objects.filter(pk=sent.pk).update(refused_at=sent.sent_at)
    yield "a letter refused", visitor.get(link)

    desk, county, clerk = signed_in(manager), signed_in(decider), signed_in(village)
    send_notice(actor=manager, call=call, units=addressable(call, "counties"))
    make_late_code(call, manager)
    receipt = CallReceipt.objects.get(unit=tree.pingding)
    for url in (
        "/staff/works/calls/",
        "/staff/works/calls/new/",
        *(f"/staff/works/calls/all/{end}" for end in ("", "preview/", "late-codes/", "notices/")),
    ):
        yield url, desk.get(url)
    receiver = signed_in(make_user(Role.COUNTY_OP, tree.pingding))
    yield "notices", receiver.get("/staff/works/notices/")
    yield "a notice", receiver.get(receipt.staff_url)
    yield "typing in", clerk.get("/staff/works/new/")
    yield "a slip", clerk.get(f"/staff/works/{typed.no}/slip/")
    yield "works", county.get("/staff/works/")
    yield "a work", county.get(waiting.staff_url)
    yield "cards", county.get("/staff/cards/")
    yield "a card", county.get(f"/staff/cards/{wish.no}/")
    yield "a batch", county.post("/staff/cards/batch/", {"work": [wish.pk]})
    Work.every.filter(pk=wish.pk).update(status="accepted")
    cards.ask_batch(
        actor=decider, unit=tree.pingding, chosen=[Work.every.get(pk=wish.pk)], size=Size.A5, fold=Fold.TENT, sheet=Sheet.SINGLE,
        token=str(uuid.uuid4()),
    )  # fmt: skip
    yield "batches", county.get("/staff/cards/batches/")

    issue = make_issue(call, manager, [shown], intro=WORDS)
    yield "composing", desk.get(issue.staff_url)
    submit_issue(actor=manager, issue=issue)
    for actor in (editor, publisher):
        gate.pass_on(open_of(issue), actor=actor, answers=list(CHECKLIST))  # type: ignore[arg-type]
    for url in ("/works/issues/", issue.get_absolute_url()):
        yield url, visitor.get(url)
    for url in ("/staff/exhibition/", "/staff/exhibition/new/"):
        yield url, desk.get(url)
    add_outward(
        actor=decider, work=shown, fields={"exhibition": "清风颂", "place": "省城", "result": Result.SENT}
    )
    for url in (
        "/staff/exhibition/outward/",
        f"/staff/exhibition/outward/new/{shown.no}/",
        "/staff/exhibition/sweeps/new/",
    ):
        yield url, county.get(url)
    yield "a name found", county.post("/staff/exhibition/sweeps/new/", {"name": "张小三"})
    swept = sweeps.sweep(
        actor=decider,
        unit=tree.city,
        name="张小三",
        chosen=[("work", shown.pk)],
        reason="内容有误，先撤下",
        token=str(uuid.uuid4()),
    )
    for url in ("/staff/exhibition/sweeps/", swept.staff_url):
        yield url, county.get(url)
    yield from _judged(tree, crowd, desk, county, visitor)
    type(call).objects.update(status=CallState.CLOSED)
    yield "no call to type into", clerk.get("/staff/works/new/")


def _judged(
    tree: Tree, crowd: dict[str, Any], desk: Client, county: Client, visitor: Client
) -> Iterator[tuple[str, Any]]:
    """A round from its form to the public result."""
    call = make_call(
        tree.city, slug="judged", award_tiers=[{"name": "一等奖", "share": 50, "most": 1}], max_per_person=500
    )
    judges = make_judges(tree, 4)
    for number in range(3):
        make_accepted(call, tree, crowd, text=f"{WORDS[:30]}{number}", phone=f"1380000000{number}")
    yield "a call to judge", desk.get("/staff/judging/calls/judged/")
    yield "a round refused", desk.post("/staff/judging/calls/judged/new/", {"kind": "first", "each": "3"})
    other = make_call(tree.city, slug="later", max_per_person=500)
    make_accepted(other, tree, crowd, phone="13800000009")
    early = make_stage(other, crowd, judges)
    for url in (
        early.get_absolute_url(),
        *(f"{early.get_absolute_url()}{end}/" for end in ("panel", "criteria")),
    ):
        yield url, desk.get(url)
    stage = make_scoring(call, crowd, judges)
    make_accepted(call, tree, crowd, text=f"{WORDS[:30]}晚", phone="13800000008")
    yield "works taken in late", desk.get(f"{stage.get_absolute_url()}late/")
    sheet = ScoreSheet.objects.filter(item__stage=stage).select_related("judge")[0]
    judge = signed_in(sheet.judge)
    for url in ("/judge/", "/judge/profile/", sheet.get_absolute_url()):
        yield url, judge.get(url)
    yield "a sheet refused", judge.post(sheet.get_absolute_url(), {"score_0": "99", "action": "next"})
    score_all(stage, lambda _sheet: ("30", "20", "20", "10"))
    rounds.close_stage(actor=crowd["manager"], stage=stage)
    yield "equal works", signed_in(stage.chair).get(f"/judge/ties/{stage.public_id}/")
    for url in ("/staff/judging/", stage.get_absolute_url(), "/staff/judging/calls/"):
        yield url, desk.get(url)
    call.award_tiers = [{"name": "一等奖", "share": 100, "most": 0}]
    call.save()
    row = judging.draft_awards(actor=crowd["manager"], call=call)
    yield "awards", desk.get("/staff/judging/calls/judged/awards/")
    judging.propose(actor=crowd["manager"], row=row)
    yield "awards to decide", county.get("/staff/judging/calls/judged/awards/")
    judging.confirm(actor=crowd["decider"], row=row, first=timezone.localdate())
    yield "the result", visitor.get("/works/calls/judged/results/")


def templates() -> set[str]:
    """Pages, without the fragments that pages are made of; those of judging stand in the kernel and show works."""
    root = settings.ROOT / "templates"
    found = {str(path.relative_to(root)) for path in (root / "families").rglob("*.html")}
    found |= {str(path.relative_to(root)) for path in (root / "portal/reviews/judging").rglob("*.html")}
    return {name for name in found if not name.rpartition("/")[2].startswith("_")}


def serve(page: Any) -> Any:
    """One rendered page and the static files; everything else is refused."""

    def answer(route: Any) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            file = finders.find(url.path.removeprefix("/static/"))
            route.fulfill(path=file) if file else route.fulfill(status=404)
        elif url.path == "/page/":
            route.fulfill(status=200, headers=dict(page.items()), body=page.content)
        else:
            route.abort()

    return answer


def test_every_page_of_families_is_accessible_at_both_widths(
    tree: Tree, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    pages, wrong = list(answers(tree)), []
    seen = {part.name for _what, page in pages for part in page.templates or []}
    assert [(what, page.status_code) for what, page in pages if page.status_code not in {200, 410, 422}] == []
    assert templates() - seen == set()
    with chromium() as browser:
        context = browser.new_context(locale="zh-CN")
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        for what, page in pages:
            context.unroute_all()
            context.route("**/*", serve(page))
            for width, height in WIDTHS:
                tab.set_viewport_size({"width": width, "height": height})
                if width == WIDTHS[0][0]:
                    tab.goto(f"{SITE}/page/")
                found = axe.Axe().run(tab).response["violations"]
                wrong += [f"{what} {width}: {one['id']} {one['nodes'][0]['target']}" for one in found]
                if tab.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append(f"{what}: scrolls sideways at {width}")
    assert wrong == []
