"""Papers and the questions on them."""

from datetime import datetime, time
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.planning.models import Campaign
from campaigns.quizzes.models.bank import Question, person
from campaigns.quizzes.rules import papers
from campaigns.quizzes.rules.papers import Mode, Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


class Quiz(models.Model):
    """A paper. The totals are counted up when papers are handed in; no person and no unit is counted."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = papers.TRANSITIONS

    slug = models.SlugField(_("网址"), max_length=60, unique=True)
    title = models.CharField(_("名称"), max_length=60)
    intro = models.CharField(_("说明"), max_length=500, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("举办单位"), on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("所属主题"), null=True, blank=True, on_delete=models.PROTECT, related_name="quizzes"
    )  # fmt: skip
    activity = models.ForeignKey(
        Activity, verbose_name=_("对应活动"), null=True, blank=True, on_delete=models.SET_NULL, related_name="quizzes"
    )  # fmt: skip
    mode = models.CharField(_("方式"), max_length=10, choices=Mode, default=Mode.CONTEST)
    parts: Any = models.JSONField(_("组卷规则"), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(_("限时(分钟)"), default=papers.MINUTES)
    pass_score = models.PositiveSmallIntegerField(_("及格分"), default=papers.PASS_SCORE)
    excellent_score = models.PositiveSmallIntegerField(_("优秀分"), default=papers.EXCELLENT_SCORE)
    attempts_per_day = models.PositiveSmallIntegerField(
        _("每天可答次数"), default=papers.ATTEMPTS_PER_DAY, help_text=_("只对竞答有效，练习不限次数。")
    )
    shuffle = models.BooleanField(_("打乱题目和选项顺序"), default=True)
    opens_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("截止日期"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    prize_text = models.CharField(_("奖品说明"), max_length=200, blank=True)
    prize_count = models.PositiveSmallIntegerField(_("奖品份数"), default=0)

    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    dropped: Any = models.JSONField(default=list, editable=False)
    participations = models.PositiveIntegerField(default=0, editable=False)
    passed_count = models.PositiveIntegerField(default=0, editable=False)
    created_by = person(_("组卷人"))
    submitted_by = person(_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)
    reviewed_by = person(_("审核人"))
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("试卷")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")), name="quiz_dates"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "closes_on"], name="quiz_closing"),
            models.Index(fields=["unit", "status"], name="quiz_waiting"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("campaigns:quizzes:public", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """The page for staff."""
        return reverse("campaigns:quizzes:paper", args=[self.slug])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return papers.TONES[Status(self.status)]

    @property
    def opens_at(self) -> Any:
        """The first moment."""
        return timezone.make_aware(datetime.combine(self.opens_on, time.min))

    @property
    def closes_at(self) -> Any:
        """The first moment after the last day; None when it has no end."""
        if self.closes_on is None:
            return None
        return papers.last_moment(self.closes_on, timezone.get_current_timezone())

    @property
    def phase(self) -> str:
        """`soon`, `open` or `over`; empty before approval."""
        if self.status == Status.CLOSED:
            return "over"
        if self.status != Status.APPROVED:
            return ""
        return papers.open_state(self.opens_at, self.closes_at, timezone.now())

    @property
    def is_open(self) -> bool:
        """May it be answered now?"""
        return self.phase == "open"

    @property
    def is_over(self) -> bool:
        """Has it ended?"""
        return self.phase == "over"

    @property
    def is_editable(self) -> bool:
        """May it be changed?"""
        return self.status in papers.EDITABLE

    @property
    def is_contest(self) -> bool:
        """Does it close, and explain only then?"""
        return self.mode == Mode.CONTEST

    @property
    def has_prize(self) -> bool:
        """Is there a draw?"""
        return self.is_contest and self.prize_count > 0


class QuizItem(models.Model):
    """A question on a paper. The snapshot is what was approved; a later edit of the bank does not reach it."""

    scope_rule = UNSCOPED

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="items")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField(_("分值"), default=papers.POINTS)
    snapshot: Any = models.JSONField(default=dict, editable=False)
    answered = models.PositiveIntegerField(default=0, editable=False)
    right = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["quiz", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quiz", "question"], name="quiz_question_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}"
