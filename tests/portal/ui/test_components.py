"""Components render with their inputs and escape what they are given."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from portal.ui.templatetags import portal as tags


def draw(source: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string(CottonCompiler().process(source)).render(context, request)


def test_progress_shows_value_target_and_time() -> None:
    html = draw('<c-progress label="活动场次" :value="44" :target="88" unit="场" time="89.3" />')
    assert 'width="50.0%"' in html
    assert 'x1="89.3%"' in html
    assert "<small>/ 88 场</small>" in html


def test_progress_without_target_is_empty() -> None:
    assert 'width="0.0%"' in draw('<c-progress label="x" :value="3" :target="0" />')


def test_tag_always_has_icon_and_words() -> None:
    html = draw('<c-tag tone="warn" text="待审" />')
    assert "bi-clock" in html
    assert "待审" in html


def test_button_is_a_link_when_it_has_an_address() -> None:
    assert "<a " in draw('<c-button href="/x/" kind="primary">去</c-button>')
    assert 'type="submit"' in draw('<c-button name="move" value="submit">交</c-button>')


def test_timeline_escapes_notes() -> None:
    html = draw(
        '<c-timeline :entries="rows" />',
        rows=[{"title": "退回", "at": datetime(2026, 1, 2, tzinfo=UTC), "note": "<b>x</b>"}],
    )
    assert "&lt;b&gt;x" in html
    assert "2026年1月2日" in html


def test_steps_mark_done_and_current() -> None:
    html = draw('<c-steps :steps="rows" :current="2" />', rows=["填", "核", "完"])
    assert html.count("is-done") == 1
    assert html.count('aria-current="step"') == 1


def test_tiles_hide_the_rate_of_incomplete_units() -> None:
    html = draw(
        '<c-tiles :tiles="rows" />',
        rows=[{"name": "高新区", "percent": 70, "incomplete": True, "note": "上报 72%"}],
    )
    assert "70.0%" not in html
    assert "inc" in html


def test_confirm_works_as_a_plain_form() -> None:
    html = draw('<c-confirm action="/x/" label="撤下" kind="bad-line">会通知作者</c-confirm>')
    assert "<details" in html
    assert 'method="post"' in html
    assert "csrfmiddlewaretoken" in html


@pytest.mark.parametrize(
    ("percent", "level"), [(97, "s5"), (93, "s4"), (86, "s3"), (80, "s2"), (10, "s1"), (None, "s1")]
)
def test_tile_level(percent: float | None, level: str) -> None:
    assert tags.tile_level(percent) == level


@pytest.mark.parametrize(
    ("value", "shown"), [(150, "100.0%"), (-3, "0.0%"), ("x", "0.0%"), (12.345, "12.3%")]
)
def test_svg_percent_stays_inside(value: Any, shown: str) -> None:
    assert tags.svg_percent(value) == shown


def test_links_only_to_addresses_that_exist() -> None:
    assert tags.path_or_none("/privacy/") == "/privacy/"
    assert tags.path_or_none("/no-such-slice/") == ""
    assert tags.url_or_none("portal:pages:privacy") == "/privacy/"
    assert tags.url_or_none("no:such") == ""


@pytest.mark.parametrize("name", ["no-such.svg", "../../css/base.css", None, "x y.svg"])
def test_motif_falls_back(name: str | None) -> None:
    assert tags.motif(name).endswith("cover-talk.svg")


def test_motif_by_name() -> None:
    assert tags.motif("cover-letter.svg").endswith("img/motifs/cover-letter.svg")
