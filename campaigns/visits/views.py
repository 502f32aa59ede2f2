"""Family visits: the one-minute form, the list, one visit with its follow-up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns.visits import actions, lists, queries, rules
from campaigns.visits.forms import FORM_CODE, FollowUpForm, TextForm, VisitForm
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import Status
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError
from portal.ui.lists import build


@allow(Perm.FAMILY_VISIT_VIEW)
@require_safe
@never_cache
def index(request: Any) -> HttpResponse:
    """Visits in reach; names masked."""
    context = {"page": build(request, lists.SPEC), "may_log": request.scope.has(Perm.FAMILY_VISIT_LOG)}
    return render(request, "campaigns/visits/list.html", context)


@allow(Perm.FAMILY_VISIT_LOG)
@never_cache
def new(request: Any) -> HttpResponse:
    """One minute on a phone."""
    if request.method != "POST":
        initial = _blank(request) | initial_from_restore(request, FORM_CODE)
        return _form(request, VisitForm(scope=request.scope, initial=initial))
    form = VisitForm(request.POST, scope=request.scope)
    if form.is_valid():
        data = form.cleaned_data
        try:
            visit = actions.log_visit(
                actor=request.user,
                unit=form.chosen_unit,
                fields=form.values,
                follow_up=data["follow_up"],
                responsible=data["responsible"],
                due_on=data["due_on"],
                client_token=form.token,
            )
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            forget(request, form.token)
            messages.success(request, _("家访已记下。"))
            return redirect(visit.staff_url)
    return _form(request, form)


def _blank(request: Any) -> dict[str, Any]:
    """Today, and what was the same the last time."""
    last = queries.last_of(request.user.pk)
    known = {"visited_on": timezone.localdate()}
    return known | ({"visitors": last.visitors, "area": last.area} if last is not None else {})


def _form(request: Any, form: VisitForm, visit: FamilyVisit | None = None) -> HttpResponse:
    context = {
        "form": form,
        "visit": visit,
        "form_code": f"visits.edit.{visit.pk}" if visit else FORM_CODE,
        "hotlines": rules.HOTLINES,
    }
    return render(request, "campaigns/visits/form.html", context, status=422 if form.errors else 200)


def _one(request: Any, pk: int) -> FamilyVisit:
    visit = queries.visible(request.scope).filter(pk=pk).first()
    if visit is None:
        raise Http404
    return visit


@allow(Perm.FAMILY_VISIT_VIEW)
@never_cache
def detail(request: Any, pk: int) -> HttpResponse:
    """One visit: what was said is shown to those who may see visits, the name only with a reason."""
    return _show(request, _one(request, pk))


def _show(request: Any, visit: FamilyVisit, status: int = 200, **extra: Any) -> HttpResponse:
    scope = request.scope
    mine = scope.may(Perm.FAMILY_VISIT_LOG, visit)
    context = {
        "visit": visit,
        "may_edit": mine,
        "may_raise": mine and visit.status == Status.NONE,
        "may_handle": visit.is_open and scope.may(Perm.FAMILY_VISIT_LOG, visit.answers_for),
        "may_close": mine and visit.status == Status.HANDLED,
        "may_reveal": bool(visit.family_name) and scope.may(Perm.FAMILY_VISIT_VIEW, visit),
        "raise_form": FollowUpForm(prefix="raise", visit=visit),
        "handle_form": TextForm(prefix="handle"),
        "reopen_form": TextForm(prefix="reopen"),
        "reveal_form": TextForm(prefix="reveal"),
        "history": _timeline(visit),
        **extra,
    }
    return render(request, "campaigns/visits/detail.html", context, status=status)


def _timeline(visit: FamilyVisit) -> list[dict[str, Any]]:
    first = {"title": _("登记"), "at": visit.created_at, "by": visit.created_by}
    return [first] + [
        {"title": rules.TRANSITIONS[row.step].label, "at": row.at, "by": row.by, "note": row.reason}
        for row in history_of(visit)
        if row.step in rules.TRANSITIONS
    ]


@allow(Perm.FAMILY_VISIT_LOG)
@never_cache
def edit(request: Any, pk: int) -> HttpResponse:
    """Correct a visit."""
    visit = _one(request, pk)
    request.scope.require(Perm.FAMILY_VISIT_LOG, visit)
    code = f"visits.edit.{visit.pk}"
    initial = VisitForm.initial_of(visit) | initial_from_restore(request, code)
    form = VisitForm(request.POST or None, scope=request.scope, visit=visit, initial=initial)
    form.watch(visit, VisitForm.initial_of(visit))
    if (
        request.method == "POST"
        and form.is_valid()
        and form.write(lambda: actions.edit_visit(actor=request.user, visit=visit, fields=form.values))
    ):
        forget(request, form.token)
        messages.success(request, _("已保存。"))
        return redirect(visit.staff_url)
    return _form(request, form, visit)


@allow(Perm.FAMILY_VISIT_LOG)
@require_POST
def step(request: Any, pk: int, name: str) -> HttpResponse:
    """Raise, handle, close or reopen the follow-up."""
    visit = _one(request, pk)
    form: Any = None
    if name == "raise":
        form = FollowUpForm(request.POST, prefix=name, visit=visit)
    elif name in {"handle", "reopen"}:
        form = TextForm(request.POST, prefix=name)
    elif name != "close":
        raise Http404
    if form is not None and not form.is_valid():
        return _show(request, visit, 422, **{f"{name}_form": form})
    try:
        _take(request.user, visit, name, form)
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _show(request, _one(request, pk), 409, **({f"{name}_form": form} if form else {}))
    messages.success(request, _("跟进：%(state)s") % {"state": visit.get_status_display()})
    return redirect(visit.staff_url)


def _take(actor: Any, visit: FamilyVisit, name: str, form: Any) -> None:
    if name == "raise":
        actions.raise_follow_up(
            actor=actor,
            visit=visit,
            responsible=form.cleaned_data["responsible"],
            due_on=form.cleaned_data["due_on"],
        )
    elif name == "handle":
        actions.handle(actor=actor, visit=visit, outcome=form.cleaned_data["text"])
    elif name == "reopen":
        actions.reopen(actor=actor, visit=visit, reason=form.cleaned_data["text"])
    else:
        actions.close(actor=actor, visit=visit)


@allow(Perm.FAMILY_VISIT_VIEW)
@require_POST
@never_cache
def reveal(request: Any, pk: int) -> HttpResponse:
    """The name, once, on this answer only; who looked and why is kept."""
    visit, form = _one(request, pk), TextForm(request.POST, prefix="reveal")
    if not form.is_valid():
        return _show(request, visit, 422, reveal_form=form)
    try:
        name = actions.reveal(actor=request.user, visit=visit, reason=form.cleaned_data["text"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _show(request, visit, 409, reveal_form=form)
    return _show(request, visit, identity=name)
