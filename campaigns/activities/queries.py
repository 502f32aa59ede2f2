"""Reads of activities."""

from datetime import date, datetime, time, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from campaigns.activities.models import Activity, ActivityUnit
from campaigns.activities.rules import COUNTED, OTHER_PERSON, Status, is_alike
from campaigns.planning.models import Campaign
from campaigns.planning.queries import open_for
from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.accounts.models import User
from portal.units.models import Unit


def visible(scope: Scope) -> QuerySet[Activity]:
    """What this person may read, with what a list shows."""
    return scope.rows(Activity, Perm.ACTIVITY_VIEW).select_related("unit", "campaign")


def in_full(scope: Scope) -> QuerySet[Activity]:
    """The same for one record's page."""
    return visible(scope).select_related("area", "created_by", "submitted_by").prefetch_related(
        "co_units", "partners", "media_links"
    )


def day_range(first: date | None, last: date | None) -> Q:
    """Activities that began between two dates, both included."""
    condition = Q()
    zone = timezone.get_current_timezone()
    if first is not None:
        condition &= Q(starts_at__gte=datetime.combine(first, time.min, zone))
    if last is not None:
        condition &= Q(starts_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone))
    return condition


def of_units(units: QuerySet[Unit]) -> Q:
    """Led or joined by one of these units; a joint activity is one row and so counts once."""
    joined = ActivityUnit.objects.filter(unit__in=units).values("activity_id")
    return Q(unit__in=units) | Q(pk__in=joined)


def counted(units: QuerySet[Unit], first: date | None = None, last: date | None = None) -> QuerySet[Activity]:
    """The rows behind every figure: counted states, of these units, in a period of dates."""
    return Activity.objects.filter(of_units(units), day_range(first, last), status__in=COUNTED)


def waiting(units: QuerySet[Unit], first: date | None = None, last: date | None = None) -> QuerySet[Activity]:
    """待审: what stands beside a figure because it is not reviewed yet."""
    return Activity.objects.filter(of_units(units), day_range(first, last), status=Status.SUBMITTED)


def to_review(scope: Scope) -> QuerySet[Activity]:
    """What waits for this person: submitted, in reach of their review permission, not their own."""
    units = scope.rows(Unit, Perm.ACTIVITY_REVIEW)
    rows = Activity.objects.filter(status=Status.SUBMITTED, unit__in=units)
    for name in OTHER_PERSON:
        rows = rows.exclude(**{name: scope.actor})
    return rows.select_related("unit", "campaign").order_by("submitted_at", "pk")


def next_to_review(scope: Scope, after: Activity) -> Activity | None:
    """The record a reviewer gets after this one, oldest first; the first one again at the end."""
    queue = to_review(scope).exclude(pk=after.pk)
    if after.submitted_at is not None:
        later = queue.filter(Q(submitted_at__gt=after.submitted_at) | Q(submitted_at=after.submitted_at, pk__gt=after.pk))
        return later.first() or queue.first()
    return queue.first()


def published() -> QuerySet[Activity]:
    """What everybody may read, newest first."""
    return Activity.objects.filter(is_published=True).select_related("unit", "campaign").order_by("-starts_at", "-pk")


def published_in_full() -> QuerySet[Activity]:
    """The same for one public page."""
    return published().prefetch_related("co_units", "partners", "media_links")


def last_change_of_public() -> datetime | None:
    """When the public pages last changed; part of their cache key."""
    found: datetime | None = Activity.objects.filter(published_at__isnull=False).aggregate(at=Max("updated_at"))["at"]
    return found


def alike(activity: Activity) -> list[Activity]:
    """Records of the same unit on the same day with a similar title."""
    day = timezone.localtime(activity.starts_at).date()
    same_day = Activity.objects.filter(day_range(day, day), unit=activity.unit_id).exclude(pk=activity.pk)
    return [row for row in same_day.order_by("pk")[:50] if is_alike(row.title, activity.title)]


def units_to_log_for(scope: Scope) -> QuerySet[Unit]:
    """The units whose activities this person may write down."""
    return scope.rows(Unit.objects.open(), Perm.ACTIVITY_LOG).order_by("path")


def units_to_import_for(scope: Scope) -> QuerySet[Unit]:
    """The units a table may speak of."""
    return scope.rows(Unit.objects.open(), Perm.ACTIVITY_IMPORT).order_by("path")


def near(unit: Unit) -> QuerySet[Unit]:
    """Units that commonly join in: above, beside and directly below."""
    above = [unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)]
    parent = unit.path[: -unit.steplen]
    beside = Q(path__startswith=parent, depth=unit.depth) if parent else Q(pk=unit.pk)
    below = Q(path__startswith=unit.path, depth=unit.depth + 1)
    rows = Unit.objects.open().filter(Q(path__in=above, depth__gt=1) | beside | below)
    return rows.exclude(pk=unit.pk).order_by("path")


def last_places(user: User, limit: int = 8) -> list[str]:
    """Where this person's last activities were, newest first."""
    rows = Activity.objects.filter(created_by=user).exclude(place="").order_by("-pk")
    return list(dict.fromkeys(rows.values_list("place", flat=True)[:60]))[:limit]


def last_counts(user: User, limit: int = 3) -> list[int]:
    """The figures this person typed last, for the quick numbers."""
    rows = Activity.objects.filter(created_by=user, headcount__gt=0).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("headcount", flat=True)[:20]))[:limit]


def usual_campaign(unit: Unit) -> Campaign | None:
    """The running campaign a new record is most likely part of: the nearest unit's newest one."""
    running = list(open_for(unit).select_related("unit"))
    return max(running, key=lambda row: (len(row.unit.path), row.starts_on, row.pk), default=None)
