"""Who is it: the verified phone or the account, and the door that asks for one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from families.works import queries
from families.works.actions import own
from families.works.actions.numbers import code_hash
from families.works.models import Work
from families.works.rules import plain_code
from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import phone_step as phones
from portal.accounts.phone_codes import forget_phone, phone_hash, verified_phone, visitor_of
from portal.drafts import actions as draft_actions
from portal.drafts.holder import let_go
from portal.privacy import registry


def person_of(request: HttpRequest) -> registry.Person | None:
    phone = verified_phone(request)
    user = request.user if request.user.is_authenticated else None
    return registry.Person(phone_hash(phone) if phone else "", user) if phone or user else None


def actor_of(request: HttpRequest, work: Work | None = None) -> Any:
    visitor = visitor_of(request)
    if visitor is not None and (work is None or queries.is_own(work, visitor)):
        return visitor
    return request.user


def ask_phone(request: HttpRequest, target: str = "") -> HttpResponse:
    """Through the door to a page that can be opened; what was pressed or typed is not lost on the way."""
    door = reverse("families:works:me")
    return redirect(f"{door}?{urlencode({'next': target})}" if target else door)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else ""


@public
@never_cache
@limited("works.resume")
def resume(request: HttpRequest) -> HttpResponse:
    """Find a draft or a work on another phone: by code and phone, or by phone alone."""
    if request.method == "POST":
        return enter(request, with_code=True)
    return show_door(request, phones.start(request, "me"), with_code=True)


def enter(request: HttpRequest, *, with_code: bool) -> HttpResponse:
    step = phones.start(request, "me")
    if request.POST.get("action") == "send_code":
        phones.send(request, step)
        return show_door(request, step, with_code=with_code)
    if not phones.take(request, step):
        return show_door(request, step, with_code=with_code)
    code = plain_code(request.POST.get("resume_code", ""))
    return _open(request, code) if code else redirect(_next(request) or "families:works:me")


def _open(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to what the code stands for – if it is this phone's; else to everything of the phone."""
    digest = phone_hash(verified_phone(request))
    draft = draft_actions.adopt(code_hash=code_hash(code), phone_hash=digest)
    if draft is not None and draft.resume_url:
        return redirect(draft.resume_url)
    work = queries.by_code(code_hash(code))
    visitor = visitor_of(request)
    if work is not None and visitor is not None and work.entered_by_id and not work.phone_hash:
        own.claim(actor=visitor, work=work, phone=verified_phone(request), code=code)
    if work is not None and digest in (work.phone_hash, work.guardian_hash):
        return redirect("families:works:mine", work.no)
    messages.info(request, _("没有找到这个取回码。下面是这个手机号的全部草稿和作品。"))
    return redirect("families:works:me")


def show_door(request: HttpRequest, step: phones.PhoneStep, *, with_code: bool) -> HttpResponse:
    context = {
        **phones.context_of(step), "with_code": with_code, "typed": request.POST, "next": _next(request),
        "action": request.path, "resume_code": request.POST.get("resume_code") or request.GET.get("code", ""),
    }  # fmt: skip
    return render(request, "families/works/door.html", context)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """For a shared phone: forget the number, and the drafts that the next person's form would go on with."""
    forget_phone(request)
    let_go(request)
    messages.success(request, _("已退出，这台设备上不再显示您的作品。"))
    return redirect("/")
