"""Each addressed unit's copy, what was answered, shown and chased."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.tasks import rules
from campaigns.tasks.models.base import person_field
from campaigns.tasks.models.task import Task, TaskItem
from campaigns.tasks.rules import CopyStatus, Stage
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


class TaskCopy(models.Model):
    """One unit's copy of a task; `due_on` repeats the task's, so that lists and jobs need one table."""

    scope_rule = ScopeRule(unit="unit")
    transitions = rules.COPY_TRANSITIONS

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="copies")
    unit = models.ForeignKey(
        Unit, verbose_name=_("承办单位"), on_delete=models.PROTECT, related_name="task_copies"
    )
    status = models.CharField(
        _("状态"), max_length=16, choices=CopyStatus, default=CopyStatus.ISSUED, editable=False
    )
    due_on = models.DateField(_("完成期限"))
    leader = person_field()
    leader_name = models.CharField(_("责任领导"), max_length=30, blank=True)
    person = person_field()
    person_name = models.CharField(_("责任人"), max_length=30, blank=True)
    received_at = models.DateTimeField(_("签收时间"), null=True, editable=False)
    done_at = models.DateTimeField(_("完成时间"), null=True, editable=False)
    done_by = person_field()
    checked_at = models.DateTimeField(_("检查时间"), null=True, editable=False)
    reminded_slot = models.PositiveIntegerField(
        default=0, editable=False
    )  # half-day of the last reminder by hand
    late = models.PositiveSmallIntegerField(_("逾期完成"), default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("任务单")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "unit"], name="task_copy_once"),
            models.CheckConstraint(condition=Q(late__lte=1), name="task_copy_late_is_flag"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "due_on"], name="task_copy_unit"),
            models.Index(fields=["status", "due_on", "id"], name="task_copy_due"),
            models.Index(fields=["due_on", "id"], name="task_copy_order"),
        ]

    def __str__(self) -> str:
        return f"{self.unit.short_name} · {self.task.title}"

    @property
    def staff_url(self) -> str:
        """Its page."""
        return reverse("campaigns:tasks:copy", args=[self.pk])

    @property
    def tone(self) -> str:
        """Tone of its state."""
        return rules.COPY_TONES[CopyStatus(self.status)]

    @property
    def is_owed(self) -> bool:
        """Does the unit still owe something?"""
        return self.status in rules.OWED

    @property
    def is_writable(self) -> bool:
        """May the unit write into it?"""
        return self.status in rules.WRITABLE and self.task.is_running

    @property
    def light(self) -> rules.Light:
        """Where it stands today. Reads `ticked` and `item_count` when a query has annotated them."""
        today = timezone.localdate()
        colour = rules.colour_of(
            status=self.status,
            issued_on=self.task.issued_on,
            due_on=self.due_on,
            today=today,
            soon_days=self.task.soon_days,
            ticked=getattr(self, "ticked", 0),
            items=getattr(self, "item_count", 0),
        )
        return rules.light_of(colour, due_on=self.due_on, today=today, status=self.status)


class TaskTick(models.Model):
    """A checklist line a unit has done; its own row, so that two people ticking at once lose nothing."""

    scope_rule = UNSCOPED

    copy = models.ForeignKey(TaskCopy, on_delete=models.CASCADE, related_name="ticks")
    item = models.ForeignKey(TaskItem, on_delete=models.CASCADE, related_name="ticks")
    by = person_field()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["copy", "item"], name="task_tick_once")]

    def __str__(self) -> str:
        return f"{self.copy_id}: {self.item_id}"


class TaskAnswer(models.Model):
    """What a unit wrote, appended and never overwritten: two answers at once are two rows."""

    scope_rule = UNSCOPED

    copy = models.ForeignKey(TaskCopy, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(_("完成情况"), max_length=rules.ANSWER_MOST)
    by = person_field()
    at = models.DateTimeField(default=timezone.now)
    client_token = models.CharField(max_length=36, unique=True, null=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]


class TaskEvidence(models.Model):
    """An existing record that shows the work; `kind` is a code of the evidence registry."""

    scope_rule = UNSCOPED

    copy = models.ForeignKey(TaskCopy, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    label = models.CharField(max_length=160)
    by = person_field()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["copy", "kind", "object_id"], name="task_evidence_once")
        ]

    def __str__(self) -> str:
        return self.label


class TaskNotice(models.Model):
    """One step of chasing a copy: who was told, when, why. The unique stage makes a second job a no-op."""

    scope_rule = UNSCOPED

    copy = models.ForeignKey(TaskCopy, on_delete=models.CASCADE, related_name="notices")
    stage = models.CharField(max_length=16, choices=Stage)
    due_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    told: Any = models.JSONField(default=list)
    told_names = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    by = person_field()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["copy", "stage", "due_on"], condition=~Q(stage=Stage.MANUAL), name="task_notice_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="task_notice_at")]

    def __str__(self) -> str:
        return f"{self.copy_id} {self.stage}"
