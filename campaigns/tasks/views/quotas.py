"""Quotas: divide, split further, fill."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.tasks import actions, queries, quotas
from campaigns.tasks.forms import EntryForm, QuotaForm, ShareFormSet, SplitForm
from campaigns.tasks.lists import QUOTAS
from campaigns.tasks.models import Quota
from campaigns.tasks.views.listing import common
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build
from portal.units.models import Unit


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def index(request: Any) -> HttpResponse:
    """Quotas in reach."""
    return render(
        request,
        "campaigns/tasks/quota_list.html",
        {"page": build(request, QUOTAS), **common(request, "quotas")},
    )


def _one(request: Any, pk: int) -> Quota:
    quota: Quota | None = quotas.visible(request.scope).filter(pk=pk).first()
    if quota is None:
        raise Http404
    return quota


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def show(request: Any, pk: int) -> HttpResponse:
    """Filled, over and short, live."""
    return _show(request, _one(request, pk))


def _show(request: Any, quota: Quota, *, status: int = 200, **extra: Any) -> HttpResponse:
    units = quotas.fillers(quota, request.scope)
    sheet = quotas.sheet(quota, request.scope)
    context = {
        "quota": quota,
        "sheet": sheet,
        "sees_root": quota.root_id is not None
        and quotas.visible(request.scope).filter(pk=quota.root_id).exists(),
        "splittable": quotas.may_split(quota, request.scope),
        "may_drop": {row.pk for row in sheet.entries if quotas.may_drop(request.scope, row)},
        **extra,
    }
    if units and "entry_form" not in context:
        context["entry_form"] = EntryForm(quota=quota, units=units, scope=request.scope)
    return render(request, "campaigns/tasks/quota.html", context, status=status)


@allow(Perm.TASK_ISSUE)
@never_cache
def new(request: Any) -> HttpResponse:
    """Divide a number among the units right below."""
    form = QuotaForm(request.POST or None, scope=request.scope)
    issuing = list(queries.issuing_units(request.scope))
    wanted = request.POST.get("unit") or request.GET.get("unit")
    unit = next((one for one in issuing if one.unit_no == wanted), issuing[0] if issuing else None)
    units = quotas.children_to_divide(unit) if unit is not None else []
    rows = ShareFormSet(
        request.POST or None, prefix="shares", initial=[{"unit_no": one.unit_no} for one in units]
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        made = _divide(request, form, rows, unit=form.cleaned_data["unit"])
        if made is not None:
            messages.success(request, _("名额已分配。"))
            return redirect(made.staff_url)
    return _divide_page(request, form, rows, units, title=_("分配名额"))


def _divide(request: Any, form: Any, rows: Any, *, unit: Unit, parent: Any = None) -> Quota | None:
    said = [
        row for row in rows.cleaned_data if row.get("minimum") is not None or row.get("maximum") is not None
    ]
    found = {one.unit_no: one for one in queries.units_numbered(unit, [row["unit_no"] for row in said])}
    parts = [
        (found[row["unit_no"]], row["minimum"] or 0, row["maximum"])
        for row in said
        if row["unit_no"] in found
    ]
    data = form.cleaned_data
    try:
        return actions.create_quota(
            actor=request.user, unit=unit, title=data.get("title", ""), total=data.get("total", 0),
            kind=data.get("kind", ""), note=data.get("note", ""), task=data.get("task"), parts=parts, parent=parent,
            client_token=form.token,
        )  # fmt: skip
    except WorkflowError as error:
        form.add_error(None, str(error))
        return None


def _divide_page(request: Any, form: Any, rows: Any, units: list[Unit], **context: Any) -> HttpResponse:
    known = {one.unit_no: one for one in units}
    lines = [(known.get(row["unit_no"].value()), row) for row in rows]
    status = 422 if form.is_bound and (form.errors or not rows.is_valid()) else 200
    return render(
        request, "campaigns/tasks/quota_form.html", {"form": form, "rows": rows, "lines": lines, **context},
        status=status,
    )  # fmt: skip


@allow(Perm.TASK_ISSUE)
@never_cache
def split(request: Any, pk: int) -> HttpResponse:
    """Divide a share of the own unit among the units below it."""
    share = quotas.splittable(request.scope, pk)
    if share is None:
        raise Http404
    units = quotas.children_to_divide(share.unit)
    form = SplitForm(request.POST or None)
    rows = ShareFormSet(
        request.POST or None, prefix="shares", initial=[{"unit_no": one.unit_no} for one in units]
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        made = _divide(request, form, rows, unit=share.unit, parent=share)
        if made is not None:
            messages.success(request, _("名额已分解到下级。"))
            return redirect(made.staff_url)
    return _divide_page(request, form, rows, units, title=_("分解名额"), share=share)


@require_POST
@allow(Perm.TASK_ANSWER, Perm.TASK_ISSUE)
def fill(request: Any, pk: int) -> HttpResponse:
    """Enter one thing that fills the quota."""
    quota = _one(request, pk)
    units = quotas.fillers(quota, request.scope)
    form = EntryForm(request.POST, quota=quota, units=units, scope=request.scope)
    if not form.is_valid():
        return _show(request, quota, status=422, entry_form=form)
    data = form.cleaned_data
    try:
        actions.add_entry(
            actor=request.user, quota=quota, unit=data["unit"], kind=(quota.root or quota).kind,
            key=data.get("record", ""), label=data.get("label", ""), over_reason=data["over_reason"],
        )  # fmt: skip
    except WorkflowError as error:
        form.add_error("over_reason" if not data["over_reason"] else None, str(error))
        return _show(request, quota, status=409, entry_form=form)
    messages.success(request, _("已登记。"))
    return redirect(quota.staff_url)


@require_POST
@allow(Perm.TASK_ANSWER, Perm.TASK_ISSUE)
def drop(request: Any, pk: int, row: int) -> HttpResponse:
    """Take an entry out, with a reason."""
    quota = _one(request, pk)
    entry = quotas.entry_in(request.scope, quota, row)
    if entry is None:
        raise Http404
    try:
        actions.remove_entry(actor=request.user, entry=entry, reason=request.POST.get("removal-reason", ""))
        messages.success(request, _("已去掉“%(name)s”。") % {"name": entry.label})
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect(quota.staff_url)
