"""Reads of series and episodes."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from campaigns.planning.models import Campaign
from campaigns.planning.queries import open_for
from campaigns.series.models import Episode, Series
from campaigns.series.rules import MOST_AT_ONCE, EpisodeStatus, SeriesStatus
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.units.models import Level, Unit

PUBLISHED = Q(episodes__status=EpisodeStatus.PUBLISHED)


def with_counts(rows: QuerySet[Series]) -> QuerySet[Series]:
    """The same with `n_done`, `n_public`, `next_due` and `last_aired`, in one query."""
    return rows.annotate(
        n_done=Count("episodes", filter=PUBLISHED),
        n_public=Count("episodes", filter=Q(episodes__is_public=True)),
        next_due=Min("episodes__due_on", filter=Q(episodes__status=EpisodeStatus.PLANNED)),
        last_aired=Max("episodes__aired_at", filter=PUBLISHED),
    )


def visible(scope: Scope) -> QuerySet[Series]:
    """What this person may see among staff: those of their reach, and those they may edit."""
    seen = scope.rows(Series, Perm.CAMPAIGN_VIEW).values("pk")
    edited = scope.rows(Series, Perm.SERIES_EDIT).values("pk")
    return Series.objects.filter(Q(pk__in=seen) | Q(pk__in=edited)).select_related("unit", "campaign")


def listed(scope: Scope) -> QuerySet[Series]:
    """The same for the list, with counts."""
    return with_counts(visible(scope))


def episodes_of(series: Series) -> QuerySet[Episode]:
    """All episodes in order."""
    return Episode.objects.filter(series=series).select_related("series", "unit").order_by("number")


def episode_of(series: Series, pk: int) -> Episode | None:
    """One episode, as it is in the database."""
    return episodes_of(series).filter(pk=pk).first()


def next_number(series: Series) -> int:
    """The number after the last one."""
    last: int | None = Episode.objects.filter(series=series).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def unplanned(series: Series) -> int:
    """How many episodes of the plan have no row yet, at most what one form takes."""
    rows = Episode.objects.filter(series=series).exclude(status=EpisodeStatus.CANCELLED)
    return min(max(series.planned - rows.count(), 0), MOST_AT_ONCE)


def beside(episode: Episode, *, up: bool) -> Episode | None:
    """The nearest planned episode before or after; those that went out or were cancelled keep their place."""
    rows = Episode.objects.filter(series=episode.series_id, status=EpisodeStatus.PLANNED)
    if up:
        return rows.filter(number__lt=episode.number).order_by("-number").first()
    return rows.filter(number__gt=episode.number).order_by("number").first()


def units_for(scope: Scope) -> QuerySet[Unit]:
    """Units this person may run a series for."""
    rows = scope.rows(Unit.objects.open(), Perm.SERIES_EDIT)
    return rows.filter(level__lte=Level.TOWNSHIP).order_by("path")


def campaigns_for(scope: Scope, series: Series | None = None) -> QuerySet[Campaign]:
    """Running campaigns of the units a person acts for; the one a series has stays on offer."""
    held = [line.unit_id for _reach, line in scope.lines_for(Perm.SERIES_EDIT)]
    wanted = Q(pk__in=[pk for unit in Unit.objects.filter(pk__in=held) for pk in open_for(unit).values_list("pk", flat=True)])  # fmt: skip
    if series is not None and series.campaign_id:
        wanted |= Q(pk=series.campaign_id)
    return Campaign.objects.filter(wanted).order_by("-starts_on", "pk")


def episodes_in_reach(scope: Scope) -> QuerySet[Episode]:
    """Episodes of all visible series, for the list behind a figure."""
    return Episode.objects.filter(series__in=visible(scope).values("pk")).select_related("series", "unit")


def due_until(day: date) -> QuerySet[Episode]:
    """Planned episodes of running series that are due on or before a day."""
    rows = Episode.objects.filter(
        status=EpisodeStatus.PLANNED, due_on__lte=day, series__status=SeriesStatus.RUNNING
    )
    return rows.select_related("series", "unit").order_by("due_on", "pk")


def due_for(scope: Scope, day: date, most: int = 99) -> int:
    """How many of this person's episodes are due until a day, counted up to `most` + 1."""
    return scope.rows(due_until(day), Perm.SERIES_EDIT).order_by()[: most + 1].count()


# -- what everybody may read -----------------------------------------------------------------------


def public() -> QuerySet[Series]:
    """Series with at least one public episode, those under way and the newest first."""
    rows = Series.objects.filter(episodes__is_public=True).distinct().values("pk")
    found = with_counts(Series.objects.filter(pk__in=rows)).select_related("unit", "campaign")
    return found.order_by("-status", F("last_aired").desc(nulls_last=True), "-pk")


def public_episodes(series: Series) -> list[Episode]:
    """What the playlist shows, in order."""
    return list(episodes_of(series).filter(is_public=True))


def public_of_campaign(campaign: Campaign) -> QuerySet[Series]:
    """Series of a campaign for its public page."""
    return public().filter(campaign=campaign)


def published_with(words: list[str]) -> QuerySet[Episode]:
    """Public episodes that hold every word."""
    rows = Episode.objects.filter(is_public=True).select_related("series")
    for word in words:
        rows = rows.filter(
            Q(topic__icontains=word) | Q(summary__icontains=word) | Q(series__title__icontains=word)
        )
    return rows.order_by("-aired_at", "-pk")


def totals(series: Series) -> dict[str, Any]:
    """Sums over what went out: visits and people apart, likes as reach."""
    return (
        Episode.objects.filter(series=series, status=EpisodeStatus.PUBLISHED)
        .order_by()
        .aggregate(visits=Sum("online_visits"), people=Sum("headcount"), reach=Sum("likes"))
    )
