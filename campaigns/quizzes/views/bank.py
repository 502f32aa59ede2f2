"""The question bank."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.quizzes import lists
from campaigns.quizzes.actions import bank as actions
from campaigns.quizzes.forms.bank import QuestionForm
from campaigns.quizzes.models import Question
from campaigns.quizzes.queries import bank as queries
from campaigns.quizzes.queries import papers as paper_queries
from campaigns.quizzes.queries import surveys as survey_queries
from campaigns.quizzes.queries.history import timeline
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build, chosen


@require_GET
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def index(request: Any) -> HttpResponse:
    """All questions, with bulk steps and export."""
    page = build(request, lists.QUESTIONS, bulk_action="/staff/quizzes/questions/bulk/")
    context = {
        "page": page,
        "may_edit": request.scope.has(Perm.QUIZ_EDIT),
        "may_review": request.scope.has(Perm.QUIZ_REVIEW),
    }
    return render(request, "campaigns/quizzes/questions.html", context)


@require_GET
@allow(Perm.QUIZ_REVIEW)
def review(request: Any) -> HttpResponse:
    """What waits for a second person: questions, papers, draws, surveys."""
    context = {
        "questions": queries.waiting_for(request.scope)[:50],
        "quizzes": paper_queries.waiting_for(request.scope)[:50],
        "draws": paper_queries.draws_waiting_for(request.scope)[:50],
        "surveys": survey_queries.waiting_for(request.scope)[:50],
    }
    return render(request, "campaigns/quizzes/review.html", context)


def _one(request: Any, pk: int) -> Question:
    return get_object_or_404(queries.visible(request.scope), pk=pk)


@require_GET
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def detail(request: Any, pk: int) -> HttpResponse:
    """One question with what can be done now."""
    question = _one(request, pk)
    steps = available(question, request.scope)
    context = {
        "question": question,
        "steps": [step for step in steps if step.name != "revise"],
        "may_edit": request.scope.may(Perm.QUIZ_EDIT, question) and question.status != "retired",
        "history": timeline(question, question.created_at),
    }
    return render(request, "campaigns/quizzes/question.html", context)


@allow(Perm.QUIZ_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Write a question."""
    form = QuestionForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        try:
            question = actions.write_question(
                actor=request.user,
                unit=form.cleaned_data["unit"],
                fields=form.values,
                client_token=form.token,
            )
            if request.POST.get("action") == "submit" and question.is_editable:
                actions.submit_question(actor=request.user, question=question)
                messages.success(request, _("已提交，等另一位同事审核入库。"))
            else:
                messages.success(request, _("已保存为草稿。"))
            return redirect(question.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form(request, form, _("写一道题"))


@allow(Perm.QUIZ_EDIT)
@never_cache
def edit(request: Any, pk: int) -> HttpResponse:
    """Change a question; an approved one is reviewed again."""
    question = request.scope.get(Question, Perm.QUIZ_EDIT, pk=pk)
    form = QuestionForm(request.POST or None, instance=question, scope=request.scope)
    form.watch()
    if request.method == "POST" and form.is_valid():
        question = request.scope.get(Question, Perm.QUIZ_EDIT, pk=pk)  # the form has changed the first one
        try:
            saved = form.write(
                lambda: actions.edit_question(actor=request.user, question=question, fields=form.values)
            )
            if saved is not None:
                messages.success(request, _("已保存。改过的题要提交审核后才能用。"))
                return redirect(question.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form(request, form, _("修改题目"), question)


def _form(request: Any, form: QuestionForm, title: str, question: Question | None = None) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": question.staff_url if question else "/staff/quizzes/questions/",
        "note": _("改了以后要重新审核；已经开始的试卷用的是审核时的题目，不受影响。")
        if question and not question.is_editable
        else "",
        "can_submit": question is None,
    }
    return render(request, "campaigns/quizzes/staff_form.html", context, status=422 if form.errors else 200)


@require_POST
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def step(request: Any, pk: int) -> HttpResponse:
    """Submit, approve, send back, retire, restore."""
    question, name = _one(request, pk), request.POST.get("step", "")
    if name not in Question.transitions or name in {"expire", "revise"}:
        raise Http404
    try:
        actions.step_question(
            actor=request.user, question=question, name=name, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("已处理：%(state)s") % {"state": question.get_status_display()})
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(question.staff_url)


@require_POST
@allow(Perm.QUIZ_EDIT, Perm.QUIZ_REVIEW)
def bulk(request: Any) -> HttpResponse:
    """Submit or approve the chosen ones; what another person must do is left out and counted."""
    name = request.POST.get("step", "")
    if name not in {"submit", "approve"}:
        raise Http404
    done, left = actions.step_many(
        actor=request.user, questions=chosen(request, lists.QUESTIONS).order_by("pk")[:500], name=name
    )
    if done:
        messages.success(request, _("已处理 %(n)d 题。") % {"n": done})
    if left:
        messages.warning(
            request, _("%(n)d 题没有处理：状态不对，或是自己写的题要由另一位同事审核。") % {"n": left}
        )
    return redirect("/staff/quizzes/questions/")


@require_GET
@allow(Perm.QUIZ_EDIT)
def bring(request: Any) -> HttpResponse:
    """The address of former times: tables of every kind are imported in one place now."""
    return redirect("portal:importing:new", "questions")
