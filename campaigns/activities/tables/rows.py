"""What each row of a table would become: new, known already, or wrong and why. Writes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activities import queries, rules
from campaigns.activities.models import Activity
from campaigns.activities.tables import cells
from campaigns.activities.tables.read import Table
from portal.access.scope import Scope
from portal.ui.text import count_chars
from portal.units.models import Unit

NEW, KNOWN, WRONG = "new", "known", "wrong"
# Headings (without spaces and brackets' width) → what they mean. The ledger's own and common ones.
HEADINGS = {
    "编号": "no", "单位编号": "unit_no", "单位": "unit", "填报单位": "unit", "活动名称": "title", "名称": "title",
    "活动主题": "title", "活动类型": "kind", "类型": "kind", "时间": "period", "活动时间": "period", "日期": "period",
    "地点": "place", "活动地点": "place", "主办/协办": "hosts", "协办单位": "hosts", "联合单位": "hosts", "形式": "form",
    "参与人数(线下)": "headcount", "参与人数": "headcount", "参加人数": "headcount", "人数": "headcount",
    "参与人次(线上)": "online_visits", "线上人次": "online_visits", "场次": "sessions", "覆盖家庭(户)": "households",
    "覆盖家庭": "households", "户数": "households", "发放资料(份)": "materials_count", "发放资料": "materials_count",
    "作品数(件)": "works_count", "作品数": "works_count", "主要内容": "summary", "活动内容": "summary", "内容": "summary",
    "媒体报道(媒体/级别/链接)": "media", "媒体报道": "media", "填报人": "contact", "联系电话": "contact_phone",
    "备注": "remark", "所属主题": "campaign", "亮点": "highlights",
}  # fmt: skip
TEXTS = {"title": 80, "place": 80, "contact": 30, "contact_phone": 30, "remark": 200}


@dataclass
class Checked:
    """One row as it would be written. Kept as JSON until the person confirms."""

    number: int
    state: str = NEW
    title: str = ""
    unit_no: str = ""
    unit_name: str = ""
    day: str = ""
    messages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    co_units: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    media: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, message: str) -> None:
        """Note an error; the row will not be written."""
        self.state = WRONG
        self.messages.append(message)


def check(table: Table, *, scope: Scope, home: Unit) -> list[dict[str, Any]]:
    """Every row with its verdict, in a fixed number of queries."""
    columns = {HEADINGS[name]: number for number, name in enumerate(table.headings) if name in HEADINGS}
    raw = [(number, _picked(line, columns)) for number, line in table.rows]
    raw = [(number, values) for number, values in raw if _is_record(values)]
    units = _Units(raw, scope=scope, home=home)
    campaigns = {row.name: row.pk for row in queries.campaigns_for(list(units.all.values())[:200] or [home])}
    checked = [_row(number, values, units, campaigns) for number, values in raw]
    _mark_known(checked, units, numbers={values.get("no", "") for _number, values in raw}, raw=raw)
    return [asdict(row) for row in checked]


def _picked(line: list[str], columns: dict[str, int]) -> dict[str, str]:
    return {key: line[number] if number < len(line) else "" for key, number in columns.items()}


def _is_record(values: dict[str, str]) -> bool:
    """Rows of totals, seals and notes below a ledger are no records."""
    if values.get("title", "") in {"合计", "总计"} or values.get("unit", "") in {"合计", "总计"}:
        return False
    return bool(values.get("title") or values.get("period") or values.get("headcount"))


class _Units:
    """Units that rows speak of, found in one query; only those this person may import for."""

    def __init__(self, raw: Iterable[tuple[int, dict[str, str]]], *, scope: Scope, home: Unit) -> None:
        rows = list(raw)
        said = {values.get(key, "") for _number, values in rows for key in ("unit", "unit_no")} - {""}
        self.home = home
        self.all: dict[str, Unit] = {home.unit_no: home}
        self.by_name: dict[str, list[Unit]] = {}
        for unit in queries.units_called(queries.units_to_import_for(scope), said):
            self.all[unit.unit_no] = unit
            for name in {unit.name, unit.short_name}:
                self.by_name.setdefault(name, []).append(unit)
        joined = {name for _number, values in rows for name in cells.names(values.get("hosts", ""))}
        self.partners_as_units = queries.county_units_called(joined)

    def find(self, values: dict[str, str]) -> Unit:
        """The unit of a row; ValueError says why there is none."""
        number, name = values.get("unit_no", "").lstrip("'"), values.get("unit", "")
        if number:
            if number in self.all:
                return self.all[number]
            raise ValueError(_("单位编号 %(no)s 不在您负责的范围内，请核对。") % {"no": number[:24]})
        if not name:
            return self.home
        found = self.by_name.get(name, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(
                _("有 %(n)d 个单位都叫“%(name)s”，请加一列“单位编号”。")
                % {"n": len(found), "name": name[:20]}
            )
        raise ValueError(
            _("您负责的范围内没有“%(name)s”，请写单位全称或加一列“单位编号”。") % {"name": name[:20]}
        )


def _row(number: int, values: dict[str, str], units: _Units, campaigns: dict[str, int]) -> Checked:
    row = Checked(number, title=values.get("title", "")[:80])
    unit = _try(row, _("单位"), lambda: units.find(values))
    if unit is not None:
        row.unit_no, row.unit_name = unit.unit_no, unit.short_name
    found: dict[str, Any] = {}
    for key, most in TEXTS.items():
        text = values.get(key, "")
        if len(text) > most:
            row.wrong(_("%(column)s超过 %(most)d 个字。") % {"column": _label(key), "most": most})
        found[key] = text[:most]
    for key, most in (("summary", rules.SUMMARY_MOST), ("highlights", rules.HIGHLIGHTS_MOST)):
        found[key] = values.get(key, "")
        if count_chars(found[key]) > most:
            row.wrong(_("%(column)s超过 %(most)d 字，请删减。") % {"column": _label(key), "most": most})
    found["kind"] = _try(row, _("活动类型"), lambda: cells.kind(values.get("kind", "")))
    found["form"] = _try(row, _("形式"), lambda: cells.form(values.get("form", "")))
    when = _try(row, _("时间"), lambda: cells.period(values.get("period", "")))
    if when is not None:
        found["starts_at"], found["ends_at"] = when
        row.day = timezone.localtime(when[0]).date().isoformat()
    _figures(row, values, found)
    _beside(row, values, units, campaigns, found)
    if row.state != WRONG:
        for name, words in rules.faults(found).items():
            row.wrong(f"{_label(name)}：{words}")
    row.fields = {
        key: value.isoformat() if isinstance(value, datetime) else value for key, value in found.items()
    }
    return row


def _figures(row: Checked, values: dict[str, str], found: dict[str, Any]) -> None:
    for name in rules.MEASURES:
        figure = _try(row, _label(name), lambda name=name: cells.figure(values.get(name, "")))
        if figure is None or (figure.value is None and name == "sessions"):
            continue
        found[name], found[f"{name}_estimated"] = figure
        if figure.is_estimate:
            row.notes.append(_("%(column)s按约数 %(n)d 记。") % {"column": _label(name), "n": figure.value})
    if (found.get("headcount") or 0) > rules.HEADCOUNT_DOUBT:
        row.notes.append(_("线下人数超过 2000，请再核对。"))


def _beside(
    row: Checked, values: dict[str, str], units: _Units, campaigns: dict[str, int], found: dict[str, Any]
) -> None:
    for name in cells.names(values.get("hosts", "")):
        joined = units.partners_as_units.get(name)
        if joined is None:
            row.partners.append(name)
        elif joined.unit_no != row.unit_no:
            row.co_units.append(joined.unit_no)
    row.media = cells.reports(values.get("media", ""))
    campaign = values.get("campaign", "")
    if campaign:
        found["campaign_id"] = campaigns.get(campaign)
        if found["campaign_id"] is None:
            row.notes.append(_("没有正在进行的主题“%(name)s”，这一列不写入。") % {"name": campaign[:20]})


def _try(row: Checked, column: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValueError as error:
        row.wrong(f"{column}：{error}")
        return None


def _label(name: str) -> str:
    if name in rules.MEASURES:
        return str(rules.MEASURES[name][0])
    return str(Activity._meta.get_field(name).verbose_name) if name != "unit" else _("单位")


def _mark_known(
    checked: list[Checked], units: _Units, *, numbers: set[str], raw: list[tuple[int, dict[str, str]]]
) -> None:
    """Rows that are in the portal already, or twice in the file, are explained and left out."""
    good = [row for row in checked if row.state == NEW]
    if not good:
        return
    days = [date.fromisoformat(row.day) for row in good]
    present = queries.titles_by_unit_and_day({row.unit_no for row in good}, min(days), max(days))
    numbered = queries.numbers_among(numbers)
    said = {number: values.get("no", "") for number, values in raw}
    for row in good:
        here = present.setdefault((row.unit_no, row.day), [])
        twin = next((known for known in here if rules.is_alike(known[1], row.title)), None)
        if said.get(row.number) in numbered:
            row.state = KNOWN
            row.messages.append(_("编号 %(no)s 已在平台里。") % {"no": said[row.number]})
        elif twin is not None:
            row.state = KNOWN
            row.messages.append(
                _("同一单位同一天已有“%(title)s”（%(where)s）。") % {"title": twin[1], "where": twin[0]}
            )
        else:
            here.append((_("本表第 %(n)d 行") % {"n": row.number}, row.title))
