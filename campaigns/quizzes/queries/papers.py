"""Reads of papers, attempts and draws."""

import hmac
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.activities.queries import visible as visible_activities
from campaigns.activities.rules import Kind as ActivityKind
from campaigns.quizzes.models import Answer, Attempt, Draw, PrizeEntry, Quiz, QuizItem
from campaigns.quizzes.rules import bank, draw, papers
from campaigns.quizzes.rules.bank import Category
from campaigns.quizzes.rules.papers import Mode, Status
from portal import vault
from portal.access.permissions import Perm
from portal.access.scope import Scope


def visible(scope: Scope) -> QuerySet[Quiz]:
    """What this person may read."""
    rows = scope.rows(Quiz, Perm.QUIZ_EDIT) | scope.rows(Quiz, Perm.QUIZ_REVIEW)
    return rows.select_related("unit", "campaign", "activity", "created_by", "submitted_by", "reviewed_by")


def waiting_for(scope: Scope) -> QuerySet[Quiz]:
    """Papers this person can review."""
    rows = scope.rows(Quiz.objects.filter(status=Status.SUBMITTED), Perm.QUIZ_REVIEW)
    pk = getattr(scope.actor, "pk", None)
    rows = rows.exclude(created_by=pk).exclude(submitted_by=pk)
    return rows.select_related("unit").order_by("submitted_at", "pk")


def draws_waiting_for(scope: Scope) -> QuerySet[Draw]:
    """Draws this person can confirm."""
    rows = scope.rows(Draw.objects.filter(status=draw.Status.DRAWN), Perm.QUIZ_REVIEW)
    return (
        rows.exclude(drawn_by=getattr(scope.actor, "pk", None))
        .select_related("quiz", "unit")
        .order_by("drawn_at", "pk")
    )


def items_of(quiz: Quiz) -> list[QuizItem]:
    """The questions of a paper in order."""
    return list(quiz.items.select_related("question").order_by("position", "pk"))


def recent_activities(scope: Scope) -> QuerySet[Activity]:
    """Activities a paper can stand for: quizzes of the last two years."""
    since = timezone.now() - timedelta(days=730)
    rows = visible_activities(scope).filter(kind=ActivityKind.QUIZ, starts_at__gte=since)
    keys = list(rows.order_by("-starts_at").values_list("pk", flat=True)[:100])
    return Activity.objects.filter(pk__in=keys).order_by("-starts_at")


# -- what everybody sees ----------------------------------------------------------------------------


def public() -> QuerySet[Quiz]:
    """Approved papers: to come, open and closed."""
    return Quiz.objects.filter(status__in=papers.PUBLIC_STATES).select_related("unit", "campaign")


def public_draw(quiz: Quiz) -> Draw | None:
    """The draw of a paper, with what may be known of it by its state."""
    return Draw.objects.filter(quiz=quiz).first()


def find_attempt(code: str) -> Attempt | None:
    """The try that this code opens."""
    digest = vault.keyed_hash(code, purpose="quiz-code")
    row = Attempt.objects.filter(code_hash=digest).select_related("quiz", "quiz__unit").first()
    return row if row is not None and hmac.compare_digest(row.code_hash, digest) else None


def attempt_by_ref(ref: str, quiz: Quiz) -> Attempt | None:
    """The try of this browser."""
    try:
        return Attempt.objects.filter(ref=ref, quiz=quiz).select_related("quiz", "quiz__unit").first()
    except (ValueError, TypeError):
        return None
    except Exception as error:  # an unreadable mark in the session is no try
        if type(error).__name__ == "ValidationError":
            return None
        raise


def tries_today(quiz: Quiz, visitor: str) -> int:
    """How often this browser has begun the contest today."""
    today = datetime.combine(timezone.localdate(), time.min, timezone.get_current_timezone())
    rows = Attempt.objects.filter(quiz=quiz, visitor=visitor, started_at__gte=today, mode=Mode.CONTEST)
    return rows.count()


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
        return "".join(letter for index, letter, _text in self.options if index in self.item.snapshot["answer"])

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
        Topic(str(Category(code).label), *pair) for code, pair in counts.items() if code and pair[1] >= smallest
    ]
    return Totals(quiz.participations, right / answered if answered else None, topics, False)


# -- by the clock -----------------------------------------------------------------------------------


def past_closing(day: date) -> QuerySet[Quiz]:
    """Approved papers whose last day has passed."""
    return Quiz.objects.filter(status=Status.APPROVED, closes_on__lt=day).order_by("pk")


def closing_soon(day: date) -> QuerySet[Quiz]:
    """Open papers that end within the days of the reminder."""
    last = day + timedelta(days=papers.REMIND_DAYS_BEFORE_CLOSE)
    rows = Quiz.objects.filter(status=Status.APPROVED, closes_on__gte=day, closes_on__lte=last, opens_on__lte=day)
    return rows.select_related("unit").order_by("closes_on", "pk")


def draws_due(day: date) -> QuerySet[Draw]:
    """Closed papers with entries and no draw yet."""
    rows = Draw.objects.filter(status=draw.Status.COMMITTED, quiz__status=Status.CLOSED)
    return rows.filter(quiz__entries__isnull=False).distinct().select_related("quiz", "quiz__unit").order_by("pk")


def notices_over(day: date) -> QuerySet[Draw]:
    """Confirmed draws whose publicity has ended."""
    return Draw.objects.filter(status=draw.Status.CONFIRMED, notice_until__lt=day).order_by("pk")


def not_opened_with(question_pks: list[int], now: datetime) -> QuerySet[Quiz]:
    """Papers that nobody has begun yet and that hold one of these questions."""
    today = timezone.localdate(now)
    waiting = Q(status__in=(*papers.EDITABLE, Status.SUBMITTED)) | Q(status=Status.APPROVED, opens_on__gt=today)
    return Quiz.objects.filter(waiting, items__question_id__in=question_pks).distinct().order_by("pk")


def overdue(now: datetime) -> QuerySet[Attempt]:
    """Tries whose time is over and that were not handed in."""
    late = Attempt.objects.filter(submitted_at__isnull=True, due_at__lt=now - papers.GRACE)
    return late.select_related("quiz", "unit").order_by("pk")


# -- the draw ---------------------------------------------------------------------------------------


def entries_in(quiz: Quiz) -> list[int]:
    """The numbers that take part."""
    rows = PrizeEntry.objects.filter(quiz=quiz, withdrawn_at__isnull=True)
    return list(rows.order_by("number").values_list("number", flat=True))


def winners_of(prize_draw: Draw) -> list[PrizeEntry]:
    """The winning entries in the order of the draw."""
    known = {
        entry.number: entry
        for entry in PrizeEntry.objects.filter(quiz_id=prize_draw.quiz_id, number__in=prize_draw.winners)
    }
    return [known[number] for number in prize_draw.winners if number in known]


def entry_of(attempt: Attempt) -> PrizeEntry | None:
    """The entry that came of a try."""
    return PrizeEntry.objects.filter(attempt=attempt).first()


def entries_of_phone(digest: str) -> QuerySet[PrizeEntry]:
    """Where a phone takes part."""
    return PrizeEntry.objects.filter(phone_hash=digest).exclude(phone_hash="").select_related("quiz")
