"""Tasks, each addressed unit's copy, what was answered and chased, and quotas (domain reference §9.6, §11)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.tasks import rules
from campaigns.tasks.rules import CopyStatus, Stage, TaskStatus
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


def _days(label: Any, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=default, validators=[MaxValueValidator(60)])


def _person() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )  # fmt: skip


class Task(models.Model):
    """What one unit asks of others, issued once. `address` says of whom; each of them gets a TaskCopy."""

    scope_rule = ScopeRule(unit="unit", owner="created_by")
    transitions = rules.TASK_TRANSITIONS

    title = models.CharField(_("任务名称"), max_length=rules.TITLE_MOST)
    text = models.TextField(_("任务要求"), max_length=rules.TEXT_MOST, blank=True)
    unit = models.ForeignKey(Unit, verbose_name=_("下达单位"), on_delete=models.PROTECT, related_name="tasks")
    campaign = models.ForeignKey(
        Campaign, verbose_name=_("所属主题"), null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )  # fmt: skip
    policy = models.ForeignKey(
        PolicyDocument, verbose_name=_("依据文件"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="tasks",
    )  # fmt: skip
    parent_copy = models.ForeignKey(
        "TaskCopy", verbose_name=_("上级任务"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="handed_down", editable=False,
    )  # fmt: skip
    due_on = models.DateField(_("完成期限"))
    deployed_on = models.DateField(_("部署日期"), null=True, blank=True)
    check_on = models.DateField(_("检查日期"), null=True, blank=True)
    appraisal = models.CharField(_("考核项目"), max_length=60, blank=True)
    leader_name = models.CharField(_("下达单位责任领导"), max_length=30, blank=True)
    contact_name = models.CharField(_("下达单位联系人"), max_length=30, blank=True)
    address: Any = models.JSONField(_("下达给谁"), default=dict, editable=False)

    soon_days = _days(_("提前几天提醒"), rules.SOON_DAYS)
    last_days = _days(_("到期前再提醒（天）"), rules.LAST_DAYS)
    overdue_days = _days(_("逾期几天后上报"), rules.OVERDUE_DAYS)
    silent_days = _days(_("几天没有签收就上报"), rules.SILENT_DAYS)

    status = models.CharField(
        _("状态"), max_length=12, choices=TaskStatus, default=TaskStatus.DRAFT, editable=False
    )
    issued_at = models.DateTimeField(_("下达时间"), null=True, editable=False)
    issued_by = _person()
    created_by = _person()
    version = models.PositiveIntegerField(default=1, editable=False)
    client_token = models.CharField(max_length=36, unique=True, null=True, editable=False)
    is_demo = models.BooleanField(_("演示数据"), default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("任务")
        indexes: ClassVar = [
            models.Index(fields=["unit", "status", "-due_on"], name="task_unit"),
            models.Index(fields=["status", "-due_on", "-id"], name="task_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def staff_url(self) -> str:
        """Its page for the issuing side."""
        return reverse("campaigns:tasks:detail", args=[self.pk])

    @property
    def tone(self) -> str:
        """Tone of its state."""
        return rules.TASK_TONES[TaskStatus(self.status)]

    @property
    def is_draft(self) -> bool:
        """Nobody was told yet."""
        return self.status == TaskStatus.DRAFT

    @property
    def is_running(self) -> bool:
        """Do its copies still count?"""
        return self.status == TaskStatus.ISSUED

    @property
    def issued_on(self) -> date:
        """The day it went out."""
        return timezone.localdate(self.issued_at or self.created_at)


class TaskItem(models.Model):
    """One line of the checklist, with who owns it (工作任务清单)."""

    scope_rule = UNSCOPED

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="items")
    text = models.CharField(_("清单事项"), max_length=rules.ITEM_MOST)
    owner = models.CharField(_("责任人"), max_length=30, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort", "pk"]

    def __str__(self) -> str:
        return self.text


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
    leader = _person()
    leader_name = models.CharField(_("责任领导"), max_length=30, blank=True)
    person = _person()
    person_name = models.CharField(_("责任人"), max_length=30, blank=True)
    received_at = models.DateTimeField(_("签收时间"), null=True, editable=False)
    done_at = models.DateTimeField(_("完成时间"), null=True, editable=False)
    done_by = _person()
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
    by = _person()
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
    by = _person()
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
    by = _person()
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
    by = _person()

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
    created_by = _person()
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
    by = _person()
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
