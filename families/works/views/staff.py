"""Pages of staff: the list, one work, its steps."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.calls.queries import late_entry_of
from families.works import panels, queries, spoken
from families.works.actions import publish, review
from families.works.actions import words as words_actions
from families.works.forms.staff import ReasonForm, TakedownForm, WordsForm
from families.works.lists import SPEC
from families.works.models import Work
from families.works.rules import Status, TakedownReason
from families.works.snapshot import gate_snapshot, private_names
from families.works.timeline import staff_entries_of
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.files.models import StoredFile
from portal.privacy.masking import mask_phone
from portal.privacy.queries import about
from portal.publication.queries import of as gate_rows
from portal.publication.queries import visible as gate_visible
from portal.publication.reading import read
from portal.publication.screening import blocking, screen
from portal.reviews.workflow import StaleState, WorkflowError, available, overtaken
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
    page = build(
        request, SPEC, may_enter=request.scope.has(Perm.WORK_ENTER), may_review=request.scope.has(Perm.WORK_REVIEW),
        bulk_action=reverse("families:works:bulk"),
    )  # fmt: skip
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
    may_review = request.scope.may(Perm.WORK_REVIEW, work)
    steps = {step.name: step for step in available(work, request.scope) if step.name in STEPS}
    photos, media = queries.shown_files(work)
    consents = list(about(work))
    gate = gate_rows(work).first()
    snapshot = gate_snapshot(work)
    # Marking a private name tells whose it is: only to those who check for it.
    marks = screen(snapshot, private_names=private_names(work) if may_review else ())
    context = {
        "work": work,
        "authors": [{"masked": work.display_name}],
        "photos": photos,
        "media": media,
        "words": spoken.transcript_of(work, media),
        "is_wordless": spoken.is_wordless(work, media),
        "is_captionless": any(file.kind == "video" and not file.has_captions for file in media),
        "words_form": _words_form(request, work, media),
        "likeness": panels.of(request.scope, work),
        "extras": queries.extras_of(work),
        "late": late_entry_of(work),
        "scans": queries.scans_of(consents),
        "consents": consents,
        "phone": mask_phone(work.phone),
        "shown": read(snapshot, marks),
        "blocked": bool(blocking(marks)),
        "entries": staff_entries_of(work),
        "gate": gate,
        "gate_url": gate.staff_url
        if gate is not None and gate_visible(request.scope).filter(pk=gate.pk).exists()
        else "",
        "may_review": may_review,
        "steps": steps,
        "reason_form": ReasonForm(),
        "takedown_form": TakedownForm(),
        "may_reveal": request.scope.may(Perm.WORK_REVEAL if work.is_minor else Perm.WORK_REVIEW, work),
        "may_take_down": work.is_public and request.scope.may(Perm.WORK_TAKE_DOWN, work),
        "may_correct": work.entered_by_id == request.user.pk and work.is_editable,
        "next": queries.waiting(request.scope).exclude(pk=work.pk).first() if may_review else None,
        "left": queries.waiting(request.scope).exclude(pk=work.pk).count() if may_review else 0,
        "why_not": _why_not(request.user, work) if may_review else "",
        **more,
    }
    return render(request, "families/works/review.html", context, status=more.get("status", 200))


def _words_form(request: Any, work: Work, media: list[StoredFile], data: Any = None) -> WordsForm | None:
    """Empty or as it stands; None for who may not write words now."""
    if not words_actions.may_write(request.user, work):
        return None
    seconds = max((file.seconds or 0 for file in media), default=0)
    initial = {
        "transcript": work.extra.get("transcript", ""), "captions": spoken.captions_text_of(media),
    }  # fmt: skip
    if data is None:
        return WordsForm(initial=initial, seconds=seconds)
    return WordsForm(data, request.FILES, initial=initial, seconds=seconds)


@allow(Perm.WORK_REVIEW)
@require_POST
def words(request: Any, no: str) -> HttpResponse:
    """补文字稿和字幕."""
    work = _get(request, no)
    form = _words_form(request, work, queries.media_of(work), request.POST)
    if form is None:
        return _page(request, work, problem=_("这件作品现在不能补文字稿和字幕。"), status=409)
    if not form.is_valid():
        return _page(request, work, words_form=form)
    try:
        words_actions.write(
            actor=request.user, work=work, transcript=form.cleaned_data["transcript"],
            track=form.cleaned_data["captions"],
        )  # fmt: skip
    except WorkflowError as error:
        return _page(request, _get(request, no), problem=str(error.message), words_form=form, status=409)
    messages.success(request, _("文字稿和字幕已保存。"))
    return redirect(work.staff_url)


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
        _refuse_unseen(work, name, request.POST.get("seen", ""))
        STEPS[name](actor=request.user, work=work, **extra)  # type: ignore[operator]
    except WorkflowError as error:
        return _page(request, _get(request, no), problem=str(error.message), typed_reason=reason, status=409)
    messages.success(
        request,
        _("%(no)s《%(title)s》已处理，现在是“%(state)s”。")
        % {"no": work.no, "title": work.title, "state": work.get_status_display()},
    )
    following = queries.waiting(request.scope).exclude(pk=work.pk).first()
    return redirect(following.staff_url if following else "families:works:inbox")


def _refuse_unseen(work: Work, name: str, seen: str) -> None:
    """Two reviewers with the same work open: the second decides on what is there now, not on what the page showed."""
    if seen and seen != work.status:
        raise StaleState(overtaken(work, Work.transitions[name]))


def _why_not(user: Any, work: Work) -> str:
    """Why this reviewer finds no button: somebody else has to do it."""
    if work.status in (Status.SUBMITTED, Status.CONTENT_REVIEW) and user.pk in (
        work.entered_by_id,
        work.submitted_by_id,
    ):
        return _("这件作品由您录入或提交，请另一位同事审核。")
    if work.status == Status.CONTENT_REVIEW and user.pk == work.checked_by_id and not work.wants_public:
        return _("初核是您做的，“入选”请另一位同事来点。")
    return ""


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
