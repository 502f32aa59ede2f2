"""Stories: through the gate, off the page after a change, what readers and staff see."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning import panels
from campaigns.stories import actions, queries
from campaigns.stories.markup import plain, render
from campaigns.stories.models import Story, StoryVersion
from portal.access.roles import Role
from portal.pages import cached
from portal.pages import panels as home
from portal.pages.search import results
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.reviews.workflow import WorkflowError
from tests.factories.activities import make_activity, make_campaign
from tests.factories.stories import make_story, part

FIELDS = {"kind": "news", "title": "平定县家庭教育宣传周", "body": "树清廉家风，创最美家庭。", "parts": []}


def write(actor: Any, unit: Any, **fields: Any) -> Story:
    return actions.create(
        actor=actor, unit=unit, slug=f"s-{uuid.uuid4().hex[:8]}", fields={**FIELDS, **fields}
    )


def pass_gate(person: Any, tree: Any, story: Story) -> None:
    row = Publication.objects.filter(target_id=story.pk, content_type="story").latest("pk")
    gate.pass_edit(row, actor=person(Role.EDITOR, tree.city), answers=CHECKLIST)
    gate.publish(row, actor=person(Role.PUBLISHER, tree.city), answers=CHECKLIST)
    story.refresh_from_db()


def test_two_people_publish_and_the_author_is_neither(tree, person):
    author = person(Role.COUNTY_OP, tree.pingding)
    with pytest.raises(PermissionDenied):
        write(person(Role.VILLAGE_OP, tree.dongguan), tree.pingding)
    story = write(author, tree.pingding)
    assert not queries.published().exists()
    actions.submit(actor=author, story=story)
    editor = person(Role.EDITOR, tree.city)
    own = write(editor, tree.city)
    actions.submit(actor=editor, story=own)
    with pytest.raises(PermissionDenied):
        gate.pass_edit(Publication.objects.get(target_id=own.pk), actor=editor, answers=CHECKLIST)
    pass_gate(person, tree, story)
    assert list(queries.published()) == [story]


def test_a_change_keeps_the_old_words_and_restarts_the_gate(tree, person, client):
    author = person(Role.COUNTY_OP, tree.pingding)
    story = write(author, tree.pingding)
    actions.submit(actor=author, story=story)
    pass_gate(person, tree, story)
    assert client.get(story.get_absolute_url()).status_code == 200
    actions.edit(actor=author, story=story, fields={"body": "改过的正文"}, seen=story.version)
    assert (story.status, story.version) == ("review", 2)
    assert client.get(story.get_absolute_url()).status_code == 404
    assert StoryVersion.objects.get().words["body"] == FIELDS["body"]
    with pytest.raises(WorkflowError, match="另一位同事"):
        actions.edit(actor=author, story=story, fields={"body": "旧页面上的改动"}, seen=1)
    actions.edit(actor=author, story=story, fields={"body": "改过的正文"})
    assert StoryVersion.objects.count() == 1
    pass_gate(person, tree, story)
    assert client.get(story.get_absolute_url()).status_code == 200


def test_returned_and_recalled_are_drafts(tree, person):
    author = person(Role.COUNTY_OP, tree.pingding)
    story = write(author, tree.pingding)
    actions.submit(actor=author, story=story)
    actions.recall(actor=author, story=story)
    assert story.status == "draft"
    actions.submit(actor=author, story=story)
    row = Publication.objects.filter(target_id=story.pk).latest("pk")
    gate.send_back(row, actor=person(Role.EDITOR, tree.city), reason="时间不准")
    story.refresh_from_db()
    assert story.status == "draft"
    with pytest.raises(WorkflowError, match="正文"):
        actions.submit(actor=author, story=write(author, tree.pingding, body=" "))


def test_past_its_date_it_is_gone_even_before_the_job_ran(tree, person):
    author = person(Role.COUNTY_OP, tree.pingding)
    today = timezone.localdate()
    story = write(author, tree.pingding, expires_on=today + timedelta(days=3))
    actions.submit(actor=author, story=story)
    pass_gate(person, tree, story)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert not queries.published().exists()
        assert gate.expire_due() == 1
        assert gate.expire_due() == 0
        story.refresh_from_db()
        assert story.status == "closed"
        with pytest.raises(WorkflowError, match="到期日"):
            actions.submit(actor=author, story=story)
    actions.edit(actor=author, story=story, fields={"expires_on": today + timedelta(days=30)})
    actions.submit(actor=author, story=story)
    pass_gate(person, tree, story)
    actions.edit(actor=author, story=story, fields={"expires_on": today + timedelta(days=60)})
    assert story.status == "review"
    ends = Publication.objects.filter(target_id=story.pk).latest("pk").expires_at
    assert timezone.localdate(ends) == today + timedelta(days=61)


def test_the_same_form_twice_is_one(tree, person):
    author, token = person(Role.COUNTY_OP, tree.pingding), str(uuid.uuid4())
    for _ in range(2):
        actions.create(actor=author, unit=tree.pingding, slug="once", fields=FIELDS, token=token)
    assert Story.objects.count() == 1
    with pytest.raises(WorkflowError, match="网址名"):
        actions.create(actor=author, unit=tree.pingding, slug="once", fields=FIELDS)


@pytest.mark.parametrize(
    ("text", "there", "gone"),
    [
        ("## 小标题\n\n第一段\n第二行", "<h3>小标题</h3>", "<h2>"),
        ("**重点**\n\n- 一\n- 二", "<strong>重点</strong>", "*"),
        ("[官网](https://www.gov.cn/)", 'rel="noopener noreferrer"', "javascript"),
        ("<script>alert(1)</script>家风", "家风", "<script"),
        ("[点我](javascript:alert(1))", "点我", "<a"),
        ("![图](https://x.example/a.png)", "图", "<img"),
        ('<a href="https://x" onclick="x()">x</a>', "x", "<a"),
    ],
)
def test_markup(text, there, gone):
    html = render(text)
    assert there in html
    assert gone not in html


@given(st.text(max_size=200))
def test_markup_takes_anything_and_stays_harmless(text):
    html = render(text)
    assert "<script" not in html.lower() and "<img" not in html.lower() and "<style" not in html.lower()


def test_reviewers_read_the_words_without_marks_and_where_links_lead():
    words = plain("## 小标题\n\n**重点** & <b>x</b>\n\n- 一\n\n看[官网](https://a.example/?a=1&b=2)")
    assert words.split() == ["小标题", "重点", "&", "<b>x</b>", "一", "看官网（https://a.example/?a=1&b=2）"]


@pytest.mark.django_db
def test_hotlines_ask_nothing_and_can_be_left_at_once(client):
    answer = client.get("/stories/hotlines/")
    page = answer.content.decode()
    for number in ("110", "12338", "12348", "12345", "12355", "12309"):
        assert f'href="tel:{number}"' in page
    assert "data-quick-exit" in page and "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "no-store" in answer["Cache-Control"]


def test_readers_find_by_kind_and_words(tree, client, rf):
    talk = make_story(
        tree.city,
        kind="interview",
        title="清廉家庭怎么建",
        parts=[part("效果怎么样？", speaker="杨蕾", office="部长")],
    )
    news = make_story(tree.city, title="宣传周")
    hidden = [
        make_story(tree.city, status=status, title="看不见") for status in ("draft", "review", "closed")
    ]
    page = client.get("/stories/").content.decode()
    assert talk.title in page and news.title in page and "看不见" not in page
    assert news.title not in client.get("/stories/?kind=interview").content.decode()
    assert talk.title in client.get("/stories/?q=清廉").content.decode()
    assert client.get("/stories/?kind=x&after=%%%").status_code == 200
    shown = client.get(talk.get_absolute_url()).content.decode()
    assert "效果怎么样？" in shown and "杨蕾" in shown
    assert client.get(talk.get_absolute_url() + "qr.svg")["Content-Type"] == "image/svg+xml"
    for row in hidden:
        assert client.get(row.get_absolute_url()).status_code == 404
        assert client.get(row.get_absolute_url() + "qr.svg").status_code == 404
    found = {source.key: hits for source, hits in results(["清廉家庭"])}
    assert [hit.title for hit in found["stories"]] == [talk.title]
    links = [
        link for panel in home.shown(rf.get("/")) if panel.slot == "learn" for link in panel.context["links"]
    ]
    assert {"在线访谈", "求助热线"} <= {link["title"] for link in links}


def test_a_themed_page_gathers_what_its_campaign_has(tree, client):
    campaign = make_campaign(tree.city, status="running")
    activity = make_activity(
        tree.dongguan, status="city_ok", is_published=True, campaign=campaign, title="家风讲堂进社区"
    )
    theme = make_story(tree.city, kind="theme", campaign=campaign, title="树清廉家风")
    other = make_story(tree.city, campaign=campaign, title="同主题的新闻")
    page = client.get(theme.get_absolute_url()).content.decode()
    assert activity.title in page and other.title in page
    assert [part["template"] for part in panels.shown(campaign) if "stories" in part["template"]]


def test_public_list_costs_the_same_for_one_and_three(tree, client):
    make_story(tree.city)
    with CaptureQueriesContext(connection) as one:
        client.get("/stories/")
    for _ in range(2):
        make_story(tree.pingding)
    cached.forget()
    with CaptureQueriesContext(connection) as three:
        client.get("/stories/")
    assert len(three) == len(one)


def test_staff_pages_and_outsiders(tree, signed_in):
    story = make_story(tree.pingding, status="draft")
    inside, outside = signed_in(Role.COUNTY_OP, tree.pingding), signed_in(Role.COUNTY_OP, tree.yuxian)
    for path in ("", "new/", f"{story.slug}/", f"{story.slug}/edit/", f"{story.slug}/preview/"):
        assert inside.get(f"/staff/stories/{path}").status_code == 200, path
    assert outside.get(f"/staff/stories/{story.slug}/").status_code == 404
    assert outside.post(f"/staff/stories/{story.slug}/submit/").status_code == 404
    assert inside.post(f"/staff/stories/{story.slug}/submit/").status_code == 302
    story.refresh_from_db()
    assert story.status == "review"
    live = make_story(tree.pingding)
    assert outside.get(f"/staff/stories/{live.slug}/edit/").status_code == 403


def test_staff_list_costs_the_same_for_one_and_three(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    make_story(tree.pingding, campaign=make_campaign(tree.city))
    client.get("/staff/stories/")
    cache.clear()  # the menu keeps its counts for a while
    with CaptureQueriesContext(connection) as one:
        client.get("/staff/stories/")
    for _ in range(2):
        make_story(tree.pingding, campaign=make_campaign(tree.city))
    cache.clear()
    with CaptureQueriesContext(connection) as three:
        client.get("/staff/stories/")
    assert len(three) == len(one)


def typed(tree: Any, **fields: Any) -> dict[str, Any]:
    return {
        "title": "在线访谈", "slug": "talk", "unit": tree.pingding.unit_no, "kind": "interview", "lead": "", "body": "",
        "parts-TOTAL_FORMS": "2", "parts-INITIAL_FORMS": "0", "parts-0-title": "有哪些亮点？", "parts-0-speaker": "杨蕾",
        "parts-0-office": "部长", "parts-0-text": "四项举措", "parts-0-url": "https://www.example.cn/film", **fields,
    }  # fmt: skip


def test_the_form_takes_questions_and_answers(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    answer = client.post("/staff/stories/new/", typed(tree))
    assert answer.status_code == 302
    story = Story.objects.get()
    assert story.parts == [
        {
            "title": "有哪些亮点？",
            "speaker": "杨蕾",
            "office": "部长",
            "text": "四项举措",
            "url": "https://www.example.cn/film",
        }
    ]
    assert story.cover == "cover-video.svg"
    again = typed(tree, title="改过的标题", seen="1")
    assert client.post(f"/staff/stories/{story.slug}/edit/", again).status_code == 302
    story.refresh_from_db()
    assert (story.title, story.version, story.slug) == ("改过的标题", 2, "talk")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "hotlines"}, "占用"), ({"kind": "theme"}, "所属主题"), ({"expires_on": "2020-01-01"}, "到期日已经过了"),
        ({"parts-0-title": ""}, "问题或小标题"), ({"parts-0-url": "ftp:x"}, "https://"), ({"source_url": "https://a.cn"}, "来源媒体"),
        ({"title": ""}, "必填"),
    ],
)  # fmt: skip
def test_bad_input_is_said_at_the_field_and_nothing_is_lost(tree, signed_in, fields, words):
    answer = signed_in(Role.COUNTY_OP, tree.pingding).post("/staff/stories/new/", typed(tree, **fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and "四项举措" in page
    assert not Story.objects.exists()


def test_the_page_sent_twice_leads_to_the_story_and_a_taken_name_is_said_at_the_field(tree, signed_in):
    client, token = signed_in(Role.COUNTY_OP, tree.pingding), str(uuid.uuid4())
    typed = {
        "title": "一次", "slug": "only-once", "kind": "news", "body": "正文", "unit": tree.pingding.unit_no,
        "parts-TOTAL_FORMS": "0", "parts-INITIAL_FORMS": "0",
    }  # fmt: skip
    first = client.post("/staff/stories/new/", {**typed, "form_token": token})
    again = client.post("/staff/stories/new/", {**typed, "form_token": token})
    assert first.status_code == again.status_code == 302 and first["Location"] == again["Location"]
    other = client.post("/staff/stories/new/", {**typed, "form_token": str(uuid.uuid4())})
    assert other.status_code == 422 and "slug" in other.context["form"].errors
    assert Story.objects.filter(slug="only-once").count() == 1
