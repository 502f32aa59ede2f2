"""Reads of the question bank."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from campaigns.quizzes.models import Question
from campaigns.quizzes.rules.bank import REMIND_DAYS_BEFORE_EXPIRY, Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Unit

STEP = Unit.steplen


def _superior(scope: Scope) -> Q:
    """Questions that units above mine have approved: everybody below may use them."""
    paths = {
        line.unit_path[:end]
        for perm in (Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
        for _reach, line in scope.lines_for(perm)
        for end in range(STEP, len(line.unit_path), STEP)
    }
    return Q(unit__path__in=sorted(paths), status=Status.APPROVED)


def visible(scope: Scope) -> QuerySet[Question]:
    """What this person may read: the own units' questions, and what superior units have approved."""
    own = scope.rows(Question, Perm.QUIZ_EDIT) | scope.rows(Question, Perm.QUIZ_REVIEW)
    above = Question.objects.filter(_superior(scope))
    return (own | above).select_related("unit", "created_by", "submitted_by", "reviewed_by")


def usable(scope: Scope, unit: Unit, day: date | None = None) -> QuerySet[Question]:
    """Approved questions in force that a paper of `unit` may hold: its own, those above and those below it
    that the person can read."""
    on = day or timezone.localdate()
    rows = visible(scope).filter(in_force(on), status=Status.APPROVED)
    path = unit.path
    above = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    return rows.filter(Q(unit__path__in=above) | Q(unit__path__startswith=path))


def in_force(day: date) -> Q:
    """May be asked on this day."""
    return (Q(effective_on__isnull=True) | Q(effective_on__lte=day)) & (
        Q(expires_on__isnull=True) | Q(expires_on__gte=day)
    )


def numbered(scope: Scope, numbers: Iterable[str]) -> dict[str, Question]:
    """Questions this person can read, by number; for imports."""
    keys = [int(number) for number in numbers if number.isdecimal() and len(number) < 19]
    return {str(row.pk): row for row in visible(scope).filter(pk__in=keys)}


def by_stem(scope: Scope, stems: Iterable[str]) -> dict[str, Question]:
    """Questions this person can read, by their words; the oldest of several."""
    return {row.stem: row for row in visible(scope).filter(stem__in=list(stems)).order_by("-pk")}


def by_refs(refs: Iterable[str]) -> dict[str, Question]:
    """Questions by key, for imports."""
    keys = [int(ref) for ref in refs if ref.isdecimal()]
    return {str(row.pk): row for row in Question.objects.filter(pk__in=keys).select_related("unit")}


def waiting_for(scope: Scope) -> QuerySet[Question]:
    """What this person can review: sent in by somebody else, oldest first."""
    rows = scope.rows(Question.objects.filter(status=Status.SUBMITTED), Perm.QUIZ_REVIEW)
    pk = getattr(scope.actor, "pk", None)
    rows = rows.exclude(created_by=pk).exclude(submitted_by=pk)
    return rows.select_related("unit", "submitted_by").order_by("submitted_at", "pk")


def expiring(day: date) -> QuerySet[Question]:
    """Approved questions that end within the days of the reminder."""
    last = day + timedelta(days=REMIND_DAYS_BEFORE_EXPIRY)
    rows = Question.objects.filter(status=Status.APPROVED, expires_on__gte=day, expires_on__lte=last)
    return rows.select_related("unit").order_by("expires_on", "pk")


def expired(day: date) -> QuerySet[Question]:
    """Approved questions whose last day has passed."""
    return Question.objects.filter(status=Status.APPROVED, expires_on__lt=day).order_by("pk")


def stock(rows: QuerySet[Question]) -> dict[tuple[str, str], int]:
    """How many questions of each kind and category."""
    counted = rows.order_by().values_list("kind", "category").annotate(n=Count("pk"))
    return {(kind, category): n for kind, category, n in counted}


def own_unit(scope: Scope, perm: Perm) -> Unit | None:
    """The unit at which this person holds the permission; the first grant when there are several."""
    lines = scope.lines_for(perm)
    return Unit.objects.filter(pk=lines[0][1].unit_id).first() if lines else None
