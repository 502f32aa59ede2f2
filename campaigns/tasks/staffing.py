"""Tasks when people change: what a successor takes over, what a role would see."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.tasks import rules
from campaigns.tasks.models import Task, TaskCopy
from campaigns.tasks.rules import TaskStatus
from portal.access.permissions import Perm
from portal.access.roles import Reach
from portal.access.scope import below
from portal.accounts.models import User
from portal.grants import handover, preview
from portal.units.models import Unit


def _named(user: User) -> Q:
    return Q(status__in=rules.OWED, task__status=TaskStatus.ISSUED, person=user)


def _count(user: User) -> int:
    return (
        TaskCopy.objects.filter(_named(user)).count()
        + Task.objects.filter(created_by=user, status=TaskStatus.DRAFT).count()
    )


def _move(old: User, new: User) -> int:
    """The 责任人 of open copies and the author of drafts change; who answered stays written down."""
    moved = TaskCopy.objects.filter(_named(old)).update(person=new, person_name=new.display_name[:30])
    return moved + Task.objects.filter(created_by=old, status=TaskStatus.DRAFT).update(created_by=new)


def _seen(unit: Unit, reach: Reach) -> int:
    if reach is Reach.SUBTREE:
        return TaskCopy.objects.filter(below(unit.path, "unit__")).count()
    return TaskCopy.objects.filter(unit=unit).count()


handover.register(_("没有办完的任务和任务草稿"), _count, _move)
preview.register(_("任务单"), Perm.TASK_VIEW, _seen)
