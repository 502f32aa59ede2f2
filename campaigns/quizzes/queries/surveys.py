"""Reads of awareness surveys."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from campaigns.quizzes.models import (
    Survey,
    SurveyChoice,
    SurveyQuestion,
    SurveyResponse,
    SurveyTally,
    TallyBatch,
)
from campaigns.quizzes.rules import statistics, surveys
from campaigns.quizzes.rules.surveys import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope


def visible(scope: Scope) -> QuerySet[Survey]:
    """What this person may read: who makes surveys, who reviews them, and leaders."""
    rows = scope.rows(Survey, Perm.SURVEY_EDIT) | scope.rows(Survey, Perm.QUIZ_REVIEW)
    rows = rows | scope.rows(Survey, Perm.METRIC_DETAILS)
    return rows.select_related("unit", "campaign", "created_by", "submitted_by", "reviewed_by")


def waiting_for(scope: Scope) -> QuerySet[Survey]:
    """Surveys this person can review."""
    rows = scope.rows(Survey.objects.filter(status=Status.SUBMITTED), Perm.QUIZ_REVIEW)
    pk = getattr(scope.actor, "pk", None)
    return (
        rows.exclude(created_by=pk)
        .exclude(submitted_by=pk)
        .select_related("unit")
        .order_by("submitted_at", "pk")
    )


def public() -> QuerySet[Survey]:
    """Approved surveys."""
    return Survey.objects.filter(status__in=surveys.PUBLIC_STATES).select_related("unit")


def questions_of(survey: Survey) -> list[SurveyQuestion]:
    """The questionnaire with its options."""
    return list(survey.questions.prefetch_related("options").order_by("position", "pk"))


def past_closing(day: date) -> QuerySet[Survey]:
    """Approved surveys whose last day has passed."""
    return Survey.objects.filter(status=Status.APPROVED, closes_on__lt=day).order_by("pk")


@dataclass
class QuestionResult:
    """One question with its counts and, when there are enough answers, its rate in words."""

    question: SurveyQuestion
    counts: list[tuple[Any, int]]
    n: int
    hits: int
    words: str
    shown: list[tuple[Any, int | None]]

    @property
    def public_words(self) -> str:
        """The rate for everybody; empty when it would give away a small cell."""
        small = any(0 < number < statistics.SMALLEST_CELL for number in (self.hits, self.n - self.hits))
        return "" if small else self.words


@dataclass
class Result:
    """What a survey found. `words` is empty below the least number of answers: then no rate is told."""

    n: int
    web: int
    paper: int
    invited: int | None
    response: str
    words: str
    questions: list[QuestionResult]

    @property
    def key(self) -> QuestionResult | None:
        """The question whose rate is that of the survey."""
        return next((row for row in self.questions if row.question.is_key), None)

    @property
    def public_words(self) -> str:
        """The rate for everybody."""
        return self.key.public_words if self.key else ""


def result_of(survey: Survey) -> Result:
    """Counts and rates; five queries whatever the number of answers."""
    counts: dict[int, int] = defaultdict(int)
    chosen = SurveyChoice.objects.filter(response__survey=survey).order_by().values_list("option")
    for option, number in chosen.annotate(n=Count("pk")):
        counts[option] += number
    valid = SurveyTally.objects.filter(batch__survey=survey, batch__withdrawn_at__isnull=True)
    for option, number in valid.order_by().values_list("option").annotate(n=Sum("count")):
        counts[option] += number
    web = SurveyResponse.objects.filter(survey=survey).count()
    sheets = TallyBatch.objects.filter(survey=survey, withdrawn_at__isnull=True).aggregate(n=Sum("sheets"))
    paper = sheets["n"] or 0
    rows = [_question(question, counts) for question in questions_of(survey)]
    key = next((row for row in rows if row.question.is_key), None)
    total = web + paper
    return Result(
        n=total,
        web=web,
        paper=paper,
        invited=survey.invited,
        response=statistics.percent(total / survey.invited)
        if survey.invited and total <= survey.invited
        else "",
        words=key.words if key else "",
        questions=rows,
    )


def _question(question: SurveyQuestion, counts: dict[int, int]) -> QuestionResult:
    pairs = [(option, counts[option.pk]) for option in question.options.all()]
    n = sum(number for _option, number in pairs)
    has_right = any(option.is_aware for option, _number in pairs)
    hits = sum(number for option, number in pairs if option.is_aware)
    try:
        words = statistics.rate_words(hits, n) if has_right else ""
    except statistics.TooFewAnswers:
        words = ""
    hidden = statistics.shown_counts([number for _option, number in pairs])
    shown = [(option, number) for (option, _n), number in zip(pairs, hidden, strict=True)]
    return QuestionResult(question, pairs, n, hits, words, shown)


def batches_of(survey: Survey) -> QuerySet[TallyBatch]:
    """Batches of paper sheets, the newest first."""
    return survey.batches.select_related("entered_by")
