"""Every write on tasks, their copies and quotas."""

from campaigns.tasks.actions.answering import (
    add_answer,
    remove_evidence,
    set_people,
    step,
)
from campaigns.tasks.actions.chasing import chase, remind
from campaigns.tasks.actions.issuing import (
    announce,
    change_due,
    close,
    discard,
    issue,
    recall,
    save_task,
)
from campaigns.tasks.actions.quotas import add_entry, create_quota, remove_entry

__all__ = [
    "add_answer", "add_entry", "announce", "change_due", "chase", "close", "create_quota", "discard", "issue",
    "recall", "remind", "remove_entry", "remove_evidence", "save_task", "set_people", "step",
]  # fmt: skip
