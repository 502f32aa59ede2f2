"""A forgotten password: a code to the phone of the account, then a new one.

The pages look the same for accounts and numbers that do not exist.
"""

import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portal import vault
from portal.access.gate import public
from portal.access.limits import limited
from portal.accounts import actions, phone_codes, queries
from portal.accounts.forms import CodeForm, ForgotForm, NewPasswordForm
from portal.middleware import client_ip

ASKED, PROVEN = "_reset_asked", "_reset_proven"
PROVEN_SECONDS = 600


@public
@limited("accounts.forgot")
def forgot(request: HttpRequest) -> HttpResponse:
    """User name and phone."""
    form = ForgotForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username, number = form.cleaned_data["username"], form.cleaned_data["phone"]
        user = queries.by_name_and_phone(username, number)
        try:
            phone_codes.issue(number, "reset", client_ip(request), send=user is not None)
        except phone_codes.TooOften as refused:
            form.add_error("phone", refused.text)
        else:
            request.session[ASKED] = {"username": username, "phone": vault.encrypt(number)}
            return redirect("portal:accounts:forgot_code")
    return render(request, "portal/accounts/forgot.html", {"form": form})


@public
@limited("accounts.code")
def code(request: HttpRequest) -> HttpResponse:
    """The six digits."""
    asked = request.session.get(ASKED)
    if not asked:
        return redirect("portal:accounts:forgot")
    number = vault.decrypt(asked["phone"])
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = queries.by_name_and_phone(asked["username"], number)
        if phone_codes.verify(number, form.cleaned_data["code"], "reset") and user is not None:
            del request.session[ASKED]
            request.session.cycle_key()
            request.session[PROVEN] = {"user": user.pk, "at": int(time.time())}
            return redirect("portal:accounts:forgot_new")
        form.add_error("code", _("验证码不对或已过期。"))
    context = {
        "form": form,
        "phone": phone_codes.masked(number),
        "demo_code": phone_codes.last_demo_code(number, "reset"),
    }
    return render(request, "portal/accounts/forgot_code.html", context)


@sensitive_post_parameters()
@public
@limited("accounts.link")
def new_password(request: HttpRequest) -> HttpResponse:
    """The new password; signing in comes after it, with the second factor where one is set up."""
    proven: dict[str, Any] | None = request.session.get(PROVEN)
    user = queries.active(proven["user"]) if proven and time.time() - proven["at"] < PROVEN_SECONDS else None
    if user is None:
        return redirect("portal:accounts:forgot")
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.set_forgotten_password(user=user, password=form.cleaned_data["new_password"])
        del request.session[PROVEN]
        messages.success(request, _("密码已设好，请用它登录。"))
        return redirect("account_login")
    return render(request, "portal/accounts/forgot_new.html", {"form": form})
