"""Received tasks, issued tasks, and the complete list of copies with bulk steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.tasks import bulk as many
from campaigns.tasks import lists, queries, rules
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.ui.lists import build, chosen


def tabs(request: Any, current: str) -> list[dict[str, Any]]:
    """The four pages of the slice, for the links on top."""
    items = [
        ("received", _("收到的任务"), "/staff/tasks/"),
        ("issued", _("下达的任务"), "/staff/tasks/issued/"),
        ("copies", _("完整清单"), "/staff/tasks/copies/"),
        ("quotas", _("名额"), "/staff/tasks/quotas/"),
    ]
    return [{"label": label, "url": url, "current": code == current} for code, label, url in items]


def common(request: Any, current: str) -> dict[str, Any]:
    """What the head of every list shows."""
    return {"tabs": tabs(request, current), "may_issue": request.scope.has(Perm.TASK_ISSUE)}


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def index(request: Any) -> HttpResponse:
    """What the own units received, what is owed first; without any, who issues tasks sees those."""
    if not request.GET:
        received = queries.received(request.scope)
        if not received.exists() and request.scope.has(Perm.TASK_CHECK):
            return redirect("campaigns:tasks:issued")
        if queries.running(received).filter(status__in=rules.OWED).exists():
            return redirect("/staff/tasks/?box=owed")
    return render(
        request, "campaigns/tasks/received.html",
        {"page": build(request, lists.RECEIVED), **common(request, "received")},
    )  # fmt: skip


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def issued(request: Any) -> HttpResponse:
    """Tasks issued in reach, with their gaps."""
    return render(
        request,
        "campaigns/tasks/issued.html",
        {"page": build(request, lists.ISSUED), **common(request, "issued")},
    )


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def copies(request: Any) -> HttpResponse:
    """Every copy in reach; the boxes show only gaps."""
    page = build(
        request,
        lists.COPIES,
        bulk_action="/staff/tasks/copies/bulk/",
        may_check=request.scope.has(Perm.TASK_CHECK),
    )
    return render(request, "campaigns/tasks/copies.html", {"page": page, **common(request, "copies")})


@require_POST
@allow(Perm.TASK_CHECK)
def bulk(request: Any) -> HttpResponse:
    """Ask first (how many, who is told), then do it; many copies become a job with progress."""
    name, text = request.POST.get("step", ""), request.POST.get("text", "")[:300]
    if name not in {many.CHECK, many.REMIND}:
        messages.error(request, _("请选择要做的操作。"))
        return _back(request)
    rows = chosen(request, lists.COPIES)
    plan = many.plan(rows, name, scope=request.scope)
    if not plan.total:
        messages.error(request, _("没有选中任何记录，请先勾选。"))
        return _back(request)
    if request.POST.get("sure") != "1":
        context = {
            "plan": plan,
            "name": name,
            "chosen": request.POST.getlist("chosen"),
            "all_matching": request.POST.get("all_matching", ""),
            "query": request.POST.get("query", ""),
            "back": _address(request),
            "as_job": plan.total > many.AT_ONCE,
        }
        return render(request, "campaigns/tasks/bulk.html", context)
    if plan.total > many.AT_ONCE and request.POST.get("all_matching") == "1":
        query = request.POST.get("query", "")
        job = many.enqueue_for_query(actor=request.user, query=query, name=name, text=text)
        return redirect("portal:jobs:detail", job.public_id)
    _say(request, many.run(rows, name, actor=request.user, text=text), name)
    return _back(request)


def _say(request: Any, outcome: many.Outcome, name: str) -> None:
    if name == many.REMIND:
        words = _("已提醒 %(n)d 个单位，%(p)d 人收到站内消息。")
    else:
        words = _("已检查通过 %(n)d 条。")
    messages.success(request, words % {"n": outcome.done, "p": outcome.people})
    for why, count in outcome.skipped.items():
        messages.warning(request, _("%(n)d 条没有处理：%(why)s") % {"n": count, "why": why})


def _address(request: Any) -> str:
    back = request.POST.get("back", "")
    if back.startswith("/staff/tasks/") and "//" not in back:
        return str(back)
    query = request.POST.get("query", "")
    return f"/staff/tasks/copies/?{query}" if query else "/staff/tasks/copies/"


def _back(request: Any) -> HttpResponse:
    return redirect(_address(request))
