"""Tasks with their copies."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.tasks.models import Task, TaskCopy, TaskItem
from campaigns.tasks.rules import TaskStatus
from portal.accounts.models import User
from portal.units.models import Unit

_numbers = itertools.count(1)


def make_task(unit: Unit, to: list[Unit] | None = None, *, by: User | None = None, **fields: Any) -> Task:
    """A running task issued today to `to`, due in ten days, without asking anybody."""
    items = fields.pop("items", ())
    values = {
        "title": f"清廉家庭创建工作部署{next(_numbers)}",
        "due_on": timezone.localdate() + timedelta(days=10),
        "status": TaskStatus.ISSUED,
        "issued_at": timezone.now(),
        "issued_by": by,
        "created_by": by,
    }
    task = Task.objects.create(unit=unit, **(values | fields))
    TaskItem.objects.bulk_create([TaskItem(task=task, text=text, sort=n) for n, text in enumerate(items)])
    TaskCopy.objects.bulk_create([TaskCopy(task=task, unit=one, due_on=task.due_on) for one in to or ()])
    return task


def task_form(**fields: Any) -> dict[str, Any]:
    """What a browser posts from the task form."""
    import uuid

    values = {
        "form_token": str(uuid.uuid4()), "title": "家庭助廉作品征集通知", "text": "请各单位组织家庭创作。",
        "due_on": (timezone.localdate() + timedelta(days=10)).isoformat(), "levels": ["3"], "soon_days": "3",
        "last_days": "1", "overdue_days": "3", "silent_days": "5", "items_text": "转发通知\n上报作品 | 家儿部",
        "act": "preview",
    }  # fmt: skip
    return values | fields
