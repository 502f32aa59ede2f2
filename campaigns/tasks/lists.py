"""Tasks as lists: issued ones, received copies, and every copy in reach."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.tasks import queries, quotas, rules
from campaigns.tasks.models import Quota, Task, TaskCopy
from campaigns.tasks.rules import CopyStatus, TaskStatus
from campaigns.tasks.tables import items_text, show
from portal.access.permissions import Perm
from portal.listing.filters import UnitFilter
from portal.ui.lists import Column, ListSpec, Sort, register

BOXES = [
    ("gaps", _("只看缺口")), ("overdue", _("逾期")), ("soon", _("临期")), ("check", _("待检查")), ("owed", _("未完成")),
    ("done", _("已检查通过")), ("reported", _("已报告完成")), ("na", _("不适用")),
]  # fmt: skip


def _date(label: Any, method: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return django_filters.DateFilter(label=label, method=method, widget=widget)


class CopyFilter(django_filters.FilterSet):
    """Box, words, unit, task, state, period of due dates."""

    box = django_filters.ChoiceFilter(label=_("范围"), choices=BOXES, method="in_box", empty_label=_("全部"))
    q = django_filters.CharFilter(label=_("任务名称"), method="search", max_length=60)
    unit = UnitFilter(Perm.TASK_VIEW)
    task = django_filters.NumberFilter(
        label=_("任务编号"), field_name="task_id", min_value=1, max_value=10**15, decimal_places=0
    )
    since = _date(_("期限从"), "from_day")
    until = _date(_("期限到"), "to_day")
    done_since = _date(_("完成从"), "done_from")
    done_until = _date(_("完成到"), "done_to")

    class Meta:
        model = TaskCopy
        fields = ("box", "q", "unit", "task", "since", "until", "done_since", "done_until")

    def in_box(self, rows: QuerySet[TaskCopy], name: str, value: str) -> QuerySet[TaskCopy]:
        """What belongs to one box."""
        if value == "reported":
            return rows.filter(status=CopyStatus.DONE)
        return queries.in_box(rows, value, timezone.localdate())

    def search(self, rows: QuerySet[TaskCopy], name: str, value: str) -> QuerySet[TaskCopy]:
        """Every word in the title."""
        for word in value.split()[:5]:
            rows = rows.filter(task__title__icontains=word)
        return rows

    def from_day(self, rows: QuerySet[TaskCopy], name: str, value: Any) -> QuerySet[TaskCopy]:
        """Due from this day on."""
        return rows.filter(due_on__gte=value)

    def to_day(self, rows: QuerySet[TaskCopy], name: str, value: Any) -> QuerySet[TaskCopy]:
        """Due up to this day."""
        return rows.filter(due_on__lte=value)

    def done_from(self, rows: QuerySet[TaskCopy], name: str, value: Any) -> QuerySet[TaskCopy]:
        """Reported as done from this day on: with the boxes, the rows behind the figures."""
        return rows.filter(done_at__gte=rules.deadline(rules.day_after(value, -1)))

    def done_to(self, rows: QuerySet[TaskCopy], name: str, value: Any) -> QuerySet[TaskCopy]:
        """Reported as done up to this day."""
        return rows.filter(done_at__lt=rules.deadline(value))


class TaskFilter(django_filters.FilterSet):
    """Words, state, campaign."""

    q = django_filters.CharFilter(label=_("任务名称"), method="search", max_length=60)
    status = django_filters.ChoiceFilter(
        label=_("状态"),
        choices=[item for item in TaskStatus.choices if item[0] != TaskStatus.DISCARDED],
        empty_label=_("全部状态"),
    )
    gaps = django_filters.ChoiceFilter(
        label=_("缺口"),
        choices=[("1", _("有逾期")), ("2", _("待检查"))],
        method="by_gap",
        empty_label=_("全部"),
    )

    class Meta:
        model = Task
        fields = ("q", "status", "gaps")

    def search(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Every word in the title."""
        for word in value.split()[:5]:
            rows = rows.filter(Q(title__icontains=word))
        return rows

    def by_gap(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Running tasks with something overdue, or with something to check."""
        rows = rows.filter(status=TaskStatus.ISSUED)
        return rows.filter(overdue_n__gt=0) if value == "1" else rows.filter(check_n__gt=0)


def _light(row: TaskCopy) -> str:
    return row.light.text if row.task.is_running or not row.is_owed else row.task.get_status_display()


def _light_tone(row: TaskCopy) -> str:
    # A tag without a tone would be plain text, so "on time" and "not applicable" take a quiet one.
    return (row.light.tone or "line") if row.task.is_running or not row.is_owed else "line"


def _day(value: Any) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


COPY_COLUMNS = (
    Column("task_no", _("任务编号"), lambda row: row.task_id, on_screen=False),
    Column("light", _("进度"), _light, tone=_light_tone),
    Column("title", _("任务名称"), lambda row: row.task.title, link=lambda row: row.staff_url),
    Column("unit_no", _("单位编号"), lambda row: row.unit.unit_no, on_screen=False),
    Column("unit", _("承办单位"), lambda row: row.unit.short_name),
    Column("issuer", _("下达单位"), lambda row: row.task.unit.short_name),
    Column("due", _("完成期限"), lambda row: row.due_on.isoformat(), sort="due"),
    Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "line"),
    Column(
        "items",
        _("清单"),
        lambda row: f"{row.ticked}/{row.item_count}" if row.item_count else "",
        number=True,
    ),
    Column("leader", _("责任领导"), lambda row: row.leader_name, on_screen=False),
    Column("person", _("责任人"), lambda row: row.person_name),
    Column("received", _("签收时间"), lambda row: _day(row.received_at), on_screen=False),
    Column("done", _("完成时间"), lambda row: _day(row.done_at), on_screen=False),
    Column("checked", _("检查时间"), lambda row: _day(row.checked_at), on_screen=False),
)
COPY_SORTS = (
    Sort("due", _("期限近的在前"), ("due_on",)),
    Sort("late", _("期限远的在前"), ("-due_on",)),
)
COPIES = register(
    ListSpec(
        code="task_copies",
        title=_("任务完整清单"),
        rows=queries.visible_copies,
        columns=COPY_COLUMNS,
        sorts=COPY_SORTS,
        filterset=CopyFilter,
        bulk=True,
        empty_title=_("还没有任务"),
        empty_text=_("下达任务后，每个单位的办理情况会列在这里。"),
        presets=(
            (_("只看缺口"), "box=gaps"), (_("逾期"), "box=overdue"), (_("临期"), "box=soon"),
            (_("待检查"), "box=check"), (_("不适用"), "box=na"), (_("全部"), ""),
        ),
    )
)  # fmt: skip
RECEIVED = register(
    ListSpec(
        code="task_received",
        title=_("收到的任务"),
        rows=queries.received,
        columns=COPY_COLUMNS,
        sorts=COPY_SORTS,
        filterset=CopyFilter,
        empty_title=_("没有收到任务"),
        empty_text=_("上级下达给本单位的任务会出现在这里，并给您发消息。"),
        presets=(
            (_("要办的"), "box=owed"), (_("逾期"), "box=overdue"), (_("临期"), "box=soon"), (_("全部"), ""),
        ),
    )
)  # fmt: skip
ISSUED = register(
    ListSpec(
        code="tasks",
        title=_("下达的任务"),
        rows=lambda scope: queries.with_counts(queries.visible_tasks(scope)),
        columns=(
            Column("no", _("任务编号"), lambda row: row.pk, on_screen=False),
            Column("unit_no", _("下达单位编号"), lambda row: row.unit.unit_no, on_screen=False),
            Column("title", _("任务名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("unit", _("下达单位"), lambda row: row.unit.short_name),
            Column("state", _("状态"), lambda row: row.get_status_display(), tone=lambda row: row.tone or "line"),
            Column("due", _("完成期限"), lambda row: row.due_on.isoformat(), sort="due"),
            Column("copies", _("单位"), lambda row: row.copies_n, number=True),
            Column(
                "overdue", _("逾期"), lambda row: row.overdue_n if row.is_running else 0, number=True,
                link=lambda row: f"/staff/tasks/copies/?task={row.pk}&box=overdue",
            ),
            Column("owed", _("未完成"), lambda row: row.owed_n if row.is_running else 0, number=True),
            Column("check", _("待检查"), lambda row: row.check_n if row.is_running else 0, number=True),
            Column("campaign", _("所属主题"), lambda row: row.campaign.name if row.campaign else "", on_screen=False),
            Column("text", _("任务要求"), lambda row: row.text, on_screen=False),
            Column("levels", _("下级妇联"), lambda row: show("levels", row.address.get("levels")), on_screen=False),
            Column("kinds", _("行业系统机关"), lambda row: show("kinds", row.address.get("kinds")), on_screen=False),
            Column("units", _("承办单位"), lambda row: show("units", row.address.get("units")), on_screen=False),
            Column("items", _("任务清单"), items_text, on_screen=False),
            Column("deployed", _("部署日期"), lambda row: row.deployed_on or "", on_screen=False),
            Column("check_on", _("检查日期"), lambda row: row.check_on or "", on_screen=False),
            Column("appraisal", _("考核项目"), lambda row: row.appraisal, on_screen=False),
            Column("leader", _("责任领导"), lambda row: row.leader_name, on_screen=False),
            Column("contact", _("联系人"), lambda row: row.contact_name, on_screen=False),
        ),
        export_prefetch=("items",),
        sorts=(
            Sort("newest", _("新建的在前"), ("-pk",)),
            Sort("due", _("期限近的在前"), ("due_on",)),
        ),
        filterset=TaskFilter,
        empty_title=_("还没有下达任务"),
        empty_text=_("写一次，选好下级单位，每个单位会收到自己的一份；您只看缺口。"),
        presets=(
            (_("进行中"), "status=issued"), (_("有逾期"), "gaps=1"), (_("待检查"), "gaps=2"),
            (_("草稿"), "status=draft"), (_("全部"), ""),
        ),
    )
)  # fmt: skip


class QuotaFilter(django_filters.FilterSet):
    """Words."""

    q = django_filters.CharFilter(
        label=_("名额名称"), field_name="title", lookup_expr="icontains", max_length=60
    )

    class Meta:
        model = Quota
        fields = ("q",)


QUOTAS = register(
    ListSpec(
        code="task_quotas",
        title=_("名额"),
        rows=quotas.in_list,
        columns=(
            Column("title", _("名额名称"), lambda row: row.title, link=lambda row: row.staff_url),
            Column("unit", _("分配单位"), lambda row: row.unit.short_name),
            Column("total", _("总数"), lambda row: row.total, number=True),
            Column("filled", _("已登记"), lambda row: row.filled, number=True),
            Column("state", _("情况"), lambda row: row.fill.text, tone=lambda row: row.fill.tone),
        ),
        sorts=(Sort("newest", _("新建的在前"), ("-pk",)),),
        filterset=QuotaFilter,
        empty_title=_("还没有分配名额"),
        empty_text=_("写总数和每个单位的上下限，登记一个少一个，超出的要写理由。"),
    )
)
