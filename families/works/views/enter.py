"""代录 and calls: pages of staff that write new rows."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.calls.actions import LateCodeRefused
from families.works import queries
from families.works.actions import calls as call_actions
from families.works.actions import paper
from families.works.actions.numbers import code_for
from families.works.forms.rows import is_rearranging, rearranged
from families.works.forms.staff import PaperForm
from families.works.messages import full_url
from families.works.models import WorkCall
from families.works.rules import shown_code
from families.works.sharing import qr_svg
from families.works.timeline import initial_of
from families.works.views.public import call_context
from portal.access.gate import allow
from portal.access.permissions import Perm
from portal.drafts.rescue import forget, initial_from_restore
from portal.grants.queries import home_unit
from portal.middleware import client_ip, received_at
from portal.reviews.workflow import WorkflowError
from portal.units.models import Level


def _open_call(slug: str, late: str, at: datetime) -> WorkCall | None:
    """The call to type in for: an open one, or with a code for late entries one that has ended."""
    rows = queries.open_calls(at)
    call = (rows.filter(slug=slug) if slug else rows).first()
    if call is None and slug and late:
        ended = queries.announced_calls().filter(slug=slug).first()
        call = ended if ended is not None and ended.has_ended else None
    return call


@allow(Perm.WORK_ENTER)
@never_cache
def enter(request: Any) -> HttpResponse:
    """Type in a paper entry."""
    call = _open_call(request.GET.get("call", ""), request.GET.get("late", ""), received_at(request))
    if call is None:
        return render(request, "families/works/no_call.html", {"ended": queries.ended_calls()})
    common = {"call": call, "scope": request.scope, "actor": request.user}
    if request.method != "POST":
        initial = {
            **_place_of(request.user), "late_code": request.GET.get("late", "")[:20],
            **initial_from_restore(request, "works.enter"),
        }  # fmt: skip
        form = PaperForm(initial=initial, category=request.GET.get("category", ""), **common)
        return _page(request, call, form)
    aside = _aside(request, common)
    if aside is not None:
        return _page(request, call, aside)
    form = PaperForm(data=request.POST, files=request.FILES, **common)
    if not form.is_valid():
        return _page(request, call, form)
    try:
        work, _code = paper.enter(
            actor=request.user, call=call, entry=form.entry(), scan=form.cleaned_data["scan"], token=form.token,
            ip=client_ip(request), late_code=form.cleaned_data.get("late_code", ""), at=received_at(request),
        )  # fmt: skip
    except LateCodeRefused as error:
        form.add_error("late_code", str(error.message))
        return _page(request, call, form)
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _page(request, call, form)
    forget(request, form.token)
    return redirect("families:works:slip", work.no)


@allow(Perm.WORK_ENTER)
@never_cache
def correct(request: Any, no: str) -> HttpResponse:
    """Correct what one typed in, while it may be changed."""
    work = queries.entered_by(request.user, no)
    if work is None or not work.is_editable:
        raise Http404
    common = {
        "call": work.call, "scope": request.scope, "actor": request.user, "target": work, "phone": work.phone,
        "category": work.category.code,
    }  # fmt: skip
    if request.method != "POST":
        return _page(request, work.call, PaperForm(initial=initial_of(work), **common), work=work)
    aside = _aside(request, common)
    if aside is not None:
        return _page(request, work.call, aside, work=work)
    form = PaperForm(data=request.POST, files=request.FILES, **common)
    if not form.is_valid():
        return _page(request, work.call, form, work=work)
    try:
        paper.correct(
            actor=request.user,
            work=work,
            entry=form.entry(),
            scan=form.cleaned_data["scan"],
            ip=client_ip(request),
        )
    except WorkflowError as error:
        form.add_error(None, str(error.message))
        return _page(request, work.call, form, work=work)
    messages.success(request, _("已修改并重新提交。"))
    return redirect(work.staff_url)


def _aside(request: Any, common: dict[str, Any]) -> PaperForm | None:
    """Another category, one author more or less: the form comes back with all that was typed and chosen."""
    action = request.POST.get("action", "")
    if action != "category" and not is_rearranging(action):
        return None
    data = rearranged(request.POST, action) if is_rearranging(action) else request.POST
    form = PaperForm(data=data, files=request.FILES, **common)
    form.quieten()
    form.refuse_sixth()
    return form


def _page(request: Any, call: WorkCall, form: PaperForm, **more: Any) -> HttpResponse:
    others = [row for row in queries.open_calls() if row.pk != call.pk]
    return render(
        request,
        "families/works/enter.html",
        {"call": call, "form": form, "others": [] if more else others, **more},
    )


def _place_of(user: Any) -> dict[str, str]:
    """The officer's own place, so that it need not be chosen."""
    unit = home_unit(user)
    if unit is None or unit.level < Level.COUNTY:
        return {}
    if unit.level == Level.VILLAGE:
        above = queries.parent_of(unit)
        return {"area": above.unit_no, "village": unit.short_name} if above else {}
    return {"area": unit.unit_no}


@allow(Perm.WORK_ENTER)
@never_cache
@require_safe
def slip(request: Any, no: str) -> HttpResponse:
    """The slip for the family: number, code, QR. Only for who typed it in."""
    work = queries.entered_by(request.user, no)
    if work is None or not work.client_token:
        raise Http404
    url = full_url(reverse("families:works:resume"))
    context = {"work": work, "code": shown_code(code_for(work.client_token)), "url": url}
    return render(request, "families/works/slip.html", context)


@allow(Perm.WORK_ENTER)
@require_safe
def resume_qr(request: Any) -> HttpResponse:
    """The QR code of the page where codes are used."""
    return HttpResponse(qr_svg(full_url(reverse("families:works:resume"))), content_type="image/svg+xml")


@allow(Perm.CALL_EDIT)
@require_safe
def call_preview(request: Any, slug: str) -> HttpResponse:
    """The call exactly as the public will see it."""
    call = request.scope.get(WorkCall, Perm.CALL_EDIT, slug=slug)
    context = {**call_context(call), "preview": True}
    return render(request, "families/works/call.html", context)


@allow(Perm.CALL_EDIT)
@require_POST
def call_step(request: Any, slug: str, name: str) -> HttpResponse:
    """Publish or close."""
    call = request.scope.get(WorkCall, Perm.CALL_EDIT, slug=slug)
    try:
        if name == "open":
            call_actions.open_call(actor=request.user, call=call)
            messages.success(request, _("“%(title)s”已发布。") % {"title": call.title})
        elif name == "close":
            call_actions.close_call(actor=request.user, call=call, reason=request.POST.get("reason", ""))
            messages.success(request, _("“%(title)s”已结束，不再接收作品。") % {"title": call.title})
        else:
            raise Http404
    except WorkflowError as error:
        messages.error(request, str(error.message))
    return redirect(call.staff_url)
