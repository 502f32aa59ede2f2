"""Naming of bases (DemoBase, domain reference §8.2): batches, applications, scores, objections, re-checks."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.activities.models import Activity
from campaigns.venues.models.venues import Venue
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules.bases import Finding, Outcome, Status
from portal.access.scope import UNSCOPED, ScopeRule
from portal.journal.stamped import Edited, Stamped
from portal.privacy.fields import EncryptedTextField
from portal.units.models import Unit


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )


class BaseBatch(Stamped):
    """One round of naming with its quota, criteria and pool of approved villages."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    name = models.CharField(_("批次名称"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])  # fmt: skip
    unit = models.ForeignKey(
        Unit, verbose_name=_("命名单位"), on_delete=models.PROTECT, related_name="base_batches"
    )
    title_word = models.CharField(_("称号用词"), max_length=20, default=rules.TITLE_WORD)
    total = models.PositiveSmallIntegerField(_("总数"), default=rules.TOTAL)
    child_least = models.PositiveSmallIntegerField(_("每县(区)、行业、系统至少"), default=rules.CHILD_LEAST)
    child_most = models.PositiveSmallIntegerField(_("每县(区)、行业、系统至多"), default=rules.CHILD_MOST)
    pass_score = models.DecimalField(
        _("合格分"), max_digits=4, decimal_places=1, default=Decimal(rules.PASS_SCORE)
    )
    public_days = models.PositiveSmallIntegerField(
        _("公示工作日"),
        default=rules.PUBLIC_DAYS,
        validators=[
            MinValueValidator(rules.PUBLIC_DAYS_LEAST),
            MaxValueValidator(rules.PUBLIC_DAYS_MOST),
        ],
    )
    criteria: Any = models.JSONField(_("评分标准"), default=rules.default_criteria)
    pool = models.ManyToManyField(Unit, verbose_name=_("可申报的单位"), blank=True, related_name="+")
    opens_on = models.DateField(_("申报开始"))
    closes_on = models.DateField(_("申报截止"))
    # Counted up by every decision: decisions of one batch queue on this row and see each other.
    decisions = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering: ClassVar = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year", "name"], name="base_batch_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="base_batch_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(child_most__gte=F("child_least")), name="base_batch_most_not_below_least"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:venues:batch", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Can units apply today?"""
        return self.opens_on <= timezone.localdate() <= self.closes_on


class DemoBase(Edited):
    """One application and, once named, the base with its plate."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.TRANSITIONS

    batch = models.ForeignKey(
        BaseBatch, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="bases"
    )
    venue = models.ForeignKey(Venue, verbose_name=_("阵地"), on_delete=models.PROTECT, related_name="bases")
    unit = models.ForeignKey(Unit, verbose_name=_("申报单位"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=14, choices=Status, default=Status.DRAFT, editable=False)
    intro = models.TextField(_("情况介绍"), max_length=rules.INTRO_MOST * 2, blank=True)
    regulations = models.TextField(_("制度"), max_length=rules.RULES_MOST * 2, blank=True)
    activities = models.ManyToManyField(
        Activity, verbose_name=_("近 12 个月活动"), blank=True, related_name="+"
    )
    recommendation = models.TextField(_("推荐意见"), max_length=500, blank=True)
    title_word = models.CharField(_("称号用词"), max_length=20, default=rules.TITLE_WORD)
    approval_basis = models.CharField(_("批准依据"), max_length=120, blank=True)
    approval_no = models.CharField(_("文号"), max_length=40, blank=True)
    quota_reason = models.CharField(_("超额理由"), max_length=200, blank=True)
    public_from = models.DateField(_("公示开始"), null=True)
    public_until = models.DateField(_("公示截止"), null=True)
    plate_no = models.CharField(_("牌匾编号"), max_length=30, null=True, unique=True)
    named_at = models.DateTimeField(_("命名时间"), null=True)
    review_due = models.DateField(_("复核期限"), null=True)
    rectify_by = models.DateField(_("整改期限"), null=True)
    removal_reason = models.CharField(_("摘牌理由"), max_length=300, blank=True)
    removal_by = _person()
    submitted_by = _person()
    submitted_at = models.DateTimeField(null=True)
    checked_by = _person()
    decided_by = _person()

    class Meta:
        verbose_name = _("基地")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["venue"],
                condition=~Q(status__in=rules.ENDED),
                name="base_one_open_process_per_venue",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=rules.HOLDS_PLATE)
                | Q(plate_no__isnull=False, named_at__isnull=False) & ~Q(approval_basis=""),
                name="base_named_has_plate_and_basis",
            ),
            models.CheckConstraint(
                condition=~Q(title_word__contains=rules.GUARDED_WORD)
                | ~Q(status__in=rules.FILLS_QUOTA)
                | ~Q(approval_no=""),
                name="base_guarded_title_has_document",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status"], name="base_unit_status"),
            models.Index(fields=["batch", "status"], name="base_batch_status"),
        ]

    def __str__(self) -> str:
        return f"{self.venue} {self.get_status_display()}"

    @property
    def waits_since(self) -> datetime:
        """Since when somebody has a step to take: the inbox begins with the longest."""
        if self.removal_by_id or self.status == Status.ANNUAL_REVIEW:
            return self.updated_at
        if self.status == Status.PUBLICITY and self.public_until:
            over = datetime.combine(self.public_until + timedelta(days=1), time.min)
            return timezone.make_aware(over)
        return self.submitted_at or self.created_at

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return rules.TONES[Status(self.status)]

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:venues:base", args=[self.pk])

    @property
    def title(self) -> str:
        """What stands on the plate."""
        return f"清廉家庭{self.title_word}"

    @property
    def holds_plate(self) -> bool:
        """Is the plate valid?"""
        return self.status in rules.HOLDS_PLATE

    @property
    def is_editable(self) -> bool:
        """May the applicant change words?"""
        return self.status == Status.DRAFT


class BaseScore(models.Model):
    """What one scorer gave on the spot."""

    scope_rule = ScopeRule(unit="base__unit")

    base = models.ForeignKey(DemoBase, on_delete=models.CASCADE, related_name="scores")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points: Any = models.JSONField(_("各项得分"), default=dict)
    total = models.DecimalField(_("总分"), max_digits=4, decimal_places=1)
    note = models.CharField(_("评语"), max_length=300, blank=True)
    visited_on = models.DateField(_("到场日期"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base", "by"], name="base_scored_once_by_each"),
            models.CheckConstraint(condition=Q(total__gte=0) & Q(total__lte=100), name="base_score_range"),
        ]

    def __str__(self) -> str:
        return f"{self.base_id}: {self.total}"


class BaseObjection(models.Model):
    """An objection during the public notice. It freezes this base alone; who wrote it stays encrypted."""

    scope_rule = ScopeRule(unit="base__unit")

    base = models.ForeignKey(DemoBase, on_delete=models.CASCADE, related_name="objections")
    received_on = models.DateField(_("收到日期"))
    reporter = EncryptedTextField(_("反映人"), blank=True)
    facts = EncryptedTextField(_("反映内容"))
    finding = models.CharField(_("核查结论"), max_length=16, choices=Finding, blank=True)
    decision = models.CharField(_("处理说明"), max_length=300, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    client_token = models.CharField(max_length=36, unique=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.base_id} {self.received_on}"


class BaseReview(models.Model):
    """One yearly re-check."""

    scope_rule = UNSCOPED

    base = models.ForeignKey(DemoBase, on_delete=models.CASCADE, related_name="reviews")
    on = models.DateField(_("复核日期"))
    outcome = models.CharField(_("复核结论"), max_length=8, choices=Outcome)
    note = models.CharField(_("复核情况"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.base_id} {self.on} {self.outcome}"
