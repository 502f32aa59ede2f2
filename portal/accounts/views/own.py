"""My account: who I am, how I sign in, where I am signed in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal import vault
from portal.access.gate import signed_in
from portal.access.limits import limited
from portal.accounts import actions, panels, phone_codes, second_factor, sessions
from portal.accounts.forms import ChangePasswordForm, CodeForm, PhoneForm, ProfileForm
from portal.accounts.hooks import password_reason
from portal.middleware import client_ip

NEW_PHONE = "_new_phone"


@signed_in
def profile(request: Any) -> HttpResponse:
    """Everything about me on one page."""
    user = request.user
    return render(
        request,
        "portal/accounts/profile.html",
        {
            "form": ProfileForm(initial={"title": user.title, "email": user.email}),
            "phone": phone_codes.masked(user.phone) if user.phone else "",
            "devices": user.devices.order_by("-seen_at"),
            "this_device": request.session.get(sessions.DEVICE_KEY),
            "has_second_factor": second_factor.is_set_up(user),
            "needs_second_factor": second_factor.is_needed(request.scope),
            "max_days": settings.PASSWORD_MAX_DAYS,
            "panels": panels.for_request(request),
        },
    )


@require_POST
@signed_in
def edit(request: Any) -> HttpResponse:
    """Title and mail address."""
    form = ProfileForm(request.POST)
    if form.is_valid():
        actions.update_profile(
            actor=request.user,
            user=request.user,
            title=form.cleaned_data["title"],
            email=form.cleaned_data["email"],
        )
        messages.success(request, _("已保存。"))
        return redirect("portal:accounts:profile")
    return render(request, "portal/accounts/edit.html", {"form": form}, status=422)


@sensitive_post_parameters()
@signed_in
@limited("accounts.code")
def change_password(request: Any) -> HttpResponse:
    """A new password; everywhere else the person is signed out."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_password(
            actor=request.user,
            user=request.user,
            password=form.cleaned_data["new_password"],
            device_id=request.session.get(sessions.DEVICE_KEY),
        )
        update_session_auth_hash(request, request.user)
        sessions.touch(request)
        messages.success(request, _("密码已修改，其他设备上的登录已退出。"))
        return redirect(_next(request))
    return render(
        request,
        "account/password_change.html",
        {"form": form, "reason": password_reason(request.user), "next": request.GET.get("next", "")},
    )


def _next(request: HttpRequest) -> str:
    asked = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return "portal:accounts:profile"


@signed_in
@limited("accounts.code")
def phone(request: Any) -> HttpResponse:
    """A new number: a code goes to it first."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        try:
            phone_codes.issue(number, "me", client_ip(request))
        except phone_codes.TooOften as refused:
            form.add_error("phone", refused.text)
        else:
            request.session[NEW_PHONE] = vault.encrypt(number)
            return redirect("portal:accounts:phone_code")
    return render(request, "portal/accounts/phone.html", {"form": form})


@signed_in
@limited("accounts.code")
def phone_code(request: Any) -> HttpResponse:
    """The code that went to the new number."""
    sealed = request.session.get(NEW_PHONE)
    if not sealed:
        return redirect("portal:accounts:phone")
    number = vault.decrypt(sealed)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if phone_codes.verify(number, form.cleaned_data["code"], "me"):
            actions.set_phone(actor=request.user, user=request.user, phone=number)
            del request.session[NEW_PHONE]
            messages.success(request, _("手机号已更换。"))
            return redirect("portal:accounts:profile")
        form.add_error("code", _("验证码不对或已过期。"))
    return render(
        request,
        "portal/accounts/phone_code.html",
        {
            "form": form,
            "phone": phone_codes.masked(number),
            "demo_code": phone_codes.last_demo_code(number, "me"),
        },
    )


@require_POST
@signed_in
def end_device(request: Any) -> HttpResponse:
    """Sign out one other device, or all others."""
    here = request.session.get(sessions.DEVICE_KEY)
    asked = request.POST.get("device", "")
    only = int(asked) if asked.isdigit() and len(asked) < 19 else None
    count = actions.end_devices(actor=request.user, user=request.user, only=only, keep=here)
    messages.success(request, _("已退出 %(count)d 台设备。") % {"count": count})
    return redirect("portal:accounts:profile")
