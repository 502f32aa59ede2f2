"""Choosing pictures in a real browser: sent at once, listed, removable, still there when the form fails."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from portal.drafts.models import FormDraft
from portal.files.models import StoredFile
from tests.portal.files import samples

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.portal.files.pages"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as tool:
        made = tool.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, str]:
    noise = Image.effect_noise((1200, 1200), 120)
    made = {
        "合影.jpg": samples.jpeg(),
        "讲台.png": samples.png(),
        "程序.jpg": b"MZ" + b"\0" * 500,
        "太大.png": samples.encoded(noise, "PNG") + b"\0" * 100_000,
        "打不开.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 1_200_000,
        "IMG_1.heic": b"\x00\x00\x00\x18ftypheic" + b"\0" * 60,
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in made}


def opened(browser: Any, live_server: Any, *, scripts: bool = True) -> Any:
    page = browser.new_context(
        java_script_enabled=scripts, viewport={"width": 390, "height": 844}, locale="zh-CN"
    ).new_page()
    page.goto(f"{live_server.url}/sample/")
    return page


def test_pictures_are_sent_on_selection(browser: Any, live_server: Any, pictures: dict[str, str]) -> None:
    page = opened(browser, live_server)
    page.set_input_files("input[name=photos]", [pictures["合影.jpg"], pictures["讲台.png"]])
    page.wait_for_selector("[data-drop] >> nth=1")
    assert StoredFile.objects.filter(state="staged").count() == 2
    page.click("[data-drop] >> nth=1")
    page.fill("[name^=photos_caption_]", "社区合影")
    page.fill("[name=title]", "字")
    page.click("#send")
    page.wait_for_selector(".is-invalid")
    assert page.locator("[data-file]").count() == 1
    assert page.locator("[name^=photos_caption_]").input_value() == "社区合影"
    page.fill("[name=title]", "家风故事会")
    page.click("#send")
    page.wait_for_selector("#sent")
    assert page.inner_text("#sent") == "1"


def test_refusals_are_shown_at_the_field(browser: Any, live_server: Any, pictures: dict[str, str]) -> None:
    page = opened(browser, live_server)
    names = ["合影.jpg", "程序.jpg", "打不开.png", "IMG_1.heic", "讲台.png"]
    page.set_input_files("input[name=photos]", [pictures[name] for name in names])
    page.locator("[data-upload-errors] div").nth(3).wait_for()
    words = page.inner_text("[data-upload-errors]")
    assert "程序.jpg" in words
    assert "打不开.png" in words
    assert "最多 3 张" in words
    assert "1 MB" in words
    assert "兼容性最佳" in words
    page.wait_for_selector("[data-drop]")
    assert StoredFile.objects.count() == 1


def test_photo_that_is_too_heavy_is_made_smaller_on_the_device(
    browser: Any, live_server: Any, pictures: dict[str, str]
) -> None:
    page = opened(browser, live_server)
    page.set_input_files("input[name=photos]", pictures["太大.png"])
    page.wait_for_selector("[data-drop]")
    assert page.inner_text("[data-upload-errors]") == ""
    file = StoredFile.objects.get()
    assert file.original_name == "太大.jpg"
    assert file.size <= 1024 * 1024


def test_sending_while_a_picture_is_on_its_way_waits_for_it(
    browser: Any, live_server: Any, pictures: dict[str, str]
) -> None:
    page = opened(browser, live_server)
    page.route("**/files/stage/", lambda route: (page.wait_for_timeout(400), route.continue_())[1])
    page.fill("[name=title]", "家风故事会")
    page.set_input_files("input[name=photos]", pictures["合影.jpg"])
    page.click("#send", no_wait_after=True)
    page.wait_for_selector("#sent")
    assert page.inner_text("#sent") == "1"


def test_everything_works_without_javascript(
    browser: Any, live_server: Any, pictures: dict[str, str]
) -> None:
    page = opened(browser, live_server, scripts=False)
    page.fill("[name=title]", "字")
    page.set_input_files("input[name=photos]", [pictures["合影.jpg"], pictures["程序.jpg"]])
    page.click("#send")
    assert "程序.jpg" in page.content()
    assert page.locator("[data-file]").count() == 1
    page.fill("[name=title]", "家风故事会")
    page.click("#send")
    assert page.inner_text("#sent") == "1"


def test_draft_is_kept_on_the_server_and_comes_back(
    browser: Any, live_server: Any, pictures: dict[str, str]
) -> None:
    page = opened(browser, live_server)
    page.set_input_files("input[name=photos]", pictures["合影.jpg"])
    page.wait_for_selector("[data-drop]")
    page.fill("[name=title]", "写到一半")
    page.get_by_text("已保存").wait_for()
    draft = FormDraft.objects.get()
    page.evaluate("localStorage.clear()")
    page.goto(live_server.url + draft.resume_url)
    assert page.input_value("[name=title]") == "写到一半"
    assert page.locator("[data-file]").count() == 1
    assert StoredFile.objects.get().uploaded_by is None


@pytest.mark.parametrize("scripts", [True, False])
def test_field_is_accessible_with_files_and_errors(
    browser: Any, live_server: Any, pictures: dict[str, str], scripts: bool
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(browser, live_server, scripts=scripts)
    page.set_input_files("input[name=photos]", [pictures["合影.jpg"], pictures["程序.jpg"]])
    if scripts:
        page.locator("[data-upload-errors] div").wait_for()
    else:
        page.click("#send")
        content = page.content()
        page = browser.new_context(viewport={"width": 320, "height": 800}, locale="zh-CN").new_page()
        page.goto(f"{live_server.url}/sample/")
        page.evaluate(
            "html => { document.body.innerHTML = html }", content.split("<body", 1)[1].split(">", 1)[1]
        )
    found = axe.Axe().run(page).response["violations"]
    assert [f"{one['id']} {one['nodes'][0]['target']}" for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
