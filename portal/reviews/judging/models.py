"""Rounds, panels, criteria, the things judged, sheets and recusals."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED, ScopeRule
from portal.reviews.judging.rules import (
    COUNTING,
    SHEET_TONES,
    STAGE_TONES,
    STAGE_TRANSITIONS,
    TO_DO,
    Kind,
    Outcome,
    SheetState,
    StageState,
)
from portal.units.models import Unit


class JudgingStage(models.Model):
    """One round of judging of one subject (a call, later a programme). What is judged is known by a registry code only."""

    scope_rule = ScopeRule(unit="unit")
    transitions = STAGE_TRANSITIONS

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20)  # of the registry
    subject_id = models.BigIntegerField()
    title = models.CharField(_("评审"), max_length=80)
    kind = models.CharField(_("轮次"), max_length=8, choices=Kind)
    unit = models.ForeignKey(Unit, verbose_name=_("主办"), on_delete=models.PROTECT, related_name="+")
    each = models.PositiveSmallIntegerField(_("每件几位评委"), default=3)
    due_on = models.DateField(_("打分截止"))
    contact = models.CharField(_("评审联系人"), max_length=60, blank=True)
    keep_share = models.PositiveSmallIntegerField(_("晋级比例(%)"), default=50)
    keep_number = models.PositiveIntegerField(_("晋级件数"), default=0)
    status = models.CharField(_("状态"), max_length=10, choices=StageState, default=StageState.PREPARING)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("评委组长"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    writes = models.PositiveIntegerField(
        default=0
    )  # every score touches the row, so that closing waits for it
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    client_token = models.CharField(max_length=36, unique=True, null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "subject_id", "kind"], name="judging_stage_once")
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "status"], name="judging_stage_unit")]

    def __str__(self) -> str:
        return f"{self.title} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The page for staff."""
        return reverse("portal:reviews:stage", args=[self.public_id])

    @property
    def staff_url(self) -> str:
        """The same, under the name that messages ask for."""
        return self.get_absolute_url()

    @property
    def tone(self) -> str:
        """Tone of the state tag."""
        return STAGE_TONES[StageState(self.status)]

    @property
    def is_scoring(self) -> bool:
        """Do judges score now?"""
        return self.status == StageState.SCORING

    @property
    def is_over(self) -> bool:
        """May the scores be read?"""
        return self.status in {StageState.CLOSED, StageState.DECIDED}


class JudgeProfile(models.Model):
    """Where a judge works and lives, for recusal only."""

    scope_rule = ScopeRule(owner="user")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="judge_profile"
    )
    work_unit = models.ForeignKey(
        Unit, verbose_name=_("工作单位"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    home_unit = models.ForeignKey(
        Unit,
        verbose_name=_("居住的村（社区）"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)


class PanelJudge(models.Model):
    """One judge of a round."""

    scope_rule = UNSCOPED

    stage = models.ForeignKey(JudgingStage, on_delete=models.CASCADE, related_name="panel")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["stage", "judge"], name="panel_judge_once")]

    def __str__(self) -> str:
        return f"{self.stage_id}: {self.judge_id}"


class CriteriaSet(models.Model):
    """The weighted criteria for one kind of thing in a round; `items`: [{"name", "weight"}], adding up to 100."""

    scope_rule = UNSCOPED

    stage = models.ForeignKey(JudgingStage, on_delete=models.CASCADE, related_name="criteria")
    key = models.CharField(max_length=40)
    label = models.CharField(_("适用"), max_length=60)
    items: Any = models.JSONField(_("标准"), default=list)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["stage", "key"], name="criteria_set_once")]

    def __str__(self) -> str:
        return self.label


class JudgedItem(models.Model):
    """One thing in a round. `number` is drawn by lot and says nothing about its author."""

    scope_rule = UNSCOPED

    stage = models.ForeignKey(JudgingStage, on_delete=models.CASCADE, related_name="things")
    target_id = models.BigIntegerField()
    number = models.PositiveIntegerField(_("评审号"))
    bucket = models.CharField(max_length=40)
    bucket_label = models.CharField(_("类别和组别"), max_length=60)
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    is_gone = models.BooleanField(_("已撤出"), default=False)
    count = models.PositiveSmallIntegerField(_("有效打分"), default=0)
    raw = models.DecimalField(_("平均分"), max_digits=5, decimal_places=2, null=True)
    adjusted = models.DecimalField(_("校准分"), max_digits=5, decimal_places=2, null=True)
    first = models.DecimalField(_("第一项平均"), max_digits=5, decimal_places=2, null=True)
    raw_rank = models.PositiveIntegerField(_("按平均分排位"), null=True)
    adjusted_rank = models.PositiveIntegerField(_("按校准分排位"), null=True)
    is_tied = models.BooleanField(_("同分"), default=False)
    tie_order = models.PositiveIntegerField(_("组长定的先后"), null=True)
    tie_reason = models.CharField(_("组长的理由"), max_length=200, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    outcome_reason = models.CharField(_("调整理由"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stage", "target_id"], name="judged_item_once"),
            models.UniqueConstraint(fields=["stage", "number"], name="judged_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number:03d}"

    @property
    def shown_number(self) -> str:
        """007, as judges and staff say it."""
        return f"{self.number:03d}"


class Sheet(models.Model):
    """One judge's sheet for one thing. Its address is drawn anew for every pair, so no address leads to another.

    `values`: {"0": "30.5", …} by position of the criterion; private to the judge until the round is closed.
    """

    scope_rule = ScopeRule(owner="judge")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(JudgedItem, on_delete=models.CASCADE, related_name="sheets")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=SheetState, default=SheetState.OPEN)
    values: Any = models.JSONField(default=dict)
    comment = models.CharField(_("评语"), max_length=300, blank=True)
    total = models.DecimalField(_("总分"), max_digits=4, decimal_places=1, null=True)
    version = models.PositiveIntegerField(default=0)
    is_substitute = models.BooleanField(_("替补"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["item__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "judge"], name="sheet_once"),
            models.CheckConstraint(
                condition=~Q(state=SheetState.SUBMITTED) | Q(total__gte=0, total__lte=100),
                name="sheet_total_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["judge", "state"], name="sheet_judge")]

    def __str__(self) -> str:
        return str(self.public_id)

    def get_absolute_url(self) -> str:
        """The judge's page."""
        return reverse("portal:reviews:sheet", args=[self.public_id])

    @property
    def tone(self) -> str:
        """Tone of the state tag."""
        return SHEET_TONES[SheetState(self.state)]

    @property
    def is_mine_now(self) -> bool:
        """Does its judge still judge it: neither recused nor out of the round?"""
        return self.state in COUNTING

    @property
    def is_to_do(self) -> bool:
        """Does it wait for its judge?"""
        return self.state in TO_DO


class Recusal(models.Model):
    """回避: a judge who may not judge a thing, found by rule or declared. Kept for the report of the round."""

    scope_rule = UNSCOPED

    item = models.ForeignKey(JudgedItem, on_delete=models.CASCADE, related_name="recusals")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared = models.BooleanField(_("自己申明"), default=False)
    reason = models.CharField(_("理由"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "judge"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.judge_id}"
