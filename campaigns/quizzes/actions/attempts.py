"""Answering: begin, keep each answer, hand in. Nobody is asked who they are."""

import base64
import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.quizzes.models import Answer, Attempt, Quiz, QuizItem
from campaigns.quizzes.queries import attempts as tries
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.rules import bank, papers
from campaigns.quizzes.rules.papers import Mode
from portal import vault
from portal.access.actors import SYSTEM, Visitor
from portal.journal.actions import record
from portal.reviews.workflow import WorkflowError

_ALPHABET = str.maketrans("ILOU", "WXYZ")  # letters that are mistaken for digits or for each other


class TimeOver(WorkflowError):
    """The answer came after the time; what was kept before has been handed in."""


def code_of(token: str) -> str:
    """The short code that opens a try on another phone: the same for a form that is sent twice."""
    digest = bytes.fromhex(vault.keyed_hash(token, purpose="quiz-code-of"))
    return base64.b32encode(digest)[:8].decode().translate(_ALPHABET)


def clean_code(text: str) -> str:
    """How people type it."""
    return "".join(char for char in text.upper() if char.isascii() and char.isalnum())[:16].translate(
        _ALPHABET
    )


OF_PHONE = "p:"


def new_visitor() -> str:
    """A random mark for a browser."""
    return secrets.token_hex(16)


def visitor_of_phone(quiz: Quiz, phone: str) -> str:
    """The mark of a verified phone in one paper: the same in every browser, of no use for another paper."""
    return OF_PHONE + vault.keyed_hash(f"{quiz.pk}:{phone}", purpose="quiz-visitor")[:60]


def begin(
    *, quiz: Quiz, token: str, visitor: str, is_minor: bool = False, practise: bool = False
) -> tuple[Attempt, str]:
    """A new try with its code; the same form sent twice begins one. Anybody may, without an account.

    `visitor` is whose tries of the day are counted: a phone's where a prize is drawn, else a browser's. Minors
    practise: no prize, explained at once (domain reference §8.3); so does who asks for it with `practise`. Raises
    WorkflowError when the paper is not open or the tries of the day are used.
    """
    token = str(uuid.UUID(token))
    code = code_of(token)
    known = Attempt.objects.filter(client_token=token, quiz=quiz).select_related("quiz").first()
    if known is not None:
        return known, code
    if not quiz.is_open:
        raise WorkflowError(_("现在不在答题时间内。"))
    mode = Mode.PRACTICE if is_minor or practise or not quiz.is_contest else Mode.CONTEST
    now = timezone.now()
    today = timezone.localdate(now)
    for rounds_left in reversed(range(quiz.attempts_per_day + 1)):
        try_no = tries.next_try(quiz, visitor, today) if mode == Mode.CONTEST else None
        if mode == Mode.CONTEST and try_no is None:
            raise WorkflowError(_("今天的 %(n)d 次已经答完，明天再来。") % {"n": quiz.attempts_per_day})
        try:
            with transaction.atomic():
                attempt = Attempt.objects.create(
                    code_hash=vault.keyed_hash(code, purpose="quiz-code"),
                    quiz=quiz,
                    unit=quiz.unit,
                    mode=mode,
                    is_minor=is_minor,
                    visitor=visitor,
                    seed=secrets.token_hex(16),
                    client_token=token,
                    started_at=now,
                    started_on=today,
                    try_no=try_no,
                    due_at=_due(quiz, now),
                )
                record("quiz.begun", actor=_visitor(attempt), target=attempt)
                return attempt, code
        except IntegrityError as error:
            known = Attempt.objects.select_related("quiz").filter(client_token=token).first()
            if known is not None:
                return known, code
            if (
                try_no is None or not rounds_left
            ):  # a page of long ago: its try was forgotten, its code is not free
                raise WorkflowError(_("这一页放得太久了，请回到答题首页重新开始。")) from error
            # Another page of the same phone took this try at the same moment: is there one more?
    raise AssertionError("the last round returns or raises")


def _due(quiz: Quiz, now: datetime) -> datetime | None:
    ends = [quiz.closes_at] if quiz.closes_at else []
    if quiz.minutes:
        ends.append(now + timedelta(minutes=quiz.minutes))
    return min(ends, default=None)


def _visitor(attempt: Attempt) -> Visitor:
    return Visitor(ref=f"quiz:{attempt.ref}")


def keep(*, attempt: Attempt, chosen: Mapping[int, Iterable[int]]) -> int:
    """Keep answers (item → options of the bank) as they are chosen; returns how many questions are answered.

    Not journalled: it is a draft until it is handed in. Raises TimeOver after the time, when the try has been
    handed in with what was kept; WorkflowError when it was handed in before.
    """
    if attempt.is_done:
        raise WorkflowError(_("这份答卷已经交了，不能再改。"))
    if not attempt.is_in_time:
        hand_in(attempt=attempt)
        raise TimeOver(_("时间到了，刚才这一题没有记上；之前选的都已保存并交卷。"))
    items = {item.pk: item for item in attempt.quiz.items.all()}
    for number, options in chosen.items():
        item = items.get(number)
        if item is not None:
            _keep_one(attempt, item, options)
    return Answer.objects.filter(attempt=attempt).exclude(chosen=[]).count()


def _keep_one(attempt: Attempt, item: QuizItem, options: Iterable[int]) -> None:
    most = len(item.snapshot["options"])
    picked = sorted({index for index in options if 0 <= index < most})
    if item.snapshot["kind"] != bank.Kind.MULTI:
        picked = picked[:1]
    for _attempt in range(2):
        if Answer.objects.filter(attempt=attempt, item=item).update(chosen=picked):
            return
        try:
            with transaction.atomic():
                Answer.objects.create(attempt=attempt, item=item, chosen=picked)
                return
        except IntegrityError:  # the same question came twice at once: the row is there now
            continue


@transaction.atomic
def hand_in(*, attempt: Attempt) -> Attempt:
    """Score the kept answers, once; a second press changes nothing."""
    now = timezone.now()
    late = not attempt.is_in_time
    claimed = Attempt.objects.filter(pk=attempt.pk, submitted_at__isnull=True).update(
        submitted_at=now, is_late=late
    )
    if not claimed:
        attempt.refresh_from_db()
        return attempt
    items = list(attempt.quiz.items.all())
    known = {row.item_id: row for row in Answer.objects.filter(attempt=attempt)}
    right = {
        item.pk
        for item in items
        if item.pk in known and bank.is_right(item.snapshot["answer"], known[item.pk].chosen)
    }
    for pk, row in known.items():
        row.is_right = pk in right
    Answer.objects.bulk_update(known.values(), ["is_right"])
    score = papers.score_of({item.pk: item.points for item in items}, right)
    Attempt.objects.filter(pk=attempt.pk).update(score=score)
    attempt.submitted_at, attempt.is_late, attempt.score = now, late, score
    _count(attempt, right)
    record(
        "quiz.handed_in" if not late else "quiz.time_over", actor=_visitor(attempt), target=attempt,
        changed=["submitted_at", "score"],
    )  # fmt: skip
    return attempt


def _count(attempt: Attempt, right: set[int]) -> None:
    """Totals of the paper. Its row comes first, so that two at once wait there and cannot block each other."""
    passed = int(attempt.has_passed)
    Quiz.objects.filter(pk=attempt.quiz_id).update(
        participations=F("participations") + 1, passed_count=F("passed_count") + passed
    )
    QuizItem.objects.filter(quiz_id=attempt.quiz_id).update(answered=F("answered") + 1)
    QuizItem.objects.filter(pk__in=right).update(right=F("right") + 1)


def finish_overdue(now: datetime | None = None, *, limit: int = 500) -> int:
    """Hand in what was left when the time ended; a try without any answer is no participation and goes."""
    moment, count = now or timezone.now(), 0
    for attempt in queries.overdue(moment)[:limit]:
        if Answer.objects.filter(attempt=attempt).exclude(chosen=[]).exists():
            hand_in(attempt=attempt)
        else:
            _forget(attempt)
        count += 1
    return count


def _forget(attempt: Attempt) -> None:
    with transaction.atomic():
        record("quiz.left", actor=SYSTEM, target=attempt)
        Attempt.objects.filter(pk=attempt.pk, submitted_at__isnull=True).delete()


def purge_attempts(now: datetime) -> int:
    """Unfinished tries after a month; answers and the mark of the browser a year after handing in (that of a phone goes
    with the phones). The bare row with its score stays: it is a figure."""
    old = Attempt.objects.filter(
        submitted_at__isnull=True, started_at__lt=now - timedelta(days=papers.FORGET_UNFINISHED_AFTER_DAYS)
    )
    count = 0
    for attempt in old.order_by("pk")[:500]:
        _forget(attempt)
        count += 1
    before = now - timedelta(days=papers.FORGET_ANSWERS_AFTER_DAYS)
    done = list(
        Attempt.objects.filter(submitted_at__lt=before, client_token__isnull=False).order_by("pk")[:500]
    )
    for attempt in done:
        with transaction.atomic():
            Answer.objects.filter(attempt=attempt).delete()
            Attempt.objects.filter(pk=attempt.pk).update(visitor="", client_token=None)
            record("quiz.answers_purged", actor=SYSTEM, target=attempt)
    return count + len(done)
