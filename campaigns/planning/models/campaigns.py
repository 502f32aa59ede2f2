"""Campaigns, the tag sets they use, and their dated phases."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.rules import PLAN_PARTS, TONES, TRANSITIONS, CampaignStatus, PhaseState, phase_state
from portal.access.scope import PUBLIC, UNSCOPED, ScopeRule
from portal.journal.stamped import Edited
from portal.units.models import Unit


class Partner(models.Model):
    """Another body that takes part: 市纪委监委, 新华书店 … A name list, not part of the tree of units."""

    scope_rule = PUBLIC

    name = models.CharField(_("名称"), max_length=60, unique=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("协作单位")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Campaign(Edited):
    """A campaign of one unit for its whole subtree; `slug` is its address."""

    scope_rule = ScopeRule(unit="unit", owner="created_by", also=("organisers",))
    transitions = TRANSITIONS

    slug = models.SlugField(_("网址名"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    slogan = models.CharField(_("主题口号"), max_length=60, blank=True)
    summary = models.TextField(_("简介"), max_length=1000, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    themes: Any = models.JSONField(_("主题词"), default=list, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name=_("牵头单位"), on_delete=models.PROTECT, related_name="campaigns"
    )
    organisers = models.ManyToManyField(
        Unit, verbose_name=_("参与主办的单位"), blank=True, related_name="joint_campaigns"
    )
    partners = models.ManyToManyField(
        Partner, verbose_name=_("协作单位"), blank=True, related_name="campaigns"
    )
    pilots = models.ManyToManyField(
        Unit, verbose_name=_("试点单位"), blank=True, related_name="pilot_campaigns"
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("属于哪个主题"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    plan: Any = models.JSONField(_("计划五要素"), default=dict, blank=True)
    tag_sets = models.ManyToManyField(
        "campaigns.TagSet", verbose_name=_("标签组"), blank=True, related_name="campaigns"
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT, editable=False
    )

    class Meta:
        verbose_name = _("主题活动")
        ordering: ClassVar = ["-starts_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start")
        ]
        indexes: ClassVar = [models.Index(fields=["status", "-starts_on"], name="campaign_status")]

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        """Colour of the state's tag."""
        return TONES[CampaignStatus(self.status)]

    @property
    def is_running(self) -> bool:
        """Does it take activities?"""
        return self.status == CampaignStatus.RUNNING

    @property
    def plan_lines(self) -> list[tuple[str, Any, str]]:
        """(code, words, answer) of the parts of the plan that are filled in."""
        return [(code, words, self.plan[code]) for code, words in PLAN_PARTS.items() if self.plan.get(code)]

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("campaigns:planning:public_detail", args=[self.slug])

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:planning:detail", args=[self.slug])


class TagSet(models.Model):
    """A theme frame: 四项举措, 三个作用, 四个融合, 四个结合. A list of words a unit keeps, used by any campaign."""

    scope_rule = ScopeRule(unit="unit")

    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="tag_sets")
    name = models.CharField(_("标签组名称"), max_length=30)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "name"], name="tag_set_name_once")]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """One word of a frame. A retired tag stays on the activities that bear it and is offered no more."""

    scope_rule = PUBLIC

    tag_set = models.ForeignKey(TagSet, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("标签"), max_length=40)
    sort = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(_("停用"), default=False)

    class Meta:
        ordering: ClassVar = ["tag_set_id", "sort", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag_set", "name"], name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """A dated stretch of a campaign: 部署, 实施, 总结 … with what matters in it and the steps to take."""

    scope_rule = UNSCOPED

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="phases")
    name = models.CharField(_("阶段"), max_length=30)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    focus = models.CharField(_("阶段重点"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["starts_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "name"], name="phase_name_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date) -> PhaseState:
        """Over, under way or to come on a day."""
        return phase_state(self.starts_on, self.ends_on, day)

    @property
    def state(self) -> PhaseState:
        """The same for today."""
        return self.state_on(timezone.localdate())


class Outcome(models.Model):
    """What a campaign brought about, said in a sentence and bound to what proves it: a survey, a story, a record."""

    scope_rule = UNSCOPED

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="outcomes")
    statement = models.CharField(_("成效"), max_length=120)
    evidence = models.CharField(_("依据"), max_length=120)
    link = models.CharField(_("依据的网址"), max_length=200, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "statement"], name="outcome_once")
        ]

    def __str__(self) -> str:
        return self.statement
