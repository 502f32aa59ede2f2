"""Pages around a call: its form, late codes, the notice and its receipts, poster, share picture."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.calls import actions, drawing, queries
from families.calls.forms import CallForm, LateCodeForm, NoticeForm
from families.calls.lists import CALLS, SPEC
from families.works import queries as works
from families.works.actions import calls as call_actions
from families.works.models import WorkCall
from families.works.rules import PAST_REVIEW, CallState, Status
from portal.access.gate import allow, public
from portal.access.permissions import Perm
from portal.grants.queries import home_unit
from portal.reviews.workflow import WorkflowError
from portal.ui.kept import kept
from portal.ui.lists import build


def _call(request: Any, slug: str) -> WorkCall:
    call: WorkCall = request.scope.get(WorkCall, Perm.CALL_EDIT, slug=slug)
    return call


@allow(Perm.CALL_EDIT, Perm.WORK_VIEW)
@require_safe
@never_cache
@kept
def index(request: Any) -> HttpResponse:
    """Every call this person may see."""
    page = build(request, CALLS)
    return render(
        request, "families/calls/list.html", {"page": page, "may_edit": request.scope.has(Perm.CALL_EDIT)}
    )


@allow(Perm.CALL_EDIT, Perm.WORK_VIEW)
@require_safe
@never_cache
def desk(request: Any, slug: str) -> HttpResponse:
    """One call for staff: where it stands, what has come in, what can be done with it."""
    call = queries.call_seen(request.scope, slug)
    if call is None:
        raise Http404
    return render(request, "families/calls/desk.html", desk_context(request, call))


def figures(call: WorkCall, found: dict[str, int], shown: int) -> list[dict[str, Any]]:
    """Numbers of a call with the address of the rows behind each."""
    rows = f"{reverse('families:works:inbox')}?call={call.pk}"
    accepted = sum(found.get(state, 0) for state in PAST_REVIEW)
    return [
        {"label": _("收到作品"), "value": sum(found.values()), "icon": "palette", "tone": "rose", "url": rows},
        {"label": _("待初核"), "value": found.get(Status.SUBMITTED, 0), "icon": "hourglass-split", "tone": "warn", "url": f"{rows}&status=submitted"},
        {"label": _("已入选"), "value": accepted, "icon": "award", "tone": "ok", "url": f"{rows}&past=true"},
        {"label": _("已公开"), "value": shown, "icon": "globe", "tone": "ok", "url": f"{rows}&publish_state=published"},
    ]  # fmt: skip


def desk_context(request: Any, call: WorkCall) -> dict[str, Any]:
    """What the desk shows; also when a step was refused."""
    may_edit = request.scope.may(Perm.CALL_EDIT, call)
    found = queries.works_by_state(request.scope, call)
    return {
        "call": call,
        "may_edit": may_edit,
        "figures": figures(call, found, queries.published_of(request.scope, call)),
        "lacking": call_actions.lacking(call) if may_edit and call.status != CallState.OPEN else [],
        "late": [code for code in queries.late_codes_of(call) if code.is_valid] if may_edit else [],
        "notices": queries.receipt_counts([call]).get(call.pk, (0, 0)) if may_edit else (0, 0),
        "documents": queries.documents_of(call),
    }


@allow(Perm.CALL_EDIT)
@never_cache
def edit(request: Any, slug: str = "") -> HttpResponse:
    """Write or change a call."""
    call = _call(request, slug) if slug else None
    form = CallForm(request.POST or None, request.FILES or None, instance=call, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        fields = form.values()
        if call is None:
            fields["unit"] = home_unit(request.user)
        saved = call_actions.save_call(
            actor=request.user, fields=fields, categories=list(form.cleaned_data["categories"]), call=call,
            token=form.token, attachments=form.cleaned_data["attachments"],
        )  # fmt: skip
        messages.success(request, _("征集启事已保存，可以预览后发布。"))
        return redirect("families:works:call_preview", saved.slug)
    return render(request, "families/calls/form.html", {"form": form, "call": call})


@allow(Perm.CALL_EDIT)
@never_cache
def late(request: Any, slug: str) -> HttpResponse:
    """Codes for late entries: give one, see who used which."""
    call = _call(request, slug)
    form = LateCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.give_late_code(
                actor=request.user, call=call, fields=form.values(), token=form.token
            )
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("补投码 %(code)s 已发放，请告诉对方。") % {"code": row.code})
            return redirect("families:calls:late", call.slug)
    context = {"call": call, "form": form, "codes": queries.late_codes_of(call)}
    return render(request, "families/calls/late.html", context)


@allow(Perm.CALL_EDIT)
@require_POST
def late_revoke(request: Any, slug: str, pk: int) -> HttpResponse:
    """收回."""
    call = _call(request, slug)
    code = get_object_or_404(call.late_codes, pk=pk)
    if actions.revoke_late_code(actor=request.user, code=code):
        messages.success(request, _("补投码已收回，已投的作品不受影响。"))
    return redirect("families:calls:late", call.slug)


@allow(Perm.CALL_EDIT)
@never_cache
def notices(request: Any, slug: str) -> HttpResponse:
    """下发通知 and who has signed for it."""
    call = _call(request, slug)
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = data["wanted"] if data["wanted"] is not None else call.unit_min_quota
        try:
            made = actions.send_notice(
                actor=request.user, call=call, units=queries.addressable(call, data["to"]), note=data["note"], wanted=wanted
            )  # fmt: skip
        except WorkflowError as error:
            form.add_error(None, str(error.message))
        else:
            words = ngettext("已下发给 %(n)d 个单位。", "已下发给 %(n)d 个单位。", len(made)) % {
                "n": len(made)
            }
            messages.success(request, words if made else _("这些单位都已经收到过通知。"))
            return redirect("families:calls:notices", call.slug)
    rows = list(queries.receipts_of_call(call)[:300])
    context = {
        "call": call, "form": form, "rows": rows, "counts": queries.receipt_counts([call]).get(call.pk, (0, 0)),
        "sizes": {name: len(queries.addressable(call, name)) for name in ("children", "counties", "townships")},
    }  # fmt: skip
    return render(request, "families/calls/notices.html", context)


@allow(Perm.POLICY_RECEIVE, Perm.WORK_VIEW)
@require_safe
@never_cache
def receipts(request: Any) -> HttpResponse:
    """Every notice in reach."""
    return render(request, "families/calls/receipts.html", {"page": build(request, SPEC)})


@allow(Perm.POLICY_RECEIVE, Perm.WORK_VIEW)
@never_cache
def notice(request: Any, pk: int) -> HttpResponse:
    """One notice at one unit: read it, sign for it, see how many works have come from here."""
    row = queries.receipts_seen(request.scope).filter(pk=pk).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        if actions.confirm_notice(actor=request.user, receipt=row):
            messages.success(request, _("已签收。请转告村（社区），可以打印海报张贴。"))
        return redirect(row.staff_url)
    context = {
        "row": row, "call": row.call, "sent": queries.sent_in_from(row.call, row.unit),
        "documents": queries.documents_of(row.call),
        "may_confirm": row.confirmed_at is None and request.scope.may(Perm.POLICY_RECEIVE, row),
    }  # fmt: skip
    return render(request, "families/calls/notice.html", context)


@allow(Perm.CALL_EDIT, Perm.WORK_VIEW, Perm.POLICY_RECEIVE)
@require_safe
def poster(request: Any, slug: str, paper: str) -> HttpResponse:
    """The poster as PDF: announced calls for every unit, drafts for who edits them."""
    call = works.announced_calls().filter(slug=slug).first() or _call(request, slug)
    if paper not in drawing.PAPERS:
        raise Http404
    response = HttpResponse(drawing.poster(call, paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="poster-{call.slug}-{paper}.pdf"'
    return response


@public
@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that chat apps show beside the link of a call."""
    call = works.announced_calls().filter(slug=slug).first()
    if call is None:
        raise Http404
    response = HttpResponse(drawing.share_picture(call), content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response
