"""What must be done before anything else: a new password, the second factor."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from portal.access import thirdparty
from portal.access.gate import AccessRule
from portal.accounts import second_factor
from portal.accounts.models import User
from portal.accounts.rules import password_is_old

OWN_NAMESPACE = "portal:accounts"
OPEN_NAMES = {*thirdparty.RULES, "account_change_password"}


def password_reason(user: User) -> str:
    """Why the password must be changed now, or ""; demo accounts skip it."""
    if user.is_demo:
        return ""
    if user.must_change_password:
        return _("第一次登录，请先换成自己的密码。")
    if password_is_old(user.password_changed_at, timezone.now(), settings.PASSWORD_MAX_DAYS):
        return _("密码已用满 %(days)d 天，请换一个新的。") % {"days": settings.PASSWORD_MAX_DAYS}
    return ""


def before_view(request: HttpRequest, rule: AccessRule) -> HttpResponseBase | None:
    """Send the person to what is due; public pages and the account pages themselves stay open."""
    match = request.resolver_match
    if rule.kind == "public" or match is None:
        return None
    if match.namespace == OWN_NAMESPACE or (not match.namespace and match.url_name in OPEN_NAMES):
        return None
    if password_reason(request.user):  # type: ignore[arg-type]
        return _send(request, "portal:accounts:password")
    scope = request.scope  # type: ignore[attr-defined]
    if second_factor.is_needed(scope) and not second_factor.has_passed(request):
        is_set_up = second_factor.is_set_up(request.user)  # type: ignore[arg-type]
        if not is_set_up:
            messages.info(request, _("您的岗位需要两步验证，请先绑定身份验证器。"))
        return _send(request, "mfa_reauthenticate" if is_set_up else "mfa_activate_totp")
    return None


def _send(request: HttpRequest, name: str) -> HttpResponseBase:
    back = request.get_full_path() if request.method == "GET" else "/staff/"
    address = f"{reverse(name)}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return redirect(address)
