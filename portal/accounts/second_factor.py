"""The second factor: who needs it, whether this session passed it, setting it up and taking it away."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.http import HttpRequest

from portal.access.permissions import Perm
from portal.access.roles import ROLES
from portal.access.scope import Scope
from portal.accounts.models import User

PASSED_KEY = "_second_factor"


def is_needed(scope: Scope) -> bool:
    """Do the roles of this person ask for it (administrators always, all staff by a setting)?"""
    if any(ROLES[role].second_factor for role in scope.roles):
        return True
    return bool(settings.SECOND_FACTOR_FOR_STAFF) and scope.has(Perm.STAFF_ENTER)


def is_set_up(user: User) -> bool:
    """Has the person bound an authenticator?"""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def has_passed(request: HttpRequest) -> bool:
    """Was it given in this session, by this person?"""
    return bool(request.session.get(PASSED_KEY) == request.user.pk)


def mark_passed(request: HttpRequest, user: User) -> None:
    """It was given, or has just been set up."""
    request.session[PASSED_KEY] = user.pk


def enrol(*, user: User, secret: str) -> None:
    """Bind a known base32 secret; for the demo and tests. Stored encrypted."""
    remove(user)
    TOTP.activate(user, secret)


def remove(user: User) -> int:
    """Unbind everything; returns how many things were bound."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    return count
