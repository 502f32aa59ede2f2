"""A form that comes too late: after the session ended, or from a stale page."""

import time
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.utils import timezone

from portal.access import limits
from portal.access.roles import Role
from portal.accounts.middleware import SEEN
from portal.accounts.models import User
from portal.drafts import actions, rescue
from portal.drafts.models import FormDraft
from tests.factories.people import make_user
from tests.factories.units import Tree

pytestmark = pytest.mark.django_db
PAGE = "/staff/drafts/"
BACKEND = "portal.accounts.backends.PortalBackend"


def late(client: Client, **fields: Any) -> Any:
    body = {
        "form_token": str(uuid.uuid4()),
        "form_code": "activity",
        "title": "进家宣讲",
        "password": "x",
        **fields,
    }
    return client.post(PAGE, body)


def initial(
    client: Client, address: str, form_code: str = "activity", user: User | None = None
) -> dict[str, Any]:
    """What a form view would pre-fill for this browser."""
    request = RequestFactory().get(address)
    request.session = client.session
    request.user = user or AnonymousUser()
    return rescue.initial_from_restore(request, form_code)


@pytest.mark.parametrize("fields", [{}, {"reason": "写错了地点"}], ids=["a bare button", "a reason"])
@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("http://testserver/ops/journal/?q=a", "/ops/journal/"),
        ("http://elsewhere.example/ops/journal/", "/ops/journal/verify/"),
        ("http://testserver//elsewhere.example/", "/ops/journal/verify/"),
        ("http://[abc", "/ops/journal/verify/"),
        ("", "/ops/journal/verify/"),
    ],
)
def test_a_button_pressed_too_late_leads_back_to_its_page(
    client: Client, fields: dict[str, str], source: str, page: str
) -> None:
    headers = {"HTTP_REFERER": source} if source else {}
    answer = client.post("/ops/journal/verify/", fields, **headers)
    wanted = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    assert urlsplit(wanted).path == page
    assert ("restore=" in wanted) is bool(
        fields and source not in ("http://elsewhere.example/ops/journal/", "http://[abc")
    )


def test_late_form_is_kept_and_comes_back_after_sign_in(client: Client) -> None:
    token = str(uuid.uuid4())
    answer = late(client, form_token=token, kinds=["a", "b"])
    draft = FormDraft.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={PAGE}%3Frestore%3D{draft.token}"
    assert "password" not in actions.content_of(draft)
    assert draft.expires_at <= timezone.now() + timedelta(hours=24)
    user = make_user()
    client.force_login(user, backend=BACKEND)
    found = initial(client, draft.resume_url, user=user)
    assert found["title"] == "进家宣讲"
    assert found["kinds"] == ["a", "b"]
    assert found["form_token"] == token
    assert FormDraft.objects.get().owner == user


def test_late_form_of_an_ended_session_belongs_to_that_account(signed_in: Any, tree: Tree) -> None:
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    session = client.session
    session[SEEN] = int(time.time()) - 24 * 3600
    session.save()
    assert late(client).status_code == 302
    draft = FormDraft.objects.get()
    assert draft.owner == client.user
    client.force_login(other := make_user(), backend=BACKEND)
    assert initial(client, draft.resume_url, user=other) == {}
    client.force_login(client.user, backend=BACKEND)
    assert initial(client, draft.resume_url, user=client.user)["title"] == "进家宣讲"


def test_another_browser_gets_nothing(client: Client) -> None:
    late(client)
    assert initial(Client(), FormDraft.objects.get().resume_url, user=make_user()) == {}


def test_draft_of_another_form_is_not_poured_into_this_one(client: Client) -> None:
    late(client)
    assert initial(client, FormDraft.objects.get().resume_url, "works") == {}
    assert initial(client, f"{PAGE}?restore=nonsense") == {}


def test_nothing_typed_nothing_kept(client: Client) -> None:
    assert late(client, title="", form_code="").status_code == 302
    assert client.get(PAGE).status_code == 302
    assert not FormDraft.objects.exists()


def test_foreign_site_cannot_plant_words(client: Client) -> None:
    client.post(PAGE, {"title": "planted"}, headers={"origin": "https://evil.example"})
    assert not FormDraft.objects.exists()


def test_rescue_is_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "drafts.rescue", limits.Limit(2, 3600))
    for _ in range(4):
        assert late(client).status_code == 302
    assert FormDraft.objects.count() == 2


def test_stale_page_keeps_what_was_typed(signed_in: Any, tree: Tree) -> None:
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    client.handler.enforce_csrf_checks = True
    answer = client.post("/staff/drafts/", {"title": "旧页面", "form_code": "activity"})
    assert answer.status_code == 403
    draft = FormDraft.objects.get()
    assert draft.owner == client.user
    assert "旧页面" in answer.content.decode()
    assert f"restore={draft.token}" in answer.content.decode()


def test_sent_form_forgets_its_drafts(client: Client) -> None:
    late(client)
    draft = FormDraft.objects.get()
    request = RequestFactory().post(draft.resume_url, {"form_token": str(uuid.uuid4())})
    request.session = client.session
    request.user = AnonymousUser()
    rescue.forget(request)
    assert not FormDraft.objects.exists()


def test_database_that_is_away_does_not_make_things_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away(**fields: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(actions, "rescue", away)
    request = RequestFactory().post("/x/", {"title": "a"})
    request.session = SessionStore()
    request.user = AnonymousUser()
    assert rescue.keep(request) is None
