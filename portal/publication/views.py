"""Pages behind the gate: the queue, one item, the words to watch."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.publication import actions, lists, queries, reading, rules, screening, words
from portal.publication.forms import PassForm, ReasonForm, WatchWordForm
from portal.publication.models import Publication
from portal.reviews.workflow import SamePerson, WorkflowError
from portal.ui.lists import build, chosen


@require_GET
@allow(*queries.READERS)
def queue(request: Any) -> HttpResponse:
    """Everything this person may see, what waits for them first."""
    if not request.GET and queries.waiting_for(request.scope).exists():
        return redirect(f"{request.path}?box={lists.MINE}")
    page = build(request, lists.SPEC, bulk_action=reverse("portal:publication:pass_many"))
    passes = any(request.scope.has(perm) for perm in (Perm.CONTENT_CHECK, Perm.CONTENT_PUBLISH))
    context = {
        "page": page,
        "may_pass_many": passes and request.GET.get("box") == lists.MINE,
        "may_edit_words": request.scope.has(Perm.WORD_EDIT),
    }
    return render(request, "portal/publication/queue.html", context)


def _one(request: Any, public_id: UUID) -> Publication:
    return get_object_or_404(queries.visible(request.scope), public_id=public_id)


@require_GET
@allow(*queries.READERS)
def detail(request: Any, public_id: UUID) -> HttpResponse:
    """One item: what the public will see, its marks, the checklist, the history."""
    row = _one(request, public_id)
    if row.status in rules.UNDER_REVIEW and row.target is not None:
        row = actions.check_current(row.target) or row
    return _show(request, row)


def _show(request: Any, row: Publication, **forms: Any) -> HttpResponse:
    steps = queries.steps_for(row, request.scope)
    obj = row.target
    context: dict[str, Any] = {
        "row": row,
        "shown": reading.read(row.snapshot, row.findings),
        "blocked": bool(screening.blocking(row.findings)),
        "passes": next((step for step in steps if rules.is_pass(step.name)), None),
        "returns": any(rules.is_return(step.name) for step in steps),
        "takes_down": any(step.name == "take_down" for step in steps),
        "pass_form": forms.get("pass_form") or PassForm(initial={"seen": row.digest}),
        "return_form": forms.get("return_form") or ReasonForm(prefix="back"),
        "down_form": forms.get("down_form") or ReasonForm(prefix="down"),
        "history": queries.timeline(row),
        "public_url": row.kind.public_url(obj) if obj is not None and row.is_live else "",
        "source_url": row.kind.staff_url(obj) if _may_open(request, row, obj) else "",
        "told": queries.told_after(row, actor=request.user),
        "left": queries.waiting_for(request.scope).exclude(pk=row.pk).count(),
        "mine": request.user.pk in queries.writer_ids(row),
        "typed": forms.get("typed", ""),
    }
    return render(request, "portal/publication/detail.html", context, status=forms.get("status", 200))


def _may_open(request: Any, row: Publication, obj: Any) -> bool:
    perm = row.kind.view_perm
    return obj is not None and (perm is None or request.scope.may(perm, obj))


@require_GET
@allow(*queries.READERS)
def next_one(request: Any) -> HttpResponse:
    """The item that has waited longest for this person, other than the one just seen."""
    rows = queries.waiting_for(request.scope)
    after = request.GET.get("after", "")
    row = next((row for row in rows[:50] if str(row.public_id) != after), None)
    if row is None:
        messages.info(request, _("待您处理的都看完了。"))
        return redirect(f"{reverse('portal:publication:queue')}?box=")
    return redirect(row.staff_url)


def _next(row: Publication) -> HttpResponse:
    return redirect(f"{reverse('portal:publication:next')}?after={row.public_id}")


@require_POST
@allow(Perm.CONTENT_EDIT, Perm.CONTENT_CHECK, Perm.CONTENT_PUBLISH)
def pass_on(request: Any, public_id: UUID) -> HttpResponse:
    """One level further; then the next item."""
    row, form = _one(request, public_id), PassForm(request.POST)
    form.is_valid()
    data = form.cleaned_data
    try:
        stage = actions.pass_on(
            row, actor=request.user, answers=data.get("answers") or [], seen=data.get("seen") or ""
        )
    except (WorkflowError, SamePerson) as error:
        messages.error(request, str(error.message))
        row = _one(request, public_id)
        again = PassForm(initial={"seen": row.digest, "answers": data.get("answers") or []})
        return _show(request, row, pass_form=again, status=409)
    done = _("已发布：%(title)s") if stage == "publish" else _("已通过，交给下一位：%(title)s")
    messages.success(request, done % {"title": row.title})
    return _next(row)


@require_POST
@allow(Perm.CONTENT_EDIT, Perm.CONTENT_CHECK, Perm.CONTENT_PUBLISH)
def send_back(request: Any, public_id: UUID) -> HttpResponse:
    """Back to the author with a reason."""
    row, form = _one(request, public_id), ReasonForm(request.POST, prefix="back")
    if not form.is_valid():
        return _show(request, row, return_form=form, status=422)
    try:
        actions.send_back(row, actor=request.user, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        typed = form.cleaned_data["reason"]
        return _show(request, _one(request, public_id), return_form=form, typed=typed, status=409)
    messages.success(request, _("已退回：%(title)s") % {"title": row.title})
    return _next(row)


@require_POST
@allow(Perm.CONTENT_TAKE_DOWN)
def take_down(request: Any, public_id: UUID) -> HttpResponse:
    """Off the public page at once."""
    row, form = _one(request, public_id), ReasonForm(request.POST, prefix="down")
    if not form.is_valid():
        return _show(request, row, down_form=form, status=422)
    try:
        actions.take_down(row, actor=request.user, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _show(request, _one(request, public_id), status=409)
    messages.success(request, _("已从公开页面撤下：%(title)s") % {"title": row.title})
    return redirect(row.staff_url)


@require_POST
@allow(Perm.CONTENT_CHECK, Perm.CONTENT_PUBLISH)
def pass_many(request: Any) -> HttpResponse:
    """Several at once: second and third readings of content without marks."""
    answers = list(rules.CHECKLIST) if request.POST.get("all_checked") == "1" else []
    rows = list(chosen(request, lists.SPEC)[:200])
    if not answers:
        messages.error(request, _("请先勾选“已逐项核对”，再批量通过。"))
    elif not rows:
        messages.error(request, _("没有勾选任何内容。"))
    else:
        passed, refused = _pass_all(rows, request.user, answers)
        messages.success(request, _("通过了 %(n)d 条。") % {"n": passed})
        for sentence in refused[:10]:
            messages.warning(request, sentence)
    return redirect(f"{reverse('portal:publication:queue')}?box={lists.MINE}")


def _pass_all(rows: list[Publication], actor: Any, answers: list[str]) -> tuple[int, list[str]]:
    try:
        return actions.pass_many(rows, actor=actor, answers=answers)
    except PermissionDenied:
        return 0, [_("其中有您无权审核的内容，没有处理。")]


@allow(Perm.WORD_EDIT)
def word_list(request: Any) -> HttpResponse:
    """The words to watch: read, add, switch off and on."""
    form = WatchWordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("word", "strength", "note")}
        if words.add(actor=request.user, **data):
            messages.success(request, _("已加入关注词。"))
            return redirect("portal:publication:words")
        form.add_error("word", _("这个词已经在表里了。"))
    context = {"form": form, "words": queries.watch_words(everything=True)}
    return render(request, "portal/publication/words.html", context, status=422 if form.errors else 200)


@require_POST
@allow(Perm.WORD_EDIT)
def switch_word(request: Any, pk: int) -> HttpResponse:
    """Use a word again, or no longer."""
    words.switch(pk, actor=request.user, active=request.POST.get("active") == "1")
    return redirect("portal:publication:words")
