"""Tasks, each addressed unit's copy, what was answered and chased, and quotas (domain reference §9.6, §11)."""

from campaigns.tasks.models.copy import (
    TaskAnswer,
    TaskCopy,
    TaskEvidence,
    TaskNotice,
    TaskTick,
)
from campaigns.tasks.models.quota import (
    Quota,
    QuotaEntry,
    QuotaShare,
)
from campaigns.tasks.models.task import (
    Task,
    TaskItem,
)

__all__ = [
    "Quota",
    "QuotaEntry",
    "QuotaShare",
    "Task",
    "TaskAnswer",
    "TaskCopy",
    "TaskEvidence",
    "TaskItem",
    "TaskNotice",
    "TaskTick",
]
