"""Days, colours by date and the steps of chasing; no database.

A due date is a day of the calendar, and so is what is left until it. What may pass before a superior hears of it
is counted in working days, so that a week of holidays escalates nothing: `stages_due` is told how to count.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.tasks.rules.states import OWED, TO_CHECK, CopyStatus


def days_between(first: date, last: date) -> int:
    """Days of the calendar from `first` to `last`."""
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
    silent_days: int, count: Callable[[date, date], int] = days_between,
) -> list[Stage]:  # fmt: skip
    """The steps that have been reached today, mildest first.

    A copy that comes into the window late gets only the nearest reminder of the same kind: when the eve of the
    due date has come, the reminder of some days before is no longer sent, and none of both after it. `count` says
    how lateness and silence are counted (`portal.workdays`: working days).
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
        late = count(due_on, today)
        if late > overdue_days:
            found.append(Stage.LATE_LEADER)
        if late > 2 * overdue_days:
            found.append(Stage.LATE_ISSUER)
    if status == CopyStatus.ISSUED:
        silent = count(issued_on, today)
        if silent >= silent_days:
            found.append(Stage.SILENT_LEADER)
        if silent >= 2 * silent_days:
            found.append(Stage.SILENT_ISSUER)
    return found
