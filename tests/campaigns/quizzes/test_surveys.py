"""A rate is never told without n and interval; nobody is named; small cells are hidden."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from campaigns.quizzes.actions import surveys as actions
from campaigns.quizzes.models import Survey, SurveyResponse, TallyBatch
from campaigns.quizzes.queries import surveys as queries
from portal import vault
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.reviews import inbox
from portal.reviews.workflow import WorkflowError
from portal.ui import captcha
from tests.factories.quizzes import QUESTIONNAIRE, make_survey


@pytest.fixture
def survey(tree, writer, reviewer):
    return make_survey(writer, reviewer, tree.pingding)


def _options(survey):
    return [list(question.options.all()) for question in queries.questions_of(survey)]


def _sheet(survey, first=0, second=0):
    (key, where) = queries.questions_of(survey)
    options = _options(survey)
    puzzle = captcha.challenge()
    return {
        f"q{key.pk}": options[0][first].pk, f"q{where.pk}": options[1][second].pk, "form_token": str(uuid.uuid4()),
        "captcha_token": puzzle["token"], "captcha_answer": str(json.loads(vault.decrypt(puzzle["token"]))["sum"]),
    }  # fmt: skip


def _tally(survey, writer, sheets, knowing, **fields):
    options = _options(survey)
    counts = {options[0][0].pk: knowing, options[0][1].pk: sheets - knowing}
    return actions.enter_tally(
        actor=writer, survey=survey, sheets=sheets, place="东关社区", counts=counts, **fields
    )


def _close(survey):
    day = timezone.localdate()
    Survey.objects.filter(pk=survey.pk).update(
        opens_on=day - timedelta(days=9), closes_on=day - timedelta(days=1)
    )
    actions.close_past()
    survey.refresh_from_db()


def test_household_answers_without_a_name_once(survey, client):
    page = client.get(survey.get_absolute_url()).content.decode()
    assert "不问姓名" in page and "用于自查，不作考核" in page
    sheet = _sheet(survey)
    client.post(survey.get_absolute_url(), sheet)
    Client().post(survey.get_absolute_url(), sheet)
    assert SurveyResponse.objects.count() == 1
    assert client.get(survey.get_absolute_url()).status_code == 302


def test_empty_or_robot_sheet_is_not_kept(survey, client):
    sheet = _sheet(survey)
    refused = client.post(survey.get_absolute_url(), {**sheet, "captcha_answer": "99"})
    assert refused.status_code == 422 and "选的答案都还在" in refused.content.decode()
    empty = {key: value for key, value in _sheet(survey).items() if not key.startswith("q")}
    assert "请至少选一题" in client.post(survey.get_absolute_url(), empty).content.decode()
    foreign = {**_sheet(survey), f"q{queries.questions_of(survey)[0].pk}": "999999"}
    assert client.post(survey.get_absolute_url(), foreign).status_code == 422
    assert not SurveyResponse.objects.exists()


def test_sheets_and_pages_add_up_with_interval(survey, writer):
    for _n in range(20):
        (key, _where), options = queries.questions_of(survey), _options(survey)
        actions.answer(survey=survey, choices={key.pk: options[0][0].pk}, token=str(uuid.uuid4()))
    _tally(survey, writer, 180, 152)
    actions.set_invited(actor=writer, survey=survey, invited=334)
    result = queries.result_of(survey)
    assert (result.n, result.web, result.paper, result.response) == (200, 20, 180, "59.9%")
    assert result.words == "86%（n=200，95% 置信区间 80.5%—90.1%）"


def test_too_few_answers_give_no_rate(survey, writer, client):
    _tally(survey, writer, 12, 12)
    assert queries.result_of(survey).words == ""
    _close(survey)
    page = client.get(survey.get_absolute_url()).content.decode()
    assert "不足 30 份，不计算知晓率" in page and "100%" not in page


def test_small_cell_is_hidden_from_everybody_and_shown_to_staff(survey, writer, client, signed_in, tree):
    _tally(survey, writer, 100, 97)
    _close(survey)
    public = client.get(survey.get_absolute_url()).content.decode()
    assert "97%" not in public and "人数少，不公布" in public and "3 份" not in public
    staff = signed_in(Role.COUNTY_LEADER, tree.pingding).get(survey.staff_url).content.decode()
    assert "97%（n=100" in staff


def test_batch_is_counted_once_and_can_be_taken_back(survey, writer):
    token = str(uuid.uuid4())
    batch = _tally(survey, writer, 40, 30, client_token=token)
    assert _tally(survey, writer, 40, 30, client_token=token) == batch
    with pytest.raises(WorkflowError, match="为什么"):
        actions.withdraw_tally(actor=writer, batch=batch, reason=" ")
    actions.withdraw_tally(actor=writer, batch=batch, reason="录错社区")
    assert queries.result_of(survey).n == 0 and TallyBatch.objects.count() == 1


def test_more_ticks_than_sheets_are_refused_at_the_field(survey, signed_in, tree):
    client, options = signed_in(Role.COUNTY_OP, tree.pingding), _options(survey)
    typed = {"sheets": "10", "place": "东关社区", f"o{options[0][0].pk}": "8", f"o{options[0][1].pk}": "7"}
    answer = client.post(f"/staff/surveys/{survey.slug}/tally/", typed)
    assert answer.status_code == 422 and "超过收回的 10 份" in answer.content.decode()
    client.post(f"/staff/surveys/{survey.slug}/tally/", {**typed, f"o{options[0][1].pk}": "2"})
    assert TallyBatch.objects.get().sheets == 10


def test_plan_is_worked_out_before_anything_is_saved(tree, signed_in):
    client, today = signed_in(Role.COUNTY_OP, tree.pingding), timezone.localdate()
    typed = {
        "unit": tree.pingding.unit_no, "title": "知晓率", "slug": "zxl", "population": "全县家庭", "frame_size": "5000", "margin": "5",
        "design_effect": "1", "expected_response": "60", "opens_on": today, "closes_on": today + timedelta(days=20),
    }  # fmt: skip
    page = client.post("/staff/surveys/new/", {**typed, "action": "plan"}).content.decode()
    assert "要收回 357 份" in page and "要发出 595 份" in page and not Survey.objects.exists()
    client.post("/staff/surveys/new/", typed)
    asking = {"asking-TOTAL_FORMS": "2", "asking-INITIAL_FORMS": "0"}
    rows = {
        "asking-0-text": "听说过吗？",
        "asking-0-options": "*听说过\n没听说过",
        "asking-1-text": "从哪里？",
        "asking-1-options": "网上\n村里",
    }
    refused = client.post("/staff/surveys/zxl/questions/", asking | rows)
    assert refused.status_code == 422 and "请选定一题" in refused.content.decode()
    client.post("/staff/surveys/zxl/questions/", asking | rows | {"asking-0-is_key": "on"})
    survey = Survey.objects.get()
    assert [option.is_aware for option in _options(survey)[0]] == [True, False]
    client.post("/staff/surveys/zxl/step/", {"step": "submit"})
    reviewer = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    assert {group.source.code for group in inbox.groups(scope_of(reviewer.user))} == {"surveys"}
    reviewer.post("/staff/surveys/zxl/step/", {"step": "approve"})
    survey.refresh_from_db()
    assert survey.is_open and Client().get(survey.get_absolute_url()).status_code == 200
    assert client.get("/staff/surveys/zxl/qr.svg")["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frame_size", "0"),
        ("frame_size", "-3"),
        ("margin", "0"),
        ("expected_response", "0"),
        ("design_effect", "9"),
    ],
)
def test_odd_plans_come_back(tree, signed_in, name, value):
    today = timezone.localdate()
    typed = {
        "unit": tree.pingding.unit_no, "title": "知晓率", "slug": "zxl", "population": "全县家庭", "frame_size": "5000", "margin": "5",
        "design_effect": "1", "expected_response": "60", "opens_on": today, "closes_on": today, name: value,
    }  # fmt: skip
    answer = signed_in(Role.COUNTY_OP, tree.pingding).post("/staff/surveys/new/", typed)
    assert answer.status_code == 422 and "全县家庭" in answer.content.decode() and not Survey.objects.exists()


def test_others_neither_see_nor_type(tree, person, survey, signed_in):
    stranger = person(Role.COUNTY_OP, tree.yuxian)
    with pytest.raises(PermissionDenied):
        _tally(survey, stranger, 10, 5)
    assert signed_in(Role.COUNTY_OP, tree.yuxian).get(survey.staff_url).status_code == 404
    leader = signed_in(Role.COUNTY_LEADER, tree.pingding)
    assert leader.get(survey.staff_url).status_code == 200
    assert leader.get(f"/staff/surveys/{survey.slug}/tally/").status_code == 403


def test_running_survey_keeps_its_questions(survey, writer, tree):
    with pytest.raises(WorkflowError):
        actions.set_questions(actor=writer, survey=survey, asking=QUESTIONNAIRE)
    _close(survey)
    with pytest.raises(WorkflowError, match="已经结束"):
        actions.answer(survey=survey, choices={}, token=str(uuid.uuid4()))
