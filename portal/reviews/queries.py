"""Reads of state history."""

from collections.abc import Sequence

from django.db.models import Model, QuerySet

from portal.reviews.models import StatusChange


def history_of(target: Model) -> QuerySet[StatusChange]:
    """The steps of one object, oldest first, with the people."""
    return StatusChange.objects.filter(
        target_type=target._meta.label_lower, target_id=target.pk
    ).select_related("by")


def last_reason(target: Model, *, step: str) -> str:
    """The reason given when `step` was last taken, or an empty string."""
    row = history_of(target).filter(step=step).order_by("-pk").first()
    return row.reason if row else ""


def last_reasons(targets: Sequence[Model]) -> dict[int, str]:
    """The reason of the newest step of each object (all of one model) that gave one, in one query."""
    if not targets:
        return {}
    rows = StatusChange.objects.filter(
        target_type=targets[0]._meta.label_lower, target_id__in=[target.pk for target in targets]
    ).exclude(reason="")
    return dict(rows.order_by("pk").values_list("target_id", "reason"))
