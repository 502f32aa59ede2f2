"""How the sign-in library fits the portal: no self-registration, limits before hashing, secrets encrypted."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from portal import vault
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.lockout import too_many
from portal.middleware import client_ip
from portal.ui.templatetags.portal import path_or_none


class PortalAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address our own proxies saw; a client's own X-Forwarded-For has no effect."""
        return client_ip(request) or "0.0.0.0"  # noqa: S104 – a key for counting, nothing listens there

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before any password is hashed; beyond the limit answer 429."""
        self._login_failed_rl_usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed",
            key=self._get_login_attempts_cache_key(request, **credentials),
        )
        if not self._login_failed_rl_usage:
            raise ImmediateHttpResponse(too_many(request))

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very site."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has signed in or confirmed within the last minutes is not asked once more."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A disabled account meets the same form as a wrong password."""
        return redirect("account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to the workbench; judges and speakers to their own pages, where those exist."""
        scope = scope_of(request.user)
        if scope.has(Perm.STAFF_ENTER):
            return str(settings.LOGIN_REDIRECT_URL)
        for perm, name in ((Perm.JUDGE_SCORE, "/judge/"), (Perm.SPEAKER_SELF, "/talks/")):
            if scope.has(perm) and path_or_none(name):
                return name
        return reverse("portal:accounts:profile")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Back to where one signs in."""
        return reverse("account_login")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Messages to people go through our own outbox, from the journal."""


class PortalMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor are encrypted at rest with the keys of the vault."""

    def encrypt(self, text: str) -> str:
        """Before it is stored."""
        return vault.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """After it was read."""
        return vault.decrypt(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        """What the phone's list shows: never a name or a number."""
        return str(user.username)
