"""Importing a table: choose, look at every row, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from campaigns.activities import queries
from campaigns.activities.forms import TableForm
from campaigns.activities.models import ImportBatch
from campaigns.activities.tables import actions
from campaigns.activities.tables.read import TableError
from campaigns.activities.tables.template import workbook
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files.names import shown_name
from portal.reviews.workflow import WorkflowError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ROWS = 500


@allow(Perm.ACTIVITY_IMPORT)
@never_cache
def upload(request: Any) -> HttpResponse:
    """Choose a file; it is only read."""
    form = TableForm(request.POST or None, request.FILES or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.read_table(
                actor=request.user,
                unit=form.cleaned_data["unit"],
                file_name=shown_name(file.name or ""),
                data=file.read(),
            )
            return redirect("campaigns:activities:import_preview", batch.public_id)
        except TableError as error:
            form.add_error("file", str(error.message))
    return render(request, "campaigns/activities/import.html", {"form": form})


@allow(Perm.ACTIVITY_IMPORT)
@never_cache
def preview(request: Any, public_id: Any) -> HttpResponse:
    """Every row with its verdict; only the button writes."""
    batch = request.scope.get(queries.batches_of(request.user), Perm.ACTIVITY_IMPORT, public_id=public_id)
    if request.method == "POST":
        try:
            actions.confirm(actor=request.user, batch=batch, submit=request.POST.get("submit") == "1")
        except WorkflowError as error:
            messages.error(request, str(error))
        return redirect("campaigns:activities:import_preview", public_id)
    order = {"wrong": 0, "known": 1, "new": 2}
    rows = sorted(batch.rows, key=lambda row: (order[row["state"]], row["number"]))
    context = {
        "batch": batch,
        "rows": rows[:SHOWN_ROWS],
        "hidden_rows": max(0, len(rows) - SHOWN_ROWS),
        "is_open": batch.state == ImportBatch.State.READ,
    }
    return render(request, "campaigns/activities/import_preview.html", context)


@allow(Perm.ACTIVITY_IMPORT)
def template(request: Any) -> HttpResponse:
    """An empty table with the right headings."""
    response = HttpResponse(workbook(), content_type=XLSX)
    response["Content-Disposition"] = (
        "attachment; filename*=UTF-8''%E6%B4%BB%E5%8A%A8%E5%8F%B0%E8%B4%A6%E6%A8%A1%E6%9D%BF.xlsx"
    )
    return response
