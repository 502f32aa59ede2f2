"""The award list of a call, and each awarded work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.judging.rules import LIST_TONES, LIST_TRANSITIONS, ListState, Tier
from families.works.models import Work, WorkCall
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


class AwardList(models.Model):
    """拟获奖名单: proposed by one person, decided by another, public for five working days, then announced."""

    scope_rule = ScopeRule(unit="unit")
    transitions = LIST_TRANSITIONS

    call = models.OneToOneField(
        WorkCall, verbose_name=_("征集"), on_delete=models.PROTECT, related_name="award_list"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("主办"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=ListState, default=ListState.DRAFT)
    reason = models.CharField(_("与排位不一致的理由"), max_length=300, blank=True)
    contact = models.CharField(_("受理反映的部门和电话"), max_length=120, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    publicity_from = models.DateField(_("公示开始"), null=True, blank=True)
    publicity_to = models.DateField(_("公示结束"), null=True, blank=True)
    embargo_on = models.DateField(_("最早公布日期"), null=True, blank=True)
    announced_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.call)

    @property
    def staff_url(self) -> str:
        """The page for staff, for messages too."""
        return reverse("families:judging:awards", args=[self.call.slug])

    @property
    def tone(self) -> str:
        """Tone of the state tag."""
        return LIST_TONES[ListState(self.status)]

    @property
    def is_on_show(self) -> bool:
        """May the public read it: as a notice, or as the result?"""
        today = timezone.localdate()
        if self.status == ListState.ANNOUNCED:
            return True
        return (
            self.status == ListState.PUBLICITY
            and self.publicity_from is not None
            and self.publicity_from <= today
        )

    @property
    def is_ripe(self) -> bool:
        """Are the days of the notice and the embargo over?"""
        today = timezone.localdate()
        over = self.publicity_to is not None and self.publicity_to < today
        return (
            self.status == ListState.PUBLICITY
            and over
            and (self.embargo_on is None or self.embargo_on <= today)
        )


class Award(models.Model):
    """One work on the list."""

    scope_rule = UNSCOPED

    list = models.ForeignKey(AwardList, on_delete=models.CASCADE, related_name="awards")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="awards")
    tier = models.CharField(_("等次"), max_length=8, choices=Tier)
    bucket_label = models.CharField(_("类别和组别"), max_length=60)
    rank = models.PositiveIntegerField(default=0)
    struck_for = models.CharField(_("移出理由"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["bucket_label", "tier", "rank", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "work"], name="award_once")]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.work_id}"

    @property
    def is_announced(self) -> bool:
        """May its family read of it?"""
        return self.list.status == ListState.ANNOUNCED and not self.struck_for


class UnitAward(models.Model):
    """优秀组织奖 of one unit, with the figures people had before them when they chose. No place and no order among units."""

    scope_rule = UNSCOPED

    list = models.ForeignKey(AwardList, on_delete=models.CASCADE, related_name="unit_awards")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    plan = models.PositiveIntegerField(_("计划件数"), default=0)
    received = models.PositiveIntegerField(_("收到"), default=0)
    accepted = models.PositiveIntegerField(_("入选"), default=0)
    awarded = models.PositiveIntegerField(_("获奖"), default=0)
    struck_for = models.CharField(_("移出理由"), max_length=200, blank=True)
    # What stood for the unit when it was chosen has gone since; people have been told and have to decide.
    in_doubt = models.BooleanField(_("待决定"), default=False)
    kept_for = models.CharField(_("保留理由"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["unit__path"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "unit"], name="unit_award_once")]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def staff_url(self) -> str:
        """Where the unit reads of it: the public result."""
        return reverse("families:judging:results", args=[self.list.call.slug])
