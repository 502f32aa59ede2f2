"""Fault pages: the right code, plain words, nothing typed is lost, nothing secret comes back."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from portal.middleware import FaultMiddleware
from portal.pages import errors

pytestmark = pytest.mark.django_db


def test_missing_page(client: Client) -> None:
    page = client.get("/no-such-page/")
    assert page.status_code == 404
    assert "没有找到这个页面" in page.content.decode()


def test_address_of_a_button_says_so(client: Client) -> None:
    page = client.get("/care-mode/")
    assert page.status_code == 405
    assert page["Allow"] == "POST"
    assert int(page["Content-Length"]) == len(page.content) > 0
    assert "这个网址不能直接打开" in page.content.decode()


def test_stale_form_shows_what_was_typed_without_secrets() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/care-mode/", {
        "title": "家训<b>", "password": "geheim-1", "form_token": "tok-9",
        "category": "MOTTO", "author_rows": "1", "x_background": "老宅的门楣",
        "area": "平定县冠山镇", "audience": ["only_recipient", "新任干部家属"],
    })  # fmt: skip
    html = page.content.decode()
    assert page.status_code == 403
    assert "家训&lt;b&gt;" in html
    assert "标题" in html
    assert "老宅的门楣" in html
    assert "平定县冠山镇" in html and "新任干部家属" in html
    assert not [code for code in ("MOTTO", "only_recipient", "author_rows", "x_background") if code in html]
    assert "geheim-1" not in html
    assert "tok-9" not in html
    assert "回到表单" in html


def test_unreadable_body_still_answers() -> None:
    class Broken:
        @property
        def POST(self) -> dict:  # noqa: N802 – Django's name
            raise ValueError("cut off")

    assert errors.typed_fields(Broken()) == []


def test_busy_database_offers_the_same_form_again(rf: RequestFactory) -> None:
    def stuck(request: HttpRequest) -> HttpResponse:
        raise OperationalError("canceling statement due to statement timeout")

    data = {"summary": "写好的一段话", "form_token": "tok-9", "act": "submit", "media-TOTAL_FORMS": "2"}
    page = FaultMiddleware(stuck)(rf.post("/staff/activities/new/", data))
    html = page.content.decode()
    assert page.status_code == 503
    assert '<form method="post" action="/staff/activities/new/">' in html
    assert '<input type="hidden" name="form_token" value="tok-9">' in html
    assert html.count("写好的一段话") == 2  # to read and to send
    assert html.count("TOTAL_FORMS") == 1  # only to send
    secret = FaultMiddleware(stuck)(rf.post("/accounts/login/", {"username": "a", "password": "geheim-1"}))
    assert "geheim-1" not in secret.content.decode()
    assert '<form method="post"' not in secret.content.decode()


def test_server_error_needs_no_database(rf: RequestFactory, django_assert_num_queries) -> None:
    request = rf.get("/")
    request.request_id = "abc123def"  # type: ignore[attr-defined]
    with django_assert_num_queries(0):
        page = errors.server_error(request)
    assert page.status_code == 500
    assert "abc123def" in page.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "429", "500", "503"])
def test_every_fault_page_renders_without_a_request(name: str, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        html = render_to_string(
            f"errors/{name}.html", {"typed": [("text", "我的正文")], "path": "/x/", "limit_mb": 100}
        )
    assert "<h1>" in html
    assert "我的正文" in html
    assert "。" in html


def test_a_stale_form_shows_words_and_not_the_machinery() -> None:
    client = Client(enforce_csrf_checks=True)
    data = {
        "summary": "讲三件小事",
        "form_code": "activities.new",
        "draft_path": "/staff/",
        "act": "submit",
        "media-TOTAL_FORMS": "2",
    }
    page = client.post("/care-mode/", data).content.decode()
    assert "讲三件小事" in page
    for name in ("form_code", "draft_path", "TOTAL_FORMS", "<dt>act<"):
        assert name not in page
