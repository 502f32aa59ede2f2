"""Writing a task, seeing whom it reaches, issuing it, and the issuer's page that shows gaps first."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.tasks import actions, queries, rules
from campaigns.tasks.forms import DueForm, ReasonForm, TaskForm
from campaigns.tasks.models import Task, TaskCopy
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.queries import history_of
from portal.reviews.workflow import WorkflowError

LOWER_SHOWN = 20
STEPS_WORDS = (gettext_lazy("写任务"), gettext_lazy("核对发给谁"), gettext_lazy("下达"))


@allow(Perm.TASK_ISSUE)
@never_cache
def new(request: Any) -> HttpResponse:
    """Write a task; `?from=` hands a received one down to the own subordinate units."""
    parent = None
    if request.GET.get("from"):
        parent = queries.parent_for(request.scope, request.GET["from"])
        if parent is None:
            raise Http404
    form = TaskForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, parent=parent,
        initial=None if request.POST else _start(request, parent),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form, parent=parent)
        if saved is not None:
            return _after(request, saved)
    return _page(request, form, parent=parent, title=_("转发下级") if parent else _("下达任务"))


def _start(request: Any, parent: TaskCopy | None) -> dict[str, Any]:
    if parent is None:
        return {"contact_name": request.user.display_name}
    task = parent.task
    return {
        "title": task.title, "text": task.text, "campaign": task.campaign, "policy": task.policy,
        "due_on": parent.due_on, "contact_name": request.user.display_name,
        "items_text": "\n".join(f"{row.text} | {row.owner}" if row.owner else row.text for row in task.items.all()),
    }  # fmt: skip


@allow(Perm.TASK_ISSUE)
@never_cache
def edit(request: Any, pk: int) -> HttpResponse:
    """Go on with a draft."""
    task = _mine(request, pk)
    if not task.is_draft:
        messages.info(request, _("任务已下达，只能调整期限或撤回。"))
        return redirect(task.staff_url)
    form = TaskForm(
        request.POST or None, request.FILES or None, scope=request.scope, actor=request.user, instance=task,
        target=task, parent=task.parent_copy,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        fresh = _mine(request, pk)  # the form has changed the first object in memory
        seen = request.POST.get("version", "")
        if seen.isdigit() and len(seen) < 10:
            fresh.version = int(seen)  # what this page was opened with; a newer one refuses the write
        saved = _save(request, form, task=fresh)
        if saved is not None:
            return _after(request, saved)
    version = request.POST.get("version") or task.version
    return _page(request, form, task=task, parent=task.parent_copy, version=version, title=_("修改任务草稿"))


def _save(
    request: Any, form: TaskForm, *, task: Task | None = None, parent: TaskCopy | None = None
) -> Task | None:
    unit = form.issuer if task is None else task.unit
    try:
        return actions.save_task(
            actor=request.user, unit=unit, fields=form.values, items=form.items, task=task, parent_copy=parent,
            picked=form.cleaned_data["attachments"], documents=form.cleaned_data["documents"],
            client_token=form.token if task is None else None,
        )  # fmt: skip
    except WorkflowError as error:
        form.add_error(None, str(error))
        return None


def _after(request: Any, task: Task) -> HttpResponse:
    if request.POST.get("act") == "draft":
        messages.success(request, _("草稿已保存，没有通知任何人。"))
        return redirect("campaigns:tasks:edit", task.pk)
    return redirect("campaigns:tasks:preview", task.pk)


def _page(request: Any, form: TaskForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    context |= {"steps_words": STEPS_WORDS}
    return render(request, "campaigns/tasks/form.html", {"form": form, **context}, status=status)


def _mine(request: Any, pk: int) -> Task:
    task: Task = request.scope.get(queries.with_everything(), Perm.TASK_ISSUE, pk=pk)
    return task


@require_GET
@allow(Perm.TASK_ISSUE)
@never_cache
def preview(request: Any, pk: int) -> HttpResponse:
    """Units and people a draft will reach, before it is issued."""
    task = _mine(request, pk)
    if not task.is_draft:
        return redirect(task.staff_url)
    context = {"task": task, "found": queries.preview(task), "items": list(task.items.all())}
    context |= {"steps_words": STEPS_WORDS, "documents": queries.documents(task)}
    return render(request, "campaigns/tasks/preview.html", context)


@require_GET
@allow(Perm.TASK_VIEW)
@never_cache
def detail(request: Any, pk: int) -> HttpResponse:
    """The issuer's page: only gaps first, the complete list one press away."""
    return _show(request, _seen(request, pk))


def _seen(request: Any, pk: int) -> Task:
    task: Task | None = queries.with_everything(queries.visible_tasks(request.scope)).filter(pk=pk).first()
    if task is None:
        raise Http404
    return task


def _show(request: Any, task: Task, *, status: int = 200, **extra: Any) -> HttpResponse:
    counts = queries.colours_of(task)
    total = sum(counts.values())
    gaps = queries.gaps_of(task) if task.is_running else []
    steps = queries.task_steps(task, request.scope)
    lower: list[Any] = queries.handed_down([task]) if "recall" in steps else []
    context = {
        "task": task,
        "gaps": gaps,
        "gap_sum": sum(counts[colour] for colour in rules.GAP_ORDER),
        "counts": [
            (rules.Colour(code).label, *rules.LOOK[rules.Colour(code)], n) for code, n in counts.items() if n
        ],
        "total": total,
        "coverage": queries.coverage(task),
        "items": list(task.items.all()),
        "files": [{"name": row.original_name, "url": row.web_url, "thumb": row.thumb_url, "size": ""}
                  for row in queries.attachments(task)],
        "documents": queries.documents(task),
        "steps": steps,
        "may_check": task.is_running and request.scope.may(Perm.TASK_CHECK, task.unit),
        "history": [
            {"title": str(rules.TASK_TRANSITIONS[row.step].label), "at": row.at, "by": str(row.by or ""),
             "note": row.reason}
            for row in history_of(task)
        ],
        "due_changes": queries.due_changes(task),
        "quotas": list(task.quotas.all()),
        "due_form": DueForm(initial={"due_on": task.due_on}, prefix="due"),
        "lower": lower[:LOWER_SHOWN],
        "lower_n": len(lower),
        "lower_units": sum(row.copies_n for row in lower),
        "recall_form": ReasonForm(prefix="recall"),
        "close_form": ReasonForm(prefix="close"),
        **extra,
    }  # fmt: skip
    return render(request, "campaigns/tasks/detail.html", context, status=status)


@require_POST
@allow(Perm.TASK_ISSUE)
def step(request: Any, pk: int, name: str) -> HttpResponse:
    """Issue, recall, close or drop."""
    task = _mine(request, pk)
    extra: dict[str, Any] = {}
    reason = ""
    if name in {"recall", "close"}:
        form = ReasonForm(request.POST, prefix=name)
        extra = {f"{name}_form": form}
        if not form.is_valid():
            return _show(request, task, status=422, **extra)
        reason = form.cleaned_data["reason"]
    try:
        if name == "issue":
            actions.issue(actor=request.user, task=task)
            messages.success(request, _("任务已下达，各单位的经办人会收到站内消息。"))
        elif name == "recall":
            actions.recall(actor=request.user, task=task, reason=reason)
            messages.success(request, _("任务已撤回，下级转发的也一并撤回，各单位会收到消息、看到理由。"))
        elif name == "close":
            actions.close(actor=request.user, task=task, reason=reason)
            messages.success(request, _("任务已归档。"))
        else:
            actions.discard(actor=request.user, task=task)
            messages.success(request, _("草稿已弃用。"))
            return redirect("campaigns:tasks:issued")
    except WorkflowError as error:
        messages.error(request, str(error))
        if name == "issue" and _mine(request, pk).is_draft:
            return redirect("campaigns:tasks:preview", pk)
        return _show(request, _mine(request, pk), status=409, **extra)
    return redirect(task.staff_url)


@require_POST
@allow(Perm.TASK_ISSUE)
def due(request: Any, pk: int) -> HttpResponse:
    """Move the date of a running task; all are told."""
    task = _mine(request, pk)
    form = DueForm(request.POST, prefix="due")
    if not form.is_valid():
        return _show(request, task, status=422, due_form=form)
    try:
        actions.change_due(
            actor=request.user,
            task=task,
            due_on=form.cleaned_data["due_on"],
            reason=form.cleaned_data["reason"],
        )
    except WorkflowError as error:
        form.add_error("due_on", str(error))
        return _show(request, _mine(request, pk), status=409, due_form=form)
    messages.success(request, _("期限已调整，各单位会收到消息。"))
    return redirect(task.staff_url)
