"""Reads of stories."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.stories.models import Story, StoryVersion
from campaigns.stories.rules import Status
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.reviews.queries import history_of
from portal.units.models import Level, Unit


def published(today: date | None = None) -> QuerySet[Story]:
    """What everybody may read: through the gate and not past its date."""
    day = today or timezone.localdate()
    return (
        Story.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=day), status=Status.PUBLISHED)
        .select_related("unit", "campaign")
        .order_by("-published_at", "-pk")
    )


def published_with(words: Iterable[str]) -> QuerySet[Story]:
    """Published stories with all these words."""
    rows = published()
    for word in words:
        rows = rows.filter(Q(title__icontains=word) | Q(lead__icontains=word) | Q(body__icontains=word))
    return rows


def visible(scope: Scope) -> QuerySet[Story]:
    """What staff may see: stories of their units, and what is public."""
    inside = scope.rows(Story, Perm.STORY_VIEW)
    return Story.objects.filter(Q(pk__in=inside.values("pk")) | Q(status=Status.PUBLISHED)).select_related(
        "unit", "campaign", "created_by"
    )


def units_to_write_for(scope: Scope) -> QuerySet[Unit]:
    """Units of county level and above this person may write for."""
    return scope.rows(Unit.objects.open(), Perm.STORY_EDIT).filter(level__lte=Level.COUNTY).order_by("path")


def versions_of(story: Story) -> QuerySet[StoryVersion]:
    """Earlier versions, newest first."""
    return StoryVersion.objects.filter(story=story).select_related("replaced_by")


def steps_of(story: Story) -> list[dict[str, Any]]:
    """The history with people and reasons, for a timeline."""
    steps: list[dict[str, Any]] = [{"title": _("起草"), "at": story.created_at, "by": story.created_by or ""}]
    for step in history_of(story):
        label = story.transitions[step.step].label if step.step in story.transitions else step.step
        steps.append({"title": label, "at": step.at, "by": step.by or _("系统"), "note": step.reason})
    return steps
