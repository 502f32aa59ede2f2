"""The days off of a year: look, enter, import."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.workdays import actions, queries, rules, tables
from portal.workdays.forms import DayForm, TableForm


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year
    return min(max(year, rules.EARLIEST_YEAR), rules.LATEST_YEAR)


def _address(year: int) -> str:
    return f"{reverse('portal:workdays:index')}?year={year}"


@allow(Perm.STAFF_ENTER)
@never_cache
def index(request: Any) -> HttpResponse:
    """A year; who may edit enters days here."""
    may_edit = request.scope.has(Perm.HOLIDAY_EDIT)
    form = DayForm(request.POST or None)
    if request.method == "POST":
        request.scope.require(Perm.HOLIDAY_EDIT)
        if form.is_valid():
            data = form.cleaned_data
            row = actions.set_day(actor=request.user, day=data["date"], kind=data["kind"], name=data["name"])
            messages.success(
                request, _("已保存：%(day)s %(kind)s") % {"day": row.date, "kind": row.get_kind_display()}
            )
            return redirect(_address(row.date.year))
    year = _year(request.GET.get("year", ""))
    rows = list(queries.of_year(year))
    context = {
        "year": year, "rows": rows, "form": form, "may_edit": may_edit, "before": year - 1, "after": year + 1,
        "source": rules.SOURCES.get(year, ""),
        "missing": len([row for row in rules.PUBLISHED.get(year, ()) if row[0] not in {day.date for day in rows}]),
    }  # fmt: skip
    return render(request, "portal/workdays/index.html", context, status=422 if form.errors else 200)


@require_POST
@allow(Perm.HOLIDAY_EDIT)
def remove(request: Any) -> HttpResponse:
    """Take a day out again."""
    try:
        day = date.fromisoformat(request.POST.get("date", ""))
    except ValueError:
        return redirect("portal:workdays:index")
    if actions.remove_day(actor=request.user, day=day):
        messages.success(request, _("已删除 %(day)s；这一天按星期计算。") % {"day": day})
    return redirect(_address(day.year))


@require_POST
@allow(Perm.HOLIDAY_EDIT)
def load(request: Any) -> HttpResponse:
    """Take over the published arrangement of a year."""
    year = _year(request.POST.get("year", ""))
    counts = actions.load_published(actor=request.user, year=year)
    messages.success(
        request, _("已载入 %(year)d 年：新增 %(new)d 天，更正 %(changed)d 天。") % {"year": year, **counts}
    )
    return redirect(_address(year))


@allow(Perm.HOLIDAY_EDIT)
@never_cache
def table(request: Any) -> HttpResponse:
    """Import a file: first a look at what it would do, then the writing."""
    form = TableForm(request.POST or None, request.FILES or None)
    reading = form.cleaned_data.get("reading") if request.method == "POST" and form.is_valid() else None
    if reading is not None and request.POST.get("act") == "write" and not reading.faults:
        counts = actions.import_days(actor=request.user, rows=reading.rows)
        messages.success(
            request, _("导入完成：新增 %(new)d 天，更正 %(changed)d 天，已有 %(same)d 天。") % counts
        )
        return redirect(_address(reading.rows[0].date.year))
    context: dict[str, Any] = {"form": form, "reading": reading}
    if reading is not None:
        known = queries.entered([row.date for row in reading.rows])
        context["rows"] = [(row, row.kind.label, known.get(row.date, "")) for row in reading.rows]
        context["text"] = tables.written(reading.rows).decode("utf-8-sig")
    bad = bool(form.errors) or bool(reading and reading.faults)
    return render(request, "portal/workdays/import.html", context, status=422 if bad else 200)


@require_safe
@allow(Perm.STAFF_ENTER)
def file(request: Any, year: int) -> HttpResponse:
    """The year as a CSV file: a template for the next one."""
    year = _year(str(year))
    rows = [tables.Day(row.date, rules.Kind(row.kind), row.name) for row in queries.of_year(year)]
    if not rows:
        rows = [tables.Day(*row) for row in rules.PUBLISHED.get(year, ())]
    answer = HttpResponse(tables.written(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="workdays-{year}.csv"'
    return answer
