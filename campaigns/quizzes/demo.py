"""The demo: a question bank, an open practice paper, a closed contest with its draw, a survey, two old records."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.quizzes.actions import attempts, bank, draws, papers, surveys
from campaigns.quizzes.actions.surveys import Asking
from campaigns.quizzes.demo_questions import BEGINS, QUESTIONS
from campaigns.quizzes.models import Attempt, Draw, PrizeEntry, Quiz, Survey, SurveyResponse, TallyBatch
from campaigns.quizzes.queries import surveys as survey_queries
from campaigns.quizzes.rules import papers as rules
from campaigns.quizzes.rules.bank import TRUE_FALSE_OPTIONS, read_answer
from campaigns.quizzes.rules.papers import Mode, Part, Status
from portal.access.actors import SYSTEM
from portal.demo.registry import Demo, DemoPart, register
from portal.reviews.workflow import move

CITY, PINGDING, YUPING = "140300000000", "140321000000", "520622000000"
SPACE = uuid.UUID("5d0e7c1e-0000-4000-8000-0000000000aa")
PRACTICE, CONTEST, SURVEY = "jiafeng-lianxi", "dangji-jiafeng", "zhixiaolv-pingding"
RECORDS = (
    # slug, title, unit, day, words: what the sources tell and no more
    ("yuping-lianzheng-2015", "廉政知识竞赛", YUPING, "2015-08-20",
     "玉屏县妇联举办的廉政知识竞赛，线下进行。来源文件没有写题目、人数和日期，这里是演示日期。"),
    ("dangji-jingda-2023", "党纪党规知识竞答", CITY, "2023-06-20",
     "主题教育期间机关开展的党纪党规知识竞答，线下进行。来源文件没有写题目、人数和日期，这里是演示日期。"),
)  # fmt: skip
QUESTIONNAIRE = (
    Asking(
        "您听说过“清廉家庭”创建活动吗？",
        ("听说过，知道做什么", "听说过", "没听说过"),
        frozenset({0, 1}),
        True,
    ),
    Asking("您知道妇女维权热线是多少吗？", ("12338", "12306", "不知道"), frozenset({0})),
    Asking(
        "您主要从哪里了解家风家教的内容？",
        ("村（社区）宣传栏", "手机上", "入户宣讲", "学校家长会", "没了解过"),
    ),
)
# Answers of 200 households: option of every question, and how many answered so.
WEB = ((0, 0, 1, 52), (1, 0, 0, 31), (1, 1, 2, 9), (0, 2, 3, 12), (2, 2, 4, 16))
PAPER = (("冠山镇东升社区", 46, ((18, 21, 7), (30, 6, 10), (20, 6, 12, 5, 3))),
         ("冠山镇城南社区", 34, ((11, 18, 5), (21, 5, 8), (14, 5, 9, 5, 1))))  # fmt: skip


def token(name: str) -> str:
    """The same for every run."""
    return str(uuid.uuid5(SPACE, name))


@transaction.atomic
def build(demo: Demo) -> None:
    """Everything, in the order in which people would do it."""
    _bank(demo)
    _practice(demo)
    _contest(demo)
    _survey(demo)
    for record in RECORDS:
        _record(demo, *record)


def _bank(demo: Demo) -> None:
    writer, reviewer, unit = demo.users["city"], demo.users["city_review"], demo.unit(CITY)
    for number, row in enumerate(QUESTIONS):
        category, kind, stem, options, letters, explanation, law, difficulty = row
        begins = next((day for name, day in BEGINS.items() if law.startswith(name)), None)
        fields = {
            "category": category, "kind": kind, "stem": stem, "answer": read_answer(letters),
            "options": options.split("|") if options else list(TRUE_FALSE_OPTIONS), "explanation": explanation,
            "law": law, "difficulty": difficulty, "effective_on": date.fromisoformat(begins) if begins else None,
        }  # fmt: skip
        question = bank.write_question(
            actor=writer, unit=unit, fields=fields, client_token=token(f"question:{number}"), is_demo=True
        )
        bank.submit_question(actor=writer, question=question)
        if number < len(QUESTIONS) - 2:  # two wait for the second person
            bank.approve_question(actor=reviewer, question=question)


def _paper(demo: Demo, unit_no: str, people: tuple[str, str], parts: list[Part], **fields: Any) -> Quiz:
    writer, reviewer = demo.users[people[0]], demo.users[people[1]]
    quiz = papers.plan_quiz(
        actor=writer, unit=demo.unit(unit_no), fields=fields, client_token=token(fields["slug"]), is_demo=True
    )
    papers.compose_by_rule(actor=writer, quiz=quiz, parts=parts, points=rules.POINTS)
    papers.submit_quiz(actor=writer, quiz=quiz)
    papers.approve_quiz(actor=reviewer, quiz=quiz)
    return quiz


def _tries(demo: Demo, quiz: Quiz, count: int, share: float) -> list[Attempt]:
    """Tries of nobody in particular; each question is right with the given chance."""
    items, found = list(quiz.items.all()), []
    for number in range(count):
        name = f"{quiz.slug}:{number}"
        attempt, _code = attempts.begin(
            quiz=quiz, token=token(name), visitor=token(f"v{name}").replace("-", "")
        )
        chosen = {
            item.pk: item.snapshot["answer"] if demo.rng.random() < share else [demo.rng.randrange(2)]
            for item in items
        }
        attempts.keep(attempt=attempt, chosen=chosen)
        found.append(attempts.hand_in(attempt=attempt))
    return found


def _practice(demo: Demo) -> None:
    quiz = _paper(
        demo, CITY, ("city", "city_review"),
        [Part(kind, count) for kind, count in rules.DEFAULT_COUNTS.items()],
        slug=PRACTICE, title="家教家风知识练习", mode=Mode.PRACTICE, minutes=0,
        intro="家庭教育、婚姻家庭、反家庭暴力和党纪常识，20 道题，交卷马上看解析。",
        opens_on=demo.today - timedelta(days=30), closes_on=None,
    )  # fmt: skip
    for number, attempt in enumerate(_tries(demo, quiz, 18, 0.72)):
        _move_back(attempt, demo.today - timedelta(days=1 + number))


def _move_back(attempt: Attempt, day: date) -> None:
    zone = timezone.get_current_timezone()
    begun = datetime.combine(day, time(19, 30), zone)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=begun, submitted_at=begun + timedelta(minutes=9), due_at=None
    )


def _contest(demo: Demo) -> None:
    first, last = demo.today - timedelta(days=18), demo.today - timedelta(days=5)
    quiz = _paper(
        demo, CITY, ("city", "city_review"),
        [Part(kind, count) for kind, count in rules.DEFAULT_COUNTS.items()],
        slug=CONTEST, title="党纪家风知识竞答", mode=Mode.CONTEST, minutes=20,
        intro="自愿参加，及格的可以登记抽奖。", opens_on=first, closes_on=demo.today + timedelta(days=1),
        prize_text="家风读本一册", prize_count=3,
    )  # fmt: skip
    for number, attempt in enumerate(_tries(demo, quiz, 32, 0.8)):
        if attempt.has_passed and number % 2 == 0:
            draws.enter(attempt=attempt, phone=f"138000001{number:02d}", consent=True)
        _move_back(attempt, first + timedelta(days=number % 13))
    Quiz.objects.filter(pk=quiz.pk).update(closes_on=last)
    quiz.refresh_from_db()
    move(quiz, "lapse", actor=SYSTEM, fields={"closed_at": timezone.now() - timedelta(days=4)})
    draws.draw_prizes(actor=demo.users["city"], quiz=quiz)
    draws.confirm(actor=demo.users["city_review"], quiz=quiz)


def _survey(demo: Demo) -> None:
    writer, reviewer = demo.users["county"], demo.users["county_review"]
    first, last = demo.today - timedelta(days=40), demo.today - timedelta(days=12)
    survey = surveys.plan_survey(
        actor=writer, unit=demo.unit(PINGDING), client_token=token(SURVEY), is_demo=True,
        fields={
            "slug": SURVEY, "title": "清廉家庭建设知晓率自查", "population": "冠山镇常住家庭", "frame_size": 5000,
            "frame_note": "社区户籍册，等距抽取；纸质问卷入户发放，网上问卷扫码填答。", "margin": "6.8", "design_effect": 1,
            "expected_response": 60, "opens_on": first, "closes_on": demo.today + timedelta(days=1),
        },
    )  # fmt: skip
    survey.refresh_from_db()
    surveys.set_questions(actor=writer, survey=survey, asking=QUESTIONNAIRE)
    surveys.step_survey(actor=writer, survey=survey, name="submit")
    surveys.step_survey(actor=reviewer, survey=survey, name="approve")
    surveys.set_invited(actor=writer, survey=survey, invited=334)
    questions = survey_queries.questions_of(survey)
    options = [list(question.options.all()) for question in questions]
    number = 0
    for *picked, count in WEB:
        for _n in range(count):
            choices = {question.pk: options[n][picked[n]].pk for n, question in enumerate(questions)}
            surveys.answer(survey=survey, choices=choices, token=token(f"sheet:{number}"))
            number += 1
    for place, sheets, counts in PAPER:
        ticks = {options[n][at].pk: count for n, row in enumerate(counts) for at, count in enumerate(row)}
        surveys.enter_tally(
            actor=writer, survey=survey, sheets=sheets, place=place, counts=ticks, client_token=token(place)
        )
    SurveyResponse.objects.filter(survey=survey).update(created_on=first + timedelta(days=7))
    TallyBatch.objects.filter(survey=survey).update(created_at=timezone.now() - timedelta(days=13))
    Survey.objects.filter(pk=survey.pk).update(closes_on=last)
    survey.refresh_from_db()
    move(survey, "lapse", actor=SYSTEM)


def _record(demo: Demo, slug: str, title: str, unit_no: str, day: str, words: str) -> None:
    """A contest that took place elsewhere, as its source tells it: no questions, no figures."""
    on = date.fromisoformat(day)
    activity = Activity.objects.filter(title=title, unit__unit_no=unit_no, is_demo=True).first()
    Quiz.objects.get_or_create(
        slug=slug,
        defaults={
            "title": title, "intro": words, "unit": demo.unit(unit_no), "mode": Mode.CONTEST, "opens_on": on,
            "closes_on": on, "status": Status.CLOSED, "activity": activity, "is_demo": True,
            "campaign": activity.campaign if activity else None, "created_by": demo.users.get("city"),
        },
    )  # fmt: skip


def is_there() -> bool:
    """Was it built?"""
    return (
        Quiz.objects.filter(slug=CONTEST).exists() and Draw.objects.exists() and PrizeEntry.objects.exists()
    )


register(DemoPart("quizzes", 55, build, is_there))
