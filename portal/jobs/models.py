"""Every piece of background work is a row here first, so that no broker can lose it (design §4, §8)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.access.scope import UNSCOPED


class JobState(models.TextChoices):
    """QUEUED → RUNNING → DONE | FAILED; a lost run goes back to QUEUED."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Job(models.Model):
    """One piece of work. `slot` makes it unique: a second request for the same slot is the same job."""

    scope_rule = UNSCOPED

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("种类"), max_length=60)
    args: Any = models.JSONField(default=dict)
    slot = models.CharField(max_length=120, unique=True, null=True)
    state = models.CharField(_("状态"), max_length=10, choices=JobState, default=JobState.QUEUED)
    run_after = models.DateTimeField(_("不早于"))
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    claim = models.CharField(max_length=36, blank=True)
    published_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(_("进度说明"), max_length=200, blank=True)
    result: Any = models.JSONField(null=True)
    error = models.TextField(_("错误"), blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_type = models.CharField(max_length=80, blank=True)
    file_path = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "run_after"], name="job_due"),
            models.Index(fields=["kind", "created_at"], name="job_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def percent(self) -> int:
        """Progress in whole percent, 0 when the total is unknown."""
        return min(100, self.progress * 100 // self.total) if self.total else 0

    @property
    def is_over(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}

    def open_file(self) -> Any:
        """The result file; raises FileNotFoundError after it was purged."""
        return default_storage.open(self.file_path)
