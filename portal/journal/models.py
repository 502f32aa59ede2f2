"""The append-only record of every write, its encrypted details, and the chain that seals it (design §8)."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED, ScopeRule


class JournalEntry(models.Model):
    """One thing that happened. Holds pseudonyms and names of fields, never personal values."""

    scope_rule = ScopeRule(unit="unit")

    at = models.DateTimeField(_("时间"), db_index=True)
    verb = models.CharField(_("动作"), max_length=60)
    actor_ref = models.CharField(_("操作人"), max_length=80)
    unit = models.ForeignKey("portal.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    target_type = models.CharField(_("对象类型"), max_length=60)
    target_id = models.CharField(_("对象"), max_length=40)
    changed: Any = models.JSONField(_("变动字段"), default=list)
    digest = models.CharField(_("内容摘要"), max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_id"], name="journal_target"),
            models.Index(fields=["actor_ref", "at"], name="journal_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class PersonKey(models.Model):
    """The key under which one person's details are kept; erasing the person deletes it."""

    scope_rule = UNSCOPED

    ref = models.CharField(max_length=80, unique=True)
    sealed_key = models.TextField()
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.ref


class JournalDetail(models.Model):
    """Old and new values of one entry, readable only while the person's key exists."""

    scope_rule = UNSCOPED

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="detail")
    subject_ref = models.CharField(max_length=80)
    sealed = models.TextField()

    def __str__(self) -> str:
        return f"#{self.entry_id}"


class JournalSeal(models.Model):
    """One link of the hash chain. Written by a job so that writers do not queue behind each other."""

    scope_rule = UNSCOPED

    seq = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="seal")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.seq}"
