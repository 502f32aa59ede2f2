"""Pages behind the gate: who gets in, what they show, what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.access.roles import Role
from portal.notifications.models import Message
from portal.publication import actions, registry
from portal.publication.models import Publication, WatchWord
from portal.publication.rules import Status
from tests.factories.publication import ALL_ANSWERS, install, make_content

QUEUE = "/staff/publication/"


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(registry, "CONTENT_TYPES", dict(registry.CONTENT_TYPES))
    install()


@pytest.fixture
def author(tree, person):
    return person(Role.COUNTY_OP, tree.pingding)


@pytest.fixture
def ask(tree, author):
    def make(**fields):
        return actions.request(make_content(tree.pingding, author=author, **fields), actor=author)

    return make


def _url(name, row):
    return reverse(f"portal:publication:{name}", args=[row.public_id])


def test_editor_reads_ticks_and_passes_then_gets_the_next(tree, signed_in, ask):
    row, other = ask(text="请打电话 13812345678 找我"), ask()
    editor = signed_in(Role.EDITOR, tree.city)
    page = editor.get(QUEUE, follow=True)
    assert page.redirect_chain[-1][0].endswith("box=mine") and row.title in page.content.decode()
    shown = editor.get(row.staff_url).content.decode()
    assert "手机号" in shown and 'id="mark-1"' in shown and "公众会看到的样子" in shown
    refused = editor.post(_url("pass", row), {"answers": ALL_ANSWERS[:3], "seen": row.digest})
    assert refused.status_code == 409 and "没有核对" in refused.content.decode()
    assert refused.content.decode().count(" checked") == 3  # ticks are not lost
    passed = editor.post(_url("pass", row), {"answers": ALL_ANSWERS, "seen": row.digest}, follow=True)
    assert passed.redirect_chain[-1][0] == other.staff_url
    row.refresh_from_db()
    assert row.status == Status.EDITED and row.checklist["edit"] == sorted(ALL_ANSWERS)


def test_publisher_brings_it_out_and_the_author_is_told(tree, signed_in, person, ask, author):
    row = ask()
    actions.pass_edit(row, actor=person(Role.EDITOR, tree.city), answers=ALL_ANSWERS)
    publisher = signed_in(Role.PUBLISHER, tree.city)
    publisher.post(_url("pass", row), {"answers": ALL_ANSWERS, "seen": row.digest})
    row.refresh_from_db()
    assert row.status == Status.PUBLISHED
    assert Message.objects.get(user=author).title.startswith("已发布")
    page = publisher.get(row.staff_url).content.decode()
    assert "从公开页面撤下" in page
    publisher.post(_url("take_down", row), {"down-reason": "照片有误"})
    row.refresh_from_db()
    assert row.status == Status.TAKEN_DOWN and row.took_down_reason == "照片有误"


def test_second_of_two_reviewers_gets_a_clear_sentence(tree, signed_in, ask):
    row = ask()
    first, second = signed_in(Role.EDITOR, tree.city), signed_in(Role.EDITOR, tree.city)
    first.post(_url("pass", row), {"answers": ALL_ANSWERS, "seen": row.digest})
    late = second.post(_url("return", row), {"back-reason": "标题太长"})
    assert late.status_code == 409
    assert "请刷新后查看" in late.content.decode() and "标题太长" in late.content.decode()


def test_return_needs_a_reason_and_the_author_reads_it(tree, signed_in, ask, author):
    row = ask()
    editor = signed_in(Role.EDITOR, tree.city)
    assert editor.post(_url("return", row), {"back-reason": ""}).status_code == 422
    editor.post(_url("return", row), {"back-reason": "请补充时间"})
    row.refresh_from_db()
    assert row.status == Status.RETURNED
    assert Message.objects.get(user=author).text == "请补充时间"
    assert "请补充时间" in editor.get(row.staff_url).content.decode()


def test_author_may_look_but_not_pass(tree, client, ask, author):
    row = ask()
    client.force_login(author, backend="portal.accounts.backends.PortalBackend")
    page = client.get(row.staff_url).content.decode()
    assert "由另一位同事审核" in page and "data-pass" not in page
    assert client.post(_url("pass", row), {"answers": ALL_ANSWERS}).status_code == 403


@pytest.mark.parametrize("role", [Role.JUDGE, Role.SYS_ADMIN, Role.AUDIT_ADMIN, Role.PROVINCE_VIEWER])
def test_roles_without_content_rights_stay_outside(tree, signed_in, ask, role):
    row = ask()
    outsider = signed_in(role, tree.city)
    for url in (QUEUE, row.staff_url, f"{QUEUE}next/"):
        assert outsider.get(url).status_code in {302, 403}
    assert outsider.post(_url("pass", row)).status_code in {302, 403}


def test_other_county_cannot_tell_it_exists(tree, signed_in, ask, client):
    row = ask()
    neighbour = signed_in(Role.EDITOR, tree.yuxian)
    assert neighbour.get(row.staff_url).status_code == 404
    assert neighbour.post(_url("pass", row), {"answers": ALL_ANSWERS}).status_code == 404
    assert row.title not in neighbour.get(f"{QUEUE}?box=").content.decode()
    assert client.get(row.staff_url).status_code == 302


def test_markup_in_the_content_stays_text(tree, signed_in, ask):
    row = ask(title="<script>1", text="<img src=x onerror=alert(1)> 13812345678")
    page = signed_in(Role.EDITOR, tree.city).get(row.staff_url).content.decode()
    assert "<script>1" not in page and "<img src=x" not in page and "&lt;img src=x" in page


@pytest.mark.parametrize("address", [f"{QUEUE}?box=mine", f"{QUEUE}?box=", "/staff/inbox/"])
def test_lists_cost_the_same_with_more_rows(tree, signed_in, ask, address):
    editor = signed_in(Role.EDITOR, tree.city)
    ask()
    editor.get(address)
    with CaptureQueriesContext(connection) as one:
        editor.get(address)
    for _ in range(4):
        ask()
    editor.get(address)  # the counts behind the menu are made anew after a write
    with CaptureQueriesContext(connection) as many:
        assert editor.get(address).status_code == 200
    assert len(many) == len(one)


def test_many_at_once(tree, signed_in, person, ask):
    rows = [ask() for _ in range(3)]
    editor = person(Role.EDITOR, tree.city)
    for row in rows:
        actions.pass_edit(row, actor=editor, answers=ALL_ANSWERS)
    publisher = signed_in(Role.PUBLISHER, tree.city)
    data = {"chosen": [row.pk for row in rows]}
    publisher.post(f"{QUEUE}pass/", data)
    assert not Publication.objects.filter(status=Status.PUBLISHED).exists()
    publisher.post(f"{QUEUE}pass/", data | {"all_checked": "1"})
    assert Publication.objects.filter(status=Status.PUBLISHED).count() == 3


def test_words_are_kept_by_those_who_may(tree, signed_in):
    publisher, editor = signed_in(Role.PUBLISHER, tree.city), signed_in(Role.EDITOR, tree.city)
    assert editor.get(f"{QUEUE}words/").status_code == 403
    publisher.post(f"{QUEUE}words/", {"word": "最佳", "strength": "look"})
    again = publisher.post(f"{QUEUE}words/", {"word": "最佳", "strength": "look"})
    assert again.status_code == 422 and "已经在表里" in again.content.decode()
    word = WatchWord.objects.get()
    publisher.post(f"{QUEUE}words/{word.pk}/", {"active": "0"})
    word.refresh_from_db()
    assert not word.is_active


def test_inbox_shows_what_waits_and_the_menu_counts_it(tree, signed_in, ask):
    ask(title="待看的家训")
    editor = signed_in(Role.EDITOR, tree.city)
    page = editor.get("/staff/inbox/").content.decode()
    assert "待看的家训" in page and "项待办" in page
    empty = signed_in(Role.CHECKER, tree.city).get("/staff/inbox/").content.decode()
    assert "都处理完了" in empty


def test_readers_see_the_pictures_the_public_would_see(tree, person, ask, rf):
    from portal.access.scope import scope_of
    from portal.files.models import StoredFile
    from portal.publication.wiring import _reads

    install(
        snapshot=lambda obj: {
            "title": obj.kind,
            "photos": [{"url": f"/files/{file.public_id}/web/", "alt": ""}],
        }
    )
    file = StoredFile(target_type="unitchange", size=1)
    row = ask()
    file.target_id = str(row.target_id)

    def may(user, variant="web"):
        request = rf.get("/")
        request.scope = scope_of(user)
        return _reads(request, file, variant)

    editor = person(Role.EDITOR, tree.city)
    assert may(editor) and not may(editor, "master")
    assert not may(person(Role.EDITOR, tree.yuxian)) and not may(person(Role.SYS_ADMIN, tree.city))
    file.public_id = "11111111-2222-3333-4444-555555555555"
    assert not may(editor)
