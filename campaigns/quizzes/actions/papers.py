"""Composing, reviewing and closing papers."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities.actions import log_activity
from campaigns.activities.models import Activity
from campaigns.activities.rules import Form as ActivityForm
from campaigns.activities.rules import Kind as ActivityKind
from campaigns.quizzes.models import Draw, Question, Quiz, QuizItem
from campaigns.quizzes.queries import bank as bank_queries
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.queries.attempts import snapshot_of
from campaigns.quizzes.rules import bank, draw, papers
from campaigns.quizzes.rules.papers import Part, TooFew
from portal.access.actors import SYSTEM, Actor
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "slug", "title", "intro", "campaign", "activity", "mode", "minutes", "pass_score", "excellent_score",
    "attempts_per_day", "shuffle", "opens_on", "closes_on", "prize_text", "prize_count",
)  # fmt: skip


@once(Quiz, taken=lambda: WorkflowError(_("这个网址已经有试卷在用，请换一个。")))
def plan_quiz(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    client_token: str | None = None,
    is_demo: bool = False,
) -> Quiz:
    """A new draft without questions; the same token twice gives the first one back."""
    scope_of(actor).require(Perm.QUIZ_EDIT, unit)
    quiz = Quiz.objects.create(
        unit=unit,
        created_by=actor,
        client_token=client_token or None,
        is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )
    record("quiz.planned", actor=actor, target=quiz)
    return quiz


@transaction.atomic
def edit_quiz(*, actor: User, quiz: Quiz, fields: Mapping[str, Any]) -> Quiz:
    """Change a paper that nobody has approved; an approved one is withdrawn first."""
    scope_of(actor).require(Perm.QUIZ_EDIT, quiz)
    changed = [name for name in FIELDS if name in fields and getattr(quiz, name) != fields[name]]
    _still_editable(quiz, {name: fields[name] for name in changed})
    if changed:
        record("quiz.edited", actor=actor, target=quiz, changed=changed)
    return quiz


def _still_editable(quiz: Quiz, values: Mapping[str, Any]) -> None:
    done = Quiz.objects.filter(pk=quiz.pk, status__in=papers.EDITABLE).update(
        **values, updated_at=timezone.now()
    )
    if not done:
        raise StaleState(_("试卷已提交或通过，先撤回再修改。"))
    for name, value in values.items():
        setattr(quiz, name, value)


@transaction.atomic
def compose_by_rule(*, actor: User, quiz: Quiz, parts: Sequence[Part], points: int) -> list[QuizItem]:
    """Fill the paper from the bank. What was on it is replaced. Raises WorkflowError that names the lack."""
    scope = scope_of(actor)
    scope.require(Perm.QUIZ_EDIT, quiz)
    if not parts or sum(part.count for part in parts) > papers.QUESTIONS_MOST:
        raise WorkflowError(_("请填题数，一份试卷最多 100 题。"))
    pool = list(bank_queries.usable(scope, quiz.unit, quiz.opens_on).order_by("pk"))
    try:
        chosen = papers.compose(parts, pool, draw.new_seed())
    except TooFew as lack:
        raise WorkflowError(
            _("题库里“%(part)s”只有 %(found)d 题可用，要 %(wanted)d 题。请减少题数，或先补题。")
            % {"part": lack.part.words, "found": lack.found, "wanted": lack.part.count}
        ) from lack
    rule = [
        {"kind": part.kind, "count": part.count, "category": part.category, "difficulty": part.difficulty}
        for part in parts
    ]
    _still_editable(quiz, {"parts": rule, "dropped": []})
    return _replace(quiz, chosen, points, actor)


@transaction.atomic
def set_questions(
    *, actor: User, quiz: Quiz, questions: Iterable[Question], points: int = papers.POINTS
) -> list[QuizItem]:
    """Exactly these questions by hand, grouped by kind in the order given; only usable ones are taken."""
    scope = scope_of(actor)
    scope.require(Perm.QUIZ_EDIT, quiz)
    wanted = [question.pk for question in questions]
    usable = {
        row.pk: row for row in bank_queries.usable(scope, quiz.unit, quiz.opens_on).filter(pk__in=wanted)
    }
    rows = [usable[pk] for pk in wanted if pk in usable]
    if len(rows) != len(wanted):
        raise WorkflowError(_("有题目不能用（没审核、已停用或到期），请重新选择。"))
    if len(rows) > papers.QUESTIONS_MOST:
        raise WorkflowError(_("一份试卷最多 100 题。"))
    _still_editable(quiz, {"parts": [], "dropped": []})
    order = list(bank.Kind.values)
    return _replace(quiz, sorted(rows, key=lambda row: order.index(row.kind)), points, actor)


def _replace(quiz: Quiz, questions: Sequence[Question], points: int, actor: Actor) -> list[QuizItem]:
    quiz.items.all().delete()
    items = QuizItem.objects.bulk_create(
        QuizItem(quiz=quiz, question=question, position=number, points=points)
        for number, question in enumerate(questions, 1)
    )
    record("quiz.composed", actor=actor, target=quiz, changed=["items"])
    return items


def faults_of(quiz: Quiz) -> list[str]:
    """What keeps a paper from being handed in, in words."""
    items = queries.items_of(quiz)
    full = sum(item.points for item in items)
    found = []
    if not items:
        found.append(_("还没有题目，请先组卷。"))
    elif full < quiz.excellent_score or full < quiz.pass_score:
        found.append(_("满分只有 %(full)d 分，低于及格分或优秀分，请调整分值或题数。") % {"full": full})
    if any(item.question.status != bank.Status.APPROVED for item in items):
        found.append(_("有题目没有通过审核，请换题或等审核。"))
    if any(not item.question.is_in_force(quiz.opens_on) for item in items):
        found.append(_("有题目在开始那天还没施行或已过有效期，请换题。"))
    if quiz.is_contest and quiz.closes_on is None:
        found.append(_("竞答要有截止日期。"))
    if quiz.closes_on is not None and quiz.closes_on < timezone.localdate():
        found.append(_("截止日期已经过了，请改日期。"))
    return found


def submit_quiz(*, actor: User, quiz: Quiz) -> None:
    """Hand it to a second person. Raises WorkflowError with everything that is missing."""
    wrong = faults_of(quiz)
    if wrong:
        raise WorkflowError(" ".join(wrong))
    move(quiz, "submit", actor=actor, fields={"submitted_by": actor, "submitted_at": timezone.now()})


@transaction.atomic
def approve_quiz(*, actor: User, quiz: Quiz) -> None:
    """Open it from its first day on: the questions are fixed as they are, the seed of the draw is committed."""
    wrong = faults_of(quiz)
    if wrong:
        raise WorkflowError(" ".join(wrong))
    move(quiz, "approve", actor=actor, fields={"reviewed_by": actor, "reviewed_at": timezone.now()})
    items = queries.items_of(quiz)
    for item in items:
        item.snapshot = snapshot_of(item.question)
    QuizItem.objects.bulk_update(items, ["snapshot"])
    if quiz.has_prize:
        seed = draw.new_seed()
        fields = {"unit": quiz.unit, "seed": seed, "commitment": draw.commitment(seed)}
        prize_draw, made = Draw.objects.get_or_create(quiz=quiz, defaults=fields)
        if made:
            record("draw.committed", actor=actor, target=prize_draw, changed=["commitment"])


@transaction.atomic
def step_quiz(*, actor: User, quiz: Quiz, name: str, reason: str = "") -> None:
    """Any step a person may take, by its name."""
    if name == "submit":
        submit_quiz(actor=actor, quiz=quiz)
    elif name == "approve":
        approve_quiz(actor=actor, quiz=quiz)
    elif name == "close":
        move(quiz, name, actor=actor, reason=reason, fields={"closed_at": timezone.now()})
    elif name == "withdraw":
        if quiz.attempts.exists():
            raise WorkflowError(_("已经有人答题，不能再撤回修改；可以提前结束。"))
        move(quiz, name, actor=actor, reason=reason)
    elif name in {"drop", "lapse"}:
        raise PermissionDenied(name)
    else:
        move(quiz, name, actor=actor, reason=reason)


@transaction.atomic
def log_as_activity(*, actor: User, quiz: Quiz) -> Activity:
    """A draft of the activity log from a paper that has ended: logged once, figures arrive filled in.

    Participations are visits (人次), never people. A second press gives the same record. Raises WorkflowError
    while it runs, PermissionDenied for who does not log for the unit.
    """
    if not quiz.is_over:
        raise WorkflowError(_("答题结束后才能记成活动。"))
    if quiz.activity is not None:
        return quiz.activity
    token = str(uuid.uuid5(uuid.NAMESPACE_URL, f"quiz:{quiz.pk}"))
    fields = {
        "title": quiz.title, "kind": ActivityKind.QUIZ, "campaign": quiz.campaign, "starts_at": quiz.opens_at,
        "form": ActivityForm.ONLINE, "online_visits": quiz.participations, "summary": quiz.intro,
        "measure_note": _("网上问答交卷人次"),
    }  # fmt: skip
    try:
        activity = log_activity(actor=actor, unit=quiz.unit, fields=fields, client_token=token)
    except ValidationError as error:
        raise WorkflowError(" ".join(error.messages)) from error
    Quiz.objects.filter(pk=quiz.pk).update(activity=activity)
    quiz.activity = activity
    record("quiz.logged", actor=actor, target=quiz, changed=["activity"])
    return activity


def close_past(now: datetime | None = None) -> int:
    """Close papers after their last day; from a job, twice does no harm."""
    moment, count = now or timezone.now(), 0
    for quiz in queries.past_closing(timezone.localdate(moment)):
        try:
            move(quiz, "lapse", actor=SYSTEM, fields={"closed_at": moment})
            count += 1
        except StaleState:
            continue
    return count


def may_edit(scope: Scope, quiz: Quiz) -> bool:
    """For pages: may this person change it now?"""
    return scope.may(Perm.QUIZ_EDIT, quiz) and quiz.is_editable
