"""Writing, reviewing and retiring questions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.quizzes.models import Question, Quiz, QuizItem
from campaigns.quizzes.queries import bank as queries
from campaigns.quizzes.queries import papers as paper_queries
from campaigns.quizzes.rules import bank, papers
from portal.access.actors import SYSTEM
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.journal.once import once
from portal.reviews.workflow import StaleState, WorkflowError, move
from portal.units.models import Unit

FIELDS = (
    "category", "kind", "stem", "options", "answer", "explanation", "law", "source", "difficulty", "effective_on",
    "expires_on",
)  # fmt: skip


@once(Question)
def write_question(
    *,
    actor: User,
    unit: Unit,
    fields: Mapping[str, Any],
    client_token: str | None = None,
    is_demo: bool = False,
) -> Question:
    """A new draft of `unit`; the same token twice gives the first one back. Raises WorkflowError for an answer
    that does not fit its options."""
    scope_of(actor).require(Perm.QUIZ_EDIT, unit)
    _check(fields)
    question = Question.objects.create(
        unit=unit,
        created_by=actor,
        client_token=client_token or None,
        is_demo=is_demo,
        **{name: fields[name] for name in FIELDS if name in fields},
    )
    record("question.written", actor=actor, target=question)
    return question


def _check(fields: Mapping[str, Any]) -> None:
    for _field, sentence in bank.faults(fields["kind"], fields["options"], fields["answer"]):
        raise WorkflowError(sentence)


@transaction.atomic
def edit_question(*, actor: User, question: Question, fields: Mapping[str, Any]) -> Question:
    """Change a question. One that is approved or waits for review goes back to draft and is reviewed again. Raises
    StaleState when somebody has written it since this one was read, even if its state is the same again."""
    scope_of(actor).require(Perm.QUIZ_EDIT, question)
    _check(fields)
    changed = [name for name in FIELDS if name in fields and getattr(question, name) != fields[name]]
    if not changed:
        return question
    values = {name: fields[name] for name in changed}
    now, seen = timezone.now(), Question.objects.filter(pk=question.pk, updated_at=question.updated_at)
    if not seen.filter(status=question.status).update(updated_at=now):
        raise StaleState(_("刚刚有另一位同事处理了这道题，请刷新后再改。"))
    question.updated_at = now
    if question.is_editable:
        Question.objects.filter(pk=question.pk).update(**values)
        for name, value in values.items():
            setattr(question, name, value)
        record("question.edited", actor=actor, target=question, changed=changed)
    else:
        values |= {"reviewed_by": None, "reviewed_at": None, "submitted_by": None, "submitted_at": None}
        move(question, "revise", actor=actor, fields=values)
    return question


@transaction.atomic
def remove_imported(*, actor: User, target: Question) -> None:
    """Take back a draft that a table made; the journal keeps that it existed."""
    scope_of(actor).require(Perm.QUIZ_EDIT, target)
    if target.status not in (bank.Status.DRAFT, bank.Status.SUBMITTED):
        raise WorkflowError(_("这道题已经审核过，不能撤销；不用了请“停用”。"))
    record("question.import_undone", actor=actor, target=target, details={"stem": target.stem[:60]})
    try:
        with transaction.atomic():
            Question.objects.filter(pk=target.pk, status=target.status).delete()
    except ProtectedError as error:
        raise WorkflowError(_("这道题已经放进试卷，不能撤销。")) from error


def submit_question(*, actor: User, question: Question) -> None:
    """Hand it to a second person."""
    move(question, "submit", actor=actor, fields={"submitted_by": actor, "submitted_at": timezone.now()})


def approve_question(*, actor: User, question: Question) -> None:
    """Take it into the bank; not by who wrote it or handed it in."""
    move(question, "approve", actor=actor, fields={"reviewed_by": actor, "reviewed_at": timezone.now()})


def step_question(*, actor: User, question: Question, name: str, reason: str = "") -> None:
    """Any step of the table by its name; retiring also takes it off papers that have not opened."""
    if name == "submit":
        submit_question(actor=actor, question=question)
    elif name == "approve":
        approve_question(actor=actor, question=question)
    elif name == "retire":
        with transaction.atomic():
            move(question, "retire", actor=actor, reason=reason)
            take_off_papers([question], _("停用：%(reason)s") % {"reason": reason})
    elif name == "expire":
        raise PermissionDenied("only the clock expires a question")
    else:
        move(question, name, actor=actor, reason=reason)


def step_many(*, actor: User, questions: Iterable[Question], name: str) -> tuple[int, int]:
    """Submit or approve many; (done, left out). Left out is what another person has to do or who was faster."""
    if name not in {"submit", "approve"}:
        raise PermissionDenied(name)
    done = left = 0
    for question in questions:
        try:
            step_question(actor=actor, question=question, name=name)
            done += 1
        except (WorkflowError, PermissionDenied):
            left += 1
    return done, left


@transaction.atomic
def take_off_papers(questions: list[Question], why: str) -> int:
    """Take questions off every paper that has not opened; a paper past its draft goes back with the reason."""
    by_pk = {question.pk: question for question in questions}
    count = 0
    for quiz in paper_queries.not_opened_with(list(by_pk), timezone.now()):
        items = list(QuizItem.objects.filter(quiz=quiz, question_id__in=by_pk))
        lost = [{"stem": by_pk[item.question_id].stem, "why": why[:120]} for item in items]
        QuizItem.objects.filter(pk__in=[item.pk for item in items]).delete()
        count += len(items)
        dropped = [*quiz.dropped, *lost]
        if quiz.status in papers.EDITABLE:
            Quiz.objects.filter(pk=quiz.pk).update(dropped=dropped)
            record("quiz.items_dropped", actor=SYSTEM, target=quiz, changed=["items"])
        else:
            move(quiz, "drop", actor=SYSTEM, reason=why, fields={"dropped": dropped})
    return count


def expire_questions(now: datetime | None = None) -> int:
    """Retire what has passed its last day and take it off papers to come; from a job, twice does no harm."""
    day = timezone.localdate(now or timezone.now())
    gone = []
    for question in queries.expired(day):
        try:
            move(question, "expire", actor=SYSTEM)
            gone.append(question)
        except StaleState:
            continue
    if gone:
        take_off_papers(gone, _("题目已过有效期"))
    return len(gone)
