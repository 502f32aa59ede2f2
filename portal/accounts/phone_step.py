"""Asking for a phone code and taking it, inside any public form (template `account/_phone_step.html` or a slice's own).

Every slice that lets people act by phone uses it: works, pledges.
"""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.access.limits import allows
from portal.accounts import phone_codes
from portal.middleware import client_ip
from portal.ui import captcha


@dataclass
class PhoneStep:
    """What the phone part of a page shows."""

    purpose: str
    phone: str = ""
    typed: str = ""
    sent_to: str = ""
    error: str = ""
    code_error: str = ""
    captcha_error: str = ""
    demo_code: str = ""
    captcha: dict[str, str] = field(default_factory=dict)

    @property
    def masked(self) -> str:
        """138****5678."""
        return phone_codes.masked(self.phone)


def start(request: HttpRequest, purpose: str) -> PhoneStep:
    """The step as the page opens: verified already, or waiting for a number."""
    step = PhoneStep(
        purpose, phone=phone_codes.verified_phone(request), typed=request.POST.get("phone", "")[:20]
    )
    if not step.phone:
        step.captcha = captcha.challenge()
    return step


def send(request: HttpRequest, step: PhoneStep) -> None:
    """Send a code to the posted number, for people only."""
    number = request.POST.get("phone", "")
    try:
        number = phone_codes.clean_phone(number)
    except ValidationError as error:
        step.error = error.messages[0]
        return
    if not captcha.passed(request.POST):
        step.captcha_error = _("请回答这个小问题，再获取验证码。")
        return
    if not allows("accounts.phone_step", request):
        step.error = _("获取验证码太频繁，请过一会儿再试。")
        return
    try:
        phone_codes.issue(number, step.purpose, client_ip(request))
    except phone_codes.TooOften as wait:
        step.error = wait.text
        return
    step.sent_to = phone_codes.masked(number)
    if settings.DEMO:
        step.demo_code = phone_codes.last_demo_code(number, step.purpose)


def take(request: HttpRequest, step: PhoneStep) -> bool:
    """Take the posted code; True when the phone is verified from now on."""
    if step.phone:
        return True
    number, code = request.POST.get("phone", ""), request.POST.get("code", "")
    if not code.strip():
        step.code_error = _("请填写短信验证码；没有收到请点“获取验证码”。")
        return False
    if not phone_codes.verify(number, code, step.purpose):
        step.code_error = _("验证码不对或已过期，请重新填写或重新获取。")
        return False
    phone_codes.mark_verified(request, number)
    step.phone = phone_codes.verified_phone(request)
    return True


def show_errors(form: forms.Form, step: PhoneStep) -> None:
    """Put the step's errors at the form's phone field."""
    if step.error:
        form.add_error("phone", step.error)


def context_of(step: PhoneStep) -> dict[str, Any]:
    """For the template."""
    return {"step": step, "captcha": step.captcha}
