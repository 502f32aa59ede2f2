"""Papers: defaults, states, composing by rule, time (domain reference §8.3)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.rules.bank import Category, Kind
from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table


class Mode(TextChoices):
    """Practice may be repeated and explains at once; a contest explains after closing and may have a draw."""

    PRACTICE = "practice", _("练习")
    CONTEST = "contest", _("竞答")


class Status(TextChoices):
    """DRAFT → SUBMITTED → APPROVED → CLOSED. Whether an approved one is open says the clock."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("已通过")
    CLOSED = "closed", _("已结束")


EDITABLE = (Status.DRAFT, Status.RETURNED)
PUBLIC_STATES = (Status.APPROVED, Status.CLOSED)
TONES = {
    Status.DRAFT: "",
    Status.SUBMITTED: "warn",
    Status.RETURNED: "bad",
    Status.APPROVED: "ok",
    Status.CLOSED: "info",
}
TRANSITIONS = table(
    Transition("submit", frozenset(EDITABLE), Status.SUBMITTED, "quiz.submitted", _("提交审核"), Perm.QUIZ_EDIT),
    Transition(
        "approve", frozenset({Status.SUBMITTED}), Status.APPROVED, "quiz.approved", _("审核通过"), Perm.QUIZ_REVIEW,
        not_by=("created_by", "submitted_by"),
    ),
    Transition(
        "send_back", frozenset({Status.SUBMITTED}), Status.RETURNED, "quiz.returned", _("退回修改"), Perm.QUIZ_REVIEW,
        needs_reason=True,
    ),
    Transition(
        "withdraw", frozenset({Status.SUBMITTED, Status.APPROVED}), Status.DRAFT, "quiz.withdrawn", _("撤回修改"),
        Perm.QUIZ_EDIT, needs_reason=True,
    ),
    # A question ran out before the paper opened: somebody has to look at the gap.
    Transition(
        "drop", frozenset({Status.SUBMITTED, Status.APPROVED}), Status.RETURNED, "quiz.question_dropped",
        _("题目到期，退回补题"),
    ),
    Transition("close", frozenset({Status.APPROVED}), Status.CLOSED, "quiz.closed", _("提前结束"), Perm.QUIZ_EDIT,
               needs_reason=True),
    Transition("lapse", frozenset({Status.APPROVED}), Status.CLOSED, "quiz.lapsed", _("到期结束")),
)  # fmt: skip

MINUTES, PASS_SCORE, EXCELLENT_SCORE, POINTS, ATTEMPTS_PER_DAY = 20, 60, 90, 5, 1
QUESTIONS_MOST, ATTEMPTS_MOST = 100, 20
# An answer that was on its way when the time ended is still taken.
GRACE = timedelta(seconds=20)
REMIND_DAYS_BEFORE_CLOSE = 2
FORGET_UNFINISHED_AFTER_DAYS = 30
FORGET_ANSWERS_AFTER_DAYS = 365
FORGET_PHONES_AFTER_DAYS = 90
SMALLEST_CELL = 5
# 10 single, 5 multiple, 5 judged, five points each.
DEFAULT_COUNTS = {Kind.SINGLE: 10, Kind.MULTI: 5, Kind.TRUE_FALSE: 5}


@dataclass(frozen=True)
class Part:
    """One line of a composition: so many questions of a kind, perhaps of one topic or difficulty."""

    kind: str
    count: int
    category: str = ""
    difficulty: int = 0

    def fits(self, question: Any) -> bool:
        """May this question stand in this part?"""
        return bool(
            question.kind == self.kind
            and (not self.category or question.category == self.category)
            and (not self.difficulty or question.difficulty == self.difficulty)
        )

    @property
    def words(self) -> str:
        """The part in words."""
        category = str(Category(self.category).label) if self.category else str(_("各类"))
        return f"{Kind(self.kind).label} · {category}"


class TooFew(Exception):
    """The bank does not hold enough questions for a part."""

    def __init__(self, part: Part, found: int) -> None:
        super().__init__(f"{part} has {found}")
        self.part, self.found = part, found


def compose(parts: Iterable[Part], questions: Sequence[Any], seed: str) -> list[Any]:
    """Choose questions for every part, none twice, topics in turn so that no topic crowds out the others.

    The same seed and questions give the same paper. Narrow parts are filled first. Raises TooFew.
    """
    wanted = list(parts)
    taken: set[int] = set()
    chosen: dict[int, list[Any]] = {}
    for number in sorted(
        range(len(wanted)), key=lambda n: (not wanted[n].category, not wanted[n].difficulty, n)
    ):
        part = wanted[number]
        fitting = [question for question in questions if question.pk not in taken and part.fits(question)]
        picked = _in_turn(fitting, seed)[: part.count]
        if len(picked) < part.count:
            raise TooFew(part, len(picked))
        taken |= {question.pk for question in picked}
        chosen[number] = picked
    return [question for number in range(len(wanted)) for question in chosen[number]]


def _in_turn(questions: Iterable[Any], seed: str) -> list[Any]:
    by_topic: dict[str, list[Any]] = {}
    for question in sorted(questions, key=lambda one: mixed(seed, one.pk)):
        by_topic.setdefault(question.category, []).append(question)
    topics = sorted(by_topic, key=lambda topic: mixed(seed, topic))
    longest = max((len(rows) for rows in by_topic.values()), default=0)
    return [by_topic[topic][n] for n in range(longest) for topic in topics if n < len(by_topic[topic])]


def mixed(seed: str, value: object) -> str:
    """A number that looks random and is always the same for this seed and value."""
    return hashlib.sha256(f"{seed}:{value}".encode()).hexdigest()


def shuffled(values: Sequence[Any], seed: str, name: str) -> list[Any]:
    """The values in an order that depends on the seed and name only, on every machine."""
    order = sorted(range(len(values)), key=lambda index: mixed(seed, f"{name}:{index}"))
    return [values[index] for index in order]


def open_state(opens_at: datetime, closes_at: datetime | None, now: datetime) -> str:
    """`soon`, `open` or `over`, by the clock alone."""
    if now < opens_at:
        return "soon"
    return "over" if closes_at is not None and now >= closes_at else "open"


def is_in_time(due_at: datetime | None, now: datetime) -> bool:
    """Is an answer that arrives now still taken?"""
    return due_at is None or now <= due_at + GRACE


def score_of(points: Mapping[int, int], right: Iterable[int]) -> int:
    """The points of the right answers."""
    return sum(points[number] for number in right)


def last_moment(day: date, zone: Any) -> datetime:
    """A date as a deadline ends with the day: the first moment of the next one (design §5)."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone)
