"""One-time links to set a password. The token is shown or sent once; only its keyed hash is kept."""

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal import vault
from portal.accounts.models import AccessLink, User
from portal.accounts.rules import LINK_LIFE, RESET_LINK_LIFE

Kind = AccessLink.Kind


def make(*, user: User, kind: str, given_by: User | None) -> str:
    """A new token; earlier links of the person stop working. Runs inside the caller's transaction."""
    now = timezone.now()
    revoke(user)
    token = secrets.token_urlsafe(24)
    life = LINK_LIFE if kind == Kind.INVITE else RESET_LINK_LIFE
    AccessLink.objects.create(
        user=user, kind=kind, token_hash=_hash(token), given_by=given_by, expires_at=now + life
    )
    return token


def revoke(user: User) -> int:
    """Make all open links of a person useless; returns how many."""
    rows = AccessLink.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True)
    return rows.update(revoked_at=timezone.now())


def find(token: str) -> AccessLink | None:
    """The link behind a token while it can be used."""
    return (
        AccessLink.objects.select_related("user")
        .filter(
            token_hash=_hash(token),
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .first()
    )


def take(link: AccessLink) -> bool:
    """Use it up, by compare-and-set: of two clicks one wins."""
    return bool(
        AccessLink.objects.filter(pk=link.pk, used_at__isnull=True, revoked_at__isnull=True).update(
            used_at=timezone.now()
        )
    )


def path(token: str) -> str:
    """Where the link leads on this site."""
    return reverse("portal:accounts:link", args=[token])


def address(token: str) -> str:
    """The whole address, for a message; pages take their own host."""
    return settings.SITE["base_url"].rstrip("/") + path(token)


def _hash(token: str) -> str:
    return vault.keyed_hash(token, purpose="access-link")
