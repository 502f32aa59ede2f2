"""States, transition tables, colours by date and the steps of chasing; no database.

All counting of days stands here: `days_between` is the one place to change when working days shall count.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
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


# -- days -------------------------------------------------------------------------------------------


def days_between(first: date, last: date) -> int:
    """Days from `first` to `last`; calendar days. The one function to change when working days shall count."""
    return (last - first).days


def day_after(first: date, days: int) -> date:
    """The day `days` after `first`, counted as `days_between` counts."""
    return first + timedelta(days=days)


def deadline(due_on: date) -> datetime:
    """A due date ends with that day, in the portal's time zone (Asia/Shanghai)."""
    return datetime.combine(due_on + timedelta(days=1), time.min, timezone.get_default_timezone())


def is_late(due_on: date, moment: datetime) -> bool:
    """Has the due day passed at that moment?"""
    return moment >= deadline(due_on)


# -- colours ----------------------------------------------------------------------------------------


class Colour(TextChoices):
    """How a copy stands by date. Not applicable is grey, never red (feature rank 5 of the practices)."""

    OVERDUE = "overdue", _("逾期")
    SOON = "soon", _("临期")
    BEHIND = "behind", _("进度落后")
    ON_TIME = "on_time", _("按期推进")
    WAITING = "waiting", _("待检查")
    FINISHED = "finished", _("已完成")
    NONE = "none", _("不适用")


@dataclass(frozen=True)
class Light:
    """Colour, icon and words together: colour never speaks alone."""

    colour: Colour
    tone: str
    icon: str
    text: str


LOOK = {
    Colour.OVERDUE: ("bad", "exclamation-triangle-fill"),
    Colour.SOON: ("warn", "clock-fill"),
    Colour.BEHIND: ("gold", "graph-down-arrow"),
    Colour.ON_TIME: ("", "calendar2-check"),
    Colour.WAITING: ("info", "hourglass-split"),
    Colour.FINISHED: ("ok", "check-circle-fill"),
    Colour.NONE: ("", "slash-circle"),
}
# Only gaps first: overdue, then due soon, then behind, then what waits for the issuer's check.
GAP_ORDER = (Colour.OVERDUE, Colour.SOON, Colour.BEHIND, Colour.WAITING)


def is_behind(*, issued_on: date, due_on: date, today: date, ticked: int, items: int, started: bool) -> bool:
    """More than half of the time is gone and the work is clearly behind it (序时进度)."""
    span = days_between(issued_on, due_on)
    if span <= 0:
        return False
    gone = days_between(issued_on, today) / span
    done = ticked / items if items else (0.5 if started else 0.0)
    return gone >= 0.5 and done < gone - 0.25


def colour_of(
    *,
    status: str,
    issued_on: date,
    due_on: date,
    today: date,
    soon_days: int,
    ticked: int = 0,
    items: int = 0,
) -> Colour:
    """Where a copy stands today."""
    if status == CopyStatus.NOT_APPLICABLE:
        return Colour.NONE
    if status == CopyStatus.CHECKED:
        return Colour.FINISHED
    if status in TO_CHECK:
        return Colour.WAITING
    left = days_between(today, due_on)
    if left < 0:
        return Colour.OVERDUE
    if left <= soon_days:
        return Colour.SOON
    started = status in (CopyStatus.IN_PROGRESS, CopyStatus.RETURNED)
    behind = is_behind(
        issued_on=issued_on, due_on=due_on, today=today, ticked=ticked, items=items, started=started
    )
    return Colour.BEHIND if behind else Colour.ON_TIME


def light_of(colour: Colour, *, due_on: date, today: date, status: str) -> Light:
    """The colour with its words."""
    tone, icon = LOOK[colour]
    left = days_between(today, due_on)
    if colour is Colour.OVERDUE:
        text = _now("逾期 %(n)d 天") % {"n": -left}
    elif colour in (Colour.SOON, Colour.ON_TIME) and left == 0:
        text = _now("今天到期")
    elif colour in (Colour.SOON, Colour.ON_TIME):
        text = _now("还有 %(n)d 天") % {"n": left}
    elif colour is Colour.BEHIND:
        text = _now("进度落后，还有 %(n)d 天") % {"n": left}
    elif status == CopyStatus.NA_ASKED:
        text = _now("申请不适用，待认定")
    else:
        text = str(colour.label)
    return Light(colour, tone, icon, text)


# -- chasing ----------------------------------------------------------------------------------------


class Stage(TextChoices):
    """One step of chasing a copy; each is taken once per due date."""

    SOON = "soon", _("临期提醒")
    LAST = "last", _("到期前提醒")
    OVERDUE = "overdue", _("逾期提醒")
    LATE_LEADER = "late_leader", _("逾期报本单位领导")
    LATE_ISSUER = "late_issuer", _("逾期报下达单位")
    SILENT_LEADER = "silent_leader", _("未签收，报本单位领导")
    SILENT_ISSUER = "silent_issuer", _("未签收，报下达单位")
    MANUAL = "manual", _("人工提醒")


TO_LEADER = (Stage.LATE_LEADER, Stage.SILENT_LEADER)
TO_ISSUER = (Stage.LATE_ISSUER, Stage.SILENT_ISSUER)


def stages_due(
    *, status: str, issued_on: date, due_on: date, today: date, soon_days: int, last_days: int, overdue_days: int,
    silent_days: int,
) -> list[Stage]:  # fmt: skip
    """The steps that have been reached today, mildest first.

    A copy that comes into the window late gets only the nearest reminder of the same kind: when the eve of the
    due date has come, the reminder of some days before is no longer sent, and none of both after it.
    """
    if status not in OWED:
        return []
    left = days_between(today, due_on)
    found: list[Stage] = []
    if 0 <= left <= last_days:
        found.append(Stage.LAST)
    elif last_days < left <= soon_days:
        found.append(Stage.SOON)
    if left < 0:
        found.append(Stage.OVERDUE)
        if -left > overdue_days:
            found.append(Stage.LATE_LEADER)
        if -left > 2 * overdue_days:
            found.append(Stage.LATE_ISSUER)
    silent = days_between(issued_on, today)
    if status == CopyStatus.ISSUED:
        if silent >= silent_days:
            found.append(Stage.SILENT_LEADER)
        if silent >= 2 * silent_days:
            found.append(Stage.SILENT_ISSUER)
    return found


# -- whom a task is for -----------------------------------------------------------------------------

KIND_GROUPS: dict[str, tuple[Promise | str, tuple[str, ...]]] = {
    "industry": (_("行业"), ("industry",)),
    "system": (_("系统"), ("system",)),
    "organ": (_("机关（部室、妇委会、妇工委）"), ("office", "women_committee", "women_work_committee")),
}
# A level means the federations of the places of that level; the others are chosen by kind.
TERRITORIAL = ("federation", "development_zone")


# -- quotas -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fill:
    """How far a quota is filled; `over` and `short` are what is too much and what is missing."""

    filled: int
    minimum: int = 0
    maximum: int | None = None

    @property
    def over(self) -> int:
        """Beyond the upper number."""
        return max(0, self.filled - self.maximum) if self.maximum is not None else 0

    @property
    def short(self) -> int:
        """Missing to the lower number."""
        return max(0, self.minimum - self.filled)

    @property
    def tone(self) -> str:
        """Tone of its tag."""
        return "bad" if self.over else "warn" if self.short else "ok"

    @property
    def text(self) -> str:
        """In words."""
        if self.over:
            return _now("超出 %(n)d") % {"n": self.over}
        if self.short:
            return _now("还差 %(n)d") % {"n": self.short}
        return _now("已达要求")


def split_fault(*, minimum: int, maximum: int | None, parts: list[tuple[int, int]]) -> str:
    """Why a share of `minimum`–`maximum` cannot be split into these (min, max) parts; "" when it can."""
    lows, highs = sum(low for low, _high in parts), sum(high for _low, high in parts)
    if any(low > high for low, high in parts):
        return _now("每行的下限不能大于上限。")
    if maximum is not None and highs > maximum:
        return _now("各单位上限合计 %(sum)d，超过本单位名额 %(max)d。") % {"sum": highs, "max": maximum}
    if highs < minimum:
        return _now("各单位上限合计 %(sum)d，达不到本单位至少 %(min)d 的要求。") % {
            "sum": highs,
            "min": minimum,
        }
    if maximum is not None and lows > maximum:
        return _now("各单位下限合计 %(sum)d，超过本单位名额 %(max)d。") % {"sum": lows, "max": maximum}
    return ""
