"""Reads of packages, and the matrix: units × items, computed from logged rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from campaigns.packages.models import Package, PackageItem
from campaigns.packages.registry import FULFILMENTS, is_counted, words_of
from campaigns.packages.rules import PUBLIC_STATES
from campaigns.planning.models import Campaign
from campaigns.planning.queries import open_for, visible_to
from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.units.models import Level, Unit


@dataclass(frozen=True)
class Cell:
    """What one unit did for one item."""

    item: PackageItem
    done: int
    url: str
    unit: Any = ""
    counted: bool = True

    @property
    def left(self) -> int:
        """How many are missing; none of what is not counted."""
        return max(self.item.needed - self.done, 0) if self.counted else 0

    @property
    def is_done(self) -> bool:
        """Does it count, and is nothing missing?"""
        return self.counted and self.left == 0


@dataclass(frozen=True)
class Line:
    """One unit with its cells, in the order of the items."""

    unit: Unit
    cells: list[Cell]

    @property
    def done(self) -> int:
        """How many items are complete."""
        return sum(cell.is_done for cell in self.cells)

    @property
    def out_of(self) -> int:
        """How many are counted at all."""
        return sum(cell.counted for cell in self.cells)

    @property
    def missing(self) -> list[Cell]:
        """The items with a gap."""
        return [cell for cell in self.cells if cell.left]

    @property
    def is_done(self) -> bool:
        """Are all that are counted?"""
        return not self.missing


@dataclass(frozen=True)
class Matrix:
    """A package as a table; `missing` are the units with a gap. Units stand in division order, never by a figure."""

    items: list[PackageItem]
    lines: list[Line]

    @property
    def missing(self) -> list[Line]:
        """Lines with a gap."""
        return [line for line in self.lines if not line.is_done]


def visible(scope: Scope) -> QuerySet[Package]:
    """Packages of, or addressed to, units in reach; a draft only shows to its owner's side."""
    rows = scope.rows(Package, Perm.CAMPAIGN_VIEW)
    own = scope.rows(Unit, Perm.CAMPAIGN_VIEW)
    return (rows.filter(status__in=PUBLIC_STATES) | rows.filter(unit__in=own)).select_related(
        "unit", "campaign"
    )


def in_list(scope: Scope) -> QuerySet[Package]:
    """The same with the number of items and units."""
    return visible(scope).annotate(
        item_count=Count("items", distinct=True), unit_count=Count("unit_links", distinct=True)
    )


def in_full(scope: Scope) -> QuerySet[Package]:
    """The same for one page."""
    return visible(scope).prefetch_related("items", "partners")


def matrix(package: Package, units: QuerySet[Unit], *, today: date | None = None) -> Matrix:
    """Everything done so far. The queries depend on the ways items are fulfilled in, not on units or rows."""
    items, rows = list(package.items.all()), list(units)
    last = min(package.ends_on, max(today or timezone.localdate(), package.starts_on))
    counts = _counts(package, items, {unit.pk: unit.path for unit in rows}, last)
    return Matrix(
        items, [Line(unit, [_cell(package, item, unit, counts, last) for item in items]) for unit in rows]
    )


def _counts(
    package: Package, items: list[PackageItem], keys: Mapping[int, str], last: date
) -> dict[Any, Any]:
    """{(fulfilment, option): {unit: how many}}, each way asked once for all its options."""
    asked: dict[str, list[str]] = {}
    for item in items:
        options = asked.setdefault(item.fulfilment, [])
        if item.option not in options:
            options.append(item.option)
    found: dict[Any, Any] = {}
    for code, options in asked.items():
        way = FULFILMENTS.get(code)
        answers = way.counts(keys, package.starts_on, last, options) if way is not None and keys else {}
        found |= {(code, option): answers.get(option, {}) for option in options}
    return found


def _cell(package: Package, item: PackageItem, unit: Unit, counts: Any, last: date) -> Cell:
    way = FULFILMENTS.get(item.fulfilment)
    done = counts[item.fulfilment, item.option].get(unit.pk, 0)
    return Cell(
        item,
        done,
        way.link(unit, package.starts_on, last, item.option) if way else "",
        way.unit if way else "",
        is_counted(item.fulfilment),
    )


def addressed(package: Package, scope: Scope) -> QuerySet[Unit]:
    """The addressed units this person may look at, in division order."""
    keys = package.unit_links.values("unit_id")
    return scope.rows(Unit, Perm.CAMPAIGN_VIEW).filter(pk__in=keys).order_by("sort", "path")


def described(package: Package) -> list[tuple[PackageItem, str]]:
    """Items with what fulfils them in words."""
    return [(item, words_of(item.fulfilment, item.option)) for item in package.items.all()]


def owners(scope: Scope) -> QuerySet[Unit]:
    """Units down to county level whose packages this person may write."""
    rows = scope.rows(Unit.objects.open(), Perm.PACKAGE_EDIT).filter(level__lte=Level.COUNTY)
    return rows.order_by("path")


def owner(scope: Scope, unit_no: str = "") -> Unit | None:
    """The one asked for, else the highest."""
    rows = owners(scope)
    return rows.filter(unit_no=unit_no).first() if unit_no else rows.order_by("depth", "path").first()


def can_fulfil(unit: Unit) -> QuerySet[Unit]:
    """Whom a package of a unit can address: itself and what is right below."""
    rows = Unit.objects.open().filter(below(unit.path), depth__lte=unit.depth + 1)
    return rows.order_by("depth", "sort", "path")


def campaigns_of(unit: Unit, package: Package | None = None) -> QuerySet[Campaign]:
    """Running campaigns a package of the unit can belong to, and the one it has."""
    keys = list(open_for(unit).values_list("pk", flat=True))
    if package is not None and package.campaign_id:
        keys.append(package.campaign_id)
    return Campaign.objects.filter(pk__in=keys)


def campaigns_in_lists(request: Any) -> QuerySet[Campaign]:
    """Campaigns the list can be filtered by."""
    return visible_to(request.scope) if request is not None else Campaign.objects.all()


def public_of(campaign: Campaign) -> list[Package]:
    """What the public page of a campaign lists: names and items, no unit and no figure."""
    rows = Package.objects.filter(campaign=campaign, status__in=PUBLIC_STATES)
    return list(
        rows.select_related("unit").prefetch_related("items", "partners").order_by("unit__path", "pk")
    )


def open_for_units(scope: Scope) -> QuerySet[Package]:
    """Running packages that a unit this person answers for has to fulfil."""
    units = scope.rows(Unit, Perm.TASK_ANSWER)
    return (
        Package.objects.filter(
            unit_links__unit__in=units,
            status="open",
            starts_on__lte=timezone.localdate(),
            ends_on__gte=timezone.localdate(),
        )
        .select_related("unit")
        .prefetch_related("items")
        .distinct()
    )


def of_person(package: Package, scope: Scope) -> QuerySet[Unit]:
    """The addressed units among those this person answers for."""
    return (
        scope.rows(Unit, Perm.TASK_ANSWER)
        .filter(pk__in=package.unit_links.values("unit_id"))
        .order_by("path")
    )
