"""Policy documents in versions, and who has received them."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models.campaigns import Campaign
from campaigns.planning.rules import CONFIRM_DAYS
from portal.access.scope import ScopeRule
from portal.journal.stamped import Stamped
from portal.units.models import Unit


class PolicyDocument(Stamped):
    """指导意见, notices: what the campaign stands on. A new version is a row of its own that replaces the old one,
    which stays readable."""

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
    version = models.PositiveSmallIntegerField(_("版本"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", editable=False
    )
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    summary = models.TextField(_("要点"), max_length=1000, blank=True)
    text = models.TextField(_("全文"), max_length=20000, blank=True)
    is_public = models.BooleanField(_("在公开页显示"), default=True)
    confirm_days = models.PositiveSmallIntegerField(
        _("几天内签收"), default=CONFIRM_DAYS, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    # Levels (portal.units.Level) that are asked for a receipt of their own below the units it was sent to.
    levels: Any = models.JSONField(_("下面哪一级也要签收"), default=list, editable=False)

    class Meta:
        ordering: ClassVar = ["-issued_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "title", "version"], name="policy_version_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("campaigns:planning:policy", args=[self.campaign.slug, self.pk])


class PolicyReceipt(models.Model):
    """One addressed unit of one document: 未收 until somebody of the unit confirms."""

    scope_rule = ScopeRule(unit="unit")

    policy = models.ForeignKey(PolicyDocument, on_delete=models.CASCADE, related_name="receipts")
    unit = models.ForeignKey(Unit, verbose_name=_("收文单位"), on_delete=models.PROTECT, related_name="+")
    addressed_at = models.DateTimeField(_("送达时间"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("签收时间"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["unit__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "unit"], name="policy_receipt_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit"], name="policy_receipt_open", condition=Q(confirmed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.policy.title

    @property
    def due_at(self) -> datetime:
        """Until when it should be confirmed."""
        return self.addressed_at + timedelta(days=self.policy.confirm_days)

    @property
    def is_late(self) -> bool:
        """Still missing after that?"""
        return self.confirmed_at is None and self.due_at < timezone.now()

    @property
    def staff_url(self) -> str:
        """Where it is confirmed: the page of its document."""
        return self.policy.staff_url
