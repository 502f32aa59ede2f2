"""The venue registry as a kind of import: a row becomes a venue through the same actions as the form."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.venues.actions import venues as actions
from campaigns.venues.models import Venue
from campaigns.venues.queries import venues as queries
from campaigns.venues.rules import venues as rules
from portal.access.permissions import Perm
from portal.accounts.models import User
from portal.importing import cells
from portal.importing.registry import Ask, Column, ImportKind, Line, Match, Parsed, register
from portal.importing.units import Units
from portal.privacy.detect import Kind as Personal
from portal.privacy.detect import find as personal
from portal.reviews.workflow import WorkflowError
from portal.units.models import Unit

COLUMNS = (
    Column("no", "编号", in_template=False),
    Column("unit_no", "单位编号"),
    Column("unit", "单位", ("所属单位",), width=18),
    Column("name", "名称", ("阵地名称",), required=True, width=24),
    Column("kind", "类型", ("阵地类型",), required=True, width=18, choices=lambda: [str(x) for x in rules.Kind.labels]),
    Column("address", "地址", required=True, width=28),
    Column("owner_org", "管理单位", width=18),
    Column("contact_phone", "办公电话"),
    Column("area_m2", "面积(平方米)", ("面积",)),
    Column("capacity", "可容纳(人)", ("可容纳",)),
    Column("opened_on", "建成(启用)日期", ("建成日期", "启用日期")),
    Column("opening_hours", "开放时间", width=20),
    Column("docents", "讲解员(人)", ("讲解员",)),
    Column("features", "特色", width=32),
    Column("annual_plan", "年度计划", width=32),
    Column("honours", "已有命名", width=20),
    Column("refresh_months", "更新周期(月)", ("多久更新一次内容(月)",)),
    Column("remark", "备注", width=20),
)  # fmt: skip
LABELS = {column.key: column.label for column in COLUMNS} | {"status": "状态"}
TEXTS = {
    "name": 60, "address": 120, "owner_org": 60, "contact_phone": 30, "opening_hours": 80, "honours": 120,
    "features": rules.FEATURES_MOST, "annual_plan": rules.PLAN_MOST, "remark": 200,
}  # fmt: skip
COUNTED = ("features", "annual_plan")
WRITTEN = (*TEXTS, "kind", "area_m2", "capacity", "opened_on", "docents", "refresh_months")


class Known:
    """Units and numbered venues that the rows speak of."""

    def __init__(self, lines: list[Line], ask: Ask) -> None:
        self.units = Units(lines, ask, Perm.VENUE_EDIT)
        numbers = {line.values.get("no", "") for line in lines} - {""}
        self.numbered = queries.numbered(ask.scope, numbers)
        self.taken = queries.numbers_among(numbers)


def parse(line: Line, known: Known, ask: Ask) -> Parsed:
    """One row; a venue that is there already keeps its unit."""
    said = line.values
    row = Parsed(line, label=said.get("name", ""))
    there = known.numbered.get(said.get("no", ""))
    unit = there.unit if there else row.read("unit_no", LABELS["unit"], lambda _text: known.units.find(line))
    if unit is not None:
        row.unit_no, row.detail = unit.unit_no, unit.short_name
    readers: dict[str, Any] = {
        key: cells.words(most, counted=key in COUNTED) for key, most in TEXTS.items()
    } | {
        "kind": cells.choice(rules.Kind.choices),
        "area_m2": cells.measure(9_999_999),
        "capacity": cells.whole(0, 1_000_000),
        "docents": cells.whole(0, 30_000),
        "refresh_months": cells.whole(1, 60),
        "opened_on": lambda text: cells.past_day(text, timezone.localdate()),
    }
    for key, reader in readers.items():
        value = row.read(key, LABELS[key], reader)
        if value is not None:
            row.fields[key] = value
        elif there is None and key in {"name", "kind", "address"} and not said.get(key):
            row.faults.append(_("%(column)s：请填写。") % {"column": LABELS[key]})
    if any(hit.kind == Personal.PHONE for hit in personal(said.get("contact_phone", ""))):
        row.notes.append(_("办公电话像是个人手机号，公开页会显示，请核对。"))
    return row


def match(rows: list[Parsed], known: Known, ask: Ask) -> dict[int, Match]:
    """By number surely; else a venue of the same name and kind in the same unit."""
    present = queries.by_unit_and_name(
        {row.unit_no for row in rows}, {row.fields.get("name", "") for row in rows}
    )
    found: dict[int, Match] = {}
    above: dict[tuple[str, str], int] = {}
    for row in rows:
        number = row.line.values.get("no", "")
        key = (row.unit_no, row.fields.get("name", ""))
        there = known.numbered.get(number)
        if there is not None:
            why = _("编号 %(no)s 已在平台里。") % {"no": number}
            found[row.line.number] = Match(
                str(there.pk), why, there.staff_url, sure=True, why_not=_why_not(row, known, there, ask)
            )
        elif number in known.taken:
            found[row.line.number] = Match("", _("编号 %(no)s 是您负责范围以外的记录。") % {"no": number})
        elif key in present:
            twin = present[key]
            why = _("这个单位已有“%(name)s”（%(no)s）。") % {"name": twin.name, "no": twin.no}
            found[row.line.number] = Match(
                str(twin.pk), why, twin.staff_url, why_not=_why_not(row, known, twin, ask)
            )
        elif key in above:
            found[row.line.number] = Match(
                "", _("和本表第 %(n)d 行是同一单位、同一名称。") % {"n": above[key]}
            )
        above.setdefault(key, row.line.number)
    return found


def _why_not(row: Parsed, known: Known, there: Venue, ask: Ask) -> str:
    if not ask.scope.may(Perm.VENUE_EDIT, there):
        return _("这是%(unit)s的阵地，只能看，不能改。") % {"unit": there.unit.name}
    if known.units.is_other(row.line, there.unit):
        return _("这个编号的阵地属于%(unit)s，表格不能把它改到别的单位。") % {"unit": there.unit.name}
    return ""


def to_model(fields: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values as the model has them."""
    values = {key: value for key, value in fields.items() if key in WRITTEN}
    if values.get("opened_on"):
        values["opened_on"] = date.fromisoformat(values["opened_on"])
    if values.get("area_m2"):
        values["area_m2"] = Decimal(values["area_m2"])
    for key in TEXTS:
        if key in values and values[key] is None:
            values[key] = ""
    return values


def snapshot(venue: Venue) -> dict[str, Any]:
    """A venue as a row says it, and what tells that somebody has worked with it since."""
    found: dict[str, Any] = {key: getattr(venue, key) for key in WRITTEN}
    found |= {key: cells.flat(getattr(venue, key)) for key in COUNTED}
    found["opened_on"] = venue.opened_on.isoformat() if venue.opened_on else None
    found["area_m2"] = f"{venue.area_m2:.1f}" if venue.area_m2 is not None else None
    return found | {
        "status": venue.status,
        "photos": venue.photo_count,
        "takes_bookings": venue.takes_bookings,
        "is_published": venue.is_published,
    }


def label_of(key: str) -> str:
    """The heading of a value."""
    more = {"photos": _("照片"), "takes_bookings": _("接受预约参观"), "is_published": _("已公开")}
    return LABELS.get(key) or more.get(key, key)


def show(key: str, value: Any) -> str:
    """A value as people read it."""
    return (
        str(dict(rules.Kind.choices).get(value, value))
        if key == "kind"
        else ""
        if value is None
        else str(value)
    )


def create(
    *, actor: User, unit: Unit, fields: Mapping[str, Any], token: str, options: frozenset[str]
) -> Venue:
    """One new venue of a row."""
    return actions.create_venue(actor=actor, unit=unit, fields=to_model(fields), client_token=token)


def update(*, actor: User, target: Venue, changes: Mapping[str, Any]) -> Venue:
    """Write these values; a published page goes behind the gate as after any change."""
    return actions.edit_venue(actor=actor, venue=target, fields=to_model(changes))


KIND = register(
    ImportKind(
        code="venues",
        label=gettext_lazy("阵地台账"),
        perm=Perm.VENUE_EDIT,
        columns=COLUMNS,
        prepare=Known,
        parse=parse,
        match=match,
        create=create,
        update=update,
        remove=actions.remove_imported,
        load=queries.by_refs,
        snapshot=snapshot,
        label_of=label_of,
        show=show,
        notes=(
            gettext_lazy("单位：不填就是您选择的单位；为下级单位填时写全称，同名的加“单位编号”。"),
            gettext_lazy("日期写成 2026.05.06；面积、人数只写数字。"),
            gettext_lazy("照片、预约设置和内容清单在阵地页面里补；导入的阵地不会自动公开。"),
        ),
        list_url="/staff/venues/",
        refusals=(WorkflowError,),
        order=20,
    )
)
