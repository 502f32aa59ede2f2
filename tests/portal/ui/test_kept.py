"""A kept page is the page that would be made, for its person alone, and gone after any write."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.activities.actions import step
from campaigns.activities.models import Activity
from portal.access.roles import Role
from portal.accounts.models import User
from portal.drafts import actions as drafts
from portal.drafts.holder import Holder
from portal.grants.models import Grant
from portal.notifications.actions import tell
from portal.ui import badges
from tests.factories.activities import make_activity
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
LIST = "/staff/activities/"


@pytest.fixture(autouse=True)
def _turned_on(settings):
    settings.KEPT_PAGE_SECONDS = 30
    cache.clear()
    badges.forget()


def cost(client, url=LIST):
    with CaptureQueriesContext(connection) as caught:
        page = client.get(url)
    assert page.status_code == 200
    return len(caught), page.content.decode()


def test_second_visit_reads_only_who_asks(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    first, page = cost(client)
    second, again = cost(client)
    assert second == 3 < first  # session, person, grants
    token = re.compile(r'[A-Za-z0-9]{64}(?=")')
    assert token.sub("", page) == token.sub("", again)


def test_another_person_and_another_address_get_their_own(tree, signed_in):
    mine, other = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.pingding)
    cost(mine)
    assert cost(other)[0] > 3
    assert cost(mine, f"{LIST}?status=draft")[0] > 3
    assert cost(mine)[0] == 3


def test_gone_after_a_write_by_anybody(tree, signed_in, person, django_capture_on_commit_callbacks):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    row = make_activity(unit=tree.guanshan, status="submitted", title="东关社区宣讲")
    assert "东关社区宣讲" in cost(client)[1]
    with django_capture_on_commit_callbacks(execute=True):
        step(activity=row, name="approve", actor=person(Role.COUNTY_REVIEWER, tree.pingding))
    assert Activity.objects.get(pk=row.pk).status == "county_ok"
    count, page = cost(client)
    assert count > 3
    assert "q-tag--ok" in page


def test_refused_person_is_refused_though_a_page_is_kept(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    cost(client)
    Grant.objects.filter(user_id=client.session["_auth_user_id"]).delete()
    assert client.get(LIST).status_code == 403


def test_own_message_and_own_draft_make_it_anew(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    user = User.objects.get(pk=client.session["_auth_user_id"])
    cost(client)
    tell(users=[user], title="有新任务", key="kept:1")
    assert cost(client)[0] > 3
    cost(client)
    drafts.save(
        token="5d0e7c1e-1111-4222-8333-444455556666",
        form_code="activities.new",
        payload={"title": ["写了一半"]},
        holder=Holder(user=user),
    )
    assert cost(client)[0] > 3


def test_form_tokens_are_new_each_time(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    find = re.compile(r'name="form_token" value="([0-9a-f-]{36})"')
    tokens = [find.findall(cost(client, "/staff/")[1]) for _ in range(3)]
    assert all(tokens)
    assert len({token for page in tokens for token in page}) == sum(len(page) for page in tokens)


def test_csrf_token_of_a_kept_page_is_accepted(tree):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(Role.COUNTY_OP, tree.pingding))
    for _ in range(2):
        page = client.get("/staff/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    answer = client.post("/care-mode/", {"csrfmiddlewaretoken": token, "next": "/staff/"})
    assert answer.status_code == 302


def test_nothing_is_kept_when_turned_off(tree, signed_in, settings):
    settings.KEPT_PAGE_SECONDS = 0
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    cost(client)
    assert cost(client)[0] > 3
