"""One opinion, complaint or report."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.scope import ScopeRule
from portal.complaints import rules
from portal.complaints.rules import Kind, Status
from portal.privacy.fields import EncryptedTextField
from portal.privacy.masking import mask_name, mask_phone
from portal.units.models import Unit


class Complaint(models.Model):
    """Text and identity are encrypted; the identity is shown only after somebody says why."""

    scope_rule = ScopeRule(unit="unit")
    transitions = rules.TRANSITIONS

    no = models.CharField(_("编号"), max_length=16, unique=True)
    code_hash = models.CharField(max_length=64)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    text = EncryptedTextField(_("内容"))
    name = EncryptedTextField(_("称呼"), blank=True)
    phone = EncryptedTextField(_("手机号"), blank=True)
    page = models.CharField(_("涉及页面"), max_length=300, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("办理单位"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.RECEIVED)
    due_on = models.DateField(_("答复期限"))
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    satisfaction = models.PositiveSmallIntegerField(_("是否解决"), null=True)
    client_token = models.CharField(max_length=36, unique=True, null=True)
    created_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__in=[1, 2, 3]),
                name="complaint_satisfaction",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "due_on"], name="complaint_waiting"),
            models.Index(fields=["status", "created_at"], name="complaint_age"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.get_kind_display()}"

    @property
    def staff_url(self) -> str:
        """Its page for staff."""
        return reverse("portal:complaints:detail", args=[self.no])

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return rules.TONES[Status(self.status)]

    @property
    def is_waiting(self) -> bool:
        """Is an answer still owed?"""
        return self.status in rules.WAITING

    @property
    def is_overdue(self) -> bool:
        """Has the time to answer passed?"""
        return self.is_waiting and self.due_on < timezone.localdate()

    @property
    def masked_reporter(self) -> str:
        """Who it was, as lists show it."""
        parts = [mask_name(self.name) if self.name else "", mask_phone(self.phone) if self.phone else ""]
        return " ".join(part for part in parts if part) or str(_("匿名"))

    @property
    def can_be_called_back(self) -> bool:
        """Is there a number for the answer?"""
        return bool(self.phone)
