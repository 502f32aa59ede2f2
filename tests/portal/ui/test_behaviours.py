"""The scripts in a real browser, on small pages served from memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.ui.templatetags.portal import ui_words
from portal.ui.text import count_chars

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")

SITE = "http://portal.test"
JS = Path(settings.ROOT) / "static" / "js"
SCRIPTS = (
    "words",
    "counter",
    "autosave",
    "once",
    "confirm",
    "photos",
    "tabs",
    "menus",
    "bulk",
    "stepper",
    "days",
)
HEAD = "".join(f'<script src="/js/{name}.js" defer></script>' for name in SCRIPTS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("no Chromium on this machine")
        yield browser
        browser.close()


@pytest.fixture
def site(chromium: Any) -> Iterator["Site"]:
    site = Site(chromium.new_context(locale="zh-CN", service_workers="block"))
    yield site
    assert site.faults == []
    site.context.close()


class Site:
    """Serves the scripts and the pages a test gives it."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.pages: dict[str, str] = {}
        self.posts: list[str] = []
        self.faults: list[str] = []
        self.owner = ""
        context.route(f"{SITE}/**", self.answer)

    def answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/js/"):
            route.fulfill(body=(JS / path[4:]).read_text(encoding="utf-8"), content_type="text/javascript")
            return
        if route.request.method == "POST":
            self.posts.append(route.request.post_data or "")
        body = f"<!doctype html><html lang=zh-CN><head><meta charset=utf-8>{HEAD}</head><body data-owner='{self.owner}'>{self.pages.get(path, '')}{ui_words()}</body></html>"
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    def open(self, path: str = "/", body: str | None = None) -> Any:
        if body is not None:
            self.pages[path] = body
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto(SITE + path)
        return page


TEXTS = [
    "清廉，家风。",
    "2026年 3.5小时 1,208户",
    "don't well-known A",
    "𬀩㛃䶮 ·第１２届",
    "😀！",
    "家\n训\u3000风",
]
FORM = (
    '<form method="post" action="/done" data-autosave="works:t"><input name="title"><textarea name="text"></textarea>'
    '<input type="password" name="password"><input type="radio" name="way" value="a"><input type="radio" name="way" value="b">'
    '<div class="form-acts"><button>交</button></div></form>'
)


def test_browser_counts_like_python(site: Site) -> None:
    page = site.open(body='<textarea data-count data-max="4"></textarea>')
    for text in TEXTS:
        assert page.evaluate("text => portalCount(text)", text) == count_chars(text), text


def test_counter_warns_near_the_limit_and_tells_the_excess(site: Site) -> None:
    page = site.open(body='<textarea data-count data-max="10"></textarea>')
    page.fill("textarea", "清廉家风清廉家风九")
    assert "is-near" in page.locator(".count").get_attribute("class")
    page.fill("textarea", "清廉家风清廉家风九十十")
    assert page.locator(".count").text_content() == "超出 1 字，最多 10 字"


def test_typed_text_survives_a_closed_page(site: Site) -> None:
    page = site.open("/form", FORM)
    page.fill("[name=title]", "家训")
    page.fill("[name=password]", "geheim")
    page.check("[value=b]")
    page.wait_for_selector(".saved:has-text('已存本机')")
    page.close()
    again = site.open("/form")
    assert again.input_value("[name=title]") == "家训"
    assert again.is_checked("[value=b]")
    assert again.input_value("[name=password]") == ""
    assert "geheim" not in again.evaluate("JSON.stringify(localStorage)")


def test_typed_text_of_another_account_is_not_shown(site: Site) -> None:
    page = site.open("/form", FORM)
    page.fill("[name=title]", "甲写的")
    page.wait_for_selector(".saved:has-text('已存本机')")
    page.close()
    site.owner = "other"
    assert site.open("/form").input_value("[name=title]") == ""


def test_typed_text_is_forgotten_after_it_was_accepted(site: Site) -> None:
    page = site.open("/form", FORM)
    page.fill("[name=title]", "家训")
    page.click("button")
    page.wait_for_url("**/done")
    page.close()
    assert site.open("/form").input_value("[name=title]") == ""


def test_typed_text_is_kept_when_the_answer_is_a_fault(site: Site) -> None:
    site.pages["/done"] = '<main class="fault">再试</main>'
    page = site.open("/form", FORM)
    page.fill("[name=title]", "家训")
    page.click("button")
    page.wait_for_url("**/done")
    page.close()
    assert site.open("/form").input_value("[name=title]") == "家训"


def test_a_form_that_came_back_with_errors_is_not_overwritten(site: Site) -> None:
    page = site.open("/form", FORM)
    page.fill("[name=title]", "旧")
    page.wait_for_selector(".saved:has-text('已存本机')")
    refused = FORM.replace("data-autosave", "data-bound data-autosave").replace(
        'name="title"', 'name="title" value="新"'
    )
    assert site.open("/form", refused).input_value("[name=title]") == "新"


def test_second_press_sends_nothing(site: Site) -> None:
    page = site.open("/form", '<form method="post" action="/done"><button>交</button></form>')
    page.evaluate("const b = document.querySelector('button'); b.click(); b.click(); b.click();")
    page.wait_for_url("**/done")
    assert len(site.posts) == 1


def test_confirm_opens_a_dialog_and_sends_only_when_sure(site: Site) -> None:
    body = (
        '<details class="menu" data-confirm><summary>撤下</summary><form class="menu__pop" method="post" action="/done">'
        '<h2>撤下</h2><div class="acts"><button>确定撤下</button></div></form></details>'
    )
    page = site.open("/form", body)
    page.click("summary")
    assert page.locator("dialog[open] h2").text_content() == "撤下"
    page.click("dialog >> text=取消")
    page.locator("dialog").wait_for(state="detached")
    page.click("summary")
    page.click("dialog >> text=确定撤下")
    page.wait_for_url("**/done")
    assert len(site.posts) == 1


def test_question_before_a_button(site: Site) -> None:
    page = site.open(
        "/form",
        '<form method="post" action="/done"><button name="move" value="x" data-ask="会通知 3 个单位">归档</button></form>',
    )
    page.click("button")
    assert page.locator("dialog p").text_content() == "会通知 3 个单位"
    page.click("dialog >> text=确定")
    page.wait_for_url("**/done")
    assert site.posts == ["move=x"]


def test_choose_all_rows_of_a_page(site: Site) -> None:
    rows = "".join(f'<input type="checkbox" name="chosen" value="{n}">' for n in range(3))
    body = f'<form><div data-bulk="chosen"><input type="checkbox" data-bulk-all hidden><span data-bulk-count></span></div>{rows}</form>'
    page = site.open("/form", body)
    page.check("[data-bulk-all]")
    assert page.locator("[name=chosen]:checked").count() == 3
    assert page.locator("[data-bulk-count]").text_content() == "已选 3 条"


def test_tabs_move_with_arrows(site: Site) -> None:
    page = site.open(
        "/form", '<div data-tabs><section data-tab="甲">一</section><section data-tab="乙">二</section></div>'
    )
    assert page.locator("section:visible").text_content() == "一"
    page.focus("[role=tab]")
    page.keyboard.press("ArrowRight")
    assert page.locator("section:visible").text_content() == "二"


def test_photos_can_be_added_and_removed(site: Site) -> None:
    page = site.open(
        "/form",
        '<form><input type="file" multiple data-photos data-max="2" data-max-mb="1" aria-label="照片"></form>',
    )
    small = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
    page.set_input_files("input", [small])
    page.set_input_files("input", [{**small, "name": "b.txt"}, {**small, "name": "c.txt"}])
    assert page.evaluate("document.querySelector('input').files.length") == 2
    assert "最多选 2 个文件" in page.locator("[role=alert]").text_content()
    page.click("[aria-label='移除 a.txt']")
    assert page.evaluate("document.querySelector('input').files[0].name") == "b.txt"
    page.set_input_files("input", [{**small, "name": "big.txt", "buffer": b"x" * 1_100_000}])
    assert "big.txt 超过 1 MB" in page.locator("[role=alert]").text_content()


def test_stepper_and_presets(site: Site) -> None:
    page = site.open("/form", '<form><input type="number" min="1" data-stepper data-presets="30,50"></form>')
    page.click("text=50")
    page.click("text=＋")
    assert page.input_value("input") == "51"
    page.fill("input", "1")
    page.click("text=−")
    assert page.input_value("input") == "1"


def test_yesterday_keeps_the_time(site: Site) -> None:
    page = site.open("/form", '<input type="datetime-local" data-days value="2020-01-01T18:30">')
    page.click("text=昨天")
    day = page.evaluate("new Date(Date.now() - 864e5).toLocaleDateString('sv')")
    assert page.input_value("input") == f"{day}T18:30"


def test_a_form_with_a_field_called_method_is_sent_once_too(site: Site) -> None:
    page = site.open(
        body='<form method="post" action="/done"><input type="radio" name="method" value="a" checked>'
        '<input name="target"><button>交</button></form>'
    )
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")
    page.click("button")
    assert page.evaluate("document.querySelector('form').dataset.sending") == "1"


def test_a_form_that_counts_answers_is_no_text_to_count(site: Site) -> None:
    page = site.open(body='<form data-count="已答 {done} 题"><input type="radio" name="a"></form>')
    page.check("input")  # a script error fails the test
    assert page.locator(".count").count() == 0
