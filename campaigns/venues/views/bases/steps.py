"""Every button on the page of a base."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.venues.actions import bases as actions
from campaigns.venues.forms.bases import (
    DecideForm,
    FindingForm,
    ObjectionForm,
    OpinionForm,
    PlateForm,
    ReviewForm,
    ScoreForm,
)
from campaigns.venues.forms.venues import ReasonForm
from campaigns.venues.views.answers import REFUSALS, show, words
from campaigns.venues.views.bases.one import base_of, page
from portal.access.gate import allow
from portal.access.permissions import Perm


@require_POST
@allow(Perm.VENUE_EDIT, Perm.VENUE_CHECK, Perm.VENUE_DECIDE)
def step(request: Any, pk: int) -> HttpResponse:
    """Steps that need no more than a reason, and handing in."""
    base, name = base_of(request, pk), request.POST.get("step", "")
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
    base = base_of(request, pk)
    if form.is_valid():
        try:
            act(base, form)
            messages.success(request, said)
            return redirect(base.staff_url)
        except REFUSALS as error:
            show(form, error)
        except PermissionDenied:
            form.add_error(None, _("这一步要由县级及以上审核人员或命名单位的领导办理。"))
    return page(request, base_of(request, pk), status=422, **{key: form})


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
    form = ScoreForm(request.POST, prefix="score", criteria=base_of(request, pk).batch.criteria)
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
    row = base_of(request, pk).objections.filter(pk=objection_pk).first()
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
