"""Reminding and escalating: by the clock, and by hand."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.tasks import queries, rules
from campaigns.tasks.models import TaskCopy, TaskNotice
from campaigns.tasks.rules import Stage
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.journal.actions import record
from portal.notifications.actions import tell
from portal.workdays import queries as workdays

BATCH = 200
REMIND_AGAIN_HOURS = 12


def chase(now: datetime | None = None) -> int:
    """Take every step that has been reached and was not taken; returns how many rows were written.

    A row is the claim: its unique key makes a second run, or a second worker, write nothing. The messages
    follow from the rows (`portal.notifications.reminders`).
    """
    moment = now or timezone.now()
    today, written = timezone.localdate(moment), 0
    for copies in _batches():
        people = _People(copies)
        known = set(TaskNotice.objects.filter(copy__in=copies).values_list("copy_id", "stage", "due_on"))
        first = min(min(copy.task.issued_on, copy.due_on) for copy in copies)
        count = workdays.counting(min(first, today), today)
        for copy in copies:
            for stage in _stages(copy, today, count):
                if (copy.pk, stage.value, copy.due_on) not in known:
                    written += _take(copy, stage, people, moment)
    return written


def _batches() -> Iterator[list[TaskCopy]]:
    """All copies the job looks at, some hundred at a time, by key."""
    last = 0
    while rows := list(queries.chased().filter(pk__gt=last)[:BATCH]):
        yield rows
        last = rows[-1].pk


def _stages(copy: TaskCopy, today: date, count: Callable[[date, date], int]) -> list[Stage]:
    task = copy.task
    return rules.stages_due(
        status=copy.status, issued_on=task.issued_on, due_on=copy.due_on, today=today, soon_days=task.soon_days,
        last_days=task.last_days, overdue_days=task.overdue_days, silent_days=task.silent_days,
        count=count,
    )  # fmt: skip


class _People:
    """Who is behind the copies of one batch, read once."""

    def __init__(self, copies: Iterable[TaskCopy]) -> None:
        rows = list(copies)
        units = {copy.unit_id for copy in rows}
        self.answerers = queries.answerers(units)
        self.leaders = queries.leaders(units)
        self._issuers: dict[int, list[User]] = {}

    def of(self, copy: TaskCopy, stage: Stage) -> tuple[list[User], str]:
        """Who is told at this step, and what has to be said about it."""
        if stage in rules.TO_ISSUER:
            return self._issuer(copy), ""
        if stage in rules.TO_LEADER:
            found = self.leaders.get(copy.unit_id, [])
            if found:
                return found, ""
            return self._issuer(copy), _("本单位没有领导账号，直接报下达单位。")
        users = {user.pk: user for user in self.answerers.get(copy.unit_id, [])}
        if copy.person is not None and copy.person.is_active:
            users[copy.person.pk] = copy.person
        if users:
            return list(users.values()), ""
        return self._issuer(copy), _("本单位没有经办账号，请下达单位电话联系。")

    def _issuer(self, copy: TaskCopy) -> list[User]:
        if copy.task_id not in self._issuers:
            self._issuers[copy.task_id] = queries.issuers(copy.task)
        return self._issuers[copy.task_id]


def _take(copy: TaskCopy, stage: Stage, people: _People, moment: datetime) -> int:
    users, note = people.of(copy, stage)
    try:
        with transaction.atomic():
            TaskNotice.objects.create(
                copy=copy, stage=stage, due_on=copy.due_on, at=moment, told=[user.pk for user in users],
                told_names=_names(users), note=_told_words(users, note),
            )  # fmt: skip
    except IntegrityError:
        return 0
    return 1


def _names(users: list[User]) -> str:
    return "、".join(str(user) for user in users)[:200]


def _told_words(users: list[User], note: str) -> str:
    if not users:
        return note or _("没有可以提醒的账号。")
    return (_("已告知 %(names)s。") % {"names": _names(users[:5])} + note)[:200]


def remind(*, actor: User, copies: Iterable[TaskCopy], text: str = "") -> tuple[int, int]:
    """Remind by hand: (units reminded, people told). A unit reminded in the last hours is left in peace.

    Only the issuing side may; copies that owe nothing are passed over.
    """
    scope, now = scope_of(actor), timezone.now()
    rows = [copy for copy in copies if copy.is_owed and copy.task.is_running]
    people, units, told = _People(rows), 0, 0
    for copy in rows:
        if not scope.may(Perm.TASK_CHECK, copy.task.unit):
            continue
        users, note = people.of(copy, Stage.MANUAL)
        if _once_per_half_day(copy, actor, users, note, text, now):
            units, told = units + 1, told + len(users)
    return units, told


def _once_per_half_day(
    copy: TaskCopy, actor: User, users: list[User], note: str, text: str, now: datetime
) -> bool:
    slot = int(now.timestamp()) // (REMIND_AGAIN_HOURS * 3600)
    with transaction.atomic():
        # The slot is claimed on the copy's row, so that two presses of the button are one reminder.
        if not TaskCopy.objects.filter(pk=copy.pk).exclude(reminded_slot=slot).update(reminded_slot=slot):
            return False
        notice = TaskNotice.objects.create(
            copy=copy, stage=Stage.MANUAL, due_on=copy.due_on, at=now, told=[user.pk for user in users],
            told_names=_names(users), note=_told_words(users, note), by=actor,
        )  # fmt: skip
        words = text.strip() or _("完成期限 %(due)s，请尽快办理。") % {"due": copy.due_on.isoformat()}
        title = _("任务提醒：%(title)s") % {"title": copy.task.title}
        tell(users=users, title=title, text=words, url=copy.staff_url, key=f"task_notice:{notice.pk}")
        record("task_copy.reminded", actor=actor, target=copy)
    return True
