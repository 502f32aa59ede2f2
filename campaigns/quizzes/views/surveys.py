"""Surveys for staff: plan, questionnaire, link and QR code, paper sheets, result."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.quizzes import lists
from campaigns.quizzes.actions import surveys as actions
from campaigns.quizzes.forms.base import ReasonForm
from campaigns.quizzes.forms.surveys import (
    AskingFormSet,
    InvitedForm,
    SurveyForm,
    TallyForm,
    asking_of,
    initial_asking,
)
from campaigns.quizzes.models import Survey
from campaigns.quizzes.queries import surveys as queries
from campaigns.quizzes.queries.history import timeline
from campaigns.quizzes.rules import statistics
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.reviews.workflow import WorkflowError, available
from portal.ui.lists import build

READ = (Perm.SURVEY_EDIT, Perm.QUIZ_REVIEW, Perm.METRIC_DETAILS)


@require_GET
@allow(*READ)
def index(request: Any) -> HttpResponse:
    """All surveys."""
    context = {"page": build(request, lists.SURVEYS), "may_edit": request.scope.has(Perm.SURVEY_EDIT)}
    return render(request, "campaigns/quizzes/surveys.html", context)


def _one(request: Any, slug: str) -> Survey:
    return get_object_or_404(queries.visible(request.scope), slug=slug)


def _mine(request: Any, slug: str) -> Survey:
    survey: Survey = request.scope.get(Survey, Perm.SURVEY_EDIT, slug=slug)
    return survey


@require_GET
@allow(*READ)
def detail(request: Any, slug: str) -> HttpResponse:
    """The plan beside what came in."""
    return _show(request, _one(request, slug))


def _show(request: Any, survey: Survey, **more: Any) -> HttpResponse:
    may_edit = request.scope.may(Perm.SURVEY_EDIT, survey)
    context = {
        "survey": survey,
        "plan": survey.plan,
        "result": queries.result_of(survey),
        "least": statistics.LEAST_N,
        "batches": queries.batches_of(survey),
        "steps": available(survey, request.scope),
        "may_edit": may_edit and survey.is_editable,
        "may_handle": may_edit and not survey.is_editable and survey.status != "submitted",
        "invited_form": InvitedForm(initial={"invited": survey.invited or survey.plan.invitations}),
        "history": timeline(survey, survey.created_at),
        "address": request.build_absolute_uri(survey.get_absolute_url()),
        **more,
    }
    return render(request, "campaigns/quizzes/survey.html", context, status=more.get("status", 200))


@allow(Perm.SURVEY_EDIT)
@never_cache
def new(request: Any) -> HttpResponse:
    """Plan a survey; 试算 shows the sample size without saving."""
    form = SurveyForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid() and request.POST.get("action") != "plan":
        try:
            survey = actions.plan_survey(
                actor=request.user,
                unit=form.cleaned_data["unit"],
                fields=form.values,
                client_token=form.token,
            )
            messages.success(request, _("已建好，接着填问卷题目。"))
            return redirect("campaigns:quizzes:survey_questions", survey.slug)
        except WorkflowError as error:
            form.add_error("slug", str(error.message))
    return _form(request, form, _("新建知晓率调查"), "/staff/surveys/")


@allow(Perm.SURVEY_EDIT)
@never_cache
def edit(request: Any, slug: str) -> HttpResponse:
    """Change the plan."""
    form = SurveyForm(request.POST or None, instance=_mine(request, slug), scope=request.scope)
    form.watch()
    if request.method == "POST" and form.is_valid() and request.POST.get("action") != "plan":
        try:
            fresh = _mine(request, slug)
            saved = form.write(
                lambda: actions.edit_survey(actor=request.user, survey=fresh, fields=form.values)
            )
            if saved is not None:
                messages.success(request, _("已保存。"))
                return redirect(saved.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    return _form(request, form, _("修改调查"), f"/staff/surveys/{slug}/")


def _form(request: Any, form: SurveyForm, title: str, back: str) -> HttpResponse:
    plan = form.plan if form.is_bound and form.is_valid() else None
    context = {"form": form, "title": title, "back": back, "plan": plan, "can_plan": True}
    return render(request, "campaigns/quizzes/staff_form.html", context, status=422 if form.errors else 200)


@allow(Perm.SURVEY_EDIT)
@never_cache
def questions(request: Any, slug: str) -> HttpResponse:
    """The questionnaire, all questions on one page."""
    survey, error = _mine(request, slug), ""
    known = initial_asking(queries.questions_of(survey))
    formset = AskingFormSet(request.POST or None, initial=known, prefix="asking")
    if request.method == "POST" and formset.is_valid():
        try:
            actions.set_questions(actor=request.user, survey=survey, asking=asking_of(formset))
            messages.success(request, _("问卷已保存。"))
            return redirect(survey.staff_url)
        except WorkflowError as problem:
            error = str(problem.message)
    context = {"survey": survey, "formset": formset, "error": error}
    bad = request.method == "POST"
    return render(request, "campaigns/quizzes/survey_questions.html", context, status=422 if bad else 200)


@require_POST
@allow(Perm.SURVEY_EDIT, Perm.QUIZ_REVIEW)
def step(request: Any, slug: str) -> HttpResponse:
    """Submit, approve, send back, close."""
    survey, name = _one(request, slug), request.POST.get("step", "")
    if name not in Survey.transitions or name == "lapse":
        raise Http404
    try:
        actions.step_survey(
            actor=request.user, survey=survey, name=name, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("已处理：%(state)s") % {"state": survey.get_status_display()})
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(survey.staff_url)


@require_POST
@allow(Perm.SURVEY_EDIT)
def invited(request: Any, slug: str) -> HttpResponse:
    """How many questionnaires went out."""
    survey, form = _mine(request, slug), InvitedForm(request.POST)
    if form.is_valid():
        try:
            actions.set_invited(actor=request.user, survey=survey, invited=form.cleaned_data["invited"])
            messages.success(request, _("已登记，回收率按它计算。"))
            return redirect(survey.staff_url)
        except WorkflowError as error:
            form.add_error("invited", str(error.message))
    return _show(request, survey, invited_form=form, status=422)


@allow(Perm.SURVEY_EDIT)
@never_cache
def tally(request: Any, slug: str) -> HttpResponse:
    """Type in a batch of paper sheets."""
    survey = _mine(request, slug)
    form = TallyForm(request.POST or None, questions=queries.questions_of(survey))
    if request.method == "POST" and form.is_valid():
        try:
            actions.enter_tally(
                actor=request.user,
                survey=survey,
                sheets=form.cleaned_data["sheets"],
                place=form.cleaned_data["place"],
                counts=form.counts,
                client_token=form.token,
            )
            messages.success(request, _("这一批已计入。"))
            return redirect(survey.staff_url)
        except WorkflowError as error:
            form.add_error(None, str(error.message))
    context = {"survey": survey, "form": form}
    return render(request, "campaigns/quizzes/tally.html", context, status=422 if form.errors else 200)


@require_POST
@allow(Perm.SURVEY_EDIT)
def tally_withdraw(request: Any, slug: str, pk: int) -> HttpResponse:
    """Take a batch back."""
    survey, form = _mine(request, slug), ReasonForm(request.POST)
    batch = get_object_or_404(queries.batches_of(survey), pk=pk)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        actions.withdraw_tally(actor=request.user, batch=batch, reason=reason)
        messages.success(request, _("这一批不再计入，记录保留。"))
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(survey.staff_url)


@require_GET
@allow(*READ)
def qr(request: Any, slug: str) -> HttpResponse:
    """The QR code of the public address, to print on a notice."""
    survey = _one(request, slug)
    buffer = io.BytesIO()
    address = request.build_absolute_uri(survey.get_absolute_url())
    segno.make(address, error="m", micro=False).save(buffer, kind="svg", scale=6, border=2)
    return HttpResponse(buffer.getvalue(), content_type="image/svg+xml")
