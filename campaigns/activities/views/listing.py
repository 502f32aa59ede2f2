"""The staff list and steps on many records at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.activities import actions, queries
from campaigns.activities import bulk as many
from campaigns.activities.ledger import SPEC
from campaigns.activities.rules import BULK_STEPS, COUNTED, TRANSITIONS
from campaigns.activities.views.record import sheet_response
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.grants.queries import home_unit
from portal.ui import badges
from portal.ui.kept import kept
from portal.ui.lists import build, chosen

LEDGER_MOST = 2000


@allow(Perm.ACTIVITY_VIEW)
@never_cache
@kept
def index(request: Any) -> HttpResponse:
    """Every activity in reach."""
    steps = [TRANSITIONS[name] for name in BULK_STEPS if request.scope.has(TRANSITIONS[name].perm)]
    waiting = queries.waiting_for(request.scope) if request.scope.has(Perm.ACTIVITY_REVIEW) else 0
    badges.told(request, "campaigns:activities:index", waiting)
    page = build(request, SPEC, bulk_steps=steps, bulk_action="/staff/activities/bulk/")
    page.extras["may_export"] = request.scope.has(Perm.EXPORT_PLAIN)
    context = {
        "page": page,
        "may_log": request.scope.has(Perm.ACTIVITY_LOG),
        "may_import": request.scope.has(Perm.ACTIVITY_IMPORT),
        "waiting": waiting,
    }
    return render(request, "campaigns/activities/list.html", context)


@allow(Perm.ACTIVITY_VIEW)
@require_POST
def bulk(request: Any) -> HttpResponse:
    """Ask first (how many, who is told), then do it; many records become a job with progress."""
    name, reason = request.POST.get("step", ""), request.POST.get("reason", "")
    rows = chosen(request, SPEC)
    if name != "ledger" and (name not in BULK_STEPS or not request.scope.has(TRANSITIONS[name].perm)):
        messages.error(request, _("请选择要做的操作。"))
        return _back(request)
    if name == "ledger":
        return _ledger(request, rows)
    plan = many.plan(rows, name, scope=request.scope)
    if not plan.total:
        messages.error(request, _("没有选中任何记录，请先勾选。"))
        return _back(request)
    if request.POST.get("sure") != "1" or (TRANSITIONS[name].needs_reason and not reason.strip()):
        return render(request, "campaigns/activities/bulk.html", _question(request, plan, name))
    if plan.total > many.AT_ONCE:
        query = request.POST.get("query", "")
        job = many.enqueue_for_query(actor=request.user, query=query, name=name, reason=reason)
        return redirect("portal:jobs:detail", job.public_id)
    outcome = many.run(rows, name, actor=request.user, reason=reason)
    _tell(request, outcome, name)
    return _back(request)


def _ledger(request: Any, rows: Any) -> HttpResponse:
    """The chosen approved records as one sheet to print and hand in (domain reference §9.3)."""
    if not request.scope.has(Perm.EXPORT_PLAIN):
        raise PermissionDenied("no export")
    found = list(rows.filter(status__in=COUNTED).order_by("starts_at", "pk")[: LEDGER_MOST + 1])
    if not found:
        messages.error(request, _("选中的记录里没有审核通过的，台账里只有审核通过的活动。"))
        return _back(request)
    if len(found) > LEDGER_MOST:
        messages.error(request, _("一次最多导出 %(n)d 条台账，请先按时间或单位筛选。") % {"n": LEDGER_MOST})
        return _back(request)
    unit = home_unit(request.user) or found[0].unit
    return sheet_response(actions.export_ledger(actor=request.user, rows=found, unit=unit), _("活动台账"))


def _question(request: Any, plan: many.Plan, name: str) -> dict[str, Any]:
    return {
        "plan": plan,
        "transition": TRANSITIONS[name],
        "chosen": request.POST.getlist("chosen"),
        "all_matching": request.POST.get("all_matching", ""),
        "query": request.POST.get("query", ""),
        "reason_missing": request.POST.get("sure") == "1",
        "as_job": plan.total > many.AT_ONCE,
    }


def _tell(request: Any, outcome: many.Outcome, name: str) -> None:
    done = ngettext("%(step)s：完成 %(n)d 条。", "%(step)s：完成 %(n)d 条。", outcome.done)
    messages.success(request, done % {"step": TRANSITIONS[name].label, "n": outcome.done})
    for why, count in outcome.skipped.items():
        messages.warning(request, _("%(n)d 条没有处理：%(why)s") % {"n": count, "why": why})


def _back(request: Any) -> HttpResponse:
    query = request.POST.get("query", "")
    return redirect(f"/staff/activities/?{query}" if query else "/staff/activities/")


@allow(Perm.ACTIVITY_IMPORT)
def to_import(request: Any) -> HttpResponse:
    """The address of former times: tables of every kind are imported in one place now."""
    return redirect("portal:importing:new", "activities")


@allow(Perm.ACTIVITY_IMPORT)
def to_template(request: Any) -> HttpResponse:
    """The former address of the template."""
    return redirect("portal:importing:template", "activities")


@allow(Perm.ACTIVITY_IMPORT)
def to_imports(request: Any, public_id: Any) -> HttpResponse:
    """The former address of one table: its rows were kept for a week only, so the list is what is left."""
    return redirect("portal:importing:index")
