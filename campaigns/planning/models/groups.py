"""Leading groups and task forces with their members; partners with who speaks for them."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models.campaigns import Campaign, Partner
from campaigns.planning.rules import Duty, GroupKind
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


class LeadingGroup(models.Model):
    """领导组 of a campaign, with the document that set it up."""

    scope_rule = ScopeRule(unit="unit")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leading_groups")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=10, choices=GroupKind, default=GroupKind.LEADING)
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

    def is_over(self, day: date) -> bool:
        """Was it dissolved before that day?"""
        return self.until is not None and self.until < day


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
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="member_leaves_after_joining",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_serving(self, day: date) -> bool:
        """Is the person in the group on that day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Liaison(models.Model):
    """Who speaks for a partner in a campaign: office, person, office telephone, what they take on. For staff only."""

    scope_rule = UNSCOPED

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="liaisons")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="liaisons")
    office = models.CharField(_("对接科室"), max_length=40, blank=True)
    person = models.CharField(_("联络人"), max_length=30, blank=True)
    phone = models.CharField(_("办公电话"), max_length=20, blank=True)
    share = models.CharField(_("承担的工作"), max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "partner"], name="liaison_once")]

    def __str__(self) -> str:
        return self.office or self.person
