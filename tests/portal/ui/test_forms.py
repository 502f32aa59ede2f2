"""What every form of the portal does."""

import re

import pytest
from django import forms

from campaigns.quizzes.models import Quiz
from campaigns.stories.forms import PartFormSet
from campaigns.stories.models import Story
from portal.access.roles import Role
from portal.ui.forms import PortalForm


class _Asked(PortalForm):
    first = forms.CharField(max_length=5)
    second = forms.IntegerField(min_value=1)


def _opens_at(form):
    return re.findall(r'name="(\w+)"[^>]*autofocus', str(form))


def test_the_page_opens_at_the_first_fault_only():
    assert _opens_at(_Asked()) == []
    assert _opens_at(_Asked({"first": "字", "second": "2"})) == []
    assert _opens_at(_Asked({"first": "字", "second": "0"})) == ["second"]
    assert _opens_at(_Asked({"first": "", "second": "0"})) == ["first"]
    refused = _Asked({"first": "字", "second": "2"})
    assert refused.is_valid()
    refused.add_error("second", "已满")  # said by the action
    assert _opens_at(refused) == ["second"]


def test_rows_beside_a_form_open_at_their_fault_too():
    rows = PartFormSet(
        {
            "parts-TOTAL_FORMS": "1",
            "parts-INITIAL_FORMS": "0",
            "parts-0-title": "问",
            "parts-0-url": "javascript:x",
        },
        prefix="parts",
    )
    assert not rows.is_valid()
    assert re.findall(r'name="([\w-]+)"[^>]*autofocus', str(rows)) == ["parts-0-url"]


@pytest.mark.parametrize("path", ["/staff/quizzes/papers/new/", "/staff/stories/new/", "/staff/venues/new/"])
def test_nothing_chosen_is_said_in_words(path, tree, signed_in):
    page = signed_in(Role.COUNTY_OP, tree.pingding).get(path).content.decode()
    assert "<select" in page and "---------" not in page
    assert "请选择" in page or "不选" in page


def test_an_address_is_made_when_none_is_typed(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    typed = {
        "unit": tree.pingding.unit_no, "title": "家风竞答", "mode": "practice", "opens_on": "2026-05-01", "minutes": "0",
        "pass_score": "60", "excellent_score": "90", "attempts_per_day": "1", "prize_count": "0",
    }  # fmt: skip
    for _time in range(2):
        assert client.post("/staff/quizzes/papers/new/", typed).status_code == 302
    slugs = list(Quiz.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == 2 and all(re.fullmatch(r"quiz-\d{8}-\w{4}", slug) for slug in slugs)
    wrong = client.post("/staff/quizzes/papers/new/", typed | {"slug": "家风"})
    assert wrong.status_code == 422 and "只能用字母、数字和短横线" in wrong.content.decode()
    client.post("/staff/quizzes/papers/new/", typed | {"slug": "Jiafeng-2026"})
    assert Quiz.objects.filter(slug="jiafeng-2026").exists()
    story = {
        "unit": tree.pingding.unit_no, "title": "新闻", "kind": "news", "body": "正文", "parts-TOTAL_FORMS": "0",
        "parts-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert client.post("/staff/stories/new/", story).status_code == 302
    assert Story.objects.get().slug.startswith("story-")
