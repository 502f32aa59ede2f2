"""Marks to find likeness by, and the pairs that were found."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from families.likeness.rules import Decision, Kind
from families.works.models import Work
from portal.access.scope import UNSCOPED


class LikenessMark(models.Model):
    """One band of one text or picture of a work; what is for its recipient only has none."""

    scope_rule = UNSCOPED

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.BigIntegerField()
    source = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="likeness_mark")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "kind", "source", "value"], name="likeness_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.work_id} {self.kind} {self.value}"


class Likeness(models.Model):
    """Two works in which the same thing seems to stand. Shown to staff of either; the authors never see it."""

    scope_rule = UNSCOPED

    first = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("什么相同"), max_length=8, choices=Kind)
    percent = models.PositiveSmallIntegerField(_("相似程度"))
    decision = models.CharField(_("判断"), max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("判断人"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField(_("判断时间"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("发现时间"), auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second", "kind"], name="likeness_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="likeness_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}={self.second_id} {self.kind}"

    def other_than(self, work: Work) -> Work:
        """The work on the other side."""
        return self.second if self.first_id == work.pk else self.first
