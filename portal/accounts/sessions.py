"""The living sessions of a person: listing them, and ending them from elsewhere."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.models import SignedInDevice, User
from portal.accounts.rules import browser_name
from portal.middleware import client_ip

DEVICE_KEY = "_device"


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore


def remember(request: HttpRequest, user: User) -> SignedInDevice:
    """A session has begun."""
    if request.session.session_key is None:
        request.session.create()
    SignedInDevice.objects.filter(session_key=request.session.session_key).delete()
    device = SignedInDevice.objects.create(
        user=user,
        session_key=request.session.session_key,
        ip=client_ip(request) or None,
        browser=browser_name(request.META.get("HTTP_USER_AGENT", ""))[:60],
    )
    request.session[DEVICE_KEY] = device.pk
    return device


def touch(request: HttpRequest) -> bool:
    """Note that the session is in use (its key may have been renewed); False when it was ended elsewhere."""
    known = request.session.get(DEVICE_KEY)
    if known is None:
        return True
    return bool(
        SignedInDevice.objects.filter(pk=known, user=request.user).update(
            seen_at=timezone.now(), session_key=request.session.session_key
        )
    )


def end(user: User, *, keep: int | None = None, only: int | None = None) -> int:
    """End sessions of a person: all, all but `keep`, or one; returns how many."""
    rows = SignedInDevice.objects.filter(user=user)
    if only is not None:
        rows = rows.filter(pk=only)
    if keep is not None:
        rows = rows.exclude(pk=keep)
    keys = list(rows.values_list("session_key", flat=True))
    for key in keys:
        _store()(session_key=key).delete()
    rows.delete()
    return len(keys)


def forget(request: HttpRequest) -> None:
    """The session is over."""
    SignedInDevice.objects.filter(pk=request.session.get(DEVICE_KEY)).delete()
