"""Reminders before festivals: the list, one of them, writing, deciding, counting."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.calendar import actions, lists, queries, reminder_queries
from campaigns.calendar.forms import CountsForm, ReminderForm
from campaigns.calendar.models import ReminderCampaign
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.notifications.queries import who_is_told
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build


@allow(Perm.REMINDER_EDIT, Perm.REMINDER_APPROVE)
@require_safe
def index(request: Any) -> HttpResponse:
    """All reminders in sight."""
    context = {"page": build(request, lists.REMINDERS), "may_edit": request.scope.has(Perm.REMINDER_EDIT)}
    return render(request, "campaigns/calendar/reminders.html", context)


def _one(request: Any, pk: int) -> ReminderCampaign:
    row: ReminderCampaign = get_object_or_404(reminder_queries.visible(request.scope), pk=pk)
    return row


@allow(Perm.REMINDER_EDIT, Perm.REMINDER_APPROVE)
@never_cache
def detail(request: Any, pk: int) -> HttpResponse:
    """One reminder: its words, who gets it, its rounds with their figures, its history."""
    return _show(request, _one(request, pk))


def _show(request: Any, row: ReminderCampaign, *, status: int = 200, **extra: Any) -> HttpResponse:
    reach = reminder_queries.reach_of(row)
    steps = [step for step in available(row, request.scope) if step.name != "finish"]
    context = {
        "row": row,
        "reach": reach,
        "told_text": reminder_queries.told_text(row, reach),
        "told": who_is_told("reminder.submitted", row.unit, actor=request.user),
        "figures": reminder_queries.figures(row),
        "steps": steps,
        "may_edit": row.is_editable and request.scope.may(Perm.REMINDER_EDIT, row),
        "may_count": not row.leaves_here and request.scope.may(Perm.REMINDER_EDIT, row),
        "counts_form": CountsForm(initial={"targets": row.group_size}),
        "history": [
            {
                "title": row.transitions[step.step].label,
                "at": step.at,
                "by": step.by or _("系统"),
                "note": step.reason,
            }
            for step in history_of(row)
        ],
        "now": timezone.now(),
        **extra,
    }
    return render(request, "campaigns/calendar/reminder.html", context, status=status)


@allow(Perm.REMINDER_EDIT)
@never_cache
def edit(request: Any, pk: int | None = None) -> HttpResponse:
    """Write one, or change a draft."""
    row = _one(request, pk) if pk is not None else None
    if row is not None:
        request.scope.require(Perm.REMINDER_EDIT, row)
        if not row.is_editable:
            messages.warning(request, _("这份提醒已经送审，先退回或取消才能改。"))
            return redirect(row.staff_url)
    form = ReminderForm(request.POST or None, instance=row, scope=request.scope, initial=_from_node(request))
    if row is not None:
        form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            save = partial(
                actions.write_reminder,
                actor=request.user,
                unit=_one(request, pk).unit if pk is not None else form.cleaned_data["unit"],
                fields=form.values,
                days_before=form.cleaned_data["rounds"],
                units=form.chosen_units,
                campaign=_one(request, pk) if pk is not None else None,
                client_token=form.token,
            )
            kept = form.write(save) if row is not None else save()
        except WorkflowError as error:
            form.add_error("text", str(error))
        else:
            if kept is not None:
                messages.success(request, _("已保存草稿；提交审批、由另一位同事批准后才会发。"))
                return redirect(kept.staff_url)
    context = {"form": form, "row": row}
    return render(
        request, "campaigns/calendar/reminder_form.html", context, status=422 if form.errors else 200
    )


def _from_node(request: Any) -> dict[str, Any]:
    """?node=: name and next date filled in."""
    number = request.GET.get("node", "")
    node = queries.visible(request.scope).filter(pk=int(number)).first() if number.isdecimal() else None
    span = queries.next_of(node, timezone.localdate()) if node is not None else None
    if node is None or span is None:
        return {}
    return {"node": node.pk, "on": span.first, "title": _("%(node)s节前廉洁提醒") % {"node": node.name}}


@allow(Perm.REMINDER_EDIT, Perm.REMINDER_APPROVE)
@require_POST
def step(request: Any, pk: int) -> HttpResponse:
    """Submit, approve, return, cancel."""
    row, name, reason = _one(request, pk), request.POST.get("step", ""), request.POST.get("reason", "")
    try:
        if name == "submit":
            actions.submit(row, actor=request.user)
        elif name == "cancel":
            actions.cancel(row, actor=request.user, reason=reason)
        elif name in {"approve", "return"}:
            actions.decide(row, name, actor=request.user, reason=reason)
        else:
            raise Http404
    except WorkflowError as error:
        messages.error(request, str(error))
        return _show(request, _one(request, pk), status=409)
    messages.success(
        request, _("“%(title)s”：%(state)s") % {"title": row.title, "state": row.get_status_display()}
    )
    return redirect(row.staff_url)


@allow(Perm.REMINDER_EDIT)
@require_POST
def counts(request: Any, pk: int, round_pk: int) -> HttpResponse:
    """How many a round reached, where the portal cannot know."""
    row = _one(request, pk)
    found = next((one for one in row.rounds.all() if one.pk == round_pk), None)
    if found is None:
        raise Http404
    form = CountsForm(request.POST)
    if not form.is_valid():
        return _show(request, row, status=422, counts_form=form, counting=round_pk)
    names = ("targets", "delivered", "read")
    try:
        actions.record_counts(found, actor=request.user, **{name: form.cleaned_data[name] for name in names})
        messages.success(request, _("数量已登记。"))
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect(row.staff_url)
