"""Papers for staff: plan, compose, preview, review, draw."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.quizzes import lists
from campaigns.quizzes.actions import draws
from campaigns.quizzes.actions import papers as actions
from campaigns.quizzes.forms.base import ReasonForm
from campaigns.quizzes.forms.papers import PartFormSet, PointsForm, QuizForm, initial_parts, parts_of
from campaigns.quizzes.models import Quiz
from campaigns.quizzes.queries import attempts as tries
from campaigns.quizzes.queries import bank as bank_queries
from campaigns.quizzes.queries import papers as queries
from campaigns.quizzes.queries.history import timeline
from campaigns.quizzes.rules import bank
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build

PICK_MOST = 400


@require_GET
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def index(request: Any) -> HttpResponse:
    """All papers."""
    context = {
        "page": build(request, lists.QUIZZES),
        "may_edit": request.scope.has(Perm.QUIZ_EDIT),
    }
    return render(request, "campaigns/quizzes/papers.html", context)


def _one(request: Any, slug: str) -> Quiz:
    return get_object_or_404(queries.visible(request.scope), slug=slug)


def _mine(request: Any, slug: str) -> Quiz:
    quiz: Quiz = request.scope.get(Quiz, Perm.QUIZ_EDIT, slug=slug)
    return quiz


@require_GET
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def detail(request: Any, slug: str) -> HttpResponse:
    """One paper: what is missing, its questions, figures, the draw, next steps."""
    return _show(request, _one(request, slug))


def _show(request: Any, quiz: Quiz, **more: Any) -> HttpResponse:
    items, prize_draw = queries.items_of(quiz), queries.public_draw(quiz)
    may_edit = request.scope.may(Perm.QUIZ_EDIT, quiz)
    context = {
        "quiz": quiz,
        "items": items,
        "full": sum(item.points for item in items),
        "faults": actions.faults_of(quiz) if quiz.is_editable else [],
        "steps": available(quiz, request.scope),
        "may_edit": may_edit and quiz.is_editable,
        "may_handle": may_edit,
        "may_log": may_edit
        and quiz.is_over
        and bool(items)
        and quiz.activity is None
        and request.scope.may(Perm.ACTIVITY_LOG, quiz.unit),
        "totals": tries.totals(quiz, items) if quiz.participations else None,
        "draw": prize_draw,
        "draw_steps": available(prize_draw, request.scope) if prize_draw and quiz.is_over else [],
        "entries": len(queries.entries_in(quiz)) if prize_draw else 0,
        "winners": queries.winners_of(prize_draw) if prize_draw else [],
        "history": timeline(quiz, quiz.created_at),
        "reveal_form": ReasonForm(prefix="reveal"),
        **more,
    }
    return render(request, "campaigns/quizzes/paper.html", context, status=more.get("status", 200))


@allow(Perm.QUIZ_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Plan a paper."""
    form = QuizForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        try:
            quiz = actions.plan_quiz(
                actor=request.user,
                unit=form.cleaned_data["unit"],
                fields=form.values,
                client_token=form.token,
            )
            messages.success(request, _("已建好，接着组卷。"))
            return redirect("campaigns:quizzes:compose", quiz.slug)
        except WorkflowError as error:
            form.add_error("slug", str(error.message))
    return _form(request, form, _("新建试卷"), "/staff/quizzes/")


@allow(Perm.QUIZ_EDIT)
@never_cache
def edit(request: Any, slug: str) -> HttpResponse:
    """Change the frame of a paper."""
    form = QuizForm(request.POST or None, instance=_mine(request, slug), scope=request.scope)
    form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            fresh = _mine(request, slug)
            saved = form.write(lambda: actions.edit_quiz(actor=request.user, quiz=fresh, fields=form.values))
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(saved.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form(request, form, _("修改试卷"), f"/staff/quizzes/papers/{slug}/")


def _form(request: Any, form: QuizForm, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "campaigns/quizzes/staff_form.html", context, status=422 if form.errors else 200)


@allow(Perm.QUIZ_EDIT)
@never_cache
def compose(request: Any, slug: str) -> HttpResponse:
    """By rule: how many of which kind and topic."""
    quiz = _mine(request, slug)
    start = initial_parts(quiz)
    formset = PartFormSet(request.POST or None, initial=start, prefix="parts")
    form = PointsForm(request.POST or None)
    error = ""
    if request.method == "POST" and formset.is_valid() and form.is_valid():
        try:
            items = actions.compose_by_rule(
                actor=request.user, quiz=quiz, parts=parts_of(formset), points=form.cleaned_data["points"]
            )
            messages.success(request, _("已组好 %(n)d 题，可以预览，也可以再换一次。") % {"n": len(items)})
            return redirect(quiz.staff_url)
        except WorkflowError as problem:
            error = str(problem.message)
    stock = bank_queries.stock(bank_queries.usable(request.scope, quiz.unit, quiz.opens_on))
    context = {
        "quiz": quiz,
        "formset": formset,
        "form": form,
        "error": error,
        "stock": [
            (label, [stock.get((kind, code), 0) for kind in bank.Kind.values])
            for code, label in bank.Category.choices
        ],
        "kinds": bank.Kind.labels,
    }
    bad = bool(error) or (request.method == "POST")
    return render(request, "campaigns/quizzes/compose.html", context, status=422 if bad else 200)


@allow(Perm.QUIZ_EDIT)
@never_cache
def pick(request: Any, slug: str) -> HttpResponse:
    """By hand: tick the questions."""
    quiz, error = _mine(request, slug), ""
    usable = bank_queries.usable(request.scope, quiz.unit, quiz.opens_on)
    rows = list(usable.order_by("kind", "category", "pk")[:PICK_MOST])
    chosen = {item.question_id for item in queries.items_of(quiz)}
    form = PointsForm(request.POST or None)
    if request.method == "POST":
        chosen = {int(pk) for pk in request.POST.getlist("chosen") if pk.isdigit() and len(pk) < 19}
        if form.is_valid():
            try:
                actions.set_questions(
                    actor=request.user,
                    quiz=quiz,
                    questions=[row for row in rows if row.pk in chosen],
                    points=form.cleaned_data["points"],
                )
                messages.success(request, _("已选好题目。"))
                return redirect(quiz.staff_url)
            except WorkflowError as problem:
                error = str(problem.message)
    context = {"quiz": quiz, "rows": rows, "chosen": chosen, "form": form, "error": error}
    return render(request, "campaigns/quizzes/pick.html", context, status=422 if error else 200)


@require_GET
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def preview(request: Any, slug: str) -> HttpResponse:
    """As the public sees it, with answers and explanations below each question."""
    quiz = _one(request, slug)
    rows = tries.previewed(quiz)
    context = {"quiz": quiz, "rows": rows, "full": sum(row.item.points for row in rows)}
    return render(request, "campaigns/quizzes/preview.html", context)


@require_POST
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def step(request: Any, slug: str) -> HttpResponse:
    """Submit, approve, send back, withdraw, close."""
    quiz, name = _one(request, slug), request.POST.get("step", "")
    if name not in Quiz.transitions or name in {"drop", "lapse"}:
        raise Http404
    try:
        actions.step_quiz(actor=request.user, quiz=quiz, name=name, reason=request.POST.get("reason", ""))
        messages.success(request, _("已处理：%(state)s") % {"state": quiz.get_status_display()})
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(quiz.staff_url)


@require_POST
@allow(Perm.QUIZ_EDIT)
def log(request: Any, slug: str) -> HttpResponse:
    """A draft in the activity log, with what the portal knows; the person completes and submits it there."""
    quiz = _mine(request, slug)
    try:
        activity = actions.log_as_activity(actor=request.user, quiz=quiz)
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return redirect(quiz.staff_url)
    messages.success(request, _("已记成活动草稿，参加人次已经填好，补全后提交。"))
    return redirect(activity.staff_url)


@require_POST
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def draw_step(request: Any, slug: str) -> HttpResponse:
    """Draw, confirm or send back."""
    quiz, name = _one(request, slug), request.POST.get("step", "")
    try:
        if name == "draw":
            draws.draw_prizes(actor=request.user, quiz=quiz)
            messages.success(request, _("已抽取，请另一位同事复核后公示。"))
        elif name == "confirm":
            draws.confirm(actor=request.user, quiz=quiz)
            messages.success(request, _("已复核，种子、编号名单和中奖编号开始公示，中奖人会收到短信。"))
        elif name == "send_back":
            draws.send_back(actor=request.user, quiz=quiz, reason=request.POST.get("reason", ""))
            messages.success(request, _("已退回。"))
        else:
            raise Http404
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(quiz.staff_url)


@require_POST
@allow(Perm.QUIZ_EDIT)
@never_cache
def winners(request: Any, slug: str) -> HttpResponse:
    """Phones of the winners, once, on this answer only; who looked and why is kept."""
    quiz, form = _mine(request, slug), ReasonForm(request.POST, prefix="reveal")
    if not form.is_valid():
        return _show(request, quiz, reveal_form=form, status=422)
    try:
        phones = draws.reveal_winners(actor=request.user, quiz=quiz, reason=form.cleaned_data["reason"])
    except WorkflowError as error:
        messages.error(request, str(error.message))
        return _show(request, quiz, reveal_form=form, status=409)
    return _show(request, quiz, phones=phones)
