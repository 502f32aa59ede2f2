"""Batches with their quota, applications, scores, decision, plate, re-check and removal."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campaigns.venues import lists
from campaigns.venues.actions import bases as actions
from campaigns.venues.forms.bases import (
    ApplicationForm,
    ApplyForm,
    BatchForm,
    DecideForm,
    FindingForm,
    ObjectionForm,
    OpinionForm,
    PlateForm,
    ReviewForm,
    ScoreForm,
)
from campaigns.venues.forms.venues import ReasonForm
from campaigns.venues.models import BaseBatch, DemoBase
from campaigns.venues.queries import bases as queries
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules.bases import Status
from campaigns.venues.views.answers import REFUSALS, show, words
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.files.queries import attached_to
from portal.ui.lists import build


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def index(request: Any) -> HttpResponse:
    """Applications and bases."""
    # Leaders read this list too; the button is for those who apply.
    rounds = queries.open_batches_for(request.scope) if request.scope.has(Perm.VENUE_EDIT) else []
    context = {"page": build(request, lists.BASES), "open": rounds}
    return render(request, "campaigns/venues/bases.html", context)


# -- batches ---------------------------------------------------------------------------------------


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def batches(request: Any) -> HttpResponse:
    """Rounds of naming."""
    context = {
        "batches": list(queries.batches_for(request.scope)),
        "may_open": queries.units_that_name(request.scope).exists(),
    }
    return render(request, "campaigns/venues/batches.html", context)


def _batch(request: Any, pk: int) -> BaseBatch:
    found = queries.batches_for(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
@allow(Perm.VENUE_VIEW)
@never_cache
def batch(request: Any, pk: int) -> HttpResponse:
    """Quota and state of one round, unit by unit in division order."""
    row = _batch(request, pk)
    context = {
        "batch": row,
        "lines": queries.quota(row),
        "filled": queries.filled(row),
        "may_edit": request.scope.may(Perm.VENUE_CHECK, row.unit),
        "may_apply": row.is_open and request.scope.has(Perm.VENUE_EDIT),
        "pool": list(row.pool.order_by("path")[:300]),
    }
    return render(request, "campaigns/venues/batch.html", context)


@allow(Perm.VENUE_CHECK)
@never_cache
def batch_edit(request: Any, pk: int | None = None) -> HttpResponse:
    """Open a round or change it."""
    known = _batch(request, pk) if pk is not None else None
    if known is not None and not request.scope.may(Perm.VENUE_CHECK, known.unit):
        raise Http404
    initial = {} if known else {"year": timezone.localdate().year, "opens_on": timezone.localdate()}
    form = BatchForm(request.POST or None, instance=known, initial=initial, scope=request.scope)
    if known is not None:
        form.watch()
    if request.method == "POST" and form.is_valid():
        try:
            save = partial(
                actions.save_batch,
                actor=request.user,
                unit=known.unit if known else form.cleaned_data["unit"],
                fields=form.values,
                pool=form.pool,
                batch=_batch(request, pk) if pk is not None else None,
                client_token=form.token,
            )
            row = form.write(save) if known else save()
            if row is not None:
                messages.success(request, _("“%(name)s”已保存。") % {"name": row.name})
                return redirect(row.staff_url)
        except REFUSALS as error:
            show(form, error)
    context = {"form": form, "batch": known}
    return render(request, "campaigns/venues/batch_form.html", context, status=422 if form.errors else 200)


@allow(Perm.VENUE_EDIT)
@never_cache
def apply(request: Any, pk: int) -> HttpResponse:
    """Choose the venue that applies."""
    row = _batch(request, pk)
    form = ApplyForm(request.POST or None, scope=request.scope, batch=row)
    if request.method == "POST" and form.is_valid():
        try:
            base = actions.apply(
                actor=request.user, batch=row, venue=form.cleaned_data["venue"], client_token=form.token
            )
            return redirect("campaigns:venues:base_edit", base.pk)
        except REFUSALS as error:
            show(form, error)
    context = {"form": form, "batch": row}
    return render(request, "campaigns/venues/apply.html", context, status=422 if form.errors else 200)


# -- one application --------------------------------------------------------------------------------


def _found(request: Any, pk: int) -> DemoBase:
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
    return _show(request, _found(request, pk))


def _show(request: Any, base: DemoBase, *, status: int = 200, **extra: Any) -> HttpResponse:
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


@require_POST
@allow(Perm.VENUE_EDIT, Perm.VENUE_CHECK, Perm.VENUE_DECIDE)
def step(request: Any, pk: int) -> HttpResponse:
    """Steps that need no more than a reason, and handing in."""
    base, name = _found(request, pk), request.POST.get("step", "")
    if name not in (*actions.SIMPLE_STEPS, "submit", "drop_removal"):
        raise Http404
    try:
        if name == "submit":
            actions.submit(actor=request.user, base=base)
        elif name == "drop_removal":
            actions.drop_removal(actor=request.user, base=base)
        else:
            actions.step(actor=request.user, base=base, name=name, reason=request.POST.get("reason", ""))
        messages.success(
            request, _("已处理：%(name)s，%(state)s。") % {"name": base.venue.name, "state": base.get_status_display()}
        )  # fmt: skip
    except REFUSALS as error:
        messages.error(request, words(error))
    return redirect(base.staff_url)


def _do(request: Any, pk: int, form: Any, key: str, act: Any, said: str) -> HttpResponse:
    """Form → action → answer, with the form coming back when either refuses."""
    base = _found(request, pk)
    if form.is_valid():
        try:
            act(base, form)
            messages.success(request, said)
            return redirect(base.staff_url)
        except REFUSALS as error:
            show(form, error)
        except PermissionDenied:
            form.add_error(None, _("这一步要由县级及以上审核人员或命名单位的领导办理。"))
    return _show(request, _found(request, pk), status=422, **{key: form})


@require_POST
@allow(Perm.VENUE_CHECK)
def recommend(request: Any, pk: int) -> HttpResponse:
    """推荐意见."""
    return _do(
        request, pk, OpinionForm(request.POST, request.FILES, prefix="recommend", actor=request.user), "opinion_form",
        lambda base, form: actions.recommend(
            actor=request.user, base=base, opinion=form.cleaned_data["opinion"],
            files=form.cleaned_data["opinion_files"],
        ),
        _("已推荐，转入现场评审。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_CHECK)
def score(request: Any, pk: int) -> HttpResponse:
    """One scorer's sheet."""
    form = ScoreForm(request.POST, prefix="score", criteria=_found(request, pk).batch.criteria)
    return _do(
        request, pk, form, "score_form",
        lambda base, form: actions.score(
            actor=request.user, base=base, points=form.points, visited_on=form.cleaned_data["visited_on"],
            note=form.cleaned_data["note"],
        ),
        _("打分已保存。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_DECIDE)
def decide(request: Any, pk: int) -> HttpResponse:
    """Agree, and open the public notice."""
    fields = ("approval_basis", "approval_no", "title_word", "quota_reason", "public_from")
    return _do(
        request, pk, DecideForm(request.POST, prefix="decide"), "decide_form",
        lambda base, form: actions.decide(
            actor=request.user, base=base, **{name: form.cleaned_data[name] for name in fields}
        ),
        _("已同意，公示开始。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_DECIDE)
def name_base(request: Any, pk: int) -> HttpResponse:
    """Give the plate."""
    return _do(
        request, pk, PlateForm(request.POST, prefix="name"), "plate_form",
        lambda base, form: actions.name_base(actor=request.user, base=base, plate_no=form.cleaned_data["plate_no"]),
        _("已命名，可以打印牌匾。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_CHECK)
def object_to(request: Any, pk: int) -> HttpResponse:
    """Write down an objection."""
    return _do(
        request, pk, ObjectionForm(request.POST, prefix="object"), "objection_form",
        lambda base, form: actions.object_to(
            actor=request.user, base=base, token=form.token,
            **{key: form.cleaned_data[key] for key in ("received_on", "reporter", "facts")},
        ),
        _("异议已登记，这个基地在核查期间不能命名。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_CHECK)
def answer_objection(request: Any, pk: int, objection_pk: int) -> HttpResponse:
    """The result of checking an objection."""
    row = _found(request, pk).objections.filter(pk=objection_pk).first()
    if row is None:
        raise Http404
    return _do(
        request, pk, FindingForm(request.POST, prefix="finding"), "finding_form",
        lambda base, form: actions.answer_objection(
            actor=request.user, objection=row, finding=form.cleaned_data["finding"],
            decision=form.cleaned_data["decision"],
        ),
        _("异议已办结。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_CHECK)
def review(request: Any, pk: int) -> HttpResponse:
    """The result of the yearly re-check."""
    return _do(
        request, pk, ReviewForm(request.POST, prefix="review"), "review_form",
        lambda base, form: actions.review(
            actor=request.user, base=base,
            **{key: form.cleaned_data[key] for key in ("outcome", "note", "rectify_by")},
        ),
        _("复核结论已登记。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_CHECK)
def propose_removal(request: Any, pk: int) -> HttpResponse:
    """The first of two people."""
    return _do(
        request, pk, ReasonForm(request.POST, prefix="propose"), "propose_form",
        lambda base, form: actions.propose_removal(
            actor=request.user, base=base, reason=form.cleaned_data["reason"]
        ),
        _("摘牌建议已提出，等待另一位有权决定的人。"),
    )  # fmt: skip


@require_POST
@allow(Perm.VENUE_DECIDE)
def remove(request: Any, pk: int) -> HttpResponse:
    """The second of two people."""
    return _do(
        request, pk, ReasonForm(request.POST, prefix="remove"), "remove_form",
        lambda base, form: actions.remove(actor=request.user, base=base, reason=form.cleaned_data["reason"]),
        _("已摘牌，公开页已注明。"),
    )  # fmt: skip
