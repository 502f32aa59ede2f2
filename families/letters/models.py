"""A letter on its way to one phone."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.works.models import Work
from families.works.rules import Status
from portal.access.scope import UNSCOPED
from portal.privacy.fields import EncryptedTextField


class Delivery(models.Model):
    """One letter for one recipient. Name and phone are L3, encrypted; the link is stored as a keyed hash only.

    No member of staff reads these rows: they are reached by the sender's or the recipient's verified phone.
    """

    scope_rule = UNSCOPED

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="delivery")
    to_name = EncryptedTextField(_("收信人称呼"), blank=True)
    phone = EncryptedTextField(_("收信人手机号"), blank=True)
    phone_hash = models.CharField(max_length=64, db_index=True)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("链接有效期"))
    sends = models.PositiveSmallIntegerField(_("发出次数"), default=1)
    sent_at = models.DateTimeField(_("寄出时间"), default=timezone.now)
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)
    refused_at = models.DateTimeField(_("不再接收"), null=True, blank=True)
    reply = models.OneToOneField(
        Work, verbose_name=_("回信"), null=True, blank=True, on_delete=models.SET_NULL, related_name="answers"
    )
    client_token = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = _("寄出的家书")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.work_id} {self.sent_at:%Y-%m-%d}"

    @property
    def has_expired(self) -> bool:
        """Is the link too old?"""
        return self.expires_at <= timezone.now()

    @property
    def is_readable(self) -> bool:
        """May the recipient read it: not taken back by its author, not refused by the recipient?"""
        return self.refused_at is None and self.work.status not in (Status.DRAFT, Status.WITHDRAWN)

    @property
    def masked_phone(self) -> str:
        """138****5678; empty when the number is not kept any more."""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if self.phone else ""
