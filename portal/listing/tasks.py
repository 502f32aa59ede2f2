"""Export jobs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.jobs.registry import job
from portal.jobs.runner import Run
from portal.journal.actions import record
from portal.listing.writing import write_csv, write_xlsx
from portal.ui.lists import LISTS, Column, matching
from portal.ui.lists.page import sort_of

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@job("listing.export", limit=900)
def export(run: Run, *, list_code: str, query: str, file_format: str, reason: str) -> dict[str, Any]:
    """Write what the list shows to the person who asked, with their rights of this moment."""
    spec, scope = LISTS[list_code], scope_of(run.by)
    rows, _filterset = matching(spec, scope, QueryDict(query))
    rows = rows.order_by(*sort_of(spec, QueryDict(query)).fields, "pk").prefetch_related(
        *spec.export_prefetch
    )
    total = rows.count()
    open_all = bool(reason) and scope.has(Perm.EXPORT_SENSITIVE)
    columns = [column for column in spec.columns if column.in_export]
    headings = [str(column.label) for column in columns]
    now = timezone.localtime()
    name = f"{spec.title}-{now:%Y%m%d-%H%M}.{file_format}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        lines = _lines(run, rows, columns, total=total, open_all=open_all)
        if file_format == "csv":
            count = write_csv(path, headings, lines)
        else:
            note = _("填报人：%(name)s　导出时间：%(time)s") % {
                "name": run.by,
                "time": f"{now:%Y.%m.%d %H:%M}",
            }
            count = write_xlsx(path, str(spec.title), note, headings, lines)
        run.progress(count, total, _("已写 %(n)d 行") % {"n": count})
        run.attach(name, TYPES[file_format], path)
    with transaction.atomic():
        record(
            "list.exported",
            actor=run.by,
            target=run.job,
            details={"list": list_code, "rows": count, "reason": reason},
        )
    return {"rows": count}


def _lines(run: Run, rows: Any, columns: list[Column], *, total: int, open_all: bool) -> Iterator[list[Any]]:
    for number, row in enumerate(rows.iterator(chunk_size=500), start=1):
        if number % 500 == 0:
            run.progress(number, total, _("已写 %(n)d 行") % {"n": number})
        yield [_value(column, row, open_all=open_all) for column in columns]


def _value(column: Column, row: Any, *, open_all: bool) -> Any:
    if column.sensitive and not open_all:
        return column.masked(row) if column.masked else "***"
    return (column.export_value or column.value)(row)
