"""One writes, another approves; an edit starts again; what ran out leaves papers to come."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.quizzes.actions import bank as actions
from campaigns.quizzes.actions import papers as paper_actions
from campaigns.quizzes.models import Question
from campaigns.quizzes.queries import bank as queries
from campaigns.quizzes.rules.bank import Status
from portal.access.roles import Role
from portal.access.scope import scope_of
from portal.notifications import reminders
from portal.notifications.models import Message
from portal.reviews import inbox
from portal.reviews.workflow import SamePerson, StaleState, WorkflowError
from tests.factories.quizzes import make_question, make_quiz

FIELDS = {
    "category": "women", "kind": "single", "stem": "人身安全保护令最长几个月？", "options": ["三个月", "六个月"], "answer": [1],
    "explanation": "不超过六个月。", "law": "《反家庭暴力法》第三十条", "source": "", "difficulty": 1, "effective_on": None,
    "expires_on": None,
}  # fmt: skip
TYPED = {
    "category": "women", "kind": "single", "stem": "有效期最长多久？", "options": "三个月\n六个月", "answer": "B", "difficulty": "1",
    "law": "《反家庭暴力法》第三十条",
}  # fmt: skip


@pytest.fixture
def question(tree, writer):
    return actions.write_question(actor=writer, unit=tree.pingding, fields=FIELDS)


def test_second_person_approves_and_an_edit_starts_again(question, writer, reviewer):
    actions.submit_question(actor=writer, question=question)
    with pytest.raises(PermissionDenied):
        actions.approve_question(actor=writer, question=question)
    actions.approve_question(actor=reviewer, question=question)
    assert question.status == Status.APPROVED and question.reviewed_by == reviewer
    actions.edit_question(actor=writer, question=question, fields={**FIELDS, "answer": [0]})
    question.refresh_from_db()
    assert question.status == Status.DRAFT and question.reviewed_by is None and question.answer == [0]


@pytest.mark.parametrize("state", ["draft", "approved"])
def test_of_two_who_change_a_question_the_second_does_not_overwrite_the_first(
    question, writer, reviewer, state
):
    if state == "approved":
        actions.submit_question(actor=writer, question=question)
        actions.approve_question(actor=reviewer, question=question)
    read_before = Question.objects.get(pk=question.pk)
    actions.edit_question(actor=writer, question=question, fields={**FIELDS, "stem": "先写的"})
    if state == "approved":  # the same state again, with other words
        actions.submit_question(actor=writer, question=question)
        actions.approve_question(actor=reviewer, question=question)
    with pytest.raises(StaleState):
        actions.edit_question(actor=writer, question=read_before, fields={**FIELDS, "stem": "后写的"})
    question.refresh_from_db()
    assert (question.stem, question.status) == ("先写的", state)


def test_who_holds_both_roles_still_needs_a_second_person(tree, person, question, writer):
    from tests.factories.people import give

    give(writer, Role.COUNTY_REVIEWER, tree.pingding)
    scope_of(writer, fresh=True)
    actions.submit_question(actor=writer, question=question)
    with pytest.raises(SamePerson):
        actions.approve_question(actor=writer, question=question)


def test_other_county_neither_edits_nor_approves(tree, person, question, writer):
    actions.submit_question(actor=writer, question=question)
    for role in (Role.COUNTY_OP, Role.COUNTY_REVIEWER):
        stranger = person(role, tree.yuxian)
        with pytest.raises(PermissionDenied):
            actions.edit_question(actor=stranger, question=question, fields={**FIELDS, "stem": "别的"})
        with pytest.raises(PermissionDenied):
            actions.approve_question(actor=stranger, question=question)


def test_superior_approved_questions_are_usable_below_and_drafts_are_not_seen(tree, person):
    city = make_question(tree.city)
    draft = make_question(tree.city, status=Status.DRAFT)
    own, foreign = make_question(tree.pingding), make_question(tree.yuxian)
    scope = scope_of(person(Role.COUNTY_OP, tree.pingding))
    assert set(queries.visible(scope)) == {city, own}
    assert set(queries.usable(scope, tree.pingding)) == {city, own}
    assert draft not in queries.visible(scope) and foreign not in queries.visible(scope)


def test_wrong_answer_is_refused(tree, writer):
    with pytest.raises(WorkflowError, match="只能有一个"):
        actions.write_question(actor=writer, unit=tree.pingding, fields={**FIELDS, "answer": [0, 1]})


def test_expired_question_leaves_papers_that_have_not_opened(tree, writer, reviewer):
    today = timezone.localdate()
    coming = make_quiz(
        writer,
        reviewer,
        tree.pingding,
        opens_on=today + timedelta(days=5),
        closes_on=today + timedelta(days=9),
    )
    running = make_quiz(writer, reviewer, tree.pingding)
    gone = coming.items.first().question
    Question.objects.filter(pk=gone.pk).update(expires_on=today - timedelta(days=1))
    also = running.items.first().question
    Question.objects.filter(pk=also.pk).update(expires_on=today - timedelta(days=1))
    assert actions.expire_questions() == 2
    assert actions.expire_questions() == 0
    coming.refresh_from_db()
    running.refresh_from_db()
    assert coming.status == "returned" and coming.items.count() == 3
    assert coming.dropped[0]["stem"] == gone.stem
    assert running.status == "approved" and running.items.count() == 4


def test_retired_question_can_come_back_only_through_review(question, writer, reviewer):
    actions.submit_question(actor=writer, question=question)
    actions.approve_question(actor=reviewer, question=question)
    with pytest.raises(WorkflowError, match="理由"):
        actions.step_question(actor=writer, question=question, name="retire")
    actions.step_question(actor=writer, question=question, name="retire", reason="法律修订")
    actions.step_question(actor=writer, question=question, name="restore")
    assert question.status == Status.DRAFT


def test_bulk_approval_leaves_out_ones_own(tree, signed_in, writer):
    reviewer = signed_in(Role.COUNTY_REVIEWER, tree.pingding)
    sent = [
        make_question(tree.pingding, status=Status.SUBMITTED, created_by=writer, submitted_by=writer)
        for _n in "ab"
    ]
    own = make_question(
        tree.pingding, status=Status.SUBMITTED, created_by=reviewer.user, submitted_by=reviewer.user
    )
    foreign = make_question(tree.yuxian, status=Status.SUBMITTED, created_by=writer, submitted_by=writer)
    answer = reviewer.post(
        "/staff/quizzes/questions/bulk/",
        {"step": "approve", "chosen": [row.pk for row in (*sent, own, foreign)]},
        follow=True,
    )
    page = answer.content.decode()
    assert "已处理 2 题" in page and "1 题没有处理" in page
    assert set(Question.objects.filter(status="approved")) == set(sent)


def test_writing_editing_and_reviewing_through_the_pages(tree, signed_in):
    writer, reviewer = (
        signed_in(Role.COUNTY_OP, tree.pingding),
        signed_in(Role.COUNTY_REVIEWER, tree.pingding),
    )
    unit = f"{tree.pingding.name} {tree.pingding.unit_no}"
    token = str(uuid.uuid4())
    for _press in range(2):
        writer.post(
            "/staff/quizzes/questions/new/", {**TYPED, "unit": unit, "form_token": token, "action": "submit"}
        )
    question = Question.objects.get()
    assert question.answer == [1] and question.status == Status.SUBMITTED
    assert question.stem[:10] in reviewer.get("/staff/quizzes/review/").content.decode()
    reviewer.post(f"/staff/quizzes/questions/{question.pk}/step/", {"step": "approve"})
    writer.post(f"/staff/quizzes/questions/{question.pk}/edit/", {**TYPED, "answer": "A"})
    question.refresh_from_db()
    assert question.status == Status.DRAFT and question.answer == [0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answer": "E"}, "字母要在选项之内"),
        ({"answer": "？"}, "请填正确答案的字母"),
        ({"options": "六个月"}, "2 到 6 个"),
        ({"stem": "字" * 301}, "300"),
        ({"effective_on": "2026-05-01", "expires_on": "2026-04-01"}, "不能早于施行日期"),
    ],
)
def test_odd_questions_come_back_with_all_words(tree, signed_in, change, words):
    writer = signed_in(Role.COUNTY_OP, tree.pingding)
    unit = f"{tree.pingding.name} {tree.pingding.unit_no}"
    answer = writer.post("/staff/quizzes/questions/new/", {**TYPED, "unit": unit, **change})
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "第三十条" in page
    assert not Question.objects.exists()


def test_list_costs_the_same_for_one_and_three(tree, signed_in):
    client = signed_in(Role.COUNTY_OP, tree.pingding)
    make_question(tree.pingding)
    client.get("/staff/quizzes/questions/")
    counts = []
    for more in (0, 2):
        for _n in range(more):
            make_question(tree.pingding)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/staff/quizzes/questions/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_outsider_sees_no_page(tree, signed_in, question):
    stranger = signed_in(Role.COUNTY_OP, tree.yuxian)
    assert stranger.get(question.staff_url).status_code == 404
    assert signed_in(Role.VILLAGE_OP, tree.dongguan).get("/staff/quizzes/questions/").status_code == 403


def test_reminder_and_inbox(tree, writer, reviewer, question):
    actions.submit_question(actor=writer, question=question)
    found = {group.source.code: group.count for group in inbox.groups(scope_of(reviewer))}
    assert found["questions"] == 1
    actions.approve_question(actor=reviewer, question=question)
    Question.objects.filter(pk=question.pk).update(expires_on=timezone.localdate() + timedelta(days=20))
    for days in (0, 0, 1):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            reminders.run()
    assert Message.objects.filter(user=writer, text__contains="到期").count() == 1


def test_paper_with_unapproved_question_is_not_handed_in(tree, writer, reviewer):
    quiz = make_quiz(writer, reviewer, tree.pingding)
    paper_actions.step_quiz(actor=writer, quiz=quiz, name="withdraw", reason="改题")
    item = quiz.items.first()
    actions.edit_question(
        actor=writer,
        question=item.question,
        fields={"kind": "single", "stem": "改过", "options": ["甲", "乙"], "answer": [0]},
    )
    with pytest.raises(WorkflowError, match="没有通过审核"):
        paper_actions.submit_quiz(actor=writer, quiz=quiz)
