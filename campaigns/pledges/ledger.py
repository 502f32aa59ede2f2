"""承诺/倡议台账 (domain reference §9.3, set 5): per unit and pledge or letter, one year.

Columns: 序号, 单位, 倡议/承诺名称, 发放份数, 签订户数, 家访户数, 短信条数, 时间. Units stand in the order of their divisions; no rates,
no ranks (§1.3).
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.pledges.models import Handout, PledgeRecord
from campaigns.pledges.rules import RecordState
from portal.access.permissions import Perm
from portal.access.scope import Scope, scope_of
from portal.grants.queries import home_unit
from portal.journal.actions import record
from portal.listing.writing import safe

HEADS = (
    gettext_lazy("序号"), gettext_lazy("单位"), gettext_lazy("倡议/承诺名称"), gettext_lazy("发放份数"),
    gettext_lazy("签订户数"), gettext_lazy("家访户数"), gettext_lazy("短信条数"), gettext_lazy("时间"),
)  # fmt: skip
MOST_ROWS = 2000

VisitCounts = Callable[[Iterable[int], date, date], dict[int, int]]
_visits: VisitCounts | None = None


def set_visit_counts(reader: VisitCounts) -> None:
    """Tell how family visits are counted: (unit ids, first day, last day) → {unit id: households}. Called by the
    slice that keeps them; without it the column stays empty."""
    global _visits
    _visits = reader


@dataclass(frozen=True)
class Line:
    """One row; None stands for "not counted here"."""

    unit_path: str
    unit_id: int
    unit: str
    name: str
    copies: int | None
    households: int | None
    visits: int | None
    sms: int | None
    first: date
    last: date

    @property
    def period(self) -> str:
        """yyyy.mm.dd, or from–to."""
        begin, end = self.first.strftime("%Y.%m.%d"), self.last.strftime("%Y.%m.%d")
        return begin if begin == end else f"{begin}-{end}"


def year_of(text: str) -> int:
    """The year asked for, this one by default."""
    return (
        int(text)
        if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100
        else timezone.localdate().year
    )


def years() -> list[int]:
    """The last five years and those of older letters."""
    this = timezone.localdate().year
    return list(range(this, this - 5, -1))


def rows(scope: Scope, year: int) -> list[Line]:
    """The lines of a year within one's reach, in the order of units, letters before pledges."""
    found = [*_letters(scope, year), *_pledges(scope, year)]
    if _visits is not None:
        found += _visited(found, year)
    return sorted(found, key=lambda line: (line.unit_path, line.copies is None, line.first, line.name))[
        :MOST_ROWS
    ]


def _letters(scope: Scope, year: int) -> list[Line]:
    sums = (
        scope.rows(Handout, Perm.PLEDGE_VIEW)
        .filter(given_on__year=year)
        .order_by()
        .values("unit_id", "unit__path", "unit__name", "initiative__title")
        .annotate(copies=Sum("copies"), sms=Sum("sms_count"), first=Min("given_on"), last=Max("given_on"))
    )
    return [
        Line(row["unit__path"], row["unit_id"], row["unit__name"], row["initiative__title"], row["copies"], None, None,
             row["sms"], row["first"], row["last"])
        for row in sums
    ]  # fmt: skip


def _pledges(scope: Scope, year: int) -> list[Line]:
    sums = (
        scope.rows(PledgeRecord, Perm.PLEDGE_VIEW)
        .filter(signed_at__year=year, status=RecordState.VALID)
        .order_by()
        .values("unit_id", "unit__path", "unit__name", "template__title", "template__code")
        .annotate(households=Sum("households"), first=Min("signed_at"), last=Max("signed_at"))
    )
    return [
        Line(row["unit__path"], row["unit_id"], row["unit__name"], row["template__title"], None, row["households"], None,
             None, timezone.localdate(row["first"]), timezone.localdate(row["last"]))
        for row in sums
    ]  # fmt: skip


def _visited(lines: list[Line], year: int) -> list[Line]:
    units = {line.unit_id: line for line in lines}
    counts = _visits(units, date(year, 1, 1), date(year, 12, 31)) if _visits is not None else {}
    return [
        Line(units[pk].unit_path, pk, units[pk].unit, _("清廉家访"), None, None, count, None, date(year, 1, 1), date(year, 12, 31))
        for pk, count in counts.items()
        if count and pk in units
    ]  # fmt: skip


def workbook(*, actor: Any, year: int) -> bytes:
    """The ledger as xlsx, A4 landscape, heading repeated, totals below; the export is journalled with its row count."""
    import xlsxwriter  # deferred: slow to import, and only this page needs it

    scope = scope_of(actor)
    scope.require(Perm.EXPORT_PLAIN)
    lines, unit = rows(scope, year), home_unit(actor)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("承诺倡议台账"))
        title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "bg_color": "#F3EBDD", "text_wrap": True}
        )
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        sheet.merge_range(0, 0, 0, 7, _("%(year)s 年承诺（倡议）台账") % {"year": year}, title)
        today = timezone.localdate().strftime("%Y.%m.%d")
        sheet.write(
            1,
            0,
            _("填报单位：%(unit)s　填报时间：%(day)s") % {"unit": unit.name if unit else "", "day": today},
        )
        sheet.write_row(2, 0, [str(text) for text in HEADS], head)
        for number, line in enumerate(lines, start=1):
            values = [
                number,
                line.unit,
                line.name,
                line.copies,
                line.households,
                line.visits,
                line.sms,
                line.period,
            ]
            sheet.write_row(2 + number, 0, ["" if value is None else safe(value) for value in values], cell)
        end = 3 + len(lines)
        totals = ["", _("合计"), "", *(sum(getattr(line, name) or 0 for line in lines) for name in ("copies", "households", "visits", "sms")), ""]  # fmt: skip
        sheet.write_row(end, 0, totals, head)
        sheet.write(end + 2, 0, _("（单位盖章）"))
        for column, width in enumerate((6, 28, 34, 10, 10, 10, 10, 24)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    if unit is not None:
        with transaction.atomic():
            record(
                "pledge.ledger_exported",
                actor=actor,
                target=unit,
                unit=unit,
                details={"year": year, "rows": len(lines)},
            )
    return out.getvalue()
