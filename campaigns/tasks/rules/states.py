"""States, transition tables and limits; no database."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.permissions import Perm
from portal.reviews.workflow import Transition, table

TITLE_MOST, TEXT_MOST, ANSWER_MOST, REASON_MOST = 80, 4000, 2000, 500
ITEMS_MOST, ITEM_MOST, UNITS_MOST = 30, 120, 3000
# Settings of a task with their defaults (days).
SOON_DAYS, LAST_DAYS, OVERDUE_DAYS, SILENT_DAYS = 3, 1, 3, 5


class TaskStatus(TextChoices):
    """DRAFT → ISSUED → CLOSED; RECALLED with a reason; a draft that is not needed is DISCARDED."""

    DRAFT = "draft", _("草稿")
    ISSUED = "issued", _("已下达")
    CLOSED = "closed", _("已归档")
    RECALLED = "recalled", _("已撤回")
    DISCARDED = "discarded", _("已弃用")


class CopyStatus(TextChoices):
    """One unit's copy: received, worked on, done, checked; or not applicable, which the issuer must accept."""

    ISSUED = "issued", _("待签收")
    RECEIVED = "received", _("已签收")
    IN_PROGRESS = "in_progress", _("办理中")
    DONE = "done", _("已完成，待检查")
    CHECKED = "checked", _("已检查通过")
    RETURNED = "returned", _("退回补充")
    NA_ASKED = "na_asked", _("申请不适用")
    NOT_APPLICABLE = "not_applicable", _("不适用")


TASK_TONES = {
    TaskStatus.DRAFT: "", TaskStatus.ISSUED: "ok", TaskStatus.CLOSED: "info", TaskStatus.RECALLED: "warn",
    TaskStatus.DISCARDED: "",
}  # fmt: skip
COPY_TONES = {
    CopyStatus.ISSUED: "warn", CopyStatus.RECEIVED: "info", CopyStatus.IN_PROGRESS: "info", CopyStatus.DONE: "gold",
    CopyStatus.CHECKED: "ok", CopyStatus.RETURNED: "bad", CopyStatus.NA_ASKED: "gold", CopyStatus.NOT_APPLICABLE: "",
}  # fmt: skip
# The unit still owes something.
OWED = (CopyStatus.ISSUED, CopyStatus.RECEIVED, CopyStatus.IN_PROGRESS, CopyStatus.RETURNED)
# The issuer owes an answer.
TO_CHECK = (CopyStatus.DONE, CopyStatus.NA_ASKED)
FINISHED = (CopyStatus.CHECKED, CopyStatus.NOT_APPLICABLE)
# The unit may still write into its copy; after `done` it may only add, until the check.
WRITABLE = (*OWED, CopyStatus.DONE, CopyStatus.NA_ASKED)
_OWED = frozenset(OWED)
TASK_TRANSITIONS = table(
    Transition(
        "issue", frozenset({TaskStatus.DRAFT}), TaskStatus.ISSUED, "task.issued", _("下达"), Perm.TASK_ISSUE
    ),
    Transition(
        "recall", frozenset({TaskStatus.ISSUED}), TaskStatus.RECALLED, "task.recalled", _("撤回任务"), Perm.TASK_ISSUE,
        needs_reason=True,
    ),
    # What was handed down ends with what it came from, whoever issued it; `recall` of the task above lets it happen.
    Transition(
        "follow", frozenset({TaskStatus.ISSUED}), TaskStatus.RECALLED, "task.recalled_with", _("随上级任务撤回"),
        needs_reason=True,
    ),
    Transition(
        "close", frozenset({TaskStatus.ISSUED}), TaskStatus.CLOSED, "task.closed", _("归档任务"), Perm.TASK_ISSUE,
        needs_reason=True,
    ),
    Transition(
        "discard", frozenset({TaskStatus.DRAFT}), TaskStatus.DISCARDED, "task.discarded", _("弃用草稿"), Perm.TASK_ISSUE
    ),
)  # fmt: skip
COPY_TRANSITIONS = table(
    Transition(
        "receive", frozenset({CopyStatus.ISSUED}), CopyStatus.RECEIVED, "task_copy.received", _("签收"), Perm.TASK_ANSWER
    ),
    Transition(
        "start", frozenset({CopyStatus.ISSUED, CopyStatus.RECEIVED, CopyStatus.RETURNED}), CopyStatus.IN_PROGRESS,
        "task_copy.started", _("开始办理"), Perm.TASK_ANSWER,
    ),
    Transition("finish", _OWED, CopyStatus.DONE, "task_copy.done", _("报告完成"), Perm.TASK_ANSWER),
    Transition(
        "claim_na", _OWED, CopyStatus.NA_ASKED, "task_copy.na_asked", _("申请“本单位不适用”"), Perm.TASK_ANSWER,
        needs_reason=True,
    ),
    # The issuing unit's steps; the action asks for the permission at the unit that issued the task.
    Transition(
        "check", frozenset({CopyStatus.DONE}), CopyStatus.CHECKED, "task_copy.checked", _("检查通过"), Perm.TASK_CHECK,
        not_by=("done_by",),
    ),
    Transition(
        "return", frozenset({CopyStatus.DONE, CopyStatus.CHECKED}), CopyStatus.RETURNED, "task_copy.returned",
        _("退回补充"), Perm.TASK_CHECK, needs_reason=True,
    ),
    Transition(
        "accept_na", frozenset({CopyStatus.NA_ASKED}), CopyStatus.NOT_APPLICABLE, "task_copy.na_accepted",
        _("认可不适用"), Perm.TASK_CHECK, not_by=("done_by",),
    ),
    Transition(
        "refuse_na", frozenset({CopyStatus.NA_ASKED}), CopyStatus.RETURNED, "task_copy.na_refused", _("不认可，仍须办理"),
        Perm.TASK_CHECK, needs_reason=True,
    ),
)  # fmt: skip
UNIT_STEPS = ("receive", "finish", "claim_na")
ISSUER_STEPS = ("check", "accept_na", "return", "refuse_na")
KIND_GROUPS: dict[str, tuple[Promise | str, tuple[str, ...]]] = {
    "industry": (_("行业"), ("industry",)),
    "system": (_("系统"), ("system",)),
    "organ": (_("机关（部室、妇委会、妇工委）"), ("office", "women_committee", "women_work_committee")),
}
