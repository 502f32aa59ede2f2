"""A film in a real browser: refused before it is sent, taken up again after a lost network and a closed tab; captions."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.files import rules
from portal.files.models import PartialUpload, StoredFile, UploadPart
from tests.portal.files import films
from tests.portal.files.test_captions import CLEAN, SRT

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
PART = 64 * 1024
pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.portal.files.pages"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(rules, "PART_BYTES", PART)


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as tool:
        made = tool.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield made.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        made.close()


@pytest.fixture
def clips(tmp_path: Path) -> dict[str, str]:
    made = {
        "家训.mp4": films.film(padding=10 * PART),
        "程序.mp4": b"MZ" + bytes(3 * PART),
        "压缩包.mp4": b"PK\x03\x04" + bytes(9 * PART),
        "太长.mp4": films.film(seconds=400, padding=5 * PART),
        "字幕.srt": SRT.encode("gb18030"),
        "错.srt": SRT.replace("00:00:03,500 -->", "3秒 -->").encode(),
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in made}


def opened(context: Any, live_server: Any) -> Any:
    page = context.new_page()
    page.sent = []
    page.on("request", lambda request: "/files/parts/" in request.url and page.sent.append(request.url))
    page.goto(f"{live_server.url}/film/")
    return page


def complaint(page: Any) -> str:
    page.locator("[data-media-errors] div").first.wait_for()
    return str(page.inner_text("[data-media-errors]"))


def test_what_cannot_be_taken_is_said_before_it_is_sent(
    context: Any, live_server: Any, clips: dict[str, str]
) -> None:
    page = opened(context, live_server)
    page.set_input_files("input[name=recording]", clips["程序.mp4"])
    assert "“程序.mp4”：这是一个程序" in complaint(page)
    page.set_input_files("input[name=recording]", clips["太长.mp4"])
    page.get_by_text("有 6:40，超过了 5 分钟").wait_for()
    assert page.sent == []
    page.set_input_files("input[name=recording]", clips["压缩包.mp4"])
    page.get_by_text("这是压缩包或文档").wait_for()
    assert len(page.sent) == 2  # announced, and the first part
    assert not StoredFile.objects.exists()
    assert not PartialUpload.objects.exists()


def test_a_lost_network_and_a_closed_tab_cost_no_part_twice(
    context: Any, live_server: Any, clips: dict[str, str]
) -> None:
    page = opened(context, live_server)
    passed = 0

    def gate(route: Any) -> None:
        nonlocal passed
        passed += 1
        route.continue_() if passed <= 4 else route.abort()

    page.route("**/files/parts/*/", gate)
    page.set_input_files("input[name=recording]", clips["家训.mp4"])
    page.get_by_text("网络断了，已传").wait_for()
    before = UploadPart.objects.count()
    assert before == 4
    page.unroute("**/files/parts/*/")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("[data-drop]").wait_for()
    assert UploadPart.objects.count() == PartialUpload.objects.get().size // PART + 1
    assert StoredFile.objects.get().size == Path(clips["家训.mp4"]).stat().st_size
    page.click("[data-drop]")
    passed = 0
    page.route("**/files/parts/*/", gate)
    page.set_input_files("input[name=recording]", clips["家训.mp4"])
    page.get_by_text("网络断了，已传").wait_for()
    page.close(run_before_unload=False)
    page = opened(context, live_server)
    page.set_input_files("input[name=recording]", clips["家训.mp4"])
    page.locator("[data-drop]").wait_for()
    assert len(page.sent) == 1 + PartialUpload.objects.latest("pk").size // PART + 1 - 4


def test_captions_are_read_into_the_box_and_mended_there(
    context: Any, live_server: Any, clips: dict[str, str]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(context, live_server)
    page.fill("[name=title]", "诵家训")
    page.set_input_files("[name=captions_file]", clips["错.srt"])
    page.get_by_text("已读入“错.srt”").wait_for()
    page.click("#send")
    page.locator("textarea.is-invalid").wait_for()
    assert "第 7 行：时间“3秒 --> 00:00:06,000”看不懂" in page.inner_text(
        "#id_captions_error, .invalid-feedback"
    )
    found = axe.Axe().run(page).response["violations"]
    assert [f"{one['id']} {one['nodes'][0]['target']}" for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.fill("[name=captions]", page.input_value("[name=captions]").replace("3秒", "00:00:03,500"))
    page.click("#send")
    assert page.inner_text("#sent") == str(len(CLEAN))
    page = opened(context, live_server)
    page.set_input_files("[name=captions_file]", clips["字幕.srt"])  # saved by an old Chinese program
    page.get_by_text("已读入").wait_for()
    assert "半丝半缕" in page.input_value("[name=captions]")


def test_captions_without_javascript(context: Any, live_server: Any, clips: dict[str, str]) -> None:
    page = context.browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(f"{live_server.url}/film/")
    page.fill("[name=title]", "诵家训")
    page.set_input_files("[name=captions_file]", clips["错.srt"])
    page.set_input_files("[name=recording]", clips["程序.mp4"])
    page.click("#send")
    assert "第 7 行" in page.content()
    assert "这是一个程序" in page.content()
    page.fill("[name=captions]", page.input_value("[name=captions]").replace("3秒", "00:00:03,500"))
    page.click("#send")
    assert page.inner_text("#sent") == str(len(CLEAN))
