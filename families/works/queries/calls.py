"""Calls, their categories, and the places their authors live in."""

import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from families.works.models import WorkCall, WorkCategory
from families.works.rules import (
    AUDIENCE_ORDER,
    Audience,
    CallState,
)
from portal.units.models import Level, Unit


def announced_calls() -> QuerySet[WorkCall]:
    """Calls the public may see, newest first."""
    return WorkCall.objects.exclude(status=CallState.DRAFT).select_related("unit")


def open_calls(now: datetime | None = None) -> QuerySet[WorkCall]:
    """Calls that take works at this moment, the one that closes first in front."""
    moment = now or timezone.now()
    return (
        WorkCall.objects.filter(status=CallState.OPEN, open_at__lte=moment, close_at__gt=moment)
        .select_related("unit")
        .order_by("close_at", "pk")
    )


@dataclass(frozen=True)
class Taking:
    """What decides whether a call takes a work, as it stands in the database at this moment."""

    call: WorkCall
    has_category: bool


def taking(call: WorkCall, category: WorkCategory) -> Taking:
    """The call read anew, and whether it takes this category; one query."""
    offered = call.categories.through.objects.filter(
        workcall=OuterRef("pk"), workcategory=category.pk, workcategory__is_active=True
    )
    row = WorkCall.objects.select_related("unit").annotate(has_category=Exists(offered)).get(pk=call.pk)
    return Taking(row, row.has_category)


def categories_of(call: WorkCall) -> list[WorkCategory]:
    """The active categories of a call."""
    return [with_rules(call, category) for category in call.categories.filter(is_active=True)]


def with_rules(call: WorkCall, category: WorkCategory) -> WorkCategory:
    """The category with what this call asks differently (not to be saved). An own copy: rows may be shared."""
    changed = (call.category_rules or {}).get(category.code) or {}
    if not changed and category.per_person <= call.max_per_person:
        return category
    own = copy.copy(category)
    for name, value in changed.items():
        if name in {"per_person", "text_min", "text_max", "photos_max"}:
            setattr(own, name, value)
    if {"text_min", "text_max", "photos_max"} & set(changed):
        own.hint = ""  # it names the usual numbers, which do not hold in this call
    own.per_person = min(own.per_person, call.max_per_person)
    return own


def ended_calls() -> QuerySet[WorkCall]:
    """Calls that have ended in the last half year: a code for late entries may open them."""
    now = timezone.now()
    rows = WorkCall.objects.filter(close_at__lte=now, close_at__gt=now - timedelta(days=183))
    return rows.exclude(status=CallState.DRAFT).select_related("unit")[:20]


def audiences_of(category: WorkCategory) -> list[Audience]:
    """What the author may choose from, narrow first."""
    allowed = category.audiences or [Audience.ORGANISATION, Audience.ANONYMOUS, Audience.PUBLIC]
    return [one for one in AUDIENCE_ORDER if one in allowed]


def areas_of(call: WorkCall) -> QuerySet[Unit]:
    """Where an author of this call can live: the open territorial units below the organiser."""
    return (
        Unit.objects.open()
        .under(call.unit.path)
        .filter(level__gte=Level.COUNTY, divisions__isnull=False)
        .distinct()
    )


def county_of(unit: Unit) -> Unit | None:
    """The county-level unit above a unit (or itself), if there is one."""
    if unit.level < Level.COUNTY:
        return None
    prefixes = [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]
    return Unit.objects.filter(path__in=prefixes, level=Level.COUNTY).first()


def shown_categories() -> list[WorkCategory]:
    """Categories for the gallery's filter."""
    return list(WorkCategory.objects.filter(is_active=True))


def all_categories() -> QuerySet[WorkCategory]:
    """Every active category, in order."""
    return WorkCategory.objects.filter(is_active=True)


def slug_taken(slug: str, but: int | None) -> bool:
    """Is the address of a call used by another one?"""
    return WorkCall.objects.filter(slug=slug).exclude(pk=but or 0).exists()


def parent_of(unit: Unit) -> Unit | None:
    """The unit above, without loading the tree."""
    path = unit.path[: -unit.steplen]
    return Unit.objects.filter(path=path).first() if path else None


def find_area(call: WorkCall, unit_no: str) -> Unit | None:
    """The unit behind a posted number, if it lies in the call's area."""
    return areas_of(call).filter(unit_no=unit_no).first() if unit_no else None


def villages_of(area: Unit) -> list[Unit]:
    """The villages below a township."""
    return list(Unit.objects.open().under(area.path).filter(level=Level.VILLAGE).order_by("path")[:400])


def find_village(area: Unit, name: str) -> Unit | None:
    """The village of a typed name: exact, or the only one that begins with it."""
    bare = name.strip()
    rows = [unit for unit in villages_of(area) if bare in (unit.short_name, unit.name)]
    if not rows:
        stem = bare.removesuffix("社区").removesuffix("村") or bare
        rows = [unit for unit in villages_of(area) if unit.short_name.startswith(stem)]
    return rows[0] if len(rows) == 1 else None
