"""Reads of venues."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from campaigns.venues.models import DemoBase, Venue, VenueItem
from campaigns.venues.rules import venues as rules
from campaigns.venues.rules.venues import Condition
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.publication.queries import open_of
from portal.units.models import Level, Unit


def visible(scope: Scope) -> QuerySet[Venue]:
    """What this person may see, with the unit."""
    return scope.rows(Venue, Perm.VENUE_VIEW).select_related("unit")


def numbered(scope: Scope, numbers: Iterable[str]) -> dict[str, Venue]:
    """Venues this person sees, by number."""
    rows = scope.rows(Venue, Perm.VENUE_VIEW).filter(no__in=list(numbers)).select_related("unit")
    return {row.no: row for row in rows}


def numbers_among(numbers: Iterable[str]) -> set[str]:
    """Which of these numbers are taken, in reach or not."""
    return set(Venue.objects.filter(no__in=list(numbers)).values_list("no", flat=True))


def by_unit_and_name(units: Iterable[str], names: Iterable[str]) -> dict[tuple[str, str], Venue]:
    """(unit number, name) → a venue that is there; the oldest of several."""
    rows = Venue.objects.filter(unit__unit_no__in=list(units), name__in=list(names))
    return {(row.unit.unit_no, row.name): row for row in rows.select_related("unit").order_by("-pk")}


def by_refs(refs: Iterable[str]) -> dict[str, Venue]:
    """Venues by key, for imports."""
    keys = [int(ref) for ref in refs if ref.isdigit()]
    return {str(row.pk): row for row in Venue.objects.filter(pk__in=keys).select_related("unit")}


def is_used(venue: Venue) -> bool:
    """Does anything hang on it: content, inspections, visits, closed days, applications?"""
    related = (venue.items, venue.checks, venue.visits, venue.closed_days)
    return any(rows.exists() for rows in related) or DemoBase.objects.filter(venue=venue).exists()


def units_to_enter_for(scope: Scope) -> QuerySet[Unit]:
    """Open units this person may enter venues for."""
    return scope.rows(Unit.objects.open(), Perm.VENUE_EDIT).order_by("path")


def due_until(day: date) -> QuerySet[Venue]:
    """Venues in use whose content should be renewed on or before a day, the longest waiting first."""
    rows = Venue.objects.filter(status__in=rules.OPEN, due_on__lte=day)
    return rows.select_related("unit").order_by("due_on", "pk")


def due_in(scope: Scope, day: date) -> QuerySet[Venue]:
    """The same, of the venues this person keeps."""
    return scope.rows(due_until(day), Perm.VENUE_EDIT)


def items_of(venue: Venue) -> QuerySet[VenueItem]:
    """What hangs and stands there now, and what was taken away, newest first."""
    return venue.items.all()


def needs_work(venue: Venue) -> int:
    """How many items are worn or broken."""
    return venue.items.filter(condition__in=[Condition.WORN, Condition.BROKEN]).count()


def items_in(venue: Venue, pk: int) -> VenueItem | None:
    """One item of a venue."""
    return venue.items.filter(pk=pk).first()


def by_kind(rows: QuerySet[Venue]) -> list[dict[str, Any]]:
    """How many of each kind, in the order of the kinds."""
    found = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    return [
        {"code": kind.value, "label": kind.label, "count": found[kind.value], "icon": rules.KIND_ICONS.get(kind, "geo-alt")}
        for kind in rules.Kind
        if found.get(kind.value)
    ]  # fmt: skip


def of_unit(scope: Scope, unit: Unit) -> QuerySet[Venue]:
    """Venues of a unit and everything below it, in division order."""
    return visible(scope).filter(below(unit.path, "unit__")).order_by("unit__path", "kind", "pk")


# -- public ----------------------------------------------------------------------------------------


def published() -> QuerySet[Venue]:
    """Venues on the public page: passed the gate and in use."""
    return Venue.objects.filter(is_published=True, status__in=rules.OPEN).select_related("unit")


def published_with(words: list[str]) -> QuerySet[Venue]:
    """Public venues in which every word is found."""
    rows = published()
    for word in words:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(address__icontains=word)
            | Q(features__icontains=word)
            | Q(unit__short_name__icontains=word)
            | Q(no__iexact=word)
        )
    return rows.order_by("unit__path", "pk")


def public_places() -> list[Unit]:
    """Counties and other units right below a city that have public venues, in division order."""
    paths = {path for (path,) in published().order_by().values_list("unit__path").distinct()}
    step = Unit.steplen
    heads = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    return list(Unit.objects.filter(path__in=heads, level=Level.COUNTY).order_by("path"))


def publication_note(venue: Venue) -> str:
    """How far a request to publish is, in words; empty when there is none or the page is out."""
    process = open_of(venue)
    return "" if process is None or venue.is_published else str(process.waits_for)
