"""A work from the phone of its family to the exhibition, in a real browser: sent in two halves on two phones, read by
four people, judged by three who cannot know the family, awarded, announced, shown in an issue, printed as a desk card."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from families.judging.models import AwardList
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Status
from portal.access.roles import Role
from portal.jobs.runner import run_all
from portal.publication.models import Publication
from portal.reviews.judging.models import JudgingStage, Sheet
from portal.reviews.judging.rules import SheetState
from tests.browser.conftest import PHONE, WIDE, sign_in
from tests.browser.pages import Family, confirm, messages_to, pass_gate, press, step, tab_to
from tests.factories.judging import make_accepted
from tests.factories.people import make_user

AUTHOR, NUMBER = "买买提·𬀩", "13812345678"
MOTTO, STORY = "一粥一饭，当思来处不易", "爷爷写在堂屋墙上，每年过年全家念一遍。"
LETTER = "爸爸：见字如面。" + "家里都好，您放心工作，守住清白。" * 30
WISH = "清清白白做人，踏踏实实做事"
FORM, CONSENTS = "/works/calls/jiaxun/submit/", ("consent_processing", "consent_publication", "licence")


@pytest.fixture
def clock():
    """The portal's clock, to be moved on; the browser keeps its own."""
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def people(place):
    """Accounts of everybody on the way."""
    plan = {
        "checker": (Role.COUNTY_REVIEWER, place.pingding), "second": (Role.COUNTY_REVIEWER, place.pingding),
        "printer": (Role.COUNTY_OP, place.pingding), "editor": (Role.EDITOR, place.city),
        "publisher": (Role.PUBLISHER, place.city), "manager": (Role.CITY_OP, place.city),
        "decider": (Role.CITY_REVIEWER, place.city), "judge1": (Role.JUDGE, place.city),
        "judge2": (Role.JUDGE, place.city), "judge3": (Role.JUDGE, place.city),
    }  # fmt: skip
    return {
        name: make_user(role, unit, username=name, display_name=name) for name, (role, unit) in plan.items()
    }


@pytest.fixture
def call(place, people):
    """Mottos, letters and wishes for the desk; of two mottos one is first, one second; a rival is accepted already."""
    WorkCategory.objects.filter(code="MOTTO").update(per_person=3)
    call = WorkCall.objects.get(slug="jiaxun")
    call.categories.set(WorkCategory.objects.filter(code__in=("MOTTO", "FAMILY_LETTER", "CLEAN_MESSAGE")))
    call.award_tiers = [
        {"name": "一等奖", "share": 40, "most": 1},
        {"name": "二等奖", "share": 40, "most": 1},
    ]
    call.save()
    staff = {"decider": people["decider"], "second": people["second"]}
    motto = WorkCategory.objects.get(code="MOTTO")
    make_accepted(call, place, staff, category=motto, title="另一家的家训", phone="13700000001")
    return call


@pytest.fixture
def photo(tmp_path):
    """A picture with a name that nobody but the family should read."""
    path = tmp_path / "买买提家的堂屋.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, "JPEG", quality=70)
    return path


@pytest.fixture
def desk(open_page, people):
    """`desk("editor")` → the page of a member of staff, signed in once; `fresh=True` after the session has ended."""
    pages = {}

    def page_of(name, *, fresh=False):
        if name not in pages or fresh:
            pages[name] = open_page(WIDE) if name not in pages else pages[name]
            sign_in(pages[name], name)
        return pages[name]

    return page_of


def _gate_of(no: str) -> str:
    row = Publication.objects.get(content_type="work", target_id=Work.every.get(no=no).pk)
    return f"/staff/publication/{row.public_id}/"


def test_a_work_from_the_phone_to_the_exhibition(open_page, desk, clock, call, place, photo):
    family, numbers = _send_from_two_phones(open_page, clock, place, photo)
    _read_by_four_people(desk, family, numbers)
    _print_the_desk_card(desk, family, numbers["wish"])
    _judge_on_three_phones(open_page, desk, numbers["motto"])
    _award_and_announce(open_page, desk, clock, numbers["motto"])
    _show_in_an_issue(open_page, desk, numbers["motto"])
    _family_knows(open_page, clock, numbers)


def _send_from_two_phones(open_page, clock, place, photo):
    """The first phone dies half-way, the second one goes on with the short code."""
    first = Family(open_page(PHONE), NUMBER, clock)
    with step("half of the form, then the tab is killed"):
        first.page.goto(f"{FORM}?category=MOTTO")
        first.write(text=MOTTO, story=STORY)
        first.page.locator("[data-saved]").filter(has_text=re.compile(r"\d\d:\d\d")).first.wait_for()
        again = first.page.context.new_page()
        first.page.close()
        first.page = again
        again.goto(f"{FORM}?category=MOTTO")
        assert again.input_value("[name=text]") == MOTTO
        assert again.input_value("[name=story]") == STORY
    with step("a picture, then a short code for another phone"):
        first.add_photo(photo)
        first.write(title="朱子家训一则", phone=NUMBER)
        code = first.keep_draft()
        assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code)
        first.page.close()
    second = Family(open_page(PHONE), NUMBER, clock)
    with step("the other phone resumes by short code"):
        second.resume(code)
        assert second.page.input_value("[name=text]") == MOTTO
        assert second.page.input_value("[name=title]") == "朱子家训一则"
        assert second.page.locator("[data-upload-list] li").count() == 1
    with step("the rest of the form is sent"):
        second.write(author_name=AUTHOR, birth_ym="1980-05")
        second.choose(area=place.guanshan.unit_no, audience="public")
        second.tick(*CONSENTS)
        numbers = {"motto": second.send()}
        assert f"已收到您的作品{numbers['motto']}" in messages_to(NUMBER)[-1]
        assert code in messages_to(NUMBER)[-1]
    with step("a letter, without a new code"):
        second.page.goto(f"{FORM}?category=FAMILY_LETTER")
        second.write(text=LETTER, title="给爸爸的信", author_name=AUTHOR, birth_ym="1980-05")
        second.choose(x_direction="child_to_parent", area=place.guanshan.unit_no, audience="organisation")
        second.tick("consent_processing")
        numbers["letter"] = second.send()
    with step("a wish for the desk, shaped as a card"):
        second.page.goto(f"{FORM}?category=CLEAN_MESSAGE")
        second.write(text=WISH, x_to_name="爸爸", x_relation="女儿", author_name=AUTHOR, birth_ym="1980-05")
        second.choose(area=place.guanshan.unit_no, audience="organisation")
        second.tick("consent_processing")
        numbers["wish"] = second.send()
        second.page.goto(f"/me/cards/{numbers['wish']}/")
        second.choose(lettering="typed", pattern="bamboo")
        second.tick("opted")
        press(second.page, "保存并看样子")
        assert second.page.locator(".cd-preview img").evaluate("node => node.naturalWidth") > 0
    run_all()
    return second, numbers


def _read_by_four_people(desk, family, numbers):
    """初核 by one, 内容审核 by another; what goes to the public passes the gate by two more."""
    checker, second = desk("checker"), desk("second")
    with step("format check"):
        for name in ("motto", "letter", "wish"):
            checker.goto(f"/staff/works/{numbers[name]}/")
            assert AUTHOR not in checker.content()
            press(checker, "初核通过")
        assert Work.every.get(no=numbers["letter"]).status == Status.CONTENT_REVIEW
    with step("the same person is refused the content check"):
        address = f"/staff/works/{numbers['letter']}/"
        checker.goto(address)
        assert checker.get_by_role("button", name="入选").count() == 0
        token = checker.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        answer = checker.request.post(
            f"{address}accept/", form={"csrfmiddlewaretoken": token}, headers={"Referer": checker.url}
        )
        assert answer.status == 409
        assert Work.every.get(no=numbers["letter"]).status == Status.CONTENT_REVIEW
    with step("another person accepts the letter"):
        second.goto(f"/staff/works/{numbers['letter']}/")
        press(second, "入选")
        assert Work.every.get(no=numbers["letter"]).status == Status.ACCEPTED
        assert f"{numbers['letter']}已入选" in messages_to(NUMBER)[-1]
    with step("publish gate by two people"):
        address, editor = _gate_of(numbers["motto"]), desk("editor")
        pass_gate(editor, address)
        editor.goto(address)
        assert editor.locator("form[data-pass]").count() == 0
        pass_gate(desk("publisher"), address)
    with step("the public page, and the families' message"):
        visitor = family.page
        visitor.goto(f"/works/{numbers['motto']}/")
        assert MOTTO in visitor.locator("main").inner_text()
        assert AUTHOR in visitor.locator("main").inner_text()
        assert f"{numbers['motto']}已公开展示" in messages_to(NUMBER)[-1]
        assert "已公开" in family.state_of(numbers["motto"])


def _print_the_desk_card(desk, family, no):
    """The county prints it in a batch; the file is opened and read."""
    with step("desk card as PDF"):
        page = desk("printer")
        page.goto("/staff/cards/")
        page.locator("input[name=pk], input[name=work], tbody input[type=checkbox]").first.check()
        press(page, "做成桌签")
        page.locator("[name=sheet][value=single]").check()
        press(page, "排印 1 张")
        run_all()
        page.reload()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载").click()
        reader = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
        text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in reader.pages))
        assert len(reader.pages) == 2
        assert WISH in text
        assert "爸爸" in text
        assert "亲情寄语" in text
        assert AUTHOR not in text
        assert family.page.request.get(f"/me/cards/{no}/card.pdf?size=a5").body().startswith(b"%PDF")


def _judge_on_three_phones(open_page, desk, no):
    """A round of three works and three judges on their phones; one of them never touches the screen."""
    manager = desk("manager")
    with step("a new round with three judges"):
        manager.goto("/staff/judging/calls/jiaxun/new/")
        manager.select_option("[name=kind]", "first")
        manager.fill("[name=each]", "3")
        manager.fill("[name=due_on]", (timezone.localdate() + timedelta(days=5)).isoformat())
        for box in manager.locator("[name=judges]").all():
            box.check()
        press(manager, "新建，看公平性报告")
        press(manager, "一键分配")
        confirm(manager, "开始打分")
        number = JudgingStage.objects.get().things.count()
        assert number == 3  # the motto, its rival, and the letter
    with step("the public page rests while it is judged"):
        assert manager.request.get(f"/works/{no}/").status == 404
    for name in ("judge1", "judge2"):
        with step(f"{name} scores by touch"):
            _score_by_touch(open_page(PHONE), name, number)
    with step("judge3 scores by keyboard"):
        _score_by_keyboard(open_page(PHONE), "judge3", number)
    with step("the round is closed"):
        assert Sheet.objects.filter(state=SheetState.SUBMITTED).count() == 3 * number
        manager.goto(JudgingStage.objects.get().get_absolute_url())
        assert not re.search(r"\d\d\.\d", manager.locator("main").inner_text())
        confirm(manager, "结束打分")
        assert "90.00" in manager.locator("main").inner_text()


def _values_for(page) -> tuple[str, ...]:
    """The motto wins; whoever wrote it is nowhere on the page."""
    shown = page.locator("main").inner_text()
    assert "买买提" not in page.content()
    assert NUMBER not in page.content()
    assert "平定" not in page.content()
    first = "30" if MOTTO in shown else "20"
    return (first, "25", "20", "15")


def _score_by_touch(page, name, number):
    sign_in(page, name)
    page.goto("/judge/")
    page.locator("a.q-btn--lg").click()
    for _work in range(number):
        page.locator("[name=score_0]").wait_for()
        for at, value in enumerate(_values_for(page)):
            page.fill(f"[name=score_{at}]", value)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        with page.expect_navigation():
            page.locator("button[value=next]").click()
    assert page.url.endswith("/judge/")


def _score_by_keyboard(page, name, number):
    sign_in(page, name)
    page.goto("/judge/")
    tab_to(page, "a.q-btn--lg")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _work in range(number):
        values = _values_for(page)
        tab_to(page, "[name=score_0]")
        for at, value in enumerate(values):
            page.keyboard.type(value)
            if at + 1 < len(values):
                page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.name") == "score_3"
        tab_to(page, "button[value=next]")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith("/judge/")


def _award_and_announce(open_page, desk, clock, no):
    """Tiers by ratio, decided by a second person, five working days of notice, then the result."""
    manager, decider = desk("manager"), desk("decider")
    with step("awards by tier"):
        manager.goto("/staff/judging/calls/jiaxun/")
        press(manager, "按比例拟名单")
        row = manager.locator("tr", has_text=no)
        assert row.locator("select").input_value() == "first"
        press(manager, "保存并送审定")
    with step("decided by another person, on public notice"):
        assert manager.get_by_role("button", name="审定并公示").count() == 0
        decider.goto("/staff/judging/calls/jiaxun/awards/")
        press(decider, "审定并公示")
        notice = open_page(PHONE)
        notice.goto("/works/calls/jiaxun/results/")
        assert "公示" in notice.locator("h1").inner_text()
        assert no in notice.locator("main").inner_text()
        assert decider.get_by_text("公布结果", exact=True).count() == 0
    with step("the notice ends, the result is announced"):
        end = AwardList.objects.get().publicity_to
        clock.shift(timedelta(days=(end - timezone.localdate()).days + 1))
        desk("decider", fresh=True).goto("/staff/judging/calls/jiaxun/awards/")
        confirm(decider, "公布结果")
        assert AwardList.objects.get().status == "announced"
    with step("the result and the work are public"):
        visitor = notice
        visitor.goto("/works/calls/jiaxun/results/")
        assert "评审结果" in visitor.locator("h1").inner_text()
        assert "一等" in visitor.locator("main").inner_text()
        visitor.get_by_role("link", name="朱子家训一则").click()
        visitor.wait_for_url(f"**/works/{no}/")
        assert MOTTO in visitor.locator("main").inner_text()
        assert any(f"{no}的评审结果已公布，祝贺获奖" in text for text in messages_to(NUMBER))


def _show_in_an_issue(open_page, desk, no):
    """第1期, composed by staff, read by two, opened by anybody."""
    with step("an issue is composed and sent to the gate"):
        manager = desk("manager", fresh=True)
        manager.goto("/staff/exhibition/new/")
        manager.select_option("[name=call]", label="家规家训征集")
        manager.fill("[name=title]", "一缕清风")
        press(manager, "建好，去选作品")
        manager.locator("[name=add]").check()
        press(manager, "保存作品和顺序")
        confirm(manager, "送审")
    with step("two people read the issue"):
        row = Publication.objects.exclude(content_type="work").get()
        for name in ("editor", "publisher"):
            pass_gate(desk(name, fresh=True), f"/staff/publication/{row.public_id}/")
    with step("anybody opens the issue and the work on it"):
        visitor = open_page(PHONE)
        visitor.goto("/works/issues/")
        visitor.get_by_role("link", name="一缕清风").first.click()
        visitor.wait_for_url("**/works/issues/jiaxun/1/")
        assert re.search(r"第\s*1\s*期", visitor.locator("main").inner_text())
        visitor.locator(f"a[href='/works/{no}/']").first.click()
        visitor.wait_for_url(f"**/works/{no}/")
        assert STORY in visitor.locator("main").inner_text()


def _family_knows(open_page, clock, numbers):
    """/me/ on a third phone, and what is left of the messages."""
    with step("the family reads the state by phone code"):
        family = Family(open_page(PHONE), NUMBER, clock)
        family.enter()
        assert "已获奖" in family.state_of(numbers["motto"])
        assert "未获奖" in family.state_of(numbers["letter"])
        family.page.goto(f"/me/works/{numbers['motto']}/")
        assert "一等" in family.page.locator("main").inner_text()
    with step("messages on the way"):
        said = [text for text in messages_to(NUMBER) if numbers["motto"] in text]
        assert len(said) == 2  # what carries a short code is not kept once it was sent
        assert "已公开展示" in said[0]
        assert "祝贺获奖" in said[1]
        assert [text for text in messages_to(NUMBER) if AUTHOR in text or "买买提" in text] == []
