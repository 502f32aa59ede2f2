"""Home, search, care mode, privacy, accessibility, small files for machines."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import Client

from portal.pages import panels, search
from portal.pages.panels import Panel
from portal.pages.search import Hit, Source
from portal.ui.context import CARE_COOKIE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(panels, "_panels", [])
    monkeypatch.setattr(search, "_sources", {})
    return


def test_home_opens_without_any_panel(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "树清廉家风" in page.content.decode()


def test_home_shows_stats_of_all_providers(client: Client) -> None:
    panels.register(
        Panel(slot="stats", provide=lambda r: {"stats": [{"label": "活动", "value": 1234, "unit": "场"}]})
    )
    panels.register(
        Panel(slot="stats", provide=lambda r: {"stats": [{"label": "作品", "value": 7, "unit": "件"}]})
    )
    html = client.get("/").content.decode()
    assert "1,234" in html
    assert "作品" in html


def test_home_leaves_out_a_panel_that_fails_or_has_nothing(client: Client) -> None:
    def broken(request: HttpRequest) -> dict:
        raise ValueError("no")

    panels.register(Panel(slot="works", provide=broken))
    panels.register(Panel(slot="news", provide=lambda r: None))
    page = client.get("/")
    assert page.status_code == 200
    assert 'id="wall"' not in page.content.decode()


def test_every_panel_template_renders(client: Client) -> None:
    row = {"title": "标题<b>", "url": "/x/", "text": "正文", "author": "许家", "area": "盂县"}
    filled = {
        "hero": {"eyebrow": "进行中", "primary": {"label": "投稿", "url": "/works/"}},
        "call": {
            "title": "征集",
            "days_left": 3,
            "url": "/c/",
            "categories": [
                {"name": "家书", "count": 2, "cover": "cover-letter.svg", "url": "/", "text": "字"}
            ],
        },
        "works": {"works": [row], "all_url": "/works/", "total": 1},
        "news": {
            "lead": {"title": "活动", "url": "/a/", "people": 3},
            "items": [{"title": "次条", "url": "/b/"}],
            "all_url": "/campaigns/",
        },
        "pledge": {"lines": ["一"], "count": 18426, "url": "/p/"},
        "learn": {"links": [{"title": "听", "text": "故事", "url": "/s/"}]},
    }
    for slot, context in filled.items():
        panels.register(Panel(slot=slot, provide=lambda r, known=context: known))
    html = client.get("/").content.decode()
    assert "标题&lt;b&gt;" in html
    for words in ("进行中", "家书", "次条", "18,426", "听"):
        assert words in html


def test_unknown_slot_is_refused() -> None:
    with pytest.raises(LookupError):
        panels.register(Panel(slot="sidebar", provide=lambda r: None))


def test_search_lists_hits_and_escapes_the_query(client: Client) -> None:
    asked: list[list[str]] = []

    def find(words: list[str], limit: int) -> list[Hit]:
        asked.append(words)
        return [Hit("家训长廊", "/a/", "荫营镇")]

    search.register(Source(key="a", label="活动", find=find))
    html = client.get("/search/", {"q": "<script>家训 长廊"}).content.decode()
    assert asked == [["<script>家训", "长廊"]]
    assert "家训长廊" in html
    assert "<script>家训" not in html


def test_search_without_words_asks_nobody(client: Client) -> None:
    search.register(Source(key="a", label="活动", find=lambda words, limit: pytest.fail("asked")))
    assert client.get("/search/", {"q": "   "}).status_code == 200


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/", "/search/"])
def test_plain_pages_open_for_everybody(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_privacy_names_version_and_children(client: Client, settings) -> None:
    html = client.get("/privacy/").content.decode()
    assert settings.SITE["notice_version"] in html
    assert "儿童个人信息保护" in html
    assert settings.SITE["host"] in html


def test_care_mode_switches_on_and_off(client: Client) -> None:
    answer = client.post("/care-mode/", {"next": "/privacy/?a=1"})
    assert answer["Location"] == "/privacy/?a=1"
    assert client.cookies[CARE_COOKIE].value == "1"
    assert 'class="is-elder"' in client.get("/").content.decode()
    client.post("/care-mode/", {"next": "/"})
    assert 'class="is-elder"' not in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", ""])
def test_care_mode_never_leaves_the_site(client: Client, target: str) -> None:
    assert client.post("/care-mode/", {"next": target})["Location"] == "/"


def test_care_mode_is_not_switched_by_a_link(client: Client) -> None:
    assert client.get("/care-mode/").status_code == 405


def test_small_files_for_machines(client: Client) -> None:
    assert "Disallow: /staff/" in client.get("/robots.txt").content.decode()
    assert "Contact: " in client.get("/.well-known/security.txt").content.decode()
    assert client.get("/favicon.ico").status_code == 302
