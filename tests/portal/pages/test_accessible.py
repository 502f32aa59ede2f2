"""The public pages in a real browser: axe finds nothing, nothing scrolls sideways, the CSP blocks nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from portal.pages import panels
from portal.pages.panels import Panel
from portal.ui.context import CARE_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

SITE = "http://testserver"
PATHS = ["/", "/search/?q=家训", "/privacy/", "/accessibility/", "/accounts/login/", "/no-such-page/"]
CATEGORY = {"name": "廉洁家书", "count": 3, "cover": "cover-letter.svg", "url": "/", "text": "八百字以内"}
WORK = {
    "title": "一本旧账本",
    "text": "一笔不差",
    "author": "许家",
    "area": "盂县",
    "url": "/",
    "category": "家训",
}
NEWS = {"title": "亲子共读在秀水镇开读", "url": "/", "place": "盂县", "people": 112}
FILLED: dict[str, dict[str, Any]] = {
    "stats": {
        "stats": [{"label": "开展活动", "value": 342, "unit": "场", "sub": "43 个乡镇"} for _ in range(4)]
    },
    "call": {"title": "文化作品征集", "days_left": 39, "url": "/", "categories": [CATEGORY] * 6},
    "works": {"works": [WORK] * 4, "all_url": "/", "total": 9},
    "news": {"lead": NEWS, "items": [NEWS] * 4, "all_url": "/"},
    "pledge": {"lines": ["以廉治家，不收不送"], "count": 18426, "url": "/"},
    "learn": {"links": [{"title": "听故事", "text": "五分钟", "url": "/"}] * 3},
}


@contextmanager
def chromium() -> Iterator[Any]:
    """Opened only after the pages are rendered: the driver's event loop would forbid Django its database."""
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("no Chromium on this machine")
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _filled_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", [])
    for slot, context in FILLED.items():
        panels.register(Panel(slot=slot, provide=lambda request, known=context: known))


def serve(pages: dict[str, Any]) -> Any:
    """Answers the browser from rendered pages and the static files; everything else is refused."""

    def answer(route: Any) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            file = finders.find(url.path.removeprefix("/static/"))
            route.fulfill(path=file) if file else route.fulfill(status=404)
            return
        page = pages.get(url.path)
        if page is None or url.netloc != "testserver":
            route.abort()
            return
        route.fulfill(status=page.status_code, headers=dict(page.items()), body=page.content)

    return answer


def look(browser: Any, pages: dict[str, Any], width: int) -> list[str]:
    """Every fault of every page at this width."""
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
    context.route("**/*", serve(pages))
    tab = context.new_page()
    faults: list[str] = []
    tab.on(
        "console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None
    )
    tab.on("pageerror", lambda error: faults.append(str(error)))
    for path in PATHS:
        tab.goto(SITE + path)
        violations = axe.Axe().run(tab).response["violations"]
        faults += [f"{path}: {found['id']} {found['nodes'][0]['target']}" for found in violations]
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path}: scrolls sideways at {width}")
    return faults


@pytest.mark.parametrize(("width", "care"), [(1440, False), (390, False), (320, False), (390, True)])
def test_public_pages_are_accessible(client: Client, width: int, care: bool) -> None:
    client.cookies[CARE_COOKIE] = "1" if care else "0"
    pages = {urlsplit(path).path: client.get(path, HTTP_ACCEPT_LANGUAGE="zh-CN") for path in PATHS}
    with chromium() as browser:
        assert look(browser, pages, width) == []
