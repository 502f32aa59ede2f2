"""One unit's copy: the unit answers here, the issuer checks here."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.tasks import actions, queries
from campaigns.tasks.forms import AnswerForm, PeopleForm, ReasonForm
from campaigns.tasks.models import TaskCopy
from campaigns.tasks.rules import COPY_TRANSITIONS
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError

REASONED = ("claim_na", "return", "refuse_na")


def _one(request: Any, pk: int) -> TaskCopy:
    copy = queries.copy_of(request.scope, pk)
    if copy is None:
        raise Http404
    return copy


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def show(request: Any, pk: int) -> HttpResponse:
    """The copy with everything that can be done now."""
    return _show(request, _one(request, pk))


def _show(request: Any, copy: TaskCopy, *, status: int = 200, **extra: Any) -> HttpResponse:
    scope, task = request.scope, copy.task
    steps = queries.steps_for(copy, scope)
    ticks = {tick.item_id: tick for tick in copy.ticks.select_related("by")}
    answers = list(copy.answers.select_related("by"))
    may_write = copy.is_writable and scope.may(Perm.TASK_ANSWER, copy)
    context = {
        "copy": copy,
        "task": task,
        "steps": steps,
        "items": [(item, ticks.get(item.pk)) for item in task.items.all()],
        "answers": answers,
        "proofs": queries.proofs_shown(copy, scope),
        "may_write": may_write,
        "may_hand_down": task.is_running and queries.may_hand_down(scope, copy),
        "children": queries.children_of(copy),
        "history": queries.history(copy),
        "files": [{"name": row.original_name, "url": row.web_url, "thumb": row.thumb_url, "size": ""}
                  for row in queries.attachments(task)],
        "documents": queries.documents(task),
        "answer_documents": queries.documents(copy),
        "may_open_task": queries.visible_tasks(scope).filter(pk=task.pk).exists(),
        "people": queries.people_of_unit(copy.unit) if may_write else [],
        **{f"{name}_form": ReasonForm(prefix=name) for name in REASONED},
        **extra,
    }  # fmt: skip
    if copy.is_owed and task.is_running and scope.may(Perm.TASK_CHECK, task.unit):
        context |= {"may_remind": True, "told_words": queries.told_words(copy)}
    if may_write:
        context.setdefault("answer_form", _answer_form(request, copy, ticks.keys(), said=bool(answers)))
        context.setdefault(
            "people_form",
            PeopleForm(
                prefix="people", initial={"leader_name": copy.leader_name, "person_name": copy.person_name}
            ),
        )
    return render(request, "campaigns/tasks/copy.html", context, status=status)


def _answer_form(request: Any, copy: TaskCopy, ticked: Any, *, said: bool, data: Any = None) -> AnswerForm:
    files = request.FILES if data is not None else None
    return AnswerForm(data, files, copy=copy, scope=request.scope, ticked=set(ticked), initial={"said": said})


@require_POST
@allow(Perm.TASK_ANSWER)
def answer(request: Any, pk: int) -> HttpResponse:
    """Save progress, or report the task done."""
    copy = _one(request, pk)
    request.scope.require(Perm.TASK_ANSWER, copy)
    said = copy.answers.exists() or copy.ticks.exists() or copy.evidence.exists()
    form = _answer_form(request, copy, (), said=said, data=request.POST)
    if not form.is_valid():
        return _show(request, copy, status=422, answer_form=form)
    data, finish = dict(form.cleaned_data), request.POST.get("act") == "finish"
    try:
        copy = actions.add_answer(
            actor=request.user, copy=copy, text=data["text"], items=data["items"], shown_items=data["shown"],
            proofs=data["proofs"], documents=data["documents"], finish=finish, client_token=form.token,
        )  # fmt: skip
    except WorkflowError as error:
        form.add_error("text", str(error))
        return _show(request, _one(request, pk), status=409, answer_form=form, typed=data["text"])
    words = _("已报告完成，等下达单位检查。") if finish else _("已保存，下达单位能看到进度。")
    messages.success(request, words)
    return redirect(copy.staff_url)


@require_POST
@allow(Perm.TASK_ANSWER, Perm.TASK_CHECK)
def step(request: Any, pk: int, name: str) -> HttpResponse:
    """Receive, declare not applicable, check, return …"""
    copy = _one(request, pk)
    if name not in COPY_TRANSITIONS or name in {"start", "finish"}:
        raise Http404
    reason, extra = "", {}
    if name in REASONED:
        form = ReasonForm(request.POST, prefix=name)
        extra = {f"{name}_form": form}
        if not form.is_valid():
            return _show(request, copy, status=422, **extra)
        reason = form.cleaned_data["reason"]
    try:
        actions.step(actor=request.user, copy=copy, name=name, reason=reason)
    except WorkflowError as error:
        messages.error(request, str(error))
        return _show(request, _one(request, pk), status=409, typed=reason, **extra)
    messages.success(
        request, _("%(unit)s：%(state)s") % {"unit": copy.unit.short_name, "state": copy.get_status_display()}
    )
    return redirect(copy.staff_url)


@require_POST
@allow(Perm.TASK_ANSWER)
def people(request: Any, pk: int) -> HttpResponse:
    """Name the responsible people of the unit."""
    copy = _one(request, pk)
    form = PeopleForm(request.POST, prefix="people")
    if not form.is_valid():
        return _show(request, copy, status=422, people_form=form)
    try:
        actions.set_people(
            actor=request.user, copy=copy, leader_name=form.cleaned_data["leader_name"],
            person_name=form.cleaned_data["person_name"],
        )  # fmt: skip
        messages.success(request, _("责任人已保存。"))
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect(copy.staff_url)


@require_POST
@allow(Perm.TASK_ANSWER)
def drop_evidence(request: Any, pk: int, row: int) -> HttpResponse:
    """Take a record off the copy; the record itself stays."""
    copy = _one(request, pk)
    try:
        if actions.remove_evidence(actor=request.user, copy=copy, pk=row):
            messages.success(request, _("已去掉这条佐证，原记录还在。"))
    except WorkflowError as error:
        messages.error(request, str(error))
    return redirect(copy.staff_url)


@require_POST
@allow(Perm.TASK_CHECK)
def remind(request: Any, pk: int) -> HttpResponse:
    """Remind one unit by hand."""
    copy = _one(request, pk)
    request.scope.require(Perm.TASK_CHECK, copy.task.unit)
    units, told = actions.remind(actor=request.user, copies=[copy])
    if units:
        messages.success(request, _("已提醒，%(n)d 人收到站内消息。") % {"n": told})
    else:
        messages.info(request, _("半天内已提醒过，或现在不用提醒。"))
    return redirect(copy.staff_url)
