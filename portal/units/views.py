"""Pages of the tree of units."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.ui.lists import build, paging
from portal.units import actions, choices, impact, panels, plans, queries, words
from portal.units.fields import label
from portal.units.forms import FORMS, AddForm
from portal.units.lists import SPEC
from portal.units.models import ChangeKind, Unit, UnitChange
from portal.units.rules import Refused

CHILDREN_PER_PAGE = 60


@allow(Perm.UNIT_VIEW)
@require_GET
def index(request: Any) -> HttpResponse:
    """The tree, opened down to `?open=<unit_no>`."""
    unit = queries.by_no(request.GET.get("open", ""))
    path = unit.path if unit is not None and request.scope.may(Perm.UNIT_VIEW, unit) else ""
    return render(
        request, "portal/units/index.html", {"nodes": queries.nodes(request.scope, path), "opened": unit}
    )


@allow(Perm.UNIT_VIEW)
@require_GET
def node(request: Any, unit_no: str) -> HttpResponse:
    """One line of the tree, open or shut, for htmx; a plain request gets the whole tree."""
    unit = request.scope.get(Unit, Perm.UNIT_VIEW, unit_no=unit_no)
    is_open = request.GET.get("open") == "1"
    if not request.htmx:
        return redirect(f"{_tree_url()}?open={unit.unit_no}#u-{unit.unit_no}")
    return render(request, "portal/units/_node.html", {"node": queries.node(unit, is_open=is_open)})


def _tree_url() -> str:
    return reverse("portal:units:index")


@allow(Perm.UNIT_VIEW)
@require_GET
def listing(request: Any) -> HttpResponse:
    """Search, filter, export."""
    return render(request, "portal/units/list.html", {"page": build(request, SPEC)})


@allow(Perm.UNIT_VIEW)
@require_GET
def options(request: Any) -> HttpResponse:
    """Suggestions for a unit field, inside the scope of the permission the field is for."""
    try:
        perm = Perm(request.GET.get("perm", Perm.UNIT_VIEW))
    except ValueError as error:
        raise Http404 from error
    rows = queries.search(queries.open_units(request.scope, perm), request.GET.get("q", "")[:60])
    rows = rows.order_by("level", "path")[:20]
    return JsonResponse({"units": [label(unit, place) for unit, place in queries.with_places(rows)]})


@allow(Perm.UNIT_VIEW)
@require_GET
def detail(request: Any, unit_no: str) -> HttpResponse:
    """Everything about one unit that this person may see."""
    unit = request.scope.get(Unit, Perm.UNIT_VIEW, unit_no=unit_no)
    ancestors = queries.ancestors_of(unit)
    above = ancestors[-1] if ancestors else None
    children = queries.children_in_order(unit, closed=request.GET.get("closed") == "1")
    page = paging.page(
        children, ("sort", "path"), size=CHILDREN_PER_PAGE,
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    changes, taken = list(queries.history(unit)[:50]), list(queries.merged_into(unit)[:50])
    context = {
        "unit": unit,
        "crumbs": crumbs(request, ancestors),
        "divisions": queries.divisions_of(unit),
        "children": page,
        "child_count": unit.numchild,
        "timeline": words.timeline(
            unit, sorted([*changes, *taken], key=lambda one: one.effective_on, reverse=True)
        ),
        "planned": next((change for change in changes if change.is_planned), None),
        "panels": panels.panels_for(unit, request.scope),
        "impact": impact.of(unit) if request.scope.may(Perm.METRIC_TOTALS, unit) else None,
        "buttons": choices.buttons(unit, request.scope, above),
        "may_add": choices.may_add(unit, request.scope),
    }
    return render(request, "portal/units/detail.html", context)


def crumbs(request: Any, ancestors: list[Unit], *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The units above, as links where this person may open them."""
    may = request.scope.may
    found = [(unit.short_name, _unit_url(unit) if may(Perm.UNIT_VIEW, unit) else "") for unit in ancestors]
    return [(_("单位"), _tree_url()), *found, *more]


def _unit_url(unit: Unit) -> str:
    return reverse("portal:units:detail", args=[unit.unit_no])


@allow(Perm.UNIT_EDIT, Perm.UNIT_REORGANISE)
@require_http_methods(["GET", "POST"])
def change(request: Any, unit_no: str, kind: str) -> HttpResponse:
    """Rename, close, move or merge: fill in, look at the preview, confirm."""
    unit = request.scope.get(Unit, Perm.UNIT_VIEW, unit_no=unit_no)
    choices.require_change(kind, unit, request.scope, queries.parent_of(unit))
    form = FORMS[kind](request.POST or None, unit=unit, scope=request.scope)
    return _steps(
        request, form, unit, kind, str(ChangeKind(kind).label),
        plan=lambda: plans.plan_change(kind, unit, form.what),
        act=lambda: _told(request, plans.ACTIONS[kind](unit=unit, actor=request.user, **form.what)),
    )  # fmt: skip


@allow(Perm.UNIT_EDIT, Perm.UNIT_REORGANISE)
@require_http_methods(["GET", "POST"])
def add(request: Any, unit_no: str) -> HttpResponse:
    """A new unit below this one, with a look before it is made."""
    parent = request.scope.get(Unit, Perm.UNIT_VIEW, unit_no=unit_no)
    choices.require_add(parent, request.scope)
    form = AddForm(request.POST or None, unit=parent, scope=request.scope)
    return _steps(
        request, form, parent, "add", _("新增下级单位"),
        plan=lambda: plans.plan_addition(parent, form.what),
        act=lambda: _added(request, actions.add_unit(parent=parent, actor=request.user, **form.what)),
    )  # fmt: skip


def _steps(
    request: Any,
    form: Any,
    unit: Unit,
    kind: str,
    title: str,
    *,
    plan: Callable[[], plans.Plan],
    act: Callable[[], Unit],
) -> HttpResponse:
    """Form → preview → done; a refusal brings the form back with everything typed."""
    context = {"unit": unit, "form": form, "title": title, "kind": kind}
    context["crumbs"] = crumbs(request, [*queries.ancestors_of(unit), unit], (title, ""))
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        try:
            if "confirm" in request.POST:
                return redirect("portal:units:detail", act().unit_no)
            return render(request, "portal/units/preview.html", context | {"plan": plan()})
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return render(request, "portal/units/change.html", context)


def _told(request: Any, made: UnitChange) -> Unit:
    values = {"what": words.describe(made), "date": made.effective_on.isoformat()}
    if made.is_planned:
        messages.success(request, _("已安排：%(what)s，%(date)s 自动执行。") % values)
    else:
        messages.success(request, _("已办理：%(what)s。") % values)
    return made.unit


def _added(request: Any, unit: Unit) -> Unit:
    messages.success(request, _("已新增%(unit)s，编号 %(no)s。") % {"unit": unit.name, "no": unit.unit_no})
    return unit


@allow(Perm.UNIT_EDIT, Perm.UNIT_REORGANISE)
@require_POST
def cancel(request: Any, unit_no: str) -> HttpResponse:
    """Call off the planned change of this unit."""
    unit = request.scope.get(Unit, Perm.UNIT_VIEW, unit_no=unit_no)
    planned = next((one for one in queries.history(unit) if one.is_planned), None)
    if planned is None:
        messages.info(request, _("没有等待执行的变动。"))
    else:
        actions.cancel(change=planned, actor=request.user)
        messages.success(request, _("已取消安排好的变动。"))
    return redirect("portal:units:detail", unit.unit_no)
