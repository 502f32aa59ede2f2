"""The form of a work in a real browser: further authors, a tab that dies, signing in half-way."""

import io

import pytest
from PIL import Image

from families.works.models import Work
from portal.access.roles import Role
from portal.drafts.models import FormDraft
from tests.browser.conftest import PHONE, WIDE, looks_right
from tests.browser.test_paths import _answer, _fill_motto
from tests.factories.people import PASSWORD, make_user

URL = "/works/calls/jiaxun/submit/"
ROW = {"author_name": "李㛃", "birth_ym": "1985-03", "role": "书写"}
SECOND_TEXT = "typed::works:jiaxun#fresh"
KEPT_ON_THE_DEVICE = """() => Object.values(localStorage).some(
  (kept) => kept.includes("王五") && /"role_3":\\[?"书写"/.test(kept))"""


def _unfold(page):
    box = page.locator("details[data-authors]")
    if box.get_attribute("open") is None:
        box.locator("summary").click()


def _add_author(page, number, **fields):
    _unfold(page)
    page.get_by_role("button", name="再加一位作者").click()
    page.wait_for_selector(f"[name=author_name_{number}]")
    for name, value in {**ROW, **fields}.items():
        page.fill(f"[name={name}_{number}]", value)


def _send_with_code(page, *, scripts=True):
    if scripts:
        page.wait_for_selector("[data-proof-done]:not([hidden])")
    else:
        _answer(page)
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_load_state()
    code = page.locator(".alert .wk-code, .wk-code").first.inner_text()
    page.fill("[name=code]", code.strip())
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/works/sent/")


def _picture():
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "#c33").save(out, "JPEG")
    return {"name": "书法.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize(
    ("size", "scripts"), [(PHONE, True), (WIDE, True), (PHONE, False)], ids=["390", "1440", "390-no-js"]
)
def test_three_authors(open_page, place, settings, size, scripts):
    settings.DEMO = True
    page = open_page(size, scripts=scripts)
    page.goto(URL)
    if scripts:
        page.evaluate(
            f"() => localStorage.setItem('{SECOND_TEXT}', JSON.stringify({{ at: Date.now(), values: {{}} }}))"
        )
    assert not page.locator("[name=household]").is_visible()
    _fill_motto(page)
    _add_author(page, 2)
    _add_author(page, 3, author_name="王五", birth_ym="1990-01")
    _add_author(page, 4, author_name="赵六", birth_ym="1991-01")
    page.get_by_role("button", name="去掉 第 2 位作者").click()
    page.wait_for_selector("[name=author_name_4]", state="detached")
    assert page.input_value("[name=author_name_2]") == "王五"
    if scripts:
        looks_right(page)
    _send_with_code(page, scripts=scripts)
    names = [author.name for author in Work.every.get().authors.all()]
    assert names == ["买买提·𬀩", "王五", "赵六"]
    if scripts:
        assert page.evaluate(
            f"() => localStorage.getItem('{SECOND_TEXT}')"
        )  # the text begun beside it is not lost


def test_a_child_in_the_second_row_brings_up_the_guardian(open_page, place):
    page = open_page(PHONE)
    page.goto(URL)
    _fill_motto(page)
    assert not page.locator("[name=guardian_name]").is_visible()
    _add_author(page, 2, birth_ym="2016-02")
    assert page.locator("[name=guardian_name]").is_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_load_state()
    assert page.get_by_text("第 2 位作者未满 14 周岁").is_visible()
    assert page.input_value("[name=author_name_2]") == "李㛃"
    looks_right(page)


def test_a_tab_that_dies_brings_all_rows_back(open_page, place):
    page = open_page(PHONE)
    page.goto(URL)
    page.fill("[name=text]", "一粥一饭，当思来处不易")
    _add_author(page, 2)
    _add_author(page, 3, author_name="王五")
    page.wait_for_function(KEPT_ON_THE_DEVICE)
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(URL)
    again.wait_for_selector("[name=author_name_3]")
    assert again.input_value("[name=author_name_2]") == "李㛃"
    assert again.input_value("[name=role_3]") == "书写"
    assert again.input_value("[name=text]").startswith("一粥一饭")


@pytest.mark.parametrize("way", ["button", "button-no-js", "link"])
def test_signing_in_never_clears_the_form(open_page, place, way):
    """`link`: straight after the last key, by the link in the page's head, before the server kept anything by itself."""
    make_user(Role.VILLAGE_OP, place.dongguan, username="wang")
    page = open_page(PHONE if way != "link" else WIDE, scripts=way != "button-no-js")
    page.goto(URL)
    _fill_motto(page)
    _add_author(page, 2)
    page.set_input_files("input[name=files]", _picture())
    if way == "link":
        page.get_by_text("书法.jpg").first.wait_for()
        page.wait_for_timeout(300)
        page.get_by_role("link", name="工作人员登录").first.click()
    else:
        page.get_by_role("button", name="登录后接着写").click()
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    if way == "link":
        page.goto(URL)
    assert page.input_value("[name=story]").startswith("爷爷写在堂屋墙上")
    assert page.input_value("[name=text]") == "一粥一饭，当思来处不易"
    assert page.input_value("[name=author_name_2]") == "李㛃"
    assert page.input_value("[name=phone]") == "13812345678"
    assert page.locator("input[name=licence]").is_checked()
    assert "书法.jpg" in page.content()


def test_another_work_begins_empty_and_the_first_is_not_lost(open_page, place):
    page = open_page(PHONE)
    page.goto(URL)
    page.fill("[name=text]", "一粥一饭，当思来处不易")
    page.get_by_role("button", name="存草稿").click()
    page.locator(".alert .wk-code, .wk-code").first.wait_for()
    first = FormDraft.objects.get()
    page.fill(
        "[name=text]", "一粥一饭，当思来处不易；半丝半缕，恒念物力维艰"
    )  # newer on the device than on the server
    page.wait_for_function(
        "() => Object.keys(localStorage).some((name) => (localStorage[name] || '').includes('半丝半缕'))"
    )
    page.goto(URL)
    assert page.input_value("[name=text]").endswith("物力维艰")
    page.get_by_role("link", name="另写一份新的").click()
    page.wait_for_url("**new=1")
    assert page.input_value("[name=text]") == ""
    page.fill("[name=birth_ym]", "2016-02")  # a child's: no server keeps it before the guardian agreed
    page.fill("[name=text]", "勤俭持家")
    page.wait_for_function(
        "() => Object.keys(localStorage).some((name) => (localStorage[name] || '').includes('勤俭持家'))"
    )
    page.reload()
    assert page.input_value("[name=text]") == "勤俭持家"  # what was begun anew is not lost either
    page.goto(first.resume_url)
    assert page.input_value("[name=text]").endswith("物力维艰")
    page.goto(URL)
    page.get_by_role("link", name="另写一份新的").click()
    page.wait_for_url("**new=1")
    assert page.input_value("[name=text]") == "勤俭持家"
    assert page.input_value("[name=birth_ym]") == "2016-02"
    page.goto(URL)
    assert page.input_value("[name=text]").endswith("物力维艰")
    assert FormDraft.objects.count() == 1
