"""Awareness surveys: no name is asked, answers are rows or tallies of paper sheets."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from campaigns.quizzes.models.bank import person
from campaigns.quizzes.rules import papers, statistics, surveys
from campaigns.quizzes.rules.surveys import Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


class Survey(models.Model):
    """One round. The plan (frame, margin, design effect, response) stands beside what came in."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = surveys.TRANSITIONS

    slug = models.SlugField(_("网址"), max_length=60, unique=True)
    title = models.CharField(_("名称"), max_length=60)
    intro = models.CharField(_("填答说明"), max_length=300, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("调查单位"), on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("所属主题"), null=True, blank=True, on_delete=models.PROTECT, related_name="surveys"
    )  # fmt: skip
    population = models.CharField(_("调查对象"), max_length=100)
    frame_size = models.PositiveIntegerField(_("抽样框规模(户)"))
    frame_note = models.CharField(_("名册来源和抽取办法"), max_length=300, blank=True)
    margin = models.DecimalField(_("允许误差(百分点)"), max_digits=4, decimal_places=1, default=5)
    design_effect = models.DecimalField(_("设计效应"), max_digits=3, decimal_places=1, default=1)
    expected_response = models.PositiveSmallIntegerField(_("预计回收率(%)"), default=60)
    invited = models.PositiveIntegerField(_("实际发出(户)"), null=True, blank=True)
    opens_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("截止日期"))
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT, editable=False)
    created_by = person(_("制表人"))
    submitted_by = person(_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)
    reviewed_by = person(_("审核人"))
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("知晓率调查")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="survey_dates"),
            models.CheckConstraint(condition=Q(frame_size__gte=1), name="survey_frame"),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "closes_on"], name="survey_closing")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is answered, and read after closing."""
        return reverse("campaigns:quizzes:survey_public", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """The page for staff."""
        return reverse("campaigns:quizzes:survey", args=[self.slug])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return surveys.TONES[Status(self.status)]

    @property
    def plan(self) -> statistics.Plan:
        """How many answers and invitations the plan asks for."""
        return statistics.plan(
            frame=self.frame_size,
            margin=self.margin,
            design_effect=self.design_effect,
            response=self.expected_response,
        )

    @property
    def phase(self) -> str:
        """`soon`, `open` or `over`; empty before approval."""
        if self.status == Status.CLOSED:
            return "over"
        if self.status != Status.APPROVED:
            return ""
        opens = papers.last_moment(self.opens_on - timedelta(days=1), timezone.get_current_timezone())
        closes = papers.last_moment(self.closes_on, timezone.get_current_timezone())
        return papers.open_state(opens, closes, timezone.now())

    @property
    def is_open(self) -> bool:
        """May it be answered now?"""
        return self.phase == "open"

    @property
    def is_editable(self) -> bool:
        """May it be changed?"""
        return self.status in surveys.EDITABLE


class SurveyQuestion(models.Model):
    """A closed question. The rate of the survey is that of its key question."""

    scope_rule = UNSCOPED

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("题目"), max_length=100)
    is_key = models.BooleanField(_("以这一题计知晓率"), default=False)

    class Meta:
        ordering: ClassVar = ["survey", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey"], condition=Q(is_key=True), name="survey_one_key")
        ]

    def __str__(self) -> str:
        return self.text


class SurveyOption(models.Model):
    """An answer that can be chosen; `is_aware` ones count as knowing."""

    scope_rule = UNSCOPED

    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("选项"), max_length=60)
    is_aware = models.BooleanField(_("算知晓"), default=False)

    class Meta:
        ordering: ClassVar = ["question", "position", "pk"]

    def __str__(self) -> str:
        return self.text


class SurveyResponse(models.Model):
    """One sheet sent through the page. Nothing about the person is kept."""

    scope_rule = UNSCOPED

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    client_token = models.CharField(max_length=36, unique=True, null=True)
    created_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"{self.pk}"


class SurveyChoice(models.Model):
    """What one sheet says to one question."""

    scope_rule = UNSCOPED

    response = models.ForeignKey(SurveyResponse, on_delete=models.CASCADE, related_name="choices")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="+")
    option = models.ForeignKey(SurveyOption, on_delete=models.CASCADE, related_name="choices")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "question"], name="survey_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.option_id}"


class TallyBatch(models.Model):
    """Paper sheets counted by staff: how many, from where, by whom."""

    scope_rule = UNSCOPED

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="batches")
    sheets = models.PositiveIntegerField(_("收回纸质问卷(份)"))
    place = models.CharField(_("哪里收的"), max_length=60)
    entered_by = person(_("录入人"))
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)
    client_token = models.CharField(max_length=36, unique=True, null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.place} {self.sheets}"


class SurveyTally(models.Model):
    """How many sheets of a batch chose an option."""

    scope_rule = UNSCOPED

    batch = models.ForeignKey(TallyBatch, on_delete=models.CASCADE, related_name="tallies")
    option = models.ForeignKey(SurveyOption, on_delete=models.CASCADE, related_name="tallies")
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "option"], name="survey_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.count}"
