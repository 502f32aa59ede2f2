"""Activities as a kind of import."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities import actions, queries, rules, values
from campaigns.activities.models import Activity
from campaigns.activities.rules import Form, Kind, Source, Status
from campaigns.activities.tables import rows
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User
from portal.dashboards.tasks import queue_rollup
from portal.importing.registry import Column, ImportKind, Option, register
from portal.journal.actions import record
from portal.reviews.workflow import StaleState, WorkflowError
from portal.units.models import Unit

# The ledger's headings (domain reference §9.3, set 1) first, then what makes an exported list readable again.
COLUMNS = (
    Column("no", "编号", in_template=False),
    Column("unit_no", "单位编号"),
    Column("unit", "单位", ("填报单位",), width=18),
    Column("title", "活动名称", ("名称", "活动主题"), required=True, width=32),
    Column("kind", "活动类型", ("类型",), required=True, choices=lambda: [str(x) for x in Kind.labels]),
    Column("period", "时间", ("活动时间", "日期", "开始时间"), required=True, width=18),
    Column("ends", "结束时间", width=18),
    Column("area", "所在区划", in_template=False),
    Column("place", "地点", ("活动地点",), width=24),
    Column("hosts", "主办/协办", ("联合单位",), width=24),
    Column("co_unit_nos", "联合单位编号", in_template=False),
    Column("partners", "协办单位", in_template=False),
    Column("form", "形式", width=10, choices=lambda: [str(x) for x in Form.labels]),
    Column("headcount", "参与人数(线下)", ("参与人数", "参加人数", "人数")),
    Column("children", "其中儿童", ("儿童人数",)),
    Column("invited", "邀请人数"),
    Column("online_visits", "参与人次(线上)", ("线上人次",)),
    Column("reach", "点赞转发等传播量", ("传播量", "点赞转发")),
    Column("sessions", "场次", width=8),
    Column("households", "覆盖家庭(户)", ("覆盖家庭", "户数")),
    Column("materials_count", "发放资料(份)", ("发放资料",)),
    Column("works_count", "作品数(件)", ("作品数",)),
    Column("measure_note", "统计方法", ("数字怎么来的",), width=20),
    Column("summary", "主要内容", ("活动内容", "内容"), width=40),
    Column("highlights", "亮点", width=24),
    Column("audiences", "对象", ("活动对象",), width=20),
    Column("media", "媒体报道(媒体/级别/链接)", ("媒体报道",), width=30),
    Column("campaign", "所属主题", width=20),
    Column("more_campaigns", "同时服务的主题", in_template=False),
    Column("part_of", "属于哪场大活动", in_template=False),
    Column("node", "节点", width=12),
    Column("level", "层级", width=8),
    Column("is_featured", "重点活动", width=8),
    Column("contact", "填报人", width=10),
    Column("contact_phone", "联系电话"),
    Column("late_reason", "补记原因", width=20),
    Column("remark", "备注", width=20),
)


def create(
    *, actor: User, unit: Unit, fields: Mapping[str, Any], token: str, options: frozenset[str]
) -> Activity:
    """One new record of a row."""
    filled = {"kind": Kind.OTHER.value, "form": Form.OFFLINE.value} | dict(fields)
    beside = values.beside(filled)
    return actions.import_activity(
        actor=actor, unit=unit, fields=values.to_model(filled), client_token=token, submit="submit" in options,
        **beside,
    )  # fmt: skip


@transaction.atomic
def update(*, actor: User, target: Activity, changes: Mapping[str, Any]) -> Activity:
    """Write these values into a record that may still be changed."""
    scope_of(actor).require(Perm.ACTIVITY_IMPORT, target.unit)
    after = values.to_model({**values.snapshot(target), **changes})
    actions.check(after, target.unit)
    columns = values.to_model(changes)
    rows_ = Activity.objects.filter(pk=target.pk, version=target.version, status__in=rules.EDITABLE)
    if not rows_.update(version=F("version") + 1, updated_at=timezone.now(), **columns):
        raise StaleState(_("这条记录已提交或已通过，没有更新。"))
    target.refresh_from_db()
    actions.attach(target, actor=actor, **values.beside(changes))
    record("activity.edited", actor=actor, target=target, changed=list(changes))
    return target


@transaction.atomic
def remove(*, actor: User, target: Activity) -> None:
    """Take back a record that an import made and nobody approved; the journal keeps that it existed."""
    scope_of(actor).require(Perm.ACTIVITY_IMPORT, target.unit)
    if target.source != Source.IMPORT or target.status not in (Status.DRAFT, Status.SUBMITTED):
        raise WorkflowError(_("这条记录已经审核过，不能撤销；有错请用“更正”。"))
    details = {"no": target.no, "title": target.title}
    record("activity.import_undone", actor=actor, target=target, details=details)
    day = timezone.localdate(target.starts_at)
    try:
        Activity.objects.filter(pk=target.pk, status__in=(Status.DRAFT, Status.SUBMITTED)).delete()
    except ProtectedError as error:
        raise WorkflowError(_("这条记录已被任务、材料等引用，不能撤销。")) from error
    queue_rollup("activities", day)


KIND = register(
    ImportKind(
        code="activities",
        label=gettext_lazy("活动台账"),
        perm=Perm.ACTIVITY_IMPORT,
        columns=COLUMNS,
        prepare=rows.Known,
        parse=rows.parse,
        match=rows.match,
        create=create,
        update=update,
        remove=remove,
        load=queries.by_refs,
        snapshot=values.snapshot,
        label_of=values.label_of,
        show=values.show,
        options=(Option("submit", gettext_lazy("导入后直接提交审核（不勾选则存为草稿）")),),
        notes=(
            gettext_lazy("单位：不填就是您选择的单位；为下级单位填时写全称，同名的加“单位编号”。"),
            gettext_lazy("时间：2026.05.06 或 2026.05.06 14:30；连续几天写 2026.05.13-05.15。"),
            gettext_lazy("人数与人次分开填，不相加；估计数可写“约300”“近2万”，会记成数字并标为约数。"),
            gettext_lazy("主办/协办、媒体报道：多个用顿号、分号隔开；报道写成 媒体/级别/链接。"),
        ),
        list_url="/staff/activities/",
        refusals=(WorkflowError,),
        order=10,
    )
)
