"""Campaigns with their leading group, policy documents, partners and goals."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.planning.rules import TONES, TRANSITIONS, CampaignStatus, Duty
from portal.access.scope import PUBLIC, UNSCOPED, ScopeRule
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


class Campaign(models.Model):
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
    status = models.CharField(
        _("状态"), max_length=10, choices=CampaignStatus, default=CampaignStatus.DRAFT, editable=False
    )
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

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

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("campaigns:planning:public_detail", args=[self.slug])


class LeadingGroup(models.Model):
    """领导组 of a campaign, with the document that set it up."""

    scope_rule = ScopeRule(unit="unit")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leading_groups")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    since = models.DateField(_("成立日期"), null=True, blank=True)
    until = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "unit", "name"], name="leading_group_once")
        ]

    def __str__(self) -> str:
        return self.name


class LeadingGroupMember(models.Model):
    """One person in a leading group, with office and duty, from when until when."""

    scope_rule = UNSCOPED

    group = models.ForeignKey(LeadingGroup, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(_("姓名"), max_length=30)
    office = models.CharField(_("职务"), max_length=60, blank=True)
    duty = models.CharField(_("组内职责"), max_length=10, choices=Duty, default=Duty.MEMBER)
    since = models.DateField(_("任职起"), null=True, blank=True)
    until = models.DateField(_("任职止"), null=True, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort", "pk"]

    def __str__(self) -> str:
        return self.name

    def is_serving(self, day: date) -> bool:
        """Is the person in the group on that day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class PolicyDocument(models.Model):
    """指导意见, notices: what the campaign stands on."""

    scope_rule = ScopeRule(unit="unit")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="policies")
    unit = models.ForeignKey(Unit, verbose_name=_("印发单位"), on_delete=models.PROTECT, related_name="+")
    issue_no = models.CharField(
        _("发文字号"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"^[\u4e00-\u9fa5]{1,8}〔\d{4}〕[1-9]\d*号$", _("发文字号形如：阳妇发〔2026〕5号。")
            )
        ],
    )
    title = models.CharField(_("标题"), max_length=120)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    summary = models.TextField(_("要点"), max_length=1000, blank=True)
    text = models.TextField(_("全文"), max_length=20000, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-issued_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "title"], name="policy_title_once_in_campaign")
        ]

    def __str__(self) -> str:
        return self.title


class Goal(models.Model):
    """What a unit means to reach in a year, in one metric (codes of the metrics registry)."""

    scope_rule = ScopeRule(unit="unit")

    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.CASCADE, related_name="goals"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="goals")
    metric = models.CharField(_("指标"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"))
    target = models.PositiveIntegerField(_("目标值"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "unit", "metric", "year"], name="goal_once"),
            models.UniqueConstraint(
                fields=["unit", "metric", "year"],
                condition=Q(campaign__isnull=True),
                name="goal_without_campaign_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "metric"], name="goal_year_metric")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.metric} {self.year}: {self.target}"
