"""Answering a survey, and reading what it found."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.quizzes.actions import surveys as actions
from campaigns.quizzes.forms.public import AnswerSheet
from campaigns.quizzes.models import Survey
from campaigns.quizzes.queries import surveys as queries
from campaigns.quizzes.rules import statistics
from portal.access.gate import public
from portal.access.limits import limited
from portal.reviews.workflow import WorkflowError
from portal.ui import captcha

ANSWERED_KEY = "surveys_answered"


def _survey(slug: str) -> Survey:
    survey = queries.public().filter(slug=slug).first()
    if survey is None:
        raise Http404
    return survey


@public
@never_cache
@limited("surveys.answer")
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """A few closed questions, no name; after the end the result."""
    survey = _survey(slug)
    if survey.phase != "open":
        return _found(request, survey)
    if slug in request.session.get(ANSWERED_KEY, []):  # one sheet per browser, also from an old page of it
        return redirect("campaigns:quizzes:survey_thanks", slug)
    questions = queries.questions_of(survey)
    form = AnswerSheet(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid():
        if not captcha.passed(request.POST):
            form.add_error(None, _("没有通过真人确认，请再答一次算式题；选的答案都还在。"))
        else:
            try:
                actions.answer(survey=survey, choices=form.choices, token=form.token)
                answered = [*request.session.get(ANSWERED_KEY, []), slug]
                request.session[ANSWERED_KEY] = answered[-20:]
                return redirect("campaigns:quizzes:survey_thanks", slug)
            except WorkflowError as error:
                form.add_error(None, str(error.message))
    context = {
        "survey": survey,
        "form": form,
        "captcha": captcha.challenge(),
        "purpose": statistics.FOR_SELF_CHECK,
    }
    return render(
        request, "campaigns/quizzes/survey_answer.html", context, status=422 if form.errors else 200
    )


def _found(request: HttpRequest, survey: Survey) -> HttpResponse:
    result = queries.result_of(survey) if survey.phase == "over" else None
    context = {"survey": survey, "result": result, "least": statistics.LEAST_N}
    return render(request, "campaigns/quizzes/survey_found.html", context)


@public
@never_cache
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Received."""
    return render(request, "campaigns/quizzes/survey_thanks.html", {"survey": _survey(slug)})
