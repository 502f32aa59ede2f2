"""One application or base: the form of the unit, the page of everybody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from campaigns.venues.actions import bases as actions
from campaigns.venues.forms.bases import (
    ApplicationForm,
    DecideForm,
    FindingForm,
    ObjectionForm,
    OpinionForm,
    PlateForm,
    ReviewForm,
    ScoreForm,
)
from campaigns.venues.forms.venues import ReasonForm
from campaigns.venues.models import DemoBase
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules.bases import Status
from campaigns.venues.views.answers import REFUSALS, show
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to


def base_of(request: Any, pk: int) -> DemoBase:
    row: DemoBase = request.scope.get(queries.visible(request.scope), Perm.VENUE_VIEW, pk=pk)
    return row


@allow(Perm.VENUE_EDIT)
@never_cache
def edit(request: Any, pk: int) -> HttpResponse:
    """The application file."""
    base = request.scope.get(queries.visible(request.scope), Perm.VENUE_EDIT, pk=pk)
    if not base.is_editable:
        messages.info(request, _("申报已经提交，现在不能改。"))
        return redirect(base.staff_url)
    choices = [
        (str(row.pk), f"{timezone.localdate(row.starts_at):%Y-%m-%d} {row.title}")
        for row in queries.activities_of(base.unit)[:200]
    ]
    code = f"venues.base.{base.pk}"
    if request.method != "POST":
        initial = initial_from_restore(request, code) or {
            "intro": base.intro,
            "regulations": base.regulations,
            "activities": [str(number) for number in base.activities.values_list("pk", flat=True)],
        }
        form = ApplicationForm(initial=initial, choices=choices, actor=request.user, target=base)
        return _edit_page(request, base, form)
    form = ApplicationForm(request.POST, request.FILES, choices=choices, actor=request.user, target=base)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit(
                actor=request.user, base=base, intro=data["intro"], regulations=data["regulations"],
                activity_ids=[int(number) for number in data["activities"]], picked=data["photos"],
                documents=data["documents"],
            )  # fmt: skip
            if request.POST.get("act") == "submit":
                actions.submit(actor=request.user, base=base)
                messages.success(request, _("申报已提交，等待县级审核。"))
            else:
                messages.success(request, _("已保存，还没有提交。"))
            forget(request, form.token)
            return redirect(base.staff_url)
        except REFUSALS as error:
            show(form, error)
    return _edit_page(request, base, form, status=422)


def _edit_page(request: Any, base: DemoBase, form: ApplicationForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "base": base, "form_code": f"venues.base.{base.pk}"}
    return render(request, "campaigns/venues/application.html", context, status=status)


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def detail(request: Any, pk: int) -> HttpResponse:
    """One application or base with what can be done now."""
    return page(request, base_of(request, pk))


def page(request: Any, base: DemoBase, *, status: int = 200, **extra: Any) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()
    steps = {step.name: step for step in queries.steps(base, scope)}
    checks = scope.may(Perm.VENUE_CHECK, queries.county_of(base.unit))
    decides = scope.may(Perm.VENUE_DECIDE, base.batch.unit)
    scores = list(base.scores.select_related("by"))
    mine = next((score for score in scores if score.by_id == request.user.pk), None)
    points = {f"p_{code}": value for code, value in (mine.points if mine else {}).items()}
    objections = list(base.objections.select_related("handler"))
    applicant = request.user.pk in {base.submitted_by_id, base.created_by_id}
    may_score = checks and base.status == Status.SITE_VISIT and not applicant
    blind = may_score and mine is None  # what others gave is shown after one's own sheet
    context = {
        "base": base,
        "steps": steps,
        "simple": [step for name, step in steps.items() if name in actions.SIMPLE_STEPS],
        "may_edit": base.is_editable and scope.may(Perm.VENUE_EDIT, base),
        "may_score": may_score,
        "hidden_scores": len(scores) if blind else 0,
        "may_object": checks and base.status == Status.PUBLICITY,
        "may_review": checks and base.status in (Status.ANNUAL_REVIEW, Status.RECTIFYING),
        "may_propose": checks and base.holds_plate and base.removal_by_id is None,
        "may_drop": base.removal_by_id is not None
        and base.holds_plate
        and (decides or base.removal_by_id == request.user.pk),
        "scores": [] if blind else [(score, _points(base, score)) for score in scores],
        "mean": None if blind else queries.score_of(base),
        "least": rules.SCORERS_LEAST,
        "objections": objections,
        "see_objections": checks or decides,
        "frozen": any(not row.finding for row in objections),
        "activities": list(base.activities.order_by("-starts_at")[:200]),
        "sessions": queries.sessions_of(base),
        "photos": list(attached_to(base, "photos")),
        "documents": list(attached_to(base, "documents")),
        "opinion_files": list(attached_to(base, "opinion_files")),
        "reviews": list(base.reviews.select_related("by")),
        "history": queries.timeline(base),
        "submit_form": None,
        "opinion_form": OpinionForm(prefix="recommend"),
        "score_form": ScoreForm(
            prefix="score",
            criteria=base.batch.criteria,
            initial={"visited_on": today, "note": mine.note if mine else "", **points},
        ),
        "decide_form": DecideForm(
            prefix="decide", initial={"title_word": base.batch.title_word, "public_from": today}
        ),
        "plate_form": PlateForm(prefix="name", initial={"plate_no": queries.next_plate(base.batch)}),
        "objection_form": ObjectionForm(prefix="object", initial={"received_on": today}),
        "finding_form": FindingForm(prefix="finding"),
        "review_form": ReviewForm(prefix="review"),
        "propose_form": ReasonForm(prefix="propose"),
        "remove_form": ReasonForm(prefix="remove"),
        **extra,
    }
    return render(request, "campaigns/venues/base.html", context, status=status)


def _points(base: DemoBase, score: Any) -> list[tuple[str, str, Any]]:
    return [(row["label"], score.points.get(row["code"], "—"), row["weight"]) for row in base.batch.criteria]
