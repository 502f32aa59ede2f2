"""Reads of tries: finding one again, its questions in its order, results by topic."""

import hmac
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from campaigns.quizzes.models import Answer, Attempt, Quiz, QuizItem
from campaigns.quizzes.queries.papers import items_of
from campaigns.quizzes.rules import bank, papers
from campaigns.quizzes.rules.bank import Category
from campaigns.quizzes.rules.papers import Mode
from portal import vault


def find_attempt(code: str) -> Attempt | None:
    """The try that this code opens."""
    digest = vault.keyed_hash(code, purpose="quiz-code")
    row = Attempt.objects.filter(code_hash=digest).select_related("quiz", "quiz__unit").first()
    return row if row is not None and hmac.compare_digest(row.code_hash, digest) else None


def attempt_by_ref(ref: str, quiz: Quiz) -> Attempt | None:
    """The try of this browser."""
    try:
        return Attempt.objects.filter(ref=ref, quiz=quiz).select_related("quiz", "quiz__unit").first()
    except (ValueError, TypeError, ValidationError):  # an unreadable mark in the session is no try
        return None


def next_try(quiz: Quiz, visitor: str, day: date) -> int | None:
    """Which of a day's tries at the contest is free for this browser or phone; None when all are used."""
    midnight = datetime.combine(day, time.min, timezone.get_current_timezone())
    rows = Attempt.objects.filter(
        quiz=quiz, visitor=visitor, mode=Mode.CONTEST, started_at__gte=midnight,
        started_at__lt=midnight + timedelta(days=1),
    )  # fmt: skip
    used = list(rows.values_list("try_no", flat=True))
    if len(used) >= quiz.attempts_per_day:
        return None
    return next(number for number in range(1, quiz.attempts_per_day + 1) if number not in used)


@dataclass
class Asked:
    """One question as a person sees it in their order."""

    number: int
    item: QuizItem
    options: list[tuple[int, str, str]]  # (number in the bank, letter, text)
    chosen: list[int]
    is_right: bool | None = None

    @property
    def stem(self) -> str:
        """The words of the question."""
        return str(self.item.snapshot["stem"])

    @property
    def is_multi(self) -> bool:
        """Several options may be ticked."""
        return bool(self.item.snapshot["kind"] == bank.Kind.MULTI)

    @property
    def kind_label(self) -> str:
        """单选, 多选, 判断."""
        return str(bank.Kind(self.item.snapshot["kind"]).label)

    @property
    def right_letters(self) -> str:
        """The right letters in this person's order."""
        return "".join(
            letter for index, letter, _text in self.options if index in self.item.snapshot["answer"]
        )

    @property
    def own_letters(self) -> str:
        """What this person chose."""
        return "".join(letter for index, letter, _text in self.options if index in self.chosen)


def asked(attempt: Attempt) -> list[Asked]:
    """The questions of a try in its order, with what was chosen."""
    known = {row.item_id: row for row in Answer.objects.filter(attempt=attempt)}
    return _arranged(list(attempt.quiz.items.all()), attempt.seed if attempt.quiz.shuffle else "", known)


def previewed(quiz: Quiz) -> list[Asked]:
    """The same for the preview of staff, with the bank's order and what the bank says now."""
    rows = items_of(quiz)
    for item in rows:
        item.snapshot = item.snapshot or snapshot_of(item.question)
    return _arranged(rows, "", {})


def snapshot_of(question: Any) -> dict[str, Any]:
    """What a paper keeps of a question."""
    return {
        "kind": question.kind,
        "category": question.category,
        "stem": question.stem,
        "options": list(question.options),
        "answer": list(question.answer),
        "explanation": question.explanation,
        "law": question.law,
        "source": question.source,
    }


def _arranged(items: list[QuizItem], seed: str, known: dict[int, Answer]) -> list[Asked]:
    rows = sorted(items, key=lambda item: (item.position, item.pk))
    if seed:  # the kinds stay together, as on a printed paper
        groups: dict[str, list[QuizItem]] = defaultdict(list)
        for item in rows:
            groups[item.snapshot["kind"]].append(item)
        rows = [item for kind, group in groups.items() for item in papers.shuffled(group, seed, kind)]
    found = []
    for number, item in enumerate(rows, 1):
        order = list(range(len(item.snapshot["options"])))
        if seed and item.snapshot["kind"] != bank.Kind.TRUE_FALSE:
            order = papers.shuffled(order, seed, str(item.pk))
        options = [
            (index, bank.LETTERS[place], item.snapshot["options"][index]) for place, index in enumerate(order)
        ]
        answer = known.get(item.pk)
        found.append(
            Asked(number, item, options, answer.chosen if answer else [], answer.is_right if answer else None)
        )
    return found


@dataclass(frozen=True)
class Topic:
    """A topic with how many were right of how many."""

    label: str
    right: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent."""
        return round(self.right * 100 / self.total) if self.total else 0


def own_topics(rows: list[Asked]) -> list[Topic]:
    """One person's result by topic, for themselves."""
    counts: dict[str, list[int]] = {}
    for row in rows:
        pair = counts.setdefault(row.item.snapshot["category"], [0, 0])
        pair[0] += bool(row.is_right)
        pair[1] += 1
    return [Topic(str(Category(code).label), right, total) for code, (right, total) in counts.items()]


@dataclass(frozen=True)
class Totals:
    """What is told about a paper as a whole: takings part and accuracy, never who."""

    participations: int
    accuracy: float | None
    topics: list[Topic]
    is_small: bool

    @property
    def accuracy_percent(self) -> int | None:
        """Whole percent."""
        return None if self.accuracy is None else round(self.accuracy * 100)


def totals(quiz: Quiz, items: list[QuizItem], *, smallest: int = papers.SMALLEST_CELL) -> Totals:
    """The figures of a paper; below `smallest` participations no accuracy is told (small cells)."""
    if quiz.participations < smallest:
        return Totals(quiz.participations, None, [], True)
    counts: dict[str, list[int]] = {}
    for item in items:
        pair = counts.setdefault(item.snapshot.get("category", ""), [0, 0])
        pair[0] += item.right
        pair[1] += item.answered
    answered = sum(pair[1] for pair in counts.values())
    right = sum(pair[0] for pair in counts.values())
    topics = [
        Topic(str(Category(code).label), *pair)
        for code, pair in counts.items()
        if code and pair[1] >= smallest
    ]
    return Totals(quiz.participations, right / answered if answered else None, topics, False)
