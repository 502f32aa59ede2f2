"""Questions, papers, tries and surveys."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.quizzes.actions import attempts, papers
from campaigns.quizzes.actions import surveys as survey_actions
from campaigns.quizzes.actions.surveys import Asking
from campaigns.quizzes.models import Attempt, Question, Quiz, Survey
from campaigns.quizzes.rules import bank
from campaigns.quizzes.rules.bank import Category, Kind
from campaigns.quizzes.rules.papers import Mode
from portal.accounts.models import User
from portal.units.models import Unit

_numbers = itertools.count(1)


def make_question(unit: Unit, **fields: Any) -> Question:
    """An approved single choice; the first option is right."""
    kind = fields.get("kind", Kind.SINGLE)
    options = list(bank.TRUE_FALSE_OPTIONS) if kind == Kind.TRUE_FALSE else ["甲", "乙", "丙", "丁"]
    fields = {
        "category": Category.CULTURE, "stem": f"第 {next(_numbers)} 题", "options": options,
        "answer": [0, 1] if kind == Kind.MULTI else [0], "explanation": "因为条文这样写。", "law": "某法第一条",
        "status": bank.Status.APPROVED, **fields,
    }  # fmt: skip
    return Question.objects.create(unit=unit, **fields)


def make_quiz(writer: User, reviewer: User, unit: Unit, *, number: int = 4, **fields: Any) -> Quiz:
    """An open paper of `number` questions of 25 points, made by one person and approved by another."""
    today = timezone.localdate()
    fields = {
        "slug": f"quiz-{next(_numbers)}", "title": "廉洁家风问答", "mode": Mode.CONTEST, "opens_on": today - timedelta(days=1),
        "closes_on": today + timedelta(days=3), **fields,
    }  # fmt: skip
    quiz = papers.plan_quiz(actor=writer, unit=unit, fields=fields)
    rows = [make_question(unit) for _n in range(number)]
    papers.set_questions(actor=writer, quiz=quiz, questions=rows, points=100 // number)
    papers.submit_quiz(actor=writer, quiz=quiz)
    papers.approve_quiz(actor=reviewer, quiz=quiz)
    return quiz


def try_quiz(quiz: Quiz, *, right: int = 4, **fields: Any) -> Attempt:
    """A try that is handed in with so many right answers."""
    fields = {"token": str(uuid.uuid4()), "visitor": attempts.new_visitor(), **fields}
    attempt, _code = attempts.begin(quiz=quiz, **fields)
    items = list(quiz.items.all())
    chosen = {item.pk: item.snapshot["answer"] if n < right else [3] for n, item in enumerate(items)}
    attempts.keep(attempt=attempt, chosen=chosen)
    return attempts.hand_in(attempt=attempt)


QUESTIONNAIRE = (
    Asking("您听说过清廉家庭建设吗？", ("听说过", "没听说过"), frozenset({0}), True),
    Asking("您从哪里听说的？", ("村里宣传栏", "网上", "入户", "其他")),
)


def make_survey(writer: User, reviewer: User, unit: Unit, **fields: Any) -> Survey:
    """A survey that is collecting."""
    today = timezone.localdate()
    fields = {
        "slug": f"survey-{next(_numbers)}", "title": "清廉家庭知晓率", "population": "全县常住家庭", "frame_size": 5000,
        "margin": 5, "design_effect": 1, "expected_response": 60, "opens_on": today - timedelta(days=1),
        "closes_on": today + timedelta(days=5), **fields,
    }  # fmt: skip
    survey = survey_actions.plan_survey(actor=writer, unit=unit, fields=fields)
    survey_actions.set_questions(actor=writer, survey=survey, asking=QUESTIONNAIRE)
    survey_actions.step_survey(actor=writer, survey=survey, name="submit")
    survey_actions.step_survey(actor=reviewer, survey=survey, name="approve")
    return survey
