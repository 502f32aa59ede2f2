"""Quotas, shares and what fills them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.tasks import rules
from campaigns.tasks.models.base import person_field
from campaigns.tasks.models.task import Task
from portal.access.scope import ScopeRule
from portal.units.models import Unit


class Quota(models.Model):
    """A number of things, divided among units. `parent` is the share it splits; entries hang on the root."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")

    title = models.CharField(_("名额名称"), max_length=rules.TITLE_MOST)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("分配单位"), on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(
        Task,
        verbose_name=_("所属任务"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quotas",
    )
    parent = models.OneToOneField(
        "QuotaShare", null=True, blank=True, on_delete=models.PROTECT, related_name="split", editable=False
    )
    root = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="parts", editable=False
    )
    kind = models.CharField(_("计入什么"), max_length=30)
    total = models.PositiveIntegerField(_("总数"))
    version = models.PositiveIntegerField(default=1, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_by = person_field()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)

    class Meta:
        verbose_name = _("名额")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:tasks:quota", args=[self.pk])

    @property
    def fill(self) -> rules.Fill:
        """How far the whole is filled; reads `filled` as annotated by `quotas.in_list`."""
        return rules.Fill(getattr(self, "filled", 0), self.total, self.total)


class QuotaShare(models.Model):
    """What one unit is to fill: at least, at most."""

    scope_rule = ScopeRule(unit="unit")

    quota = models.ForeignKey(Quota, on_delete=models.CASCADE, related_name="shares")
    unit = models.ForeignKey(
        Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="quota_shares"
    )
    minimum = models.PositiveIntegerField(_("至少"), default=0)
    maximum = models.PositiveIntegerField(_("至多"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quota", "unit"], name="quota_share_once"),
            models.CheckConstraint(
                condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum")), name="quota_share_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quota_id} {self.unit_id}: {self.minimum}–{self.maximum}"


class QuotaEntry(models.Model):
    """One thing that fills a quota: an existing record, or (kind "named") a name. Over the quota with a reason."""

    scope_rule = ScopeRule(unit="unit")

    quota = models.ForeignKey(Quota, on_delete=models.CASCADE, related_name="entries")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField(null=True)
    label = models.CharField(_("名称"), max_length=160)
    over_reason = models.CharField(_("超名额理由"), max_length=200, blank=True)
    by = person_field()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["quota", "kind", "object_id"], condition=Q(object_id__isnull=False), name="quota_record_once"
            ),
            models.UniqueConstraint(
                fields=["quota", "unit", "label"], condition=Q(object_id__isnull=True), name="quota_name_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label
