"""Drafts: what was typed is kept, for its owner only, never with secrets."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.access import limits
from portal.access.roles import Role
from portal.accounts.phone_codes import mark_verified, phone_hash
from portal.drafts import actions, keeping, labels, queries, rules
from portal.drafts.holder import Holder
from portal.drafts.models import FormDraft
from portal.privacy.registry import RETENTION, SOURCES, Person
from tests.factories.people import make_user
from tests.factories.units import Tree

pytestmark = pytest.mark.django_db
SAVE = "/drafts/save/"
PAGE_OF_STAFF = "/staff/drafts/"
JSON = {"accept": "application/json"}


def typed(token: str, **fields: Any) -> dict[str, Any]:
    return {"form_token": token, "form_code": "activity", "draft_path": "/staff/activities/new/", **fields}


@pytest.fixture
def token() -> str:
    return str(uuid.uuid4())


def test_visitor_saves_and_finds_the_draft_again(client: Client, token: str) -> None:
    answer = client.post(SAVE, typed(token, title="廉洁家书", text="母亲的信"), headers=JSON)
    assert answer.json()["saved"]
    assert answer.json()["resume_url"] == f"/staff/activities/new/?restore={token}"
    client.post(SAVE, typed(token, title="廉洁家书", text="母亲的信，写完了"), headers=JSON)
    draft = FormDraft.objects.get()
    assert actions.content_of(draft)["text"] == ["母亲的信，写完了"]
    assert draft.title == "廉洁家书"
    assert Client().post(SAVE, typed(token, title="别人"), headers=JSON).status_code == 404
    assert actions.content_of(FormDraft.objects.get())["title"] == ["廉洁家书"]


def test_same_thing_as_json(client: Client, token: str) -> None:
    body = {
        "form_token": token,
        "form_code": "activity",
        "path": "/x/",
        "fields": {"title": "一", "kinds": ["a", "b"], "n": 3, "o": {}},
    }
    assert client.post(SAVE, json.dumps(body), content_type="application/json").json()["saved"]
    assert actions.content_of(FormDraft.objects.get()) == {"title": ["一"], "kinds": ["a", "b"]}


@pytest.mark.parametrize(
    "body",
    ["[]", "{", "3", '{"fields": []}', '{"form_token": 3}', '{"form_token": "x", "form_code": "a"}', "\xff"],
)
def test_nonsense_is_a_400(client: Client, body: str) -> None:
    assert client.post(SAVE, body, content_type="application/json").status_code == 400
    assert not FormDraft.objects.exists()


def test_button_without_javascript_leads_back_to_the_filled_form(client: Client, token: str) -> None:
    answer = client.post(SAVE, typed(token, title="讲座", draft_now="1"))
    assert answer.status_code == 302
    assert answer["Location"] == f"/staff/activities/new/?restore={token}"


def test_address_of_another_site_is_not_kept(client: Client, token: str) -> None:
    for path in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        client.post(SAVE, typed(token, title="a", draft_path=path), headers=JSON)
        assert FormDraft.objects.get().resume_url == ""


def test_empty_form_makes_no_draft(client: Client, token: str) -> None:
    assert client.post(SAVE, typed(token, title="  "), headers=JSON).json() == {"saved": False}
    assert not FormDraft.objects.exists()


def test_secrets_never_enter_a_draft() -> None:
    names = [
        "password",
        "new_password1",
        "step-password",
        "otp_code",
        "code",
        "csrfmiddlewaretoken",
        "id_number",
    ]
    fields = [(name, ["geheim"]) for name in names] + [
        ("title", ["好"]),
        ("captcha_1", ["x"]),
        ("altcha", ["x"]),
    ]
    assert rules.clean_payload(fields) == {"title": ["好"]}


def test_what_is_stored_is_encrypted(client: Client, token: str) -> None:
    client.post(SAVE, typed(token, title="王小明的信", phone="13800138000"), headers=JSON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM portal_formdraft")
        row = str(cursor.fetchall())
    assert "13800138000" not in row
    assert "王小明" not in row


def test_only_so_much_is_kept() -> None:
    fields = [(f"f{number}", ["字" * 1000]) for number in range(1000)]
    kept = rules.clean_payload(fields)
    assert sum(len(text) for texts in kept.values() for text in texts) <= rules.MAX_CHARS


def test_draft_of_an_account_is_out_of_reach_for_others(signed_in: Any, tree: Tree, token: str) -> None:
    mine = signed_in(Role.COUNTY_OP, tree.pingding)
    mine.post(SAVE, typed(token, title="平定的草稿"), headers=JSON)
    other = signed_in(Role.CITY_OP, tree.city)
    assert other.post(SAVE, typed(token, title="改"), headers=JSON).status_code == 404
    assert other.post(f"/drafts/{token}/discard/").status_code == 404
    assert Client().post(f"/drafts/{token}/discard/").status_code == 404
    assert "平定的草稿" not in other.get("/staff/drafts/").content.decode()
    assert mine.post(f"/drafts/{token}/discard/").status_code == 302
    assert not FormDraft.objects.exists()


def test_list_shows_my_drafts_with_a_way_back(signed_in: Any, tree: Tree, token: str) -> None:
    labels.register("activity", "活动登记")
    client = signed_in(Role.VILLAGE_OP, tree.dongguan)
    client.post(SAVE, typed(token, title="<b>入户</b>"), headers=JSON)
    page = client.get("/staff/drafts/").content.decode()
    assert "&lt;b&gt;入户" in page
    assert f"/staff/activities/new/?restore={token}" in page
    assert "活动登记" in page
    assert Client().get("/staff/drafts/").status_code == 302


def test_form_is_called_by_its_longest_known_name() -> None:
    labels.register("sample.edit", "修改样例")
    assert labels.label_of("sample.edit.42") == "修改样例"
    assert str(labels.label_of("unknown.form")) == "表单"


def test_list_costs_the_same_for_one_and_for_three(signed_in: Any, tree: Tree) -> None:
    client, costs = signed_in(Role.VILLAGE_OP, tree.dongguan), []
    for more in (1, 2):
        for _ in range(more):
            client.post(SAVE, typed(str(uuid.uuid4()), title="草稿"), headers=JSON)
        with CaptureQueriesContext(connection) as caught:
            page = client.get("/staff/drafts/")
        costs.append(len(caught))
    assert page.content.decode().count("草稿</") >= 3
    assert costs[0] == costs[1]


def test_verified_phone_finds_its_drafts(client: Client, token: str) -> None:
    family = Holder(phone_hash=phone_hash("13800138000"))
    actions.save(token=token, form_code="work", payload={"title": ["家书"]}, holder=family)
    assert [draft.token for draft in queries.my_drafts(family)] == [token]
    assert queries.my_drafts(Holder(phone_hash=phone_hash("13900139000"))) == []
    assert queries.my_drafts(Holder()) == []
    assert client.post(f"/drafts/{token}/discard/").status_code == 404
    request = RequestFactory().get("/")
    request.session = client.session
    mark_verified(request, "138 0013 8000")
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    assert client.post(f"/drafts/{token}/discard/").status_code == 302


def test_form_may_refuse_to_be_kept(client: Client, token: str) -> None:
    labels.register("child", "儿童作品", keep=lambda payload: {} if "minor" in payload else payload)
    body = typed(token, form_code="child", title="画")
    assert not client.post(SAVE, {**body, "minor": "1"}, headers=JSON).json()["saved"]
    assert client.post(PAGE_OF_STAFF, {**body, "minor": "1"}).status_code == 302
    assert not FormDraft.objects.exists()
    assert client.post(SAVE, body, headers=JSON).json()["saved"]
    client.post(SAVE, {**body, "minor": "1"}, headers=JSON)
    assert not FormDraft.objects.exists()


def test_draft_becomes_the_account_s_own_once(token: str) -> None:
    visitor = Holder(tokens=frozenset([token]))
    draft = actions.save(token=token, form_code="work", payload={"title": ["家书"]}, holder=visitor)
    assert draft is not None
    user = make_user()
    assert actions.claim(draft=draft, holder=Holder(user, frozenset([token])))
    draft.refresh_from_db()
    assert draft.owner == user
    assert not actions.claim(draft=draft, holder=Holder(make_user(), frozenset([token])))
    assert queries.find(token, visitor) is None


def test_expired_drafts_are_invisible_and_then_gone(token: str) -> None:
    holder = Holder(make_user())
    actions.save(token=token, form_code="work", payload={"title": ["家书"]}, holder=holder)
    FormDraft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert queries.count_for(holder) == 0
    assert actions.purge_expired() == 1


def test_saving_too_often_is_429(client: Client, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "drafts.save", limits.Limit(1, 3600))
    assert client.post(SAVE, typed(token, title="a"), headers=JSON).status_code == 200
    assert client.post(SAVE, typed(token, title="b"), headers=JSON).status_code == 429


def test_saving_needs_the_csrf_token(token: str) -> None:
    assert Client(enforce_csrf_checks=True).post(SAVE, typed(token, title="a")).status_code == 403


def test_workbench_offers_to_go_on(signed_in: Any, tree: Tree, token: str) -> None:
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    assert "wb-drafts" not in client.get("/staff/").content.decode()
    client.post(SAVE, typed(token, title="半截活动"), headers=JSON)
    page = client.get("/staff/").content.decode()
    assert "半截活动" in page
    assert f"restore={token}" in page


def test_person_takes_away_and_erases_drafts(token: str) -> None:
    user = make_user()
    actions.save(token=token, form_code="work", payload={"title": ["家书"]}, holder=Holder(user))
    mine, other = Person(user=user), Person(user=make_user(), phone_hash="a" * 64)
    assert keeping.export_of(mine)[0]["fields"] == {"title": ["家书"]}
    assert keeping.export_of(other) == []
    assert keeping.erase_of(other, user) == 0
    assert keeping.erase_of(mine, user) == 1
    assert {"drafts", "files.staged"} <= set(RETENTION)
    assert "drafts" in SOURCES


def test_what_was_kept_for_the_holder_is_forgotten_after_the_write(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(
        actions.kept,
        "forget",
        lambda _user: seen.append([json.loads(d.payload) for d in FormDraft.objects.all()]),
    )
    user, token = make_user(), str(uuid.uuid4())
    for words in ("一稿", "二稿"):
        actions.save(token=token, form_code="activity", payload={"title": [words]}, holder=Holder(user))
    actions.discard(token=token, holder=Holder(user))
    actions.rescue(form_code="activity", payload={"title": ["三稿"]}, path="/", owner=user)
    assert seen == [[{"title": ["一稿"]}], [{"title": ["二稿"]}], [], [{"title": ["三稿"]}]]


def test_claimed_draft_is_on_the_page_made_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    user, token = make_user(), str(uuid.uuid4())
    begun = Holder(tokens=frozenset([token]))
    draft = actions.save(token=token, form_code="activity", payload={"title": ["一稿"]}, holder=begun)
    owners: list[Any] = []
    monkeypatch.setattr(actions.kept, "forget", lambda _user: owners.append(FormDraft.objects.get().owner))
    assert draft is not None and actions.claim(draft=draft, holder=Holder(user, frozenset([token])))
    assert owners == [user]
