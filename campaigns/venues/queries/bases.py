"""Reads of batches and bases."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from campaigns.activities import queries as activities
from campaigns.activities.models import Activity
from campaigns.venues.models import BaseBatch, DemoBase, Venue
from campaigns.venues.rules import bases as rules
from campaigns.venues.rules import venues as venue_rules
from campaigns.venues.rules.bases import QuotaLine, Status
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.reviews.queries import history_of
from portal.reviews.workflow import Transition, available
from portal.units.models import Level, Unit
from portal.units.queries import children_in_order
from portal.workdays.queries import add_workdays


def _above(path: str) -> list[str]:
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def batches_for(scope: Scope) -> QuerySet[BaseBatch]:
    """Batches of this person's units, of the units above and below them."""
    condition = Q(pk__in=[])
    for _reach, line in scope.lines_for(Perm.VENUE_VIEW):
        condition |= Q(unit__path__in=_above(line.unit_path)) | below(line.unit_path, "unit__")
    return BaseBatch.objects.filter(condition).select_related("unit")


def open_batches_for(scope: Scope) -> list[BaseBatch]:
    """Batches that take applications today."""
    today = timezone.localdate()
    return list(batches_for(scope).filter(opens_on__lte=today, closes_on__gte=today))


def visible(scope: Scope) -> QuerySet[DemoBase]:
    """Applications and bases in reach."""
    return scope.rows(DemoBase, Perm.VENUE_VIEW).select_related("venue", "unit", "batch", "batch__unit")


def venues_to_apply_with(scope: Scope, batch: BaseBatch) -> QuerySet[Venue]:
    """Venues in use of this person's units, inside the batch and its pool, without an open process."""
    busy = DemoBase.objects.exclude(status__in=rules.ENDED).values("venue_id")
    rows = scope.rows(Venue.objects.filter(status__in=venue_rules.OPEN), Perm.VENUE_EDIT)
    rows = rows.filter(below(batch.unit.path, "unit__")).exclude(pk__in=busy)
    if batch.pool.exists():
        rows = rows.filter(unit__in=batch.pool.all())
    return rows.select_related("unit").order_by("unit__path", "pk")


def activities_of(unit: Unit, until: date | None = None) -> QuerySet[Activity]:
    """Counted activities of the unit in the last twelve months; they are linked, not typed again."""
    last = until or timezone.localdate()
    rows = activities.counted(Unit.objects.filter(pk=unit.pk), last - timedelta(days=365), last)
    return rows.order_by("-starts_at", "-pk")


def sessions_of(base: DemoBase) -> int:
    """场 of the activities linked to an application."""
    return int(base.activities.aggregate(n=Sum("sessions"))["n"] or 0)


def county_of(unit: Unit) -> Unit:
    """The county-level unit an application is checked by: the unit itself when it stands higher."""
    if unit.level <= Level.COUNTY:
        return unit
    found = Unit.objects.filter(path__in=_above(unit.path), level=Level.COUNTY).order_by("-path").first()
    return found or unit


def steps(base: DemoBase, scope: Scope) -> list[Transition]:
    """What this person may do now. Checking is for the county level and above, deciding for the unit that names."""
    found = available(base, scope)
    county = county_of(base.unit)
    checks = scope.may(Perm.VENUE_CHECK, county)
    decides = scope.may(Perm.VENUE_DECIDE, base.batch.unit)
    return [
        step
        for step in found
        if (step.perm != Perm.VENUE_CHECK or checks)
        and (step.perm != Perm.VENUE_DECIDE or decides)
        and (step.name != "remove" or base.removal_by_id is not None)
    ]


def timeline(base: DemoBase) -> list[dict[str, Any]]:
    """The history with people and reasons."""
    tones = {Status.NAMED: "ok", Status.REMOVED: "bad", Status.RECTIFYING: "warn", Status.DRAFT: "warn"}
    return [
        {
            "title": base.transitions[row.step].label if row.step in base.transitions else row.step,
            "at": row.at,
            "by": row.by or "",
            "note": row.reason,
            "tone": tones.get(row.after, ""),  # type: ignore[call-overload]
        }
        for row in history_of(base)
    ]


def score_of(base: DemoBase) -> Decimal | None:
    """The mean of the scorers."""
    return rules.average(base.scores.values_list("total", flat=True))


def open_objections(base: DemoBase) -> int:
    """How many are not answered yet."""
    return base.objections.filter(finding="").count()


def quota(batch: BaseBatch) -> list[QuotaLine]:
    """The units right below the naming unit beside their quota, in division order; two queries."""
    children = children_in_order(batch.unit)
    rows = list(
        batch.bases.filter(status__in=[*rules.FILLS_QUOTA, *rules.ON_THE_WAY]).values_list("unit__path", "status")
    )  # fmt: skip
    lines = []
    for unit in children:
        mine = [status for path, status in rows if path.startswith(unit.path)]
        filled = sum(status in rules.FILLS_QUOTA for status in mine)
        lines.append(QuotaLine(unit, batch.child_least, batch.child_most, filled, len(mine) - filled))
    return lines


def filled(batch: BaseBatch, unit: Unit | None = None) -> int:
    """How many places of the batch (or of the child that holds a unit) are taken."""
    rows = batch.bases.filter(status__in=rules.FILLS_QUOTA)
    if unit is not None:
        step = len(batch.unit.path) + Unit.steplen
        rows = rows.filter(below(unit.path[:step], "unit__"))
    return rows.count()


def next_plate(batch: BaseBatch) -> str:
    """A plate number that is free now: year and a running number."""
    start = f"{batch.year}-"
    taken = DemoBase.objects.filter(plate_no__startswith=start).values_list("plate_no", flat=True)
    numbers = [int(tail) for no in taken if no and (tail := no.removeprefix(start)).isdigit()]
    return f"{start}{max(numbers, default=0) + 1:03d}"


def waiting_for(scope: Scope) -> QuerySet[DemoBase]:
    """Applications and bases that wait for a step of this person, the oldest first; the same queries for one and many.

    Checking reaches from grants at county level and above, deciding from grants at the naming unit or above.
    """
    actor = scope.actor
    condition = Q(pk__in=[])
    checks = [line.unit_id for _reach, line in scope.lines_for(Perm.VENUE_CHECK)]
    checked = Q(status__in=[Status.SUBMITTED, Status.COUNTY_CHECK, Status.SITE_VISIT, Status.ANNUAL_REVIEW])
    for path in Unit.objects.filter(pk__in=checks, level__lte=Level.COUNTY).values_list("path", flat=True):
        condition |= below(path, "unit__") & checked & ~Q(submitted_by=actor)
    over = Q(status=Status.PUBLICITY, public_until__lt=timezone.localdate())
    proposed = Q(status__in=rules.HOLDS_PLATE, removal_by__isnull=False) & ~Q(removal_by=actor)
    for _reach, line in scope.lines_for(Perm.VENUE_DECIDE):
        ready = (Q(status=Status.DECISION) | over) & ~Q(checked_by=actor) | proposed
        condition |= below(line.unit_path, "batch__unit__") & ready & ~Q(submitted_by=actor)
    rows = visible(scope).filter(condition)
    return rows.order_by("submitted_at", "pk")


def last_public_day(first: date, workdays: int) -> date:
    """The last of `workdays` working days, the first day counted when it is one (domain reference §2.8)."""
    return add_workdays(first - timedelta(days=1), workdays)


def public_notices(day: date | None = None) -> QuerySet[DemoBase]:
    """Bases whose public notice runs on a day; it leaves the page by itself when it ends."""
    when = day or timezone.localdate()
    rows = DemoBase.objects.filter(status=Status.PUBLICITY, public_from__lte=when, public_until__gte=when)
    return rows.select_related("venue", "unit", "batch", "batch__unit").order_by("unit__path", "pk")


def notices_ending(first: date, last: date) -> QuerySet[DemoBase]:
    """Public notices whose last day lies between two days, both included."""
    rows = DemoBase.objects.filter(status=Status.PUBLICITY, public_until__gte=first, public_until__lte=last)
    return rows.select_related("venue", "unit", "batch__unit").order_by("public_until", "pk")


def notices_over(day: date) -> QuerySet[DemoBase]:
    """Public notices that have ended and wait to be named."""
    rows = DemoBase.objects.filter(status=Status.PUBLICITY, public_until__lt=day)
    return rows.select_related("venue", "unit", "batch__unit")


def reviews_due(day: date) -> QuerySet[DemoBase]:
    """Bases whose yearly re-check is due on or before a day."""
    rows = DemoBase.objects.filter(status__in=[Status.NAMED, Status.ANNUAL_REVIEW], review_due__lte=day)
    return rows.select_related("venue", "unit")


def rectifications_due(day: date) -> QuerySet[DemoBase]:
    """Bases whose time to put things right ends on or before a day."""
    rows = DemoBase.objects.filter(status=Status.RECTIFYING, rectify_by__lte=day)
    return rows.select_related("venue", "unit")


def plates_of(venues: list[Venue]) -> dict[int, DemoBase]:
    """The base each venue is or was, the newest one, in one query."""
    rows = DemoBase.objects.filter(venue__in=venues, plate_no__isnull=False).select_related("batch__unit")
    return {row.venue_id: row for row in rows.order_by("pk")}


def plate_of(venue: Venue) -> DemoBase | None:
    """The plate of one venue, valid or removed."""
    return plates_of([venue]).get(venue.pk)


def score_form_rows(batch: BaseBatch) -> list[dict[str, Any]]:
    """The criteria as a form needs them."""
    return [dict(row) for row in batch.criteria]


def unit_by_words(words: list[str], batch_unit: Unit) -> tuple[list[Unit], list[str]]:
    """Units below the naming unit by number or name, and the words that name none or several."""
    units = Unit.objects.open().under(batch_unit.path)
    found: list[Unit] = []
    unknown: list[str] = []
    for word in words:
        rows = list(units.filter(Q(unit_no=word) | Q(name=word) | Q(short_name=word))[:2])
        if len(rows) == 1:
            found.append(rows[0])
        else:
            unknown.append(word)
    return found, unknown


def units_that_name(scope: Scope) -> QuerySet[Unit]:
    """Units of county level and above whose batches this person may open."""
    rows = scope.rows(Unit.objects.open(), Perm.VENUE_CHECK).filter(level__lte=Level.COUNTY)
    return rows.order_by("path")


def plate_of_number(no: str) -> DemoBase | None:
    """The newest plate of a venue by the venue's number, valid or removed."""
    rows = DemoBase.objects.filter(venue__no=no[:16], plate_no__isnull=False)
    return rows.select_related("venue", "unit", "batch__unit").order_by("-pk").first()
