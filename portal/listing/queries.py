"""Reads of saved views."""

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.listing.models import SavedView


def views_of(user: User, list_code: str) -> QuerySet[SavedView]:
    """A person's views of one list, by name."""
    return SavedView.objects.filter(user=user, list_code=list_code).order_by("name")


def view_of(user: User, pk: int) -> SavedView | None:
    """One of the person's own views."""
    return SavedView.objects.filter(user=user, pk=pk).first()
