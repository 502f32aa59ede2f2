"""Consents as given and withdrawn, and requests of people about their data."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.scope import PUBLIC, UNSCOPED
from portal.privacy.fields import EncryptedTextField
from portal.privacy.rules import Channel, ConsentType, Relation, RightsKind, RightsState


class Consent(models.Model):
    """One consent about one thing. A withdrawn one stays as proof; giving it again makes a new row.

    Kept while the data exist and three years longer (domain reference §10.4). pii_level: L2, pseudonyms only.
    """

    scope_rule = UNSCOPED

    type = models.CharField(_("事项"), max_length=2, choices=ConsentType)
    subject_ref = models.CharField(_("谁的信息(匿名标识)"), max_length=80, db_index=True)
    given_by_ref = models.CharField(_("谁同意的(匿名标识)"), max_length=80)
    relation = models.CharField(_("与本人关系"), max_length=10, choices=Relation, default=Relation.SELF)
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    notice_version = models.CharField(_("告知书版本"), max_length=20)
    channel = models.CharField(_("方式"), max_length=10, choices=Channel, default=Channel.WEB)
    text_hash = models.CharField(_("告知文字摘要"), max_length=64)
    ip = models.CharField(max_length=45, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField(_("同意时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["target_type", "target_id", "type"], name="consent_target")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target_type", "target_id", "type", "subject_ref"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.given_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Is it still in force?"""
        return self.withdrawn_at is None


class RightsRequest(models.Model):
    """A person asks for their data: what, when due, how it was answered. `message` is L3, encrypted."""

    scope_rule = PUBLIC  # who holds rights.handle sees them all: they belong to people, not to units

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("请求"), max_length=10, choices=RightsKind)
    state = models.CharField(_("办理情况"), max_length=10, choices=RightsState, default=RightsState.OPEN)
    subject_ref = models.CharField(max_length=80, db_index=True)
    phone = EncryptedTextField(_("手机号"), blank=True)
    message = EncryptedTextField(_("说明"), blank=True)
    due_on = models.DateField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    client_token = models.CharField(max_length=36, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%Y-%m-%d}"
