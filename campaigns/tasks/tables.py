"""Drafts of tasks as a kind of import. A table never issues anything: every row waits as a draft for its 核对并下达."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.tasks import actions, queries, rules
from campaigns.tasks.models import Task
from portal.access.permissions import Perm
from portal.accounts.models import User
from portal.importing import cells
from portal.importing.registry import Ask, Column, ImportKind, Line, Match, Parsed, register
from portal.importing.units import Units
from portal.reviews.workflow import WorkflowError
from portal.units.models import Level, Unit

LEVELS = [(level.value, str(level.label)) for level in Level]
KINDS = [(code, label) for code, (label, _kinds) in rules.KIND_GROUPS.items()]
COLUMNS = (
    Column("no", "任务编号", in_template=False),
    Column("issuer_no", "下达单位编号", in_template=False),
    Column("issuer", "下达单位", width=18),
    Column("title", "任务名称", ("任务",), required=True, width=32),
    Column("text", "任务要求", ("要求",), width=40),
    Column("due_on", "完成期限", ("期限", "完成时限"), required=True),
    Column("levels", "下级妇联", width=18),
    Column("kinds", "行业系统机关", width=18),
    Column("units", "承办单位", ("指定单位",), width=28),
    Column("items", "任务清单", ("清单",), width=40),
    Column("campaign", "所属主题", width=20),
    Column("deployed_on", "部署日期"),
    Column("check_on", "检查日期"),
    Column("appraisal", "考核项目", width=18),
    Column("leader_name", "责任领导", width=12),
    Column("contact_name", "联系人", width=12),
)
LABELS = {column.key: column.label for column in COLUMNS} | {"status": "状态"}
TEXTS = {
    "title": rules.TITLE_MOST, "text": rules.TEXT_MOST, "appraisal": 60, "leader_name": 30, "contact_name": 30,
}  # fmt: skip
DAYS = ("due_on", "deployed_on", "check_on")
ADDRESS = ("levels", "kinds", "units")


class Known:
    """Issuing units, addressed units, campaigns and numbered tasks that the rows speak of."""

    def __init__(self, lines: list[Line], ask: Ask) -> None:
        self.units = Units(lines, ask, Perm.TASK_ISSUE, number="issuer_no", name="issuer")
        numbers = {line.values.get("no", "") for line in lines}
        self.numbered = queries.numbered(ask.scope, numbers)
        said = {name for line in lines for name in cells.names(line.values.get("units", ""))}
        self.addressed = queries.units_called(said)
        self.campaigns = {row.name: row.pk for row in queries.campaigns_for(ask.scope)}

    def address(self, text: str, issuer: Unit) -> list[str] | None:
        """Numbers of the units a cell names, below the issuing one; ValueError names the first that does not fit."""
        cells.refuse_formula(text)
        found = {self._one(name, issuer).unit_no for name in cells.names(text)}
        return sorted(found) or None

    def _one(self, name: str, issuer: Unit) -> Unit:
        below = [
            unit
            for unit in self.addressed
            if name in {unit.unit_no, unit.name, unit.short_name}
            and unit.path.startswith(issuer.path)
            and unit.pk != issuer.pk
        ]
        open_ones = [unit for unit in below if not unit.is_closed] or below
        if not open_ones:
            raise ValueError(
                _("“%(name)s”不是“%(issuer)s”的下级，不能下达。")
                % {"name": name[:20], "issuer": issuer.short_name}
            )
        if len(open_ones) > 1:
            raise ValueError(
                _("有 %(n)d 个单位都叫“%(name)s”，请改写单位编号。")
                % {"n": len(open_ones), "name": name[:20]}
            )
        if open_ones[0].is_closed:
            raise ValueError(queries.closed_words(open_ones[0]))
        return open_ones[0]


def parse(line: Line, known: Known, ask: Ask) -> Parsed:
    """One row. What was issued already is only compared: its date may have passed, its units may have closed."""
    said = line.values
    row = Parsed(line, label=said.get("title", ""))
    there = known.numbered.get(said.get("no", ""))
    issuer = (
        there.unit if there else row.read("issuer", LABELS["issuer"], lambda _text: known.units.find(line))
    )
    readers: dict[str, Any] = {key: cells.words(most) for key, most in TEXTS.items()}
    readers |= dict.fromkeys(DAYS, cells.day) | {
        "levels": cells.several(LEVELS), "kinds": cells.several(KINDS), "items": lambda text: _items(text, there),
    }  # fmt: skip
    for key, reader in readers.items():
        value = row.read(key, LABELS[key], reader)
        if value is not None:
            row.fields[key] = value
        elif there is None and key in {"title", "due_on"} and not said.get(key):
            row.faults.append(_("%(column)s：请填写。") % {"column": LABELS[key]})
    if issuer is not None:
        row.unit_no, row.detail = issuer.unit_no, f"{issuer.short_name} · {row.fields.get('due_on', '')}"
        _address(row, known, issuer, there)
    _campaign(row, known)
    if there is None or there.is_draft:
        _dates(row)
        if there is None and not any(row.fields.get(key) for key in ADDRESS):
            row.notes.append(_("没有写下达给谁，下达前要在草稿里选好。"))
    return row


def _address(row: Parsed, known: Known, issuer: Unit, there: Task | None) -> None:
    text = row.line.values.get("units", "")
    if there is not None and sorted(cells.names(text)) == sorted(there.address.get("units", [])):
        row.fields["units"] = sorted(cells.names(text))
        return
    numbers = row.read("units", LABELS["units"], lambda text: known.address(text, issuer))
    if numbers:
        row.fields["units"] = numbers


def _campaign(row: Parsed, known: Known) -> None:
    name = row.line.values.get("campaign", "")
    if name in known.campaigns:
        row.fields["campaign"] = known.campaigns[name]
    elif name:
        row.notes.append(_("没有主题“%(name)s”，这一列不写入。") % {"name": name[:20]})


def _dates(row: Parsed) -> None:
    due, check = row.fields.get("due_on"), row.fields.get("check_on")
    if due and due < timezone.localdate().isoformat():
        row.faults.append(_("完成期限：%(day)s 已经过去，请写今天或以后的日期。") % {"day": due})
    if due and check and check < due:
        row.faults.append(_("检查日期：早于完成期限，请核对。"))


def items_text(task: Task) -> str:
    """The checklist as a cell of the exported list."""
    return "\n".join("|".join(part for part in (item.text, item.owner) if part) for item in task.items.all())


def _items(text: str, there: Task | None) -> list[list[str]] | None:
    """Lines of the checklist, separated by a new line or ；, each with its owner behind a bar."""
    cells.refuse_formula(text)
    plain = cells.flat(text)
    if there is not None and plain == items_text(there):
        return [[item.text, item.owner] for item in there.items.all()]
    found = []
    for line in (plain if "\n" in plain else plain.replace("；", "\n").replace(";", "\n")).splitlines():
        thing, _bar, owner = line.replace("｜", "|").partition("|")
        if len(thing.strip()) > rules.ITEM_MOST:
            raise ValueError(
                _("清单每条不超过 %(n)d 字：“%(line)s…”") % {"n": rules.ITEM_MOST, "line": thing.strip()[:20]}
            )
        if thing.strip():
            found.append([thing.strip(), owner.strip()[:30]])
    if len(found) > rules.ITEMS_MOST:
        raise ValueError(_("清单最多 %(n)d 条，请合并一些。") % {"n": rules.ITEMS_MOST})
    return found or None


def match(rows: list[Parsed], known: Known, ask: Ask) -> dict[int, Match]:
    """By number surely; else a task of the same name from the same unit."""
    titles = {row.fields.get("title", "") for row in rows}
    present = queries.by_unit_and_title({row.unit_no for row in rows}, titles)
    found: dict[int, Match] = {}
    above: dict[tuple[str, str], int] = {}
    for row in rows:
        number, key = row.line.values.get("no", ""), (row.unit_no, row.fields.get("title", ""))
        there = known.numbered.get(number) or present.get(key)
        if there is not None:
            sure = number in known.numbered
            why = (
                _("任务编号 %(no)s 已在平台里。") % {"no": number}
                if sure
                else _("%(unit)s已有同名任务（编号 %(no)s，%(state)s）。")
                % {"unit": there.unit.short_name, "no": there.pk, "state": there.get_status_display()}
            )
            found[row.line.number] = Match(
                str(there.pk), why, there.staff_url, sure, _why_not(row, known, there, ask)
            )
        elif key in above:
            found[row.line.number] = Match("", _("和本表第 %(n)d 行名称相同。") % {"n": above[key]})
        above.setdefault(key, row.line.number)
    return found


def _why_not(row: Parsed, known: Known, there: Task, ask: Ask) -> str:
    if not ask.scope.may(Perm.TASK_ISSUE, there):
        return _("这是%(unit)s的任务，只能看，不能改。") % {"unit": there.unit.name}
    if not there.is_draft:
        return _("任务已下达，不能用表格改；要改期限请在任务页面“调整期限”。")
    if known.units.is_other(row.line, there.unit):
        return _("这份草稿属于%(unit)s，表格不能把它改到别的单位。") % {"unit": there.unit.name}
    return ""


def snapshot(task: Task) -> dict[str, Any]:
    """A task as a row says it."""
    found: dict[str, Any] = {key: getattr(task, key) for key in TEXTS}
    for key in DAYS:
        day = getattr(task, key)
        found[key] = day.isoformat() if day else None
    found["text"] = cells.flat(task.text)
    return found | {
        **{key: sorted(task.address.get(key, [])) for key in ADDRESS},
        "items": [[item.text, item.owner] for item in task.items.all()],
        "campaign": task.campaign_id,
        "status": task.status,
    }


def to_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as the action takes them; the address and the checklist go beside."""
    found = {key: values[key] or "" for key in TEXTS if key in values}
    for key in DAYS:
        if key in values:
            found[key] = date.fromisoformat(values[key]) if values[key] else None
    if "campaign" in values:
        found["campaign"] = queries.campaign_numbered(values["campaign"])
    return found


def show(key: str, value: Any) -> str:
    """A value as people read it."""
    if key == "items":
        return "；".join("|".join(part for part in item if part) for item in value or [])
    if key in {"levels", "kinds"}:
        words = dict(LEVELS) | {code: str(label) for code, label in KINDS}
        return "、".join(words.get(one, str(one)) for one in value or [])
    if key == "units":
        return "、".join(value or [])
    if key == "campaign" and value:
        campaign = queries.campaign_numbered(value)
        return campaign.name if campaign else ""
    return "" if value is None else str(value)


def _address_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(values.get(key) or []) for key in ADDRESS}


def create(
    *, actor: User, unit: Unit, fields: Mapping[str, Any], token: str, options: frozenset[str]
) -> Task:
    """One draft of a row; nobody is told."""
    values = to_model(fields) | {"address": _address_of(fields)}
    items = [(text, owner) for text, owner in fields.get("items") or []]
    return actions.save_task(actor=actor, unit=unit, fields=values, items=items, client_token=token)


def update(*, actor: User, target: Task, changes: Mapping[str, Any]) -> Task:
    """Write these values into a draft."""
    whole = snapshot(target) | dict(changes)
    values = to_model(changes) | {"address": _address_of(whole)}
    items = [(text, owner) for text, owner in whole["items"]]
    return actions.save_task(actor=actor, unit=target.unit, fields=values, items=items, task=target)


def remove(*, actor: User, target: Task) -> None:
    """Drop a draft that a table made."""
    actions.discard(actor=actor, task=target)


KIND = register(
    ImportKind(
        code="tasks",
        label=gettext_lazy("任务（草稿）"),
        perm=Perm.TASK_ISSUE,
        columns=COLUMNS,
        prepare=Known,
        parse=parse,
        match=match,
        create=create,
        update=update,
        remove=remove,
        load=queries.by_refs,
        snapshot=snapshot,
        label_of=lambda key: LABELS.get(key, key),
        show=show,
        notes=(
            gettext_lazy("导入的都是草稿，不通知任何人；逐个“核对并下达”以后，各单位才会收到。"),
            gettext_lazy("承办单位：写单位编号或名称，用顿号隔开，要是下达单位的下级。"),
            gettext_lazy("下级妇联：写 县(市、区)、乡镇(街道) 等，这一级的妇联都会收到。"),
            gettext_lazy("任务清单：一条一行或用分号隔开；责任人写在竖线后面，如 上报名单|家儿部。"),
        ),
        list_url="/staff/tasks/issued/",
        refusals=(WorkflowError,),
        order=30,
    )
)
