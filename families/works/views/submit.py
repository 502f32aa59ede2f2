"""Sending a work: one page, with or without JavaScript."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from families.calls.actions import LateCodeRefused
from families.works import drafts, parts, queries
from families.works.actions import submit as actions
from families.works.actions.numbers import code_for
from families.works.forms.rows import is_rearranging, rearranged
from families.works.forms.submit import WorkForm
from families.works.models import WorkCall
from families.works.rules import shown_code
from portal.access.gate import public
from portal.access.limits import LIMITS, limited, within
from portal.accounts import phone_step as phones
from portal.accounts.phone_codes import forget_phone, phone_hash, verified_phone, visitor_of
from portal.drafts.rescue import forget, initial_from_restore
from portal.middleware import client_ip, received_at
from portal.reviews.workflow import WorkflowError

SENT_KEY = "works_sent"
PLACES: dict[type[WorkflowError], str] = {LateCodeRefused: "late_code", actions.NoGroup: "birth_ym"}


def _call(slug: str) -> WorkCall:
    call = queries.announced_calls().filter(slug=slug).first()
    if call is None:
        raise Http404
    return call


@public
@never_cache
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a call. Buttons: send, get a phone code, keep a draft, use another phone, sign in, one author more."""
    call, step = _call(slug), phones.start(request, "submit")
    if request.method != "POST":
        initial, waiting = initial_from_restore(request, drafts.FORM_CODE), drafts.waiting(request)
        goes_on = waiting is not None and drafts.goes_on(request, waiting)
        if waiting is not None and goes_on:
            initial = drafts.content_for(request, waiting)
        step.typed = step.typed or str(initial.get("phone", ""))
        initial.setdefault("late_code", request.GET.get("late", "")[:20])
        form = _form(request, call, step, initial=initial, category=request.GET.get("category", ""))
        return _page(request, call, form, step, waiting=waiting, goes_on=goes_on)
    action = request.POST.get("action", "")
    if action == "sign_in":
        return _sign_in(request, call, step)
    if action in {"send_code", "draft", "other_phone", "category"} or is_rearranging(action):
        return _aside(request, call, step, action)
    return _send(request, call, step)


def _form(request: HttpRequest, call: WorkCall, step: phones.PhoneStep, **kwargs: Any) -> WorkForm:
    return WorkForm(call=call, actor=request.user, phone=step.phone, **kwargs)


def _posted(request: HttpRequest, call: WorkCall, step: phones.PhoneStep) -> WorkForm:
    return _form(request, call, step, data=request.POST, files=request.FILES)


def _page(
    request: HttpRequest, call: WorkCall, form: WorkForm, step: phones.PhoneStep, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    context = {"call": call, "form": form, **phones.context_of(step), **more}
    return render(request, "families/works/submit.html", context, status=status)


def _aside(request: HttpRequest, call: WorkCall, step: phones.PhoneStep, action: str) -> HttpResponse:
    """Everything but sending: the page comes back with all that was typed and chosen."""
    saved = ""
    if action == "other_phone":
        forget_phone(request)
        step = phones.start(request, "submit")
    elif action == "send_code":
        phones.send(request, step)
    elif action == "draft":
        draft = drafts.keep(request, path=request.path)
        saved = shown_code(code_for(draft.token)) if draft else ""
    posted = rearranged(request.POST, action) if is_rearranging(action) else request.POST
    form = _form(request, call, step, data=posted, files=request.FILES)
    form.quieten()
    if is_rearranging(action):
        form.refuse_sixth()
    phones.show_errors(form, step)
    unsaved = action == "draft" and not saved
    return _page(request, call, form, step, saved_code=saved, unsaved=unsaved)


def _sign_in(request: HttpRequest, call: WorkCall, step: phones.PhoneStep) -> HttpResponse:
    """To the sign-in page and back to this very form, words and files included; what cannot be kept stays here instead."""
    form = _posted(request, call, step)
    form.quieten()
    if form.needs_guardian_first():
        form.add_error(
            "consent_guardian",
            _("孩子的信息要等监护人勾选同意后才能保存。请先勾选，再去登录；不登录也可以投稿。"),
        )
    draft = None if form.errors else drafts.keep(request, path=request.path)
    if draft is None:
        return _page(request, call, form, step, unsaved=not form.errors)
    return redirect_to_login(draft.resume_url, login_url=settings.LOGIN_URL)


def _sent_before(request: HttpRequest) -> bool:
    """The same page pressed twice: its token and phone are those of a work that is there already."""
    token = request.POST.get("form_token", "")
    work = queries.by_token(token) if len(token) == 36 else None
    try:
        is_same = work is not None and work.phone_hash == phone_hash(request.POST.get("phone", "") or "")
    except ValidationError:
        is_same = False
    if work is None or not is_same:
        return False
    request.session[SENT_KEY] = {"no": work.no, "code": code_for(token)}
    return True


def _send(request: HttpRequest, call: WorkCall, step: phones.PhoneStep) -> HttpResponse:
    if _sent_before(request):
        return redirect("families:works:sent")
    came = received_at(request)
    if not call.takes_at(came) and not (call.has_ended and request.POST.get("late_code", "").strip()):
        return _closed(request, call, step)
    verified = phones.take(request, step)
    form = _posted(request, call, step)
    if not form.is_valid() or not verified:
        return _page(request, call, form, step)
    ip = client_ip(request)
    for name, key in (
        ("works.submit", f"p{phone_hash(verified_phone(request))}"),
        ("works.submit_address", f"a{ip}"),
    ):
        if not within(name, key):
            response = _page(request, call, form, step, too_often=True, status=429)
            response["Retry-After"] = str(LIMITS[name].seconds)
            return response
    actor: Any = request.user if request.user.is_authenticated else visitor_of(request)
    try:
        work, code = actions.submit(
            actor=actor, call=call, entry=form.entry(), token=form.token, ip=ip,
            late_code=form.cleaned_data.get("late_code", ""), at=came,
        )  # fmt: skip
    except actions.CallIsClosed:  # ended by staff at this very moment
        return _closed(request, call, step)
    except WorkflowError as error:
        form.add_error(_field_of(error, form), str(error.message))
        return _page(request, call, form, step)
    forget(request, form.token)
    request.session[SENT_KEY] = {"no": work.no, "code": code}
    return redirect("families:works:sent")


def _field_of(error: WorkflowError, form: WorkForm) -> str | None:
    """Where to say why the work was not taken; None is above the form."""
    if isinstance(error, LateCodeRefused):
        return "late_code" if "late_code" in form.fields else None
    if isinstance(error, actions.NoGroup):
        return form.youngest_field
    return error.field if isinstance(error, parts.PartRefused) else None


def _closed(request: HttpRequest, call: WorkCall, step: phones.PhoneStep) -> HttpResponse:
    """Too late: says so, and keeps all that was typed."""
    draft = drafts.keep(request, path=request.path)
    form = _posted(request, call, step)
    form.quieten()
    return _page(request, call, form, step, closed_kept=True, unsaved=draft is None, status=409)


@public
@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Received: number, code, what happens next. Only for the browser that sent it."""
    kept = request.session.get(SENT_KEY)
    work = queries.own_by_no(kept["no"]) if kept else None
    if work is None:
        return redirect("families:works:me")
    context = {
        "work": work, "code": shown_code(kept["code"]), "resume": reverse("families:works:resume"),
        "notes": parts.said_of(work),
    }  # fmt: skip
    return render(request, "families/works/sent.html", context)


@public
@never_cache
@require_POST
@limited("drafts.save")
def keep_draft(request: HttpRequest, slug: str) -> JsonResponse:
    """Autosave of the form (draft.js); says when, and keeps nothing of a child without consent."""
    call = _call(slug)
    draft = drafts.keep(request, path=reverse("families:works:submit", args=[call.slug]))
    if draft is None:
        return JsonResponse({"saved": False})
    at = draft.updated_at.astimezone()
    return JsonResponse({"saved": True, "saved_at": f"{at:%H:%M}"})


@public
@require_safe
def villages(request: HttpRequest, slug: str) -> JsonResponse:
    """The villages below a township, for area.js."""
    area = queries.find_area(_call(slug), request.GET.get("in", "")[:24])
    names = [unit.short_name for unit in queries.villages_of(area)] if area else []
    response = JsonResponse({"villages": names})
    response["Cache-Control"] = "public, max-age=3600"
    return response
