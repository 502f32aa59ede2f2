"""Pages of those who organise judging. No page and no file shows a score before the round is closed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.judging import actions, queries, registry
from portal.reviews.judging.forms import CriteriaForm, PanelForm
from portal.reviews.judging.lists import SPEC
from portal.reviews.judging.models import JudgingStage
from portal.reviews.judging.rules import StageState
from portal.reviews.judging.views.judge import tie_page
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    """Every round, with its progress."""
    return render(request, "portal/reviews/judging/stages.html", {"page": build(request, SPEC)})


@allow(Perm.JUDGING_MANAGE, Perm.JUDGING_DECIDE)
@never_cache
@require_safe
def stage(request: Any, ref: Any) -> HttpResponse:
    """One round: fairness report and one click before, progress while, table and decision after."""
    return _page(request, queries.stage_for(request.scope, ref))


def _page(request: Any, row: JudgingStage, **more: Any) -> HttpResponse:
    proposed = queries.proposal_of(row) if row.status == StageState.CLOSED else set()
    table = queries.table_of(row)
    buckets: dict[str, list[dict[str, Any]]] = {}
    for line in table:
        line["proposed"] = line["item"].pk in proposed
        buckets.setdefault(line["item"].bucket_label, []).append(line)
    context = {
        "stage": row,
        "report": None if row.is_over else queries.fairness_of(row),
        "late": 0 if row.is_over else queries.late_report(row).things,
        "criteria": list(row.criteria.all()),
        "buckets": list(buckets.items()),
        "ties": queries.ties_of(row) if row.status == StageState.CLOSED else [],
        "may_manage": request.scope.may(Perm.JUDGING_MANAGE, row),
        "may_part": _may_part(request, row),
        "history": list(history_of(row)),
        "subject_url": registry.of(row.code).subject_url(row.subject_id),
        "percent": round(row.scored * 100 / row.wanted) if row.wanted else 0,
        **more,
    }
    return render(request, "portal/reviews/judging/stage.html", context, status=more.get("status", 200))


def _may_part(request: Any, row: JudgingStage) -> bool:
    if row.status != StageState.CLOSED or not request.scope.may(Perm.JUDGING_DECIDE, row):
        return False
    return bool(queries.ties_by_hand(row)[1])


@allow(Perm.JUDGING_MANAGE)
@never_cache
def panel(request: Any, ref: Any) -> HttpResponse:
    """Who judges."""
    row = queries.stage_for(request.scope, ref)
    initial = {
        "judges": [str(user.ref) for user in queries.judges_for(row)],
        "chair": str(row.chair.ref) if row.chair else "",
    }
    people = list(queries.available_judges(request.scope))
    form = PanelForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        judges, chair = form.chosen()
        try:
            actions.set_panel(actor=request.user, stage=row, judges=judges, chair=chair)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("评委名单已保存。"))
            return redirect(row.get_absolute_url())
    status = 422 if form.errors else 200
    return render(request, "portal/reviews/judging/panel.html", {"form": form, "stage": row}, status=status)


@allow(Perm.JUDGING_MANAGE)
@never_cache
def criteria(request: Any, ref: Any) -> HttpResponse:
    """Names and weights, before judges begin."""
    row = queries.stage_for(request.scope, ref)
    if row.status != StageState.PREPARING:
        messages.info(request, _("打分已经开始，评分标准不能再改。"))
        return redirect(row.get_absolute_url())
    form = CriteriaForm(request.POST or None, sets=list(row.criteria.all()))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_criteria(actor=request.user, stage=row, sets=form.values())
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("评分标准已保存。"))
            return redirect(row.get_absolute_url())
    status = 422 if form.errors else 200
    return render(
        request, "portal/reviews/judging/criteria.html", {"form": form, "stage": row}, status=status
    )


@allow(Perm.JUDGING_MANAGE)
@never_cache
def late(request: Any, ref: Any) -> HttpResponse:
    """补入: who would judge what was accepted since, then one click."""
    row = queries.stage_for(request.scope, ref)
    if row.is_over:
        messages.info(request, _("打分已经结束，不能再补入。"))
        return redirect(row.get_absolute_url())
    problem, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            number = actions.add_late(actor=request.user, stage=row, reason=reason)
        except WorkflowError as error:
            problem = str(error.message)
            row = queries.stage_for(request.scope, ref)
        else:
            told = _("评委都收到了通知。") if row.is_scoring else _("请再点一键分配。")
            messages.success(request, _("已补入 %(n)d 件。") % {"n": number} + told)
            return redirect(row.get_absolute_url())
    context = {"stage": row, "report": queries.late_report(row), "problem": problem, "typed": reason}
    return render(request, "portal/reviews/judging/late.html", context, status=409 if problem else 200)


@allow(Perm.JUDGING_MANAGE)
@require_POST
def step(request: Any, ref: Any, name: str) -> HttpResponse:
    """Assign, open, close, decide."""
    row = queries.stage_for(request.scope, ref)
    reason = request.POST.get("reason", "")
    try:
        if name == "assign":
            number = actions.assign(actor=request.user, stage=row)
            messages.success(request, _("已分配 %(n)d 份评审任务。") % {"n": number})
        elif name == "open":
            actions.open_stage(actor=request.user, stage=row, reason=reason)
            messages.success(request, _("打分已经开始，评委都收到了通知。"))
        elif name == "close":
            actions.close_stage(actor=request.user, stage=row, reason=reason)
            messages.success(request, _("打分已结束，成绩已算出。"))
        elif name == "decide":
            chosen = {int(pk) for pk in request.POST.getlist("promoted") if pk.isdigit()}
            number = actions.decide(actor=request.user, stage=row, promoted=chosen, reason=reason)
            messages.success(request, _("已确定 %(n)d 件晋级。") % {"n": number})
        else:
            raise Http404
    except WorkflowError as error:
        fresh = queries.stage_for(request.scope, ref)
        kept = (
            {int(pk) for pk in request.POST.getlist("promoted") if pk.isdigit()} if name == "decide" else None
        )
        return _page(request, fresh, problem=str(error.message), typed=reason, kept=kept, status=409)
    return redirect(row.get_absolute_url())


@allow(Perm.JUDGING_DECIDE)
@never_cache
def ties(request: Any, ref: Any) -> HttpResponse:
    """Equal ones where no chair may decide."""
    row = queries.stage_for(request.scope, ref)
    if not _may_part(request, row):
        raise Http404
    theirs = queries.ties_by_hand(row)[1]
    return tie_page(request, row, theirs, files="portal:reviews:stage_file", back=row.get_absolute_url())
