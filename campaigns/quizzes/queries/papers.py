"""Reads of papers, attempts and draws."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.activities.queries import visible as visible_activities
from campaigns.activities.rules import Kind as ActivityKind
from campaigns.quizzes.models import Attempt, Draw, PrizeEntry, Quiz, QuizItem
from campaigns.quizzes.rules import draw, papers
from campaigns.quizzes.rules.papers import Status
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


# -- by the clock -----------------------------------------------------------------------------------


def past_closing(day: date) -> QuerySet[Quiz]:
    """Approved papers whose last day has passed."""
    return Quiz.objects.filter(status=Status.APPROVED, closes_on__lt=day).order_by("pk")


def closing_soon(day: date) -> QuerySet[Quiz]:
    """Open papers that end within the days of the reminder."""
    last = day + timedelta(days=papers.REMIND_DAYS_BEFORE_CLOSE)
    rows = Quiz.objects.filter(
        status=Status.APPROVED, closes_on__gte=day, closes_on__lte=last, opens_on__lte=day
    )
    return rows.select_related("unit").order_by("closes_on", "pk")


def draws_due(day: date) -> QuerySet[Draw]:
    """Closed papers with entries and no draw yet."""
    rows = Draw.objects.filter(status=draw.Status.COMMITTED, quiz__status=Status.CLOSED)
    return (
        rows.filter(quiz__entries__isnull=False)
        .distinct()
        .select_related("quiz", "quiz__unit")
        .order_by("pk")
    )


def notices_ending(first: date, last: date) -> QuerySet[Draw]:
    """Confirmed draws whose publicity ends between two days, both included."""
    rows = Draw.objects.filter(status=draw.Status.CONFIRMED, notice_until__gte=first, notice_until__lte=last)
    return rows.select_related("quiz", "quiz__unit").order_by("notice_until", "pk")


def notices_over(day: date) -> QuerySet[Draw]:
    """Confirmed draws whose publicity has ended."""
    return Draw.objects.filter(status=draw.Status.CONFIRMED, notice_until__lt=day).order_by("pk")


def not_opened_with(question_pks: list[int], now: datetime) -> QuerySet[Quiz]:
    """Papers that nobody has begun yet and that hold one of these questions."""
    today = timezone.localdate(now)
    waiting = Q(status__in=(*papers.EDITABLE, Status.SUBMITTED)) | Q(
        status=Status.APPROVED, opens_on__gt=today
    )
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
