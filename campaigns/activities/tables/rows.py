"""What a row of an activity table says: unit, values, figures, who joined in. Writes nothing."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from campaigns.activities import queries, rules, values
from campaigns.activities.models import Activity
from campaigns.activities.tables import cells
from portal.access.permissions import Perm
from portal.importing.registry import Ask, Line, Match, Parsed
from portal.importing.units import Units
from portal.ui.text import count_chars

TEXTS = {
    "title": 80, "place": 80, "contact": 30, "contact_phone": 30, "remark": 200, "node": 30, "measure_note": 100,
    "late_reason": 100,
}  # fmt: skip
# Titles of one unit and day that a row is compared with: a table of thousands of one day stays quick to check.
COMPARED = 100
LONG_TEXTS = {"summary": rules.SUMMARY_MOST, "highlights": rules.HIGHLIGHTS_MOST}


class Known:
    """What all rows need, read once: units and numbered records that rows speak of, campaigns, co-organising units
    by name or number."""

    def __init__(self, lines: Iterable[Line], ask: Ask) -> None:
        rows = [line.values for line in lines]
        self.units = Units(lines, ask, Perm.ACTIVITY_IMPORT)
        self.numbered = queries.by_numbers(ask.scope, {row.get("no", "") for row in rows} - {""})
        joined = {name for row in rows for name in cells.names(row.get("hosts", ""))}
        self.joined_by_name = queries.county_units_called(joined)
        numbers = {no for row in rows for no in cells.names(row.get("co_unit_nos", ""))}
        self.joined_numbers = {unit.unit_no for unit in queries.units_numbered(sorted(numbers))}
        self.divisions = queries.divisions_coded({row.get("area", "")[:12] for row in rows} - {""})
        self.wholes = queries.numbers_among({row.get("part_of", "") for row in rows} - {""})
        named = list(self.units.by_number.values())[:200]
        self.campaigns = {row.name: row.pk for row in queries.campaigns_for(named)}


def parse(line: Line, known: Known, ask: Ask) -> Parsed:
    """One row; what it leaves blank is left out of the fields."""
    said = line.values
    row = Parsed(line, label=said.get("title", ""))
    there = known.numbered.get(said.get("no", ""))
    unit = there.unit if there else _try(row, _("单位"), lambda: known.units.find(line))
    if unit is not None:
        row.unit_no, row.detail = unit.unit_no, unit.short_name
    _texts(row)
    when = row.read("period", _("时间"), cells.period)
    found = row.fields
    if when is not None:
        found["starts_at"], until = values.when(when[0]), when[1]
        if said.get("ends"):
            ends = row.read("ends", _("结束时间"), cells.period)
            until = ends[0] if ends else None
        if until is not None:
            found["ends_at"] = values.when(until)
        row.detail = f"{row.detail} · {found['starts_at'][:10]}"
    for key, name, reader in (("kind", "kind", cells.kind), ("form", "form", cells.form)):
        code = row.read(key, _label(name), reader)
        if said.get(key) and code is not None:
            found[name] = str(code)
    _figures(row)
    _choices(row)
    _beside(row, known)
    _links(row, known)
    if row.is_good:
        for name, words in rules.faults(_as_fields(found)).items():
            row.faults.append(f"{_label(name)}：{words}")
    return row


def _as_fields(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, **values.to_model({k: v for k, v in found.items() if k in values.TIMES})}


def _texts(row: Parsed) -> None:
    for key, most in TEXTS.items():
        text = row.line.values.get(key, "")
        if len(text) > most:
            row.faults.append(_("%(column)s超过 %(most)d 个字。") % {"column": _label(key), "most": most})
        elif text:
            row.fields[key] = text
    for key, most in LONG_TEXTS.items():
        text = row.line.values.get(key, "")
        if count_chars(text) > most:
            row.faults.append(
                _("%(column)s超过 %(most)d 字，请删减。") % {"column": _label(key), "most": most}
            )
        elif text:
            row.fields[key] = text


def _figures(row: Parsed) -> None:
    for name in rules.MEASURES:
        figure = row.read(name, _label(name), cells.figure)
        if figure is None or figure.value is None:
            continue
        row.fields[name], row.fields[f"{name}_estimated"] = figure
        if figure.is_estimate:
            row.notes.append(_("%(column)s按约数 %(n)d 记。") % {"column": _label(name), "n": figure.value})
    if (row.fields.get("headcount") or 0) > rules.HEADCOUNT_DOUBT:
        row.notes.append(_("线下人数超过 2000，请再核对。"))


def _choices(row: Parsed) -> None:
    for key, reader in (("audiences", cells.audiences), ("is_featured", cells.yes), ("level", cells.level)):
        value = row.read(key, _label(key), reader)
        if row.line.values.get(key) and value is not None:
            row.fields[key] = value


def _beside(row: Parsed, known: Known) -> None:
    said = row.line.values
    co_units, partners = set(), set()
    numbers = cells.names(said.get("co_unit_nos", ""))
    strange = [no for no in numbers if no not in known.joined_numbers]
    if strange:
        row.faults.append(_("联合单位编号 %(no)s 不存在，请核对。") % {"no": strange[0][:24]})
    co_units |= set(numbers) & known.joined_numbers
    partners |= set(cells.names(said.get("partners", "")))
    if "co_unit_nos" not in said and "partners" not in said:
        for name in cells.names(said.get("hosts", "")):
            joined = known.joined_by_name.get(name)
            (co_units.add(joined.unit_no) if joined else partners.add(name))
    co_units.discard(row.unit_no)
    row.fields |= {
        key: sorted(names) for key, names in (("co_units", co_units), ("partners", partners)) if names
    }
    reports = row.read("media", _label("media"), cells.reports)
    if reports:
        row.fields["media"] = reports
    campaign = said.get("campaign", "")
    if campaign:
        key = known.campaigns.get(campaign)
        if key is None:
            row.notes.append(_("没有正在进行的主题“%(name)s”，这一列不写入。") % {"name": campaign[:20]})
        else:
            row.fields["campaign_id"] = key


def _links(row: Parsed, known: Known) -> None:
    """Further campaigns, the larger activity, the division: what is not found is said and left out."""
    said = row.line.values
    names = cells.names(said.get("more_campaigns", ""))
    keys = sorted({known.campaigns[name] for name in names if name in known.campaigns})
    if keys:
        row.fields["more_campaigns"] = keys
    lost = [name for name in names if name not in known.campaigns]
    whole, area = said.get("part_of", ""), said.get("area", "")[:12]
    if whole in known.wholes:
        row.fields["part_of"] = whole
    elif whole:
        lost.append(whole)
    if area in known.divisions:
        row.fields["area_id"] = known.divisions[area]
    elif area:
        lost.append(area)
    if lost:
        row.notes.append(_("没有找到“%(name)s”，这一项不写入。") % {"name": "、".join(lost)[:60]})


def _try(row: Parsed, column: str, read: Any) -> Any:
    try:
        return read()
    except ValueError as error:
        row.faults.append(f"{column}：{error}")
        return None


def _label(name: str) -> str:
    return _("单位") if name == "unit" else values.label_of(name)


def match(rows: list[Parsed], known: Known, ask: Ask) -> dict[int, Match]:
    """Which records rows seem to be: by number surely, else same unit, same day and a like title."""
    days = [row.fields["starts_at"][:10] for row in rows]
    if not rows:
        return {}
    numbers = {row.line.values.get("no", "") for row in rows} - {""}
    taken = queries.numbers_among(numbers)
    present = queries.titles_by_unit_and_day(
        {row.unit_no for row in rows}, date.fromisoformat(min(days)), date.fromisoformat(max(days))
    )
    found: dict[int, Match] = {}
    here: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row, day in zip(rows, days, strict=True):
        number, title = row.line.values.get("no", ""), row.fields.get("title", "")
        near, above = present.get((row.unit_no, day), []), here.setdefault((row.unit_no, day), [])
        twin = next((one for one in near[:COMPARED] if rules.is_alike(one.title, title)), None)
        again = next((line for line, text in above[-COMPARED:] if rules.is_alike(text, title)), 0)
        if number in known.numbered:
            there = known.numbered[number]
            found[row.line.number] = _match(
                there, _("编号 %(no)s 已在平台里。") % {"no": number}, sure=True,
                moved=known.units.is_other(row.line, there.unit),
            )  # fmt: skip
        elif number in taken:
            why = _("编号 %(no)s 是您负责范围以外的记录。") % {"no": number}
            found[row.line.number] = Match("", why)
        elif twin is not None:
            why = _("同一单位同一天已有“%(title)s”（%(no)s）。") % {"title": twin.title, "no": twin.no}
            found[row.line.number] = _match(twin, why, sure=False)
        elif again:
            found[row.line.number] = Match(
                "", _("和本表第 %(n)d 行是同一单位同一天、名称相近。") % {"n": again}
            )
        above.append((row.line.number, title))
    return found


def _match(activity: Activity, why: str, *, sure: bool, moved: bool = False) -> Match:
    why_not = ""
    if not activity.is_editable:
        why_not = _("这条记录已提交或已通过，不能用表格改；要改请退回，或用“更正”。")
    elif moved:
        why_not = _("这条记录属于%(unit)s，表格不能把它改到别的单位。") % {"unit": activity.unit.name}
    return Match(str(activity.pk), why, activity.staff_url, sure, why_not)
