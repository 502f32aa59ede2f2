"""Questions of the bank."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.quizzes.rules import bank
from campaigns.quizzes.rules.bank import Category, Difficulty, Kind, Status
from portal.access.scope import ScopeRule
from portal.units.models import Unit


def person(label: Any) -> models.ForeignKey[Any, Any]:
    """Who of the staff; stays empty when the account goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class Question(models.Model):
    """One question. Its answer was read by two people; the law it rests on and its dates stand beside it."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = bank.TRANSITIONS

    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    category = models.CharField(_("类别"), max_length=20, choices=Category)
    kind = models.CharField(_("题型"), max_length=12, choices=Kind, default=Kind.SINGLE)
    stem = models.CharField(_("题干"), max_length=bank.STEM_MOST)
    options: Any = models.JSONField(_("选项"), default=list)
    answer: Any = models.JSONField(_("正确答案"), default=list)
    explanation = models.CharField(_("解析"), max_length=bank.EXPLANATION_MOST, blank=True)
    law = models.CharField(_("依据条文"), max_length=120, blank=True)
    source = models.CharField(_("出处"), max_length=200, blank=True)
    difficulty = models.PositiveSmallIntegerField(_("难度"), choices=Difficulty, default=Difficulty.EASY)
    effective_on = models.DateField(_("依据施行日期"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)

    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    created_by = person(_("出题人"))
    submitted_by = person(_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)
    reviewed_by = person(_("审核人"))
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("题目")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(difficulty__gte=1, difficulty__lte=3), name="question_difficulty"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(expires_on__gte=F("effective_on")),
                name="question_dates",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "category", "kind"], name="question_choice"),
            models.Index(fields=["unit", "status", "submitted_at"], name="question_waiting"),
            models.Index(fields=["status", "expires_on"], name="question_expiry"),
        ]

    def __str__(self) -> str:
        return self.stem[:40]

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:quizzes:question", args=[self.pk])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return bank.TONES[Status(self.status)]

    @property
    def spelled_answer(self) -> str:
        """The right letters."""
        return bank.spelled_answer(self.answer)

    @property
    def lettered(self) -> list[tuple[str, str, bool]]:
        """(letter, option, is it right?)."""
        return [(bank.LETTERS[n], text, n in self.answer) for n, text in enumerate(self.options)]

    @property
    def is_editable(self) -> bool:
        """Can its words be changed without starting the review again?"""
        return self.status in bank.EDITABLE

    def is_in_force(self, day: Any = None) -> bool:
        """May it be asked on a day (today by default)?"""
        return bank.is_in_force(self.effective_on, self.expires_on, day or timezone.localdate())
