"""Codes for late entries, which entry used which, and the notice of a call to units with its receipts."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.works.models import Work, WorkCall
from portal.access.scope import UNSCOPED, ScopeRule
from portal.privacy.fields import EncryptedTextField
from portal.units.models import Unit


class LateCode(models.Model):
    """Opens a call that has ended for one family, or for a counted number of works, until a day."""

    scope_rule = ScopeRule(unit="call__unit")

    call = models.ForeignKey(WorkCall, on_delete=models.CASCADE, related_name="late_codes")
    code = EncryptedTextField(_("补投码"))
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    given_to = models.CharField(_("给谁"), max_length=60)
    reason = models.CharField(_("为什么"), max_length=120)
    most = models.PositiveSmallIntegerField(_("可以投几件"), default=1)
    used = models.PositiveSmallIntegerField(_("已投"), default=0, editable=False)
    expires_at = models.DateTimeField(_("有效期到(不含)"))
    revoked_at = models.DateTimeField(null=True, editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("补投码")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(used__lte=F("most")), name="late_code_not_overused")
        ]

    def __str__(self) -> str:
        return self.given_to

    @property
    def is_valid(self) -> bool:
        """Could it be used now?"""
        return self.revoked_at is None and self.used < self.most and timezone.now() < self.expires_at

    @property
    def state(self) -> Any:
        """In words."""
        if self.revoked_at is not None:
            return _("已收回")
        if self.used >= self.most:
            return _("已用完")
        return _("可用") if self.is_valid else _("已过期")


class LateEntry(models.Model):
    """Which work came in late, and with which code: staff see it on the work's page."""

    scope_rule = UNSCOPED

    code = models.ForeignKey(LateCode, on_delete=models.PROTECT, related_name="entries")
    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="late_entry")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.work_id}"


class CallReceipt(models.Model):
    """The notice of a call at one addressed unit: open until somebody of the unit signs for it (practice 000-14)."""

    scope_rule = ScopeRule(unit="unit")

    call = models.ForeignKey(WorkCall, on_delete=models.CASCADE, related_name="receipts")
    unit = models.ForeignKey(Unit, verbose_name=_("收件单位"), on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("附言"), max_length=300, blank=True)
    wanted = models.PositiveSmallIntegerField(_("希望征集件数"), default=0)
    addressed_at = models.DateTimeField(_("下发时间"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("签收时间"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("征集通知")
        ordering: ClassVar = ["unit__path"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "unit"], name="call_receipt_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit"], name="call_receipt_open", condition=Q(confirmed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.call}"

    @property
    def staff_url(self) -> str:
        """Where the unit reads and signs for it."""
        return reverse("families:calls:notice", args=[self.pk])
