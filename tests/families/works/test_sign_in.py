"""Signing in, verifying the phone or coming back from anywhere never clears the form."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from families.works.models import Work, WorkCall, WorkCategory
from portal.access.roles import Role
from portal.drafts.models import FormDraft
from tests.factories.people import PASSWORD, make_user
from tests.factories.units import Tree
from tests.families.works.conftest import verified
from tests.families.works.test_authors import SECOND, values_of
from tests.families.works.test_staff_entry import picture

pytestmark = pytest.mark.django_db
URL = "/works/calls/motto-2026/submit/"
Typed = Callable[..., dict[str, Any]]


def sign_in(client: Client, username: str, target: str) -> Any:
    """Through the real page."""
    return client.post(
        "/accounts/login/", {"username": username, "password": PASSWORD, "next": target}, follow=True
    )


def test_every_word_and_file_comes_back_after_signing_in(
    client: Client, call: WorkCall, typed: Typed, tree: Tree
) -> None:
    user = make_user(Role.VILLAGE_OP, tree.dongguan, username="wang")
    answer = client.post(URL, typed(action="sign_in", files=picture(), author_rows="2", **SECOND))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/works/calls/motto-2026/submit/")
    target = FormDraft.objects.get().resume_url
    page = sign_in(client, "wang", target).content.decode()
    for words in ("勤俭持家", "爷爷当保管员", "买买提·𬀩", "纸.jpg"):
        assert words in page
    assert FormDraft.objects.get().owner == user
    assert "登录后接着写" not in page
    token = values_of(page)["form_token"]
    verified(client).post(URL, typed(form_token=token, **SECOND))
    work = Work.every.get()
    assert work.submitted_by == user
    from families.works.queries import photos_of

    assert len(photos_of([work])[str(work.pk)]) == 1
    assert not FormDraft.objects.exists()


def test_who_goes_to_the_sign_in_page_by_itself_finds_the_form_too(
    client: Client, call: WorkCall, typed: Typed, tree: Tree
) -> None:
    make_user(Role.VILLAGE_OP, tree.dongguan, username="wang")
    client.post("/works/calls/motto-2026/draft/", typed())
    client.post(URL, typed(action="draft", files=picture(), form_token=FormDraft.objects.get().token))
    sign_in(client, "wang", "/accounts/")
    page = client.get(URL).content.decode()
    assert "接着上次没写完的" in page
    assert "爷爷当保管员" in page
    assert "纸.jpg" in page


def test_another_browser_and_another_category_begin_afresh(
    client: Client, call: WorkCall, typed: Typed
) -> None:
    client.post(URL, typed(action="draft"))
    assert "爷爷当保管员" not in Client().get(URL).content.decode()
    call.categories.add(WorkCategory.objects.get(code="PHOTO"))
    assert "爷爷当保管员" not in client.get(URL, {"category": "PHOTO"}).content.decode()
    assert "爷爷当保管员" in client.get(URL, {"category": "MOTTO"}).content.decode()


def test_who_leaves_a_shared_phone_leaves_no_words_behind(
    family: Client, call: WorkCall, typed: Typed
) -> None:
    family.post(URL, typed(action="draft"))
    assert "爷爷当保管员" in family.get(URL).content.decode()
    family.post("/me/leave/")
    assert "爷爷当保管员" not in family.get(URL).content.decode()
    assert "清白做人" in verified(family).get("/me/").content.decode()


def test_a_childs_form_stays_on_the_page_until_the_guardian_agrees(
    client: Client, call: WorkCall, typed: Typed
) -> None:
    answer = client.post(URL, typed(action="sign_in", birth_ym="2016-01"))
    assert answer.status_code == 200
    assert "先勾选，再去登录" in answer.content.decode()
    assert "爷爷当保管员" in answer.content.decode()
    assert not FormDraft.objects.exists()


def test_a_refused_picture_is_named_before_anybody_leaves(
    client: Client, call: WorkCall, typed: Typed
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = client.post(URL, typed(action="sign_in", files=SimpleUploadedFile("坏.jpg", b"MZ" * 90)))
    assert "坏.jpg" in page.content.decode()
    assert "爷爷当保管员" in page.content.decode()


def test_old_databases_get_the_fourth_audience_of_mottos(call: WorkCall) -> None:
    migration = importlib.import_module("families.migrations.0008_authors")
    WorkCategory.objects.filter(code="MOTTO").update(audiences=migration.OLD)
    WorkCategory.objects.filter(code="PHOTO").update(audiences=migration.OLD)
    migration.widen_mottos(apps, None)
    assert WorkCategory.objects.get(code="MOTTO").audiences == migration.NEW
    assert WorkCategory.objects.get(code="PHOTO").audiences == migration.OLD
    WorkCategory.objects.filter(code="MOTTO").update(audiences=["organisation"])
    migration.widen_mottos(apps, None)
    assert WorkCategory.objects.get(code="MOTTO").audiences == ["organisation"]
