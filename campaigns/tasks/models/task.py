"""A task and its checklist."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.tasks import rules
from campaigns.tasks.models.base import days_field, person_field
from campaigns.tasks.rules import TaskStatus
from portal.access.scope import UNSCOPED, ScopeRule
from portal.units.models import Unit


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

    soon_days = days_field(_("提前几天提醒"), rules.SOON_DAYS)
    last_days = days_field(_("到期前再提醒（天）"), rules.LAST_DAYS)
    overdue_days = days_field(_("逾期几天后上报"), rules.OVERDUE_DAYS)
    silent_days = days_field(_("几天没有签收就上报"), rules.SILENT_DAYS)

    status = models.CharField(
        _("状态"), max_length=12, choices=TaskStatus, default=TaskStatus.DRAFT, editable=False
    )
    issued_at = models.DateTimeField(_("下达时间"), null=True, editable=False)
    issued_by = person_field()
    created_by = person_field()
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
