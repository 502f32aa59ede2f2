"""What tasks report: how many are done, and how many of these late – gaps to close, never an order of units."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.tasks.models import TaskCopy
from campaigns.tasks.rules import CopyStatus
from portal.access.permissions import Perm
from portal.metrics import Metric, Source, register_source


def counted() -> QuerySet[TaskCopy]:
    """Checked by the issuer."""
    return TaskCopy.objects.filter(status=CopyStatus.CHECKED)


def pending() -> QuerySet[TaskCopy]:
    """Reported as done, not checked yet."""
    return TaskCopy.objects.filter(status=CopyStatus.DONE)


def _link(box: str, unit: Any, start: date, end: date) -> str:
    return "/staff/tasks/copies/?" + urlencode(
        {"box": box, "unit": unit.unit_no, "done_since": start.isoformat(), "done_until": end.isoformat()}
    )


register_source(
    Source(
        code="task_copies",
        label=_("任务"),
        model_label="campaigns.taskcopy",
        counted=counted,
        pending=pending,
        date_field="done_at",
        link=lambda unit, start, end, part: _link("done", unit, start, end),
        pending_link=lambda unit, start, end: _link("reported", unit, start, end),
        perm=Perm.TASK_VIEW,
    ),
    Metric(
        "tasks.checked", _("办结任务"), _("件"), _("下达单位检查通过的任务单，按报告完成的时间计入月份。"),
        "task_copies", card=False, icon="list-check",
    ),
    Metric(
        "tasks.late", _("其中逾期完成"), _("件"), _("检查通过的任务单中，报告完成的时间晚于期限的。只用来找差距，不排名。"),
        "task_copies", "late", card=False, icon="alarm",
    ),
)  # fmt: skip
