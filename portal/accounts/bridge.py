"""Carries the events of the sign-in libraries (allauth, axes, Django) into the journal (design §8)."""

from typing import Any

import structlog
from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.access.actors import Visitor
from portal.access.roles import EXCLUSIVE_ROLES
from portal.access.scope import scope_of
from portal.accounts import second_factor, sessions
from portal.accounts.models import User
from portal.accounts.rules import plain_username
from portal.journal.actions import record

log = structlog.get_logger(__name__)
ANONYMOUS = Visitor(ref="anonymous")
EXPIRED = "session_expired"  # set on the request by the session limits


@receiver(account_signals.user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A session begins; administrators have one at a time."""
    with transaction.atomic():
        device = sessions.remember(request, user)
        User.objects.filter(pk=user.pk).update(last_seen_at=timezone.now())
        if scope_of(user, fresh=True).roles & EXCLUSIVE_ROLES:
            sessions.end(user, keep=device.pk)
        record("account.signed_in", actor=user, target=user, details={"browser": device.browser})


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """A session ends by the person, or by its limits."""
    if user is None or not isinstance(user, User):
        return
    verb = "account.session_expired" if getattr(request, EXPIRED, False) else "account.signed_out"
    with transaction.atomic():
        sessions.forget(request)
        record(verb, actor=user, target=user)


@receiver(user_login_failed)
def sign_in_failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """A wrong name or password; the entry looks the same for names that do not exist."""
    _about_name("account.sign_in_failed", str(credentials.get("username") or ""))


@receiver(user_locked_out)
def locked(sender: Any, request: HttpRequest, username: str, ip_address: str, **kwargs: Any) -> None:
    """Too many wrong passwords for a name from one address."""
    _about_name("account.locked", username or "")


def _about_name(verb: str, typed: str) -> None:
    name = plain_username(typed)[:60]
    target = User.objects.filter(username=name).first() or User(pk=0)
    log.warning(verb, known=bool(target.pk))
    with transaction.atomic():
        record(verb, actor=ANONYMOUS, target=target, details={"username": name})


def _mfa(verb: str, user: Any) -> None:
    with transaction.atomic():
        record(verb, actor=user, target=user)


@receiver(mfa_signals.authenticator_added)
def second_factor_added(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Set up: this session counts as having passed it."""
    if authenticator.type == authenticator.Type.TOTP:
        second_factor.mark_passed(request, user)
        _mfa("account.second_factor_on", user)


@receiver(mfa_signals.authenticator_removed)
def second_factor_removed(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Taken away by the person: the session must set it up anew where it is needed."""
    if authenticator.type == authenticator.Type.TOTP:
        request.session.pop(second_factor.PASSED_KEY, None)
        _mfa("account.second_factor_off", user)


@receiver(mfa_signals.authenticator_used)
def second_factor_used(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Given correctly, at sign-in or before something important."""
    second_factor.mark_passed(request, user)


@receiver(mfa_signals.authenticator_reset)
def codes_renewed(user: User, **kwargs: Any) -> None:
    """A new batch of recovery codes."""
    _mfa("account.recovery_codes_renewed", user)


@receiver(mfa_signals.authentication_failed)
def second_factor_failed(user: User, **kwargs: Any) -> None:
    """A wrong code."""
    _mfa("account.second_factor_failed", user)
