"""One person's try at a paper: no name, no number, no unit."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.models.papers import Quiz, QuizItem
from campaigns.quizzes.rules import papers
from campaigns.quizzes.rules.papers import Mode
from portal.access.scope import UNSCOPED
from portal.units.models import Unit


class Attempt(models.Model):
    """Found again by a short code or by the browser that began it. `visitor` is a random mark of that browser, forgotten
    with the answers; where a prize is drawn it is a keyed mark of the phone, forgotten with the phones. `try_no` counts the
    tries of a day at the contest. `unit` is the unit that holds the quiz, never that of the person."""

    scope_rule = UNSCOPED

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode)
    is_minor = models.BooleanField(default=False)
    visitor = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=32)
    client_token = models.CharField(max_length=36, unique=True, null=True)
    started_at = models.DateTimeField(default=timezone.now)
    started_on = models.DateField(null=True)
    try_no = models.PositiveSmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(_("交卷时间"), null=True)
    score = models.PositiveSmallIntegerField(null=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["quiz", "visitor", "started_at"], name="attempt_visitor"),
            models.Index(fields=["unit", "submitted_at"], name="attempt_figures"),
            models.Index(fields=["submitted_at", "due_at"], name="attempt_overdue"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quiz", "visitor", "started_on", "try_no"],
                condition=models.Q(try_no__isnull=False) & ~models.Q(visitor=""),
                name="attempt_once_per_try",
            )
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_done(self) -> bool:
        """Is it handed in?"""
        return self.submitted_at is not None

    @property
    def has_passed(self) -> bool:
        """Did it reach the score to pass?"""
        return self.score is not None and self.score >= self.quiz.pass_score

    @property
    def is_practice(self) -> bool:
        """No prize, explained at once."""
        return self.mode == Mode.PRACTICE

    @property
    def seconds_left(self) -> int | None:
        """Until the time is over; None without a limit."""
        if self.due_at is None:
            return None
        return max(0, int((self.due_at - timezone.now()).total_seconds()))

    @property
    def is_in_time(self) -> bool:
        """Are answers still taken? Not after the time, and not after the paper was closed early."""
        ends = [moment for moment in (self.due_at, self.quiz.closed_at) if moment is not None]
        return papers.is_in_time(min(ends, default=None), timezone.now())


class Answer(models.Model):
    """What was chosen for one question, kept as soon as it was chosen."""

    scope_rule = UNSCOPED

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(QuizItem, on_delete=models.PROTECT, related_name="+")
    chosen: Any = models.JSONField(default=list)
    is_right = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "item"], name="attempt_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id}"
