"""Pages of staff: the list, one work, its steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.calls.queries import late_entry_of
from families.works import panels, queries
from families.works.actions import publish, review
from families.works.forms.staff import ReasonForm, TakedownForm
from families.works.lists import SPEC
from families.works.models import Work
from families.works.rules import TakedownReason
from families.works.timeline import staff_entries_of
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.privacy import detect
from portal.privacy.masking import mask_phone
from portal.privacy.queries import about
from portal.publication.queries import of as gate_rows
from portal.reviews.workflow import WorkflowError, available
from portal.ui.kept import kept
from portal.ui.lists import build, chosen

STEPS = {
    "check": review.pass_format,
    "accept": review.accept,
    "return": review.send_back,
    "reject": review.reject,
}


@allow(Perm.WORK_VIEW)
@require_safe
@never_cache
@kept
def inbox(request: Any) -> HttpResponse:
    """The list, scoped, filtered, masked."""
    page = build(request, SPEC, may_enter=request.scope.has(Perm.WORK_ENTER))
    return render(request, "families/works/inbox.html", {"page": page})


@allow(Perm.WORK_REVIEW)
@require_POST
def bulk(request: Any) -> HttpResponse:
    """初核通过 for the chosen rows."""
    rows = [work for work in chosen(request, SPEC) if request.scope.may(Perm.WORK_REVIEW, work)][:200]
    done, refused = review.pass_many(actor=request.user, works=rows)
    if done:
        messages.success(request, ngettext("%(n)d 件初核通过。", "%(n)d 件初核通过。", done) % {"n": done})
    for sentence in refused[:5]:
        messages.warning(request, sentence)
    if not done and not refused:
        messages.info(request, _("没有选中可以初核的作品。"))
    return redirect("families:works:inbox")


def _get(request: Any, no: str) -> Work:
    work: Work = request.scope.get(queries.for_staff(request.scope), Perm.WORK_VIEW, no=no)
    return work


def _page(request: Any, work: Work, **more: Any) -> HttpResponse:
    steps = {step.name: step for step in available(work, request.scope) if step.name in STEPS}
    photos, media = queries.shown_files(work)
    consents = list(about(work))
    context = {
        "work": work,
        "authors": [{"masked": work.display_name}],
        "photos": photos,
        "media": media,
        "likeness": panels.of(request.scope, work),
        "extras": queries.extras_of(work),
        "late": late_entry_of(work),
        "scans": queries.scans_of(consents),
        "consents": consents,
        "phone": mask_phone(work.phone),
        "found": [*detect.find(work.text), *detect.find(work.story)],
        "entries": staff_entries_of(work),
        "gate": gate_rows(work).first(),
        "steps": steps,
        "reason_form": ReasonForm(),
        "takedown_form": TakedownForm(),
        "may_reveal": request.scope.may(Perm.WORK_REVEAL if work.is_minor else Perm.WORK_REVIEW, work),
        "may_take_down": work.is_public and request.scope.may(Perm.WORK_TAKE_DOWN, work),
        "may_correct": work.entered_by_id == request.user.pk and work.is_editable,
        "next": queries.waiting(request.scope).exclude(pk=work.pk).first(),
        **more,
    }
    return render(request, "families/works/review.html", context, status=more.get("status", 200))


@allow(Perm.WORK_VIEW)
@never_cache
@require_safe
def detail(request: Any, no: str) -> HttpResponse:
    """One work with everything a reviewer needs, names masked."""
    return _page(request, _get(request, no))


@allow(Perm.WORK_REVIEW)
@require_POST
def step(request: Any, no: str, name: str) -> HttpResponse:
    """初核通过, 入选, 退回, 不采用."""
    work = _get(request, no)
    if name not in STEPS:
        raise Http404
    reason = request.POST.get("reason", "")
    extra = {"reason": reason} if name in {"return", "reject"} else {}
    try:
        STEPS[name](actor=request.user, work=work, **extra)  # type: ignore[operator]
    except WorkflowError as error:
        return _page(request, _get(request, no), problem=str(error.message), typed_reason=reason, status=409)
    messages.success(
        request, _("已处理：%(no)s 现在是“%(state)s”。") % {"no": work.no, "state": work.get_status_display()}
    )
    return redirect(work.staff_url)


@allow(Perm.WORK_REVIEW, Perm.WORK_REVEAL)
@never_cache
@require_POST
def reveal(request: Any, no: str) -> HttpResponse:
    """Show names and phone on this one page; written into the journal with the reason."""
    work = _get(request, no)
    try:
        shown = review.reveal(actor=request.user, work=work, reason=request.POST.get("reason", ""))
    except WorkflowError as error:
        return _page(request, work, problem=str(error.message), status=409)
    return _page(request, work, revealed=shown)


@allow(Perm.WORK_TAKE_DOWN)
@require_POST
def take_down(request: Any, no: str) -> HttpResponse:
    """撤下, at once."""
    work = _get(request, no)
    form = TakedownForm(request.POST)
    if not form.is_valid():
        return _page(request, work, problem=_("请选择原因并写明理由。"), takedown_form=form, status=409)
    why = TakedownReason(form.cleaned_data["why"])
    publish.take_down(actor=request.user, work=work, why=why, note=form.cleaned_data["reason"])
    messages.success(request, _("页面已撤下，作者会收到短信。"))
    return redirect(work.staff_url)
