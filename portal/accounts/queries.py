"""Reads of accounts."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from portal import vault
from portal.accounts.models import User
from portal.accounts.rules import UNUSED_DAYS


def active(pk: int) -> User | None:
    """An account that may sign in."""
    return User.objects.filter(pk=pk, is_active=True).first()


def by_name_and_phone(username: str, phone: str) -> User | None:
    """The active account with this name and this (cleaned) phone."""
    digest = vault.keyed_hash(phone, purpose="phone")
    return User.objects.filter(username=username, phone_hash=digest, is_active=True).first()


def unused_since(moment: datetime) -> QuerySet[User]:
    """Active accounts that nobody used after a moment; demo accounts are left alone."""
    never = Q(last_seen_at__isnull=True, created_at__lt=moment)
    return User.objects.filter(never | Q(last_seen_at__lt=moment), is_active=True, is_demo=False)


def unused(now: datetime) -> QuerySet[User]:
    """Accounts to disable (domain §10.5: 90 days without use)."""
    return unused_since(now - timedelta(days=UNUSED_DAYS))
