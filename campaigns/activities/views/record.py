"""One record: its page, its steps, and reviewing one after the other."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.activities import actions, queries, uses
from campaigns.activities.models import Activity
from campaigns.activities.rules import BULK_STEPS, TRANSITIONS, Status
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files.queries import attached_to
from portal.publication import actions as publication
from portal.publication.queries import open_of
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _found(request: Any, no: str) -> Activity:
    found: Activity = request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_VIEW, no=no)
    return found


@allow(Perm.ACTIVITY_VIEW)
@never_cache
def detail(request: Any, no: str) -> HttpResponse:
    """Everything about one record, and what this person can do with it."""
    activity = _found(request, no)
    steps = queries.steps(activity, request.scope)
    context = {
        "activity": activity,
        "photos": list(attached_to(activity, "photos")),
        "history": _timeline(activity),
        "review_steps": [row for row in steps if row.name not in ("submit", "withdraw")],
        "author_steps": [row for row in steps if row.name in ("submit", "withdraw")],
        "may_edit": activity.is_editable and queries.may_change(request.scope, activity),
        "may_log": request.scope.has(Perm.ACTIVITY_LOG),
        "documents": list(attached_to(activity, "documents")),
        "uses": uses.of(activity, request.scope),
        "corrections": queries.corrections_of(activity),
        "may_confirm": request.scope.may(Perm.ACTIVITY_REVIEW, activity.unit),
        "may_correct": activity.is_counted and request.scope.may(Perm.ACTIVITY_LOG, activity.unit),
        "may_export": activity.is_counted and request.scope.has(Perm.EXPORT_PLAIN),
        "alike": queries.alike(activity) if not activity.is_counted else [],
        **_public_state(request, activity),
        "one_by_one": request.GET.get("queue") == "1",
    }
    return render(request, "campaigns/activities/detail.html", context)


def _public_state(request: Any, activity: Activity) -> dict[str, Any]:
    """Can a public page be asked for, and how far is one that was."""
    process = open_of(activity) if activity.is_counted else None
    may = activity.is_counted and process is None and request.scope.may(Perm.CONTENT_SUBMIT, activity.unit)
    note = _("公开申请：%(state)s") % {"state": process.get_status_display()} if process is not None else ""
    return {"may_request_public": may, "publication_note": note if not activity.is_published else ""}


def _timeline(activity: Activity) -> list[dict[str, Any]]:
    """History for <c-timeline>."""
    tones = {Status.RETURNED: "warn", Status.COUNTY_OK: "ok", Status.CITY_OK: "ok"}
    first = {"title": _("记录"), "at": activity.created_at, "by": activity.created_by, "note": "", "tone": ""}
    return [first] + [
        {
            "title": TRANSITIONS[row.step].label if row.step in TRANSITIONS else row.step,
            "at": row.at,
            "by": row.by,
            "note": row.reason,
            "tone": tones.get(row.after, ""),
        }
        for row in history_of(activity)
    ]


@allow(Perm.ACTIVITY_LOG, Perm.ACTIVITY_REVIEW, Perm.ACTIVITY_ARCHIVE)
@require_POST
def take_step(request: Any, no: str) -> HttpResponse:
    """Submit, withdraw, approve, return, archive, unlock – one record."""
    activity = _found(request, no)
    name = request.POST.get("step", "")
    if name not in {row.name for row in TRANSITIONS.values() if row.name != "hand_in"}:
        messages.error(request, _("没有这个操作，请刷新页面后再试。"))
        return redirect("campaigns:activities:detail", no)
    try:
        actions.step(actor=request.user, activity=activity, name=name, reason=request.POST.get("reason", ""))
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("campaigns:activities:detail", no)
    messages.success(
        request,
        _("%(title)s：%(step)s，已完成。") % {"title": activity.title, "step": TRANSITIONS[name].label},
    )
    if name == "submit":
        return redirect("campaigns:activities:done", no)
    if request.POST.get("queue") == "1" and name in BULK_STEPS:
        return _next(request, activity)
    return redirect("campaigns:activities:detail", no)


def _next(request: Any, after: Activity) -> HttpResponse:
    following = queries.next_to_review(request.scope, after)
    if following is None:
        messages.info(request, _("待审核的都看完了。"))
        return redirect("campaigns:activities:index")
    return redirect(f"{following.staff_url}?queue=1")


@allow(Perm.ACTIVITY_REVIEW)
@never_cache
def review_next(request: Any) -> HttpResponse:
    """逐条审核: the record that has waited longest, or the one after ?after=."""
    number = request.GET.get("after", "")
    if number:
        return _next(request, _found(request, number))
    first = queries.to_review(request.scope).first()
    if first is None:
        messages.info(request, _("现在没有待您审核的活动。"))
        return redirect("campaigns:activities:index")
    return redirect(f"{first.staff_url}?queue=1")


@allow(Perm.EXPORT_PLAIN)
@require_POST
def ledger_row(request: Any, no: str) -> HttpResponse:
    """The record as a ledger sheet to print and hand in."""
    activity: Activity = request.scope.get(queries.in_full(request.scope), Perm.ACTIVITY_VIEW, no=no)
    if not activity.is_counted:
        messages.error(request, _("审核通过后才进入台账。"))
        return redirect("campaigns:activities:detail", no)
    data = actions.export_ledger(actor=request.user, rows=[activity], unit=activity.unit)
    return sheet_response(data, _("活动台账-%(no)s") % {"no": no})


def sheet_response(data: bytes, name: str) -> HttpResponse:
    """A workbook as a download."""
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


@allow(Perm.CONTENT_SUBMIT)
@require_POST
def publish(request: Any, no: str) -> HttpResponse:
    """Ask for a public page; two other people look at it first."""
    activity = _found(request, no)
    if not activity.is_counted:
        messages.error(request, _("审核通过后才能申请公开。"))
        return redirect("campaigns:activities:detail", no)
    try:
        publication.request(activity, actor=request.user, unit=activity.unit)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("campaigns:activities:detail", no)
    messages.success(request, _("已申请公开：编辑初审、审发通过后，活动页会出现在网站上。"))
    return redirect("campaigns:activities:detail", no)


@allow(Perm.ACTIVITY_LOG)
@require_POST
def discard(request: Any, no: str) -> HttpResponse:
    """Throw a draft away."""
    activity = _found(request, no)
    try:
        actions.discard_draft(actor=request.user, activity=activity)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("campaigns:activities:detail", no)
    messages.success(request, _("草稿“%(title)s”已删除。") % {"title": activity.title})
    return redirect("campaigns:activities:index")
