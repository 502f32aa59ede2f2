"""Packages: list, matrix, writing one, taking one over."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.packages import actions, lists, queries, registry
from campaigns.packages.forms import CopyForm, ItemFormSet, PackageForm, rows_of, rows_of_pattern
from campaigns.packages.models import Package
from campaigns.packages.rules import PATTERNS
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.listing.writing import write_xlsx
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build
from portal.units.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@allow(Perm.CAMPAIGN_VIEW)
def index(request: Any) -> HttpResponse:
    """Packages in reach."""
    context = {"page": build(request, lists.SPEC), "may_edit": queries.owner(request.scope) is not None}
    return render(request, "campaigns/packages/list.html", context)


def _one(request: Any, pk: int) -> Package:
    found: Package = request.scope.get(queries.in_full(request.scope), Perm.CAMPAIGN_VIEW, pk=pk)
    return found


def _mine(request: Any, pk: int) -> Package:
    package = _one(request, pk)
    request.scope.require(Perm.PACKAGE_EDIT, package.unit)
    return package


@require_GET
@allow(Perm.CAMPAIGN_VIEW)
def detail(request: Any, pk: int) -> HttpResponse:
    """The matrix of units and items; every number opens the rows behind it."""
    package = _one(request, pk)
    table = queries.matrix(package, queries.addressed(package, request.scope))
    may_edit = request.scope.may(Perm.PACKAGE_EDIT, package.unit)
    only_gaps = request.GET.get("show") == "gaps"
    context = {
        "package": package,
        "table": table,
        "lines": table.missing if only_gaps else table.lines,
        "only_gaps": only_gaps,
        "uncounted": any(not registry.is_counted(item.fulfilment) for item in table.items),
        "items": queries.described(package),
        "may_edit": may_edit,
        "may_open_rows": request.scope.has(Perm.ACTIVITY_VIEW),
        "may_copy": request.scope.has(Perm.PACKAGE_EDIT),
        "may_export": request.scope.has(Perm.EXPORT_PLAIN),
        "steps": available(package, request.scope) if may_edit else [],
        "copy_form": CopyForm(scope=request.scope),
    }
    return render(request, "campaigns/packages/detail.html", context)


@allow(Perm.PACKAGE_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Write a package of one of the person's units, from nothing or from a pattern."""
    unit = queries.owner(request.scope, request.POST.get("owner", request.GET.get("owner", "")))
    if unit is None:
        if request.GET.get("owner"):
            raise Http404
        messages.info(request, _("“几个一”由市、县级妇联制定。"))
        return redirect("campaigns:packages:list")
    pattern = PATTERNS.get(request.GET.get("pattern", ""))
    today = timezone.localdate()
    start = {
        "starts_on": today,
        "ends_on": today.replace(month=12, day=31),
        "units": [row.unit_no for row in queries.can_fulfil(unit) if row.pk != unit.pk],
        "campaign": queries.campaigns_of(unit).order_by("-starts_on").first(),
        "name": pattern.name if pattern else "",
    }
    form = PackageForm(request.POST or None, initial=start, unit=unit)
    items = _items(request, rows_of_pattern(pattern) if pattern else [])
    if request.method == "POST" and form.is_valid() and items.is_valid():
        try:
            package = actions.create_package(
                actor=request.user, unit=unit, fields=form.values, units=list(form.cleaned_data["units"]),
                partners=form.partners, items=items.rows, client_token=form.token,
            )  # fmt: skip
            messages.success(request, _("“%(name)s”已存为编制中，核对后点“下发”。") % {"name": package.name})
            return redirect(package.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error))
    return _form_page(request, form, items, unit, pattern=pattern)


def _items(request: Any, initial: list[dict[str, Any]]) -> Any:
    # What was sent counts as it is: compared with the saved rows, a page that is sent twice would look unchanged.
    return ItemFormSet(
        request.POST or None,
        initial=None if request.POST else initial,
        prefix="items",
        form_kwargs={"ways": registry.choices()},
    )


def _form_page(request: Any, form: PackageForm, items: Any, unit: Unit, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "items": items,
        "unit": unit,
        "owners": queries.owners(request.scope),
        "patterns": PATTERNS.values(),
        **more,
    }
    return render(request, "campaigns/packages/form.html", context)


@allow(Perm.PACKAGE_EDIT)
@never_cache
def edit(request: Any, pk: int) -> HttpResponse:
    """Change a package with its items."""
    package = _mine(request, pk)
    form = PackageForm(request.POST or None, instance=package, unit=package.unit)
    form.watch()
    items = _items(request, rows_of(package))
    if request.method == "POST" and form.is_valid() and items.is_valid():
        fresh = _mine(request, pk)  # the form has changed the first object in memory
        try:
            saved = form.write(lambda: actions.edit_package(
                actor=request.user, package=fresh, fields=form.values, units=list(form.cleaned_data["units"]),
                partners=form.partners, items=items.rows,
            ))  # fmt: skip
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(fresh.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error))
    return _form_page(request, form, items, package.unit, package=package)


@allow(Perm.PACKAGE_EDIT)
@require_POST
def step(request: Any, pk: int) -> HttpResponse:
    """Open, close, reopen."""
    package = _mine(request, pk)
    name = request.POST.get("step", "")
    if name not in Package.transitions:
        raise Http404
    try:
        actions.step(actor=request.user, package=package, name=name, reason=request.POST.get("reason", ""))
        words = {"name": package.name, "state": package.get_status_display()}
        messages.success(request, _("“%(name)s”：%(state)s") % words)
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect(package.staff_url)


@allow(Perm.PACKAGE_EDIT)
@require_POST
def copy(request: Any, pk: int) -> HttpResponse:
    """Take a package over as a draft of an own unit, for the units below it."""
    package, form = _one(request, pk), CopyForm(request.POST, scope=request.scope)
    if not form.is_valid():
        messages.error(request, _("请选复制给哪个单位。"))
        return redirect(package.staff_url)
    unit = form.cleaned_data["unit"]
    made = actions.copy_package(
        actor=request.user, package=package, unit=unit, client_token=form.token,
        units=[row for row in queries.can_fulfil(unit) if row.pk != unit.pk],
    )  # fmt: skip
    messages.success(request, _("已复制为 %(unit)s 的草稿，核对后点“下发”。") % {"unit": unit.short_name})
    return redirect("campaigns:packages:edit", made.pk)


@require_GET
@allow(Perm.EXPORT_PLAIN)
@never_cache
def export(request: Any, pk: int) -> HttpResponse:
    """The matrix as a sheet: for every item done and needed."""
    package = _one(request, pk)
    table = queries.matrix(package, queries.addressed(package, request.scope))
    headings = [
        str(_("单位")),
        *(f"{item.name}（{item.needed}）" for item in table.items),
        str(_("完成项数")),
    ]
    lines = [
        [
            line.unit.name,
            *(cell.done if cell.counted else str(_("暂不计数")) for cell in line.cells),
            f"{line.done}/{line.out_of}",
        ]
        for line in table.lines
    ]
    note = _("截至 %(day)s，由各单位的记录自动计算") % {"day": f"{timezone.localtime():%Y.%m.%d %H:%M}"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.xlsx"
        write_xlsx(path, package.name, note, headings, lines)
        content = path.read_bytes()
    actions.note_export(actor=request.user, package=package)
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="package-{package.pk}.xlsx"'
    return response
