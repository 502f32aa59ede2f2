"""The whole way of a late form on a real page: session over, sign in, everything still there, sent once."""

import re
import time
import uuid
from typing import Any

import pytest
from django.test import Client

from portal.access.roles import Role
from portal.accounts.middleware import SEEN
from portal.drafts.models import FormDraft
from portal.files.models import StoredFile
from tests.factories.people import PASSWORD
from tests.factories.units import Tree
from tests.portal.files import samples

pytestmark = pytest.mark.django_db
PAGE = "/staff/activities/new/"


def test_activity_typed_in_a_session_that_ended_is_not_lost(
    signed_in: Any, tree: Tree, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    client: Client = signed_in(Role.COUNTY_OP, tree.pingding)
    page = client.get(PAGE).content.decode()
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    spec = re.search(r'data-spec="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    staged = client.post(
        "/files/stage/",
        {"form_token": token, "spec": spec, "file": samples.upload(samples.jpeg(), "现场.jpg")},
    )
    assert staged.status_code == 201
    session = client.session
    session[SEEN] = int(time.time()) - 24 * 3600
    session.save()
    typed = {
        "form_token": token,
        "form_code": "activities.new",
        "draft_path": PAGE,
        "title": "廉洁家风宣讲",
        "summary": "讲家风故事",
        "act": "submit",
    }
    late = client.post(PAGE, typed)
    assert late.status_code == 302
    assert late["Location"].startswith("/accounts/login/?next=")
    user = client.user  # type: ignore[attr-defined]
    signed = client.post(late["Location"], {"username": user.username, "password": PASSWORD})
    assert signed.status_code == 302
    back = client.get(signed["Location"])
    words = back.content.decode()
    assert back.status_code == 200
    assert "廉洁家风宣讲" in words
    assert "讲家风故事" in words
    assert "现场.jpg" in words
    assert token in words
    assert StoredFile.objects.get().uploaded_by == user


def test_sent_draft_disappears(signed_in: Any, tree: Tree) -> None:
    client: Client = signed_in(Role.COUNTY_OP, tree.pingding)
    token = str(uuid.uuid4())
    body = {"form_token": token, "form_code": "activities.new", "draft_path": PAGE, "summary": "讲家风故事"}
    client.post("/drafts/save/", body, headers={"accept": "application/json"})
    assert FormDraft.objects.count() == 1
    sent = client.post(
        PAGE,
        {
            **body,
            "title": "讲座",
            "kind": "talk",
            "starts_at": "2026-11-20",
            "headcount": "30",
            "place": "礼堂",
            "act": "draft",
        },
    )
    assert sent.status_code == 302
    assert "/staff/activities/" in sent["Location"]
    assert not FormDraft.objects.exists()
