"""Booklets, films, posters … as a kind of import. What went out is written down on the page of each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activities.figures import Figure
from campaigns.activities.figures import read as read_figure
from campaigns.materials import actions, queries, rules
from campaigns.materials.models import Material
from campaigns.materials.rules import Kind
from portal.access.permissions import Perm
from portal.accounts.models import User
from portal.importing import cells
from portal.importing.registry import Ask, Column, ImportKind, Line, Match, Parsed, register
from portal.importing.units import Units
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit

COLUMNS = (
    Column("no", "资料编号", in_template=False),
    Column("unit_no", "单位编号"),
    Column("unit", "单位", width=18),
    Column("title", "名称", ("资料名称",), required=True, width=28),
    Column("kind", "类型", required=True, choices=lambda: [str(x) for x in Kind.labels]),
    Column("edition", "版次", width=18),
    Column("copies", "数量", ("印数", "册数")),
    Column("minutes", "片长(分钟)"),
    Column("made_on", "制作(采购)日期", ("制作日期",)),
    Column("partners", "联合编制单位", width=24),
    Column("campaign", "所属主题", width=20),
    Column("link", "链接", width=28),
    Column("summary", "内容介绍", width=40),
)
LABELS = {column.key: column.label for column in COLUMNS} | {"out": "投放和观影"}
TEXTS = {"title": 80, "edition": 40, "partners": 200, "summary": rules.SUMMARY_MOST}
WRITTEN = (*TEXTS, "kind", "copies", "copies_estimated", "minutes", "made_on", "link")


class Known:
    """Units, campaigns and numbered materials that the rows speak of."""

    def __init__(self, lines: list[Line], ask: Ask) -> None:
        self.units = Units(lines, ask, Perm.MATERIAL_EDIT)
        self.numbered = queries.numbered(ask.scope, {line.values.get("no", "") for line in lines})
        self.campaigns = {row.name: row.pk for row in queries.campaigns_for(ask.scope)}


def parse(line: Line, known: Known, ask: Ask) -> Parsed:
    """One row."""
    said = line.values
    row = Parsed(line, label=said.get("title", ""))
    there = known.numbered.get(said.get("no", ""))
    unit = there.unit if there else row.read("unit", LABELS["unit"], lambda _text: known.units.find(line))
    if unit is not None:
        row.unit_no, row.detail = unit.unit_no, unit.short_name
    readers: dict[str, Any] = {
        **{key: cells.words(most, counted=key == "summary") for key, most in TEXTS.items()},
        "kind": cells.choice(Kind.choices), "minutes": cells.whole(1, 1000), "link": _link,
        "made_on": lambda text: cells.past_day(text, timezone.localdate()),
    }  # fmt: skip
    for key, reader in readers.items():
        value = row.read(key, LABELS[key], reader)
        if value is not None:
            row.fields[key] = value
        elif there is None and key in {"title", "kind"} and not said.get(key):
            row.faults.append(_("%(column)s：请填写。") % {"column": LABELS[key]})
    figure = row.read("copies", LABELS["copies"], _figure)
    if figure is not None and figure.value is not None:
        row.fields |= {"copies": figure.value, "copies_estimated": figure.is_estimate}
    name = said.get("campaign", "")
    if there is not None and there.campaign is not None and name == there.campaign.name:
        row.fields["campaign"] = there.campaign_id
    elif name in known.campaigns:
        row.fields["campaign"] = known.campaigns[name]
    elif name:
        row.notes.append(_("没有正在进行的主题“%(name)s”，这一列不写入。") % {"name": name[:20]})
    return row


def _figure(text: str) -> Figure:
    cells.refuse_formula(text)
    try:
        return read_figure(text)
    except ValueError as error:
        raise ValueError(
            _("“%(text)s”不是数量，请写成 500、约2000、近2万 这样。") % {"text": text[:20]}
        ) from error


def _link(text: str) -> str | None:
    if not text:
        return None
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError as error:
        raise ValueError(_("请填完整网址，以 https:// 或 http:// 开头。")) from error
    if len(text) > 300:
        raise ValueError(_("网址超过 300 个字符，请换一个短的。"))
    return text


def match(rows: list[Parsed], known: Known, ask: Ask) -> dict[int, Match]:
    """By number surely; else the same name and edition in the same unit."""
    present = queries.by_unit_and_title(
        {row.unit_no for row in rows}, {row.fields.get("title", "") for row in rows}
    )
    found: dict[int, Match] = {}
    above: dict[tuple[str, str, str], int] = {}
    for row in rows:
        number = row.line.values.get("no", "")
        key = (row.unit_no, row.fields.get("title", ""), row.fields.get("edition", ""))
        there = known.numbered.get(number)
        if there is not None:
            why = _("资料编号 %(no)s 已在平台里。") % {"no": number}
            found[row.line.number] = Match(
                str(there.pk), why, there.staff_url, sure=True, why_not=_why_not(row, known, there, ask)
            )
        elif key in present:
            twin = present[key]
            why = _("这个单位已有“%(name)s”（编号 %(no)s）。") % {"name": twin.title, "no": twin.pk}
            found[row.line.number] = Match(
                str(twin.pk), why, twin.staff_url, why_not=_why_not(row, known, twin, ask)
            )
        elif key in above:
            found[row.line.number] = Match(
                "", _("和本表第 %(n)d 行是同一单位、同一名称。") % {"n": above[key]}
            )
        above.setdefault(key, row.line.number)
    return found


def _why_not(row: Parsed, known: Known, there: Material, ask: Ask) -> str:
    if not ask.scope.may(Perm.MATERIAL_EDIT, there):
        return _("这是%(unit)s的资料，只能看，不能改。") % {"unit": there.unit.name}
    if known.units.is_other(row.line, there.unit):
        return _("这份资料属于%(unit)s，表格不能把它改到别的单位。") % {"unit": there.unit.name}
    return ""


def snapshot(material: Material) -> dict[str, Any]:
    """A material as a row says it, and whether some of it went out."""
    found: dict[str, Any] = {key: getattr(material, key) for key in WRITTEN}
    found["made_on"] = material.made_on.isoformat() if material.made_on else None
    found["summary"] = cells.flat(material.summary)
    return found | {"campaign": material.campaign_id, "out": queries.is_out(material)}


def to_model(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as the action takes them."""
    found = {key: value for key, value in values.items() if key in WRITTEN}
    if found.get("made_on"):
        found["made_on"] = date.fromisoformat(found["made_on"])
    if "campaign" in values:
        found["campaign"] = queries.campaign_numbered(values["campaign"])
    return found | {key: found[key] or "" for key in (*TEXTS, "link") if key in found}


def show(key: str, value: Any) -> str:
    """A value as people read it."""
    if key == "kind":
        return str(dict(Kind.choices).get(value, value))
    if key == "campaign" and value:
        campaign = queries.campaign_numbered(value)
        return campaign.name if campaign else ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "" if value is None else str(value)


def create(
    *, actor: User, unit: Unit, fields: Mapping[str, Any], token: str, options: frozenset[str]
) -> Material:
    """One new material of a row."""
    return actions.add_material(actor=actor, unit=unit, fields=to_model(fields), client_token=token)


def update(*, actor: User, target: Material, changes: Mapping[str, Any]) -> Material:
    """Write these values."""
    return actions.edit_material(actor=actor, material=target, fields=to_model(changes))


KIND = register(
    ImportKind(
        code="materials",
        label=gettext_lazy("宣传资料"),
        perm=Perm.MATERIAL_EDIT,
        columns=COLUMNS,
        prepare=Known,
        parse=parse,
        match=match,
        create=create,
        update=update,
        remove=actions.remove_imported,
        load=queries.by_refs,
        snapshot=snapshot,
        label_of=lambda key: _("约数") if key == "copies_estimated" else LABELS.get(key, key),
        show=show,
        notes=(
            gettext_lazy("数量可以写“约2000”“近2万”，会记成数字并标为约数；片长只有影片要填。"),
            gettext_lazy("投放和观影在每份资料的页面里登记，只记人数，不记名单。"),
        ),
        list_url="/staff/materials/",
        refusals=(WorkflowError,),
        order=50,
    )
)
