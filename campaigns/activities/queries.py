"""Reads of activities."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.activities.models import Activity, ActivityUnit, Correction
from campaigns.activities.rules import (
    AUTHOR_STEPS,
    COUNTED,
    OTHER_PERSON,
    REVIEW_STEPS,
    CorrectionStatus,
    Status,
    is_alike,
    writers_perm,
)
from campaigns.planning.models import Campaign
from campaigns.planning.queries import open_for, open_for_any, visible_to
from portal.access.permissions import Perm
from portal.access.roles import Reach
from portal.access.scope import Scope, below
from portal.accounts.models import User
from portal.grants.queries import holders_at
from portal.pages.search import number_of
from portal.reviews.workflow import Transition, available
from portal.units.models import Division, Level, Unit

FEW_UNITS = 6
FEW_JOINED = 400


def visible(scope: Scope) -> QuerySet[Activity]:
    """What this person may read, with what a list shows."""
    rows = scope.rows(Activity, Perm.ACTIVITY_VIEW).select_related("unit", "campaign")
    if any(reach is Reach.OWN for reach, _line in scope.lines_for(Perm.ACTIVITY_VIEW)):
        return rows
    few = _few(scope.rows(Unit, Perm.ACTIVITY_VIEW))
    # The scope decides; for a small one the same is said again by key, so that an index can be used.
    return rows.filter(few) if few is not None else rows


def _few(units: QuerySet[Unit]) -> Q | None:
    """Led or joined by these units, by key; None when they are too many to be listed."""
    keys = list(units.order_by().values_list("pk", flat=True)[: FEW_UNITS + 1])
    if len(keys) > FEW_UNITS:
        return None
    joined = list(
        ActivityUnit.objects.filter(unit__in=keys).values_list("activity_id", flat=True)[: FEW_JOINED + 1]
    )
    if len(joined) > FEW_JOINED:
        return None
    return Q(unit__in=keys) | Q(pk__in=joined)


def in_full(scope: Scope) -> QuerySet[Activity]:
    """The same for one record's page."""
    return (
        visible(scope)
        .select_related("area", "created_by", "submitted_by", "part_of")
        .prefetch_related("co_units", "partners", "media_links", "more_campaigns", "parts")
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


def in_subtree(unit_no: str) -> Q:
    """Led or joined by a unit or anything below it; an unknown number matches nothing."""
    path = Unit.objects.filter(unit_no=unit_no).values_list("path", flat=True).first()
    if path is None:
        return Q(pk__in=[])
    few = _few(Unit.objects.under(path))
    if few is not None:
        return few
    return of_units(Unit.objects.under(path))


def campaigns_in_lists(request: Any) -> QuerySet[Campaign]:
    """Campaigns a list can be filtered by."""
    rows = visible_to(request.scope) if request is not None else Campaign.objects.all()
    return rows.select_related(None).only("slug", "name")


def of_campaign(campaign: Campaign) -> Q:
    """Serving this campaign, alone or among several (practice 000-05); by key, so that each row comes once."""
    also = Activity.more_campaigns.through.objects.filter(campaign=campaign).values("activity_id")
    return Q(campaign=campaign) | Q(pk__in=also)


def whole(pk: int) -> Activity:
    """One record with everything beside it, fresh from the database."""
    return with_parts(Activity.objects.filter(pk=pk)).get()


def with_parts(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Rows with what `values.snapshot` reads, in a fixed number of queries."""
    return rows.select_related("unit", "campaign", "part_of", "area").prefetch_related(
        "co_units", "partners", "media_links", "more_campaigns"
    )


def by_refs(refs: Iterable[str]) -> dict[str, Activity]:
    """Records by key, for imports."""
    keys = [int(ref) for ref in refs if ref.isdigit()]
    return {str(row.pk): row for row in with_parts(Activity.objects.filter(pk__in=keys))}


def key_of(no: str) -> int | None:
    """The key behind a public number."""
    return Activity.objects.filter(no=no).values_list("pk", flat=True).first()


def divisions_for(unit: Unit | None, activity: Activity | None = None) -> QuerySet[Division]:
    """Where a unit's activities take place: its own divisions and those one step below; that of a record stays."""
    if unit is None:
        return Division.objects.none()
    units = Unit.objects.under(unit.path).filter(depth__lte=unit.depth + 1)
    wanted = Q(pk__in=Unit.divisions.through.objects.filter(unit__in=units).values("division_id"))
    if activity is not None and activity.area_id:
        wanted |= Q(pk=activity.area_id)
    return Division.objects.filter(wanted).order_by("level", "code")


def divisions_coded(codes: Iterable[str]) -> dict[str, int]:
    """Division code → key; the newest code system first."""
    rows = Division.objects.filter(code__in=list(codes)).order_by("code_system", "pk")
    return dict(rows.values_list("code", "pk"))


def division_name(key: int) -> str:
    """What a division is called."""
    return Division.objects.filter(pk=key).values_list("name", flat=True).first() or ""


def campaigns_by_key(keys: list[int]) -> QuerySet[Campaign]:
    """These campaigns, in one order."""
    return Campaign.objects.filter(pk__in=keys).order_by("pk")


def corrections_of(activity: Activity) -> list[Correction]:
    """Every correction of a record with its lines, newest first."""
    rows = activity.corrections.select_related("by", "decided_by", "activity__unit").prefetch_related("lines")
    return list(rows)


def corrections_to_confirm(scope: Scope) -> QuerySet[Correction]:
    """Corrections that wait for this person: of units they review, proposed by somebody else."""
    return (
        scope.rows(Correction, Perm.ACTIVITY_REVIEW)
        .filter(status=CorrectionStatus.WAITING)
        .exclude(by=scope.actor)
        .select_related("activity__unit", "by")
        .order_by("pk")
    )


def last_of(user: User) -> Activity | None:
    """What this person wrote down last, with everything that can be copied."""
    row = Activity.objects.filter(created_by=user).order_by("-pk").values_list("pk", flat=True).first()
    return whole(row) if row is not None else None


def has_logged(user: User) -> bool:
    """Is there a last record to copy?"""
    return Activity.objects.filter(created_by=user).exists()


def wholes_for(scope: Scope) -> QuerySet[Activity]:
    """Larger activities (weeks, meetings, several days) of one's units that others can be part of."""
    units = scope.rows(Unit, Perm.ACTIVITY_LOG)
    near_by = Q(unit__in=units)
    paths = {line.unit_path for _reach, line in scope.lines_for(Perm.ACTIVITY_LOG)}
    above = {path[:end] for path in paths for end in range(Unit.steplen, len(path), Unit.steplen)}
    return Activity.objects.filter(near_by | Q(unit__path__in=above), part_of__isnull=True)


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
        later = queue.filter(
            Q(submitted_at__gt=after.submitted_at) | Q(submitted_at=after.submitted_at, pk__gt=after.pk)
        )
        return later.first() or queue.first()
    return queue.first()


def published() -> QuerySet[Activity]:
    """What everybody may read, newest first."""
    return (
        Activity.objects.filter(is_published=True)
        .select_related("unit", "campaign")
        .order_by("-starts_at", "-pk")
    )


def published_in_full() -> QuerySet[Activity]:
    """The same for one public page."""
    return published().prefetch_related("co_units", "partners", "media_links")


def published_with(words: list[str]) -> QuerySet[Activity]:
    """Published records that hold every word in title, place or text; for a number the record itself."""
    number = number_of(words)
    if number:
        return published().filter(no=number)
    rows = published()
    for word in words:
        rows = rows.filter(Q(title__icontains=word) | Q(place__icontains=word) | Q(summary__icontains=word))
    return rows


def alike(activity: Activity) -> list[Activity]:
    """Records of the same unit on the same day with a similar title."""
    day = timezone.localtime(activity.starts_at).date()
    same_day = Activity.objects.filter(day_range(day, day), unit=activity.unit_id).exclude(pk=activity.pk)
    return [row for row in same_day.order_by("pk")[:50] if is_alike(row.title, activity.title)]


def units_to_log_for(scope: Scope) -> QuerySet[Unit]:
    """The units whose activities this person may write down."""
    return scope.rows(Unit.objects.open(), Perm.ACTIVITY_LOG).order_by("path")


def units_numbered(numbers: list[str]) -> QuerySet[Unit]:
    """These units, as choices of a form that knows already whom they are for."""
    return Unit.objects.filter(unit_no__in=numbers).order_by("path")


def campaigns_for(units: list[Unit], activity: Activity | None = None) -> QuerySet[Campaign]:
    """Campaigns a record of these units may belong to; the one it has stays on offer after its end."""
    wanted = Q(pk__in=open_for_any(units).values("pk"))
    if activity is not None and activity.campaign_id:
        wanted |= Q(pk=activity.campaign_id)
    return Campaign.objects.filter(wanted)


def near(unit: Unit | None, activity: Activity | None = None) -> QuerySet[Unit]:
    """Units that commonly join in: above, beside and directly below; those of a record stay on offer."""
    if activity is not None and activity.pk and unit is not None:
        joined = Q(pk__in=activity.co_unit_links.values("unit_id")) | Q(pk__in=near(unit).values("pk"))
        return Unit.objects.filter(joined).order_by("path")
    if unit is None:
        return Unit.objects.none()
    above = [unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)]
    parent = unit.path[: -unit.steplen]
    beside = Q(below(parent), depth=unit.depth) if parent else Q(pk=unit.pk)
    children = Q(below(unit.path), depth=unit.depth + 1)
    rows = Unit.objects.open().filter(Q(path__in=above, depth__gt=1) | beside | children)
    return rows.exclude(pk=unit.pk).order_by("path")


def units_of_grants(scope: Scope, perm: Perm) -> QuerySet[Unit]:
    """The units at which this person holds `perm`, without those below."""
    return Unit.objects.filter(pk__in=[line.unit_id for _reach, line in scope.lines_for(perm)]).order_by(
        "path"
    )


def units_called(units: QuerySet[Unit], said: set[str]) -> QuerySet[Unit]:
    """Those of `units` whose number, name or short name was said."""
    return units.filter(Q(unit_no__in=said) | Q(name__in=said) | Q(short_name__in=said))


def county_units_called(names: set[str]) -> dict[str, Unit]:
    """Units of county level and above by name, for 主办/协办; a name that two units bear is left out."""
    found: dict[str, list[Unit]] = {}
    for unit in units_called(Unit.objects.open().filter(level__lte=Level.COUNTY), names):
        for name in {unit.name, unit.short_name} & names:
            found.setdefault(name, []).append(unit)
    return {name: units[0] for name, units in found.items() if len(units) == 1}


def titles_by_unit_and_day(
    unit_numbers: set[str], first: date, last: date
) -> dict[tuple[str, str], list[Activity]]:
    """(unit_no, day) → the records that are there, for finding rows known already."""
    found: dict[tuple[str, str], list[Activity]] = {}
    rows = Activity.objects.filter(day_range(first, last), unit__unit_no__in=unit_numbers)
    for row in (
        rows.select_related("unit").only("no", "title", "starts_at", "status", "unit__unit_no").iterator()
    ):
        day = timezone.localtime(row.starts_at).date().isoformat()
        found.setdefault((row.unit.unit_no, day), []).append(row)
    return found


def by_numbers(scope: Scope, numbers: set[str]) -> dict[str, Activity]:
    """Records of these public numbers that this person may import into."""
    rows = scope.rows(Activity, Perm.ACTIVITY_IMPORT).filter(no__in=numbers).select_related("unit")
    return {row.no: row for row in rows}


def numbers_among(numbers: set[str]) -> set[str]:
    """Which of these public numbers exist at all."""
    return set(Activity.objects.filter(no__in=numbers).values_list("no", flat=True))


def waiting_for(scope: Scope, most: int = 99) -> int:
    """How many records wait for this person's review, counted up to `most` + 1."""
    return to_review(scope).order_by()[: most + 1].count()


def returned_to(scope: Scope, most: int = 99) -> int:
    """How many records came back to this person's units, counted up to `most` + 1."""
    units = scope.rows(Unit, Perm.ACTIVITY_LOG)
    return Activity.objects.filter(status=Status.RETURNED, unit__in=units)[: most + 1].count()


def last_places(user: User, limit: int = 8) -> list[str]:
    """Where this person's last activities were, newest first."""
    rows = Activity.objects.filter(created_by=user).exclude(place="").order_by("-pk")
    return list(dict.fromkeys(rows.values_list("place", flat=True)[:60]))[:limit]


def usual_counts(user: User, limit: int = 3) -> list[int]:
    """Quick numbers: what this person typed last, filled up with round ones."""
    rows = Activity.objects.filter(created_by=user, headcount__gt=0).order_by("-pk")
    last = list(dict.fromkeys(rows.values_list("headcount", flat=True)[:20]))[:limit]
    return sorted(dict.fromkeys([*last, *[count for count in (30, 50, 100) if len(last) < limit]]))[
        : max(limit, 3)
    ]


def usual_campaign(unit: Unit) -> Campaign | None:
    """The running campaign a new record is most likely part of: the nearest unit's newest one."""
    running = list(open_for(unit).select_related("unit"))
    return max(running, key=lambda row: (len(row.unit.path), row.starts_on, row.pk), default=None)


def steps(activity: Activity, scope: Scope, *names: str) -> list[Transition]:
    """The steps this person may take now, as the leading unit's own (see `actions.step`)."""
    return [
        row
        for row in available(activity, scope, names=names or (*REVIEW_STEPS, *AUTHOR_STEPS))
        if row.perm is not None
        and scope.may(row.perm, activity.unit)
        and not (activity.is_published and row.target not in COUNTED)
    ]


def may_change(scope: Scope, activity: Activity) -> bool:
    """May this person write into the record: its unit's own people, or, of an imported one, who may import for the unit?"""
    return scope.may(
        writers_perm(activity.source, scope.may(Perm.ACTIVITY_LOG, activity.unit)), activity.unit
    )


def reviewers_of(activity: Activity, limit: int = 5) -> list[User]:
    """Who may review it and is told that it waits."""
    people = holders_at(Perm.ACTIVITY_REVIEW, activity.unit)
    return list(people.exclude(pk__in=[activity.created_by_id or 0, activity.submitted_by_id or 0])[:limit])
