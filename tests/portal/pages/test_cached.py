"""Kept public pages: the same for every visitor, nobody's own, and never what was taken down."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.access.roles import Role
from portal.pages import cached
from portal.publication import actions as gate
from portal.publication import rules as gate_rules
from tests.factories.activities import make_activity

PAGES = ["/", "/works/", "/activities/"]


def _public(tree):
    return make_activity(tree.dongguan, status="city_ok", is_published=True)


@pytest.fixture
def gate_people(tree, person):
    return {
        "author": person(Role.COUNTY_OP, tree.pingding),
        "editor": person(Role.EDITOR, tree.city),
        "publisher": person(Role.PUBLISHER, tree.city),
    }


def _released(tree, people):
    row = make_activity(tree.dongguan, people["author"], status="city_ok")
    publication = gate.request(row, actor=people["author"])
    gate.pass_edit(publication, actor=people["editor"], answers=gate_rules.CHECKLIST)
    gate.publish(publication, actor=people["publisher"], answers=gate_rules.CHECKLIST)
    return row, publication


@pytest.mark.parametrize("path", PAGES)
def test_second_visitor_costs_no_query(tree, path):
    _public(tree)
    Client().get(path)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path).status_code == 200
    assert len(queries) == 0


def test_taken_down_is_gone_with_the_next_request(tree, gate_people):
    row, publication = _released(tree, gate_people)
    for _ in range(2):
        assert Client().get(row.get_absolute_url()).status_code == 200
        assert row.title in Client().get("/activities/").content.decode()
    gate.take_down(publication, actor=gate_people["publisher"], reason="当事人要求")
    assert Client().get(row.get_absolute_url()).status_code == 404
    for path in PAGES:
        assert row.title not in Client().get(path).content.decode()


def test_page_made_while_it_was_taken_down_is_not_kept(tree, gate_people, monkeypatch):
    """A slow page that began before the take-down is stored under the old stamp, which nobody asks for."""
    row, publication = _released(tree, gate_people)
    real, done = cache.set, []

    def late(key, value, *args, **kwargs):
        if str(key).startswith("public-page:") and not done:
            done.append(key)
            gate.take_down(publication, actor=gate_people["publisher"], reason="当事人要求")
        return real(key, value, *args, **kwargs)

    monkeypatch.setattr(cache, "set", late)
    Client().get(row.get_absolute_url())
    assert done
    assert Client().get(row.get_absolute_url()).status_code == 404


def test_stamp_moves_when_written_and_again_when_committed(
    tree, gate_people, django_capture_on_commit_callbacks
):
    _row, publication = _released(tree, gate_people)
    stamps = [cached.stamp()]
    with django_capture_on_commit_callbacks(execute=True):
        gate.take_down(publication, actor=gate_people["publisher"], reason="当事人要求")
        stamps.append(cached.stamp())
    stamps.append(cached.stamp())
    assert len(set(stamps)) == 3


def test_lost_stamp_brings_nothing_old_back(tree):
    first = cached.stamp()
    cache.delete(cached.STAMP)
    assert cached.stamp() != first


def test_every_visitor_gets_an_own_token(tree):
    _public(tree)
    tokens = set()
    for _ in range(3):
        visitor = Client(enforce_csrf_checks=True)
        page = visitor.get("/").content
        found = set(cached.TOKEN.findall(page))
        assert len(found) == 1
        token = found.pop().decode()
        assert token not in tokens
        tokens.add(token)
        answer = visitor.post("/care-mode/", {"csrfmiddlewaretoken": token, "next": "/"})
        assert answer.status_code == 302


def test_signed_in_people_neither_fill_nor_get_the_cache(tree, client, person, signed_in):
    _public(tree)
    staff = Client()
    user = person(Role.COUNTY_OP, tree.pingding)
    staff.force_login(user, backend="portal.accounts.backends.PortalBackend")
    assert str(user.ref) in staff.get("/activities/").content.decode()
    page = Client().get("/activities/").content.decode()
    assert str(user.ref) not in page
    assert str(user.ref) in staff.get("/activities/").content.decode()


def test_care_mode_and_query_have_pages_of_their_own(tree):
    _public(tree)
    plain = Client().get("/").content
    elder = Client()
    elder.cookies["care_mode"] = "1"
    assert b"is-elder" in elder.get("/").content
    assert b"is-elder" not in plain
    assert b"is-elder" not in Client().get("/").content
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            Client().get("/works/?q=家训")
        assert len(queries) > 0


@pytest.mark.parametrize("cookie", ["messages", "sessionid"])
def test_visitor_with_something_of_their_own_fills_nothing(tree, cookie):
    _public(tree)
    visitor = Client()
    visitor.cookies[cookie] = "anything"
    visitor.get("/works/")
    with CaptureQueriesContext(connection) as queries:
        Client().get("/works/")
    assert len(queries) > 0
