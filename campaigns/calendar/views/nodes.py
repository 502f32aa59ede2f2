"""The year, one node, adding a node, and the answer of a unit."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.calendar import actions, queries, reminder_queries
from campaigns.calendar.forms import NodeForm, ReasonForm
from campaigns.calendar.ics import calendar_of
from campaigns.calendar.models import CalendarNode, NodeTurn
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.queries import last_reasons
from portal.reviews.workflow import WorkflowError

EARLIEST, LATEST = 2000, 2099


def _year(text: str) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year
    return min(max(year, EARLIEST), LATEST)


@allow(Perm.CAMPAIGN_VIEW)
@require_safe
def index(request: Any) -> HttpResponse:
    """The year month by month: what comes, who acts, how far the units are."""
    year = _year(request.GET.get("year", ""))
    only_ours = request.GET.get("show") == "acting"
    nodes = [node for node in queries.visible(request.scope) if node.is_addressed or not only_ours]
    items = queries.in_year(nodes, year)
    queries.add_counts(items, request.scope, year)
    today, months = timezone.localdate(), queries.by_month(items)
    later = queries.in_year(nodes, year + 1)  # 元旦 and 春节 are prepared in the year before
    queries.add_counts(later, request.scope, year + 1)
    context = {
        "year": year, "before": year - 1, "after": year + 1, "months": months, "today": today,
        "near": [item for item in (*items, *later) if item.is_near], "only_ours": only_ours,
        "may_edit": request.scope.has(Perm.NODE_EDIT),
        "keepers": list(queries.units_that_keep(request.scope)) if not months else [],
        "may_plan": request.scope.has(Perm.SERIES_EDIT),
        "may_remind": request.scope.has(Perm.REMINDER_EDIT) or request.scope.has(Perm.REMINDER_APPROVE),
    }  # fmt: skip
    return render(request, "campaigns/calendar/index.html", context)


@allow(Perm.CAMPAIGN_VIEW)
@require_safe
def file(request: Any, year: int) -> HttpResponse:
    """The key dates of a year and the next as a calendar file."""
    first = _year(str(year))
    nodes = list(queries.visible(request.scope))
    items = [item for one in (first, first + 1) for item in queries.in_year(nodes, one)]
    answer = HttpResponse(calendar_of(items), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="key-dates-{first}.ics"'
    return answer


def _node(request: Any, pk: int) -> CalendarNode:
    node: CalendarNode = get_object_or_404(queries.visible(request.scope), pk=pk)
    return node


@allow(Perm.CAMPAIGN_VIEW)
@never_cache
@require_safe
def detail(request: Any, pk: int) -> HttpResponse:
    """One node: its days, who acts, what each unit has, and what was done last time."""
    node = _node(request, pk)
    today = timezone.localdate()
    span = queries.next_of(node, today)
    year = _year(request.GET.get("year", "") or str(span.first.year if span else today.year))
    this = node.in_year(year)
    turns = queries.turns_of(node, year, request.scope)
    missing = queries.without_turn(node, year, request.scope) if node.is_addressed else []
    units = [*(turn.unit_id for turn in turns), *(unit.pk for unit in missing)]
    past = queries.past_records(node.names, units, this.first) if this else {}
    reasons = last_reasons([turn for turn in turns if turn.status == "declined"])
    mine = set(
        queries.mine(request.scope).filter(pk__in=[turn.pk for turn in turns]).values_list("pk", flat=True)
    )
    context = {
        "node": node, "span": this, "year": year, "before": year - 1, "after": year + 1, "today": today,
        "coming": queries.coming([node], today),
        "turns": [(turn, past.get(turn.unit_id, []), reasons.get(turn.pk, ""), turn.pk in mine) for turn in turns],
        "missing": [(unit, past.get(unit.pk, [])) for unit in missing],
        "may_edit": request.scope.may(Perm.NODE_EDIT, node.unit),
        "reminders": list(reminder_queries.visible(request.scope).filter(node=node).order_by("-on")[:5]),
        "is_cut": len(turns) + len(missing) >= queries.MOST_UNITS, "most": queries.MOST_UNITS,
    }  # fmt: skip
    return render(request, "campaigns/calendar/node.html", context)


@allow(Perm.NODE_EDIT)
@never_cache
def edit(request: Any, pk: int | None = None) -> HttpResponse:
    """Add a node, or change one."""
    node = _node(request, pk) if pk is not None else None
    if node is not None:
        request.scope.require(Perm.NODE_EDIT, node.unit)
    form = NodeForm(request.POST or None, instance=node, scope=request.scope)
    if node is not None:
        form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            save = partial(
                actions.keep_node,
                actor=request.user,
                unit=_node(request, pk).unit if pk is not None else form.cleaned_data["unit"],
                fields=form.values,
                only_units=list(form.cleaned_data["only_units"]),
                node=_node(request, pk) if pk is not None else None,
                client_token=form.token,
            )
            kept = form.write(save) if node is not None else save()
        except WorkflowError as error:
            form.add_error("name", str(error))
        else:
            if kept is not None:
                messages.success(request, _("节点“%(name)s”已保存。") % {"name": kept.name})
                return redirect(kept.staff_url)
    context = {"form": form, "node": node}
    return render(request, "campaigns/calendar/node_form.html", context, status=422 if form.errors else 200)


@allow(Perm.NODE_EDIT)
@require_POST
def usual(request: Any) -> HttpResponse:
    """Take over the usual nodes of the year for a unit; each can be changed or switched off afterwards."""
    unit = get_object_or_404(queries.units_that_keep(request.scope), unit_no=request.POST.get("unit", ""))
    count = actions.load_usual(actor=request.user, unit=unit)
    messages.success(request, _("已添加 %(n)d 个常用节点，可以逐个修改或停用。") % {"n": count})
    return redirect("campaigns:calendar:index")


@allow(Perm.ACTIVITY_LOG)
@require_POST
def answer(request: Any, pk: int, name: str) -> HttpResponse:
    """今年不办, with a reason – or 还是要办 after all."""
    turn: NodeTurn = get_object_or_404(queries.mine(request.scope), pk=pk)
    back = f"{turn.node.staff_url}?year={turn.year}"
    try:
        if name == "resume":
            actions.resume(turn, actor=request.user)
            messages.success(request, _("已重新备好草稿。"))
            return redirect(back)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("请写明今年不办的理由。"))
            return redirect(back)
        actions.decline(turn, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("已记下：%(node)s 今年不办。") % {"node": turn.node.name})
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect(
        reverse("portal:dashboards:workbench") if request.POST.get("from") == "workbench" else back
    )
