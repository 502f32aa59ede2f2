"""Whatever is sent, there is an answer: never a fault, nothing half-kept, nothing unescaped."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from families.works.models import Work, WorkCall
from portal.access.roles import Role
from portal.files.models import StoredFile
from tests.factories.units import Tree
from tests.factories.works import make_work
from tests.families.works.test_staff_entry import picture

pytestmark = pytest.mark.django_db
URL = "/works/calls/motto-2026/submit/"
NAUGHTY = [
    "\x00", "\u202e\u200b\ufeff", "<script>alert(1)</script>", "{{ 7*7 }}{% load x %}", "'; DROP TABLE families_work; --",
    "字" * 40_000, "😀" * 500, "e\u0301" * 300, "-1", "1e999", "[]", "../../etc/passwd", "\r\n\r\n", "𠮷" * 60, "\ud7ff\ue000",
]  # fmt: skip
FIELDS = (
    "category", "title", "text", "story", "origin", "author_name", "birth_ym", "area", "village", "guardian_name",
    "author_rows", "author_name_2", "birth_ym_2", "pen_name", "role_2", "author_name_6", "household", "instructor",
    "recipient_phone", "recipient_name", "guardian_phone", "audience", "form_token", "code", "phone", "captcha_answer", "captcha_token", "altcha",
)  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_breaks_the_form(
    family: Client, call: WorkCall, typed: Callable[..., Any], field: str
) -> None:
    for text in (NAUGHTY[0], NAUGHTY[2], NAUGHTY[FIELDS.index(field) % len(NAUGHTY)]):
        answer = family.post(URL, typed(**{field: text}))
        assert answer.status_code in (200, 302, 400, 429), (field, text[:20])
        assert b"<script>alert(1)" not in answer.content


@pytest.mark.parametrize("action", ["send", "draft", "send_code", "add_author", "drop_author_2", "sign_in"])
def test_all_fields_at_once(client: Client, call: WorkCall, typed: Callable[..., Any], action: str) -> None:
    for text in NAUGHTY:
        answer = client.post(URL, typed(**dict.fromkeys(FIELDS, text), action=action))
        assert answer.status_code in (200, 302, 400), text[:20]
        assert b"<script>alert(1)" not in answer.content
    assert not Work.every.exists()


@pytest.mark.parametrize("path", ["/works/", "/staff/works/", "/me/", "/works/resume/", URL])
def test_no_query_breaks_a_page(path: str, call: WorkCall, tree: Tree, signed_in: Any) -> None:
    make_work(call, tree.dongguan)
    client = signed_in(Role.CITY_REVIEWER, tree.city)
    names = (
        "q",
        "after",
        "before",
        "category",
        "county",
        "status",
        "unit",
        "from_",
        "to",
        "sort",
        "restore",
        "next",
        "call",
    )
    for text in NAUGHTY:
        if len(text) < 2000:
            assert client.get(path, dict.fromkeys(names, text)).status_code in (200, 302, 400), (
                path,
                text[:20],
            )


@pytest.mark.parametrize(
    "path",
    [
        "/works/%00/",
        "/works/ZP2026-999999/",
        "/me/works/x/",
        "/works/calls/nope/",
        "/works/calls/nope/submit/",
    ],
)
def test_unknown_addresses_are_404_or_ask(path: str, family: Client, call: WorkCall) -> None:
    assert family.get(path).status_code in (400, 404)


def test_wrong_methods(family: Client, call: WorkCall, tree: Tree) -> None:
    work = make_work(call, tree.dongguan)
    for act in ("audience/", "withdraw/", "delete/", "withdraw-consent/"):
        assert family.get(f"/me/works/{work.no}/{act}").status_code == 405
    for path in ("/me/data/", "/me/erase/", "/me/ask/", "/me/leave/"):
        assert family.get(path).status_code == 405
    assert Work.every.exists()


def test_open_redirects_go_nowhere(family: Client, call: WorkCall) -> None:
    for target in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = family.post("/me/", {"action": "verify", "next": target})
        assert answer.status_code == 302
        assert "evil" not in answer["Location"]


def test_pictures_survive_a_failed_form(family: Client, call: WorkCall, typed: Callable[..., Any]) -> None:
    data = typed(text="字" * 51, files=picture())
    page = family.post(URL, data).content.decode()
    assert "纸.jpg" in page
    family.post(URL, typed(form_token=data["form_token"]))
    work = Work.every.get()
    assert StoredFile.objects.get(target_type="work").target_id == str(work.pk)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.jpg", b"MZ" + b"\x00" * 200),
        ("b.png", b""),
        ("c.svg", b"<svg><script>1</script></svg>"),
        ("d.jpg", b"\xff\xd8\xff"),
    ],
)
def test_broken_pictures_are_named(
    family: Client, call: WorkCall, typed: Callable[..., Any], name: str, body: bytes
) -> None:
    page = family.post(URL, typed(files=SimpleUploadedFile(name, body))).content.decode()
    assert name in page
    assert "勤俭持家" in page
    assert not Work.every.exists()


def test_too_many_pictures(family: Client, call: WorkCall, typed: Callable[..., Any]) -> None:
    from io import BytesIO

    from PIL import Image

    shots = []
    for shade in range(4):
        out = BytesIO()
        Image.new("RGB", (30, 30), (shade * 60, 0, 0)).save(out, "PNG")
        shots.append(SimpleUploadedFile(f"{shade}.png", out.getvalue()))
    page = family.post(URL, typed(files=shots)).content.decode()
    assert "最多上传 3 张" in page
    assert not Work.every.exists()
