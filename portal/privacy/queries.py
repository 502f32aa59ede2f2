"""Reads of consents and requests."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet

from portal.privacy.models import Consent, RightsRequest
from portal.privacy.rules import ConsentType, RightsState


def about(target: Model) -> QuerySet[Consent]:
    """Every consent about one thing, withdrawn ones too, oldest first."""
    return Consent.objects.filter(target_type=target._meta.label_lower, target_id=target.pk)


def open_consent(target: Model, kind: ConsentType) -> Consent | None:
    """The consent in force, or None."""
    return about(target).filter(type=kind, withdrawn_at__isnull=True).order_by("-pk").first()


def has_consent(target: Model, kind: ConsentType) -> bool:
    """Is there a consent in force?"""
    return about(target).filter(type=kind, withdrawn_at__isnull=True).exists()


def about_many(model: type[Model], ids: Iterable[int]) -> dict[int, list[Consent]]:
    """Consents of several things of one kind, in one query."""
    found: dict[int, list[Consent]] = {}
    for row in Consent.objects.filter(target_type=model._meta.label_lower, target_id__in=list(ids)):
        found.setdefault(row.target_id, []).append(row)
    return found


def requests_of(subject_ref: str) -> QuerySet[RightsRequest]:
    """What this person asked for, newest first."""
    return RightsRequest.objects.filter(subject_ref=subject_ref)


def open_requests() -> QuerySet[RightsRequest]:
    """Requests that wait for an answer, the most urgent first."""
    return RightsRequest.objects.filter(state=RightsState.OPEN).order_by("due_on", "pk")


def closed_requests() -> QuerySet[RightsRequest]:
    """Answered requests, the latest first."""
    return (
        RightsRequest.objects.exclude(state=RightsState.OPEN)
        .select_related("answered_by")
        .order_by("-answered_at")
    )
