"""Reads of the tree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.access.permissions import Perm
from portal.access.scope import Scope, below
from portal.units.models import ChangeKind, CodeSystem, Division, Unit, UnitChange, UnitQuerySet

_NUMBER = re.compile(r"^[0-9]{2,12}(-[0-9]{1,3})*$")


def by_no(unit_no: str) -> Unit | None:
    """The unit with this number, open or closed."""
    return Unit.objects.filter(unit_no=unit_no).first()


def ancestors_of(unit: Unit) -> list[Unit]:
    """From the root down to the unit's parent; one query."""
    paths = [unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)]
    return list(Unit.objects.filter(path__in=paths).order_by("path"))


def parent_of(unit: Unit) -> Unit | None:
    """The unit above."""
    return Unit.objects.filter(path=unit.path[: -unit.steplen]).first() if unit.depth > 1 else None


def subtree(unit: Unit) -> UnitQuerySet:
    """The unit and all below it, closed ones too."""
    return Unit.objects.under(unit.path)


def children_in_order(unit: Unit, *, closed: bool = False) -> UnitQuerySet:
    """The units right below, in division order – never by a figure."""
    rows = Unit.objects.under(unit.path).filter(depth=unit.depth + 1).order_by("sort", "path")
    return rows if closed else rows.open()


def tops(scope: Scope, perm: Perm) -> list[Unit]:
    """The highest units that a person reaches with `perm`; where their tree begins."""
    units = Unit.objects.filter(pk__in={line.unit_id for _reach, line in scope.lines_for(perm)}).order_by(
        "path"
    )
    found: list[Unit] = []
    for unit in units:
        if not any(unit.path.startswith(above.path) for above in found):
            found.append(unit)
    return found


def search(rows: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """By number, name, short or former name, pinyin or its initials; several words must all match."""
    for word in text.lower().split()[:5]:
        if _NUMBER.match(word):
            rows = _by_number(rows, word)
        elif word.isascii():
            rows = rows.filter(search__contains=f" {word}")
        else:
            rows = rows.filter(Q(search__contains=word.removesuffix("妇联") or word) | Q(name__contains=word))
    return rows


def _by_number(rows: QuerySet[Unit], number: str) -> QuerySet[Unit]:
    """Own numbers by their beginning; a whole code also finds the unit that covers it in the other system."""
    if len(number) != 12:
        return rows.filter(unit_no__startswith=number)
    division = Division.objects.filter(code_system__in=CodeSystem.values, code=number)
    covering = Unit.divisions.through.objects.filter(division__in=division).values("unit_id")
    return rows.filter(Q(unit_no__startswith=number) | Q(pk__in=covering))


def with_places(units: Iterable[Unit]) -> list[tuple[Unit, str]]:
    """Each unit with the names above it (平定县 › 冠山镇), because 城区 is not the only 城区; one query."""
    rows = list(units)
    step = Unit.steplen
    wanted = {unit.path[:end] for unit in rows for end in range(step, len(unit.path), step)}
    names = dict(Unit.objects.filter(path__in=wanted).values_list("path", "short_name"))
    return [
        (unit, " › ".join(names.get(unit.path[:end], "") for end in range(step, len(unit.path), step)))
        for unit in rows
    ]


def divisions_of(unit: Unit) -> list[Division]:
    """What the unit covers, by code system."""
    return list(unit.divisions.order_by("code_system", "code"))


def history(unit: Unit) -> QuerySet[UnitChange]:
    """All changes, the newest first, planned ones on top."""
    return UnitChange.objects.filter(unit=unit).select_related("created_by").order_by("-effective_on", "-pk")


def merged_into(unit: Unit) -> QuerySet[UnitChange]:
    """The mergers by which other units went into this one."""
    rows = UnitChange.objects.filter(kind=ChangeKind.MERGE, unit__replaced_by=unit, applied_at__isnull=False)
    return rows.select_related("created_by", "unit").order_by("-effective_on", "-pk")


def due_changes() -> QuerySet[UnitChange]:
    """Planned changes whose date has come, in their order."""
    return (
        UnitChange.objects.filter(
            applied_at__isnull=True,
            cancelled_at__isnull=True,
            failure="",
            effective_on__lte=timezone.localdate(),
        )
        .select_related("unit", "created_by")
        .order_by("effective_on", "pk")
    )


def next_number(parent: Unit) -> str:
    """The next free `<parent>-NN`."""
    start = f"{parent.unit_no}-"
    used = Unit.objects.filter(unit_no__startswith=start).values_list("unit_no", flat=True)
    numbers = [int(tail) for tail in (no.removeprefix(start) for no in used) if tail.isdigit()]
    return f"{start}{max(numbers, default=0) + 1:02d}"


def open_units(scope: Scope, perm: Perm) -> QuerySet[Unit]:
    """Units in use that a person reaches with `perm`."""
    rows: QuerySet[Unit] = scope.rows(Unit.objects.open(), perm)
    return rows


@dataclass
class Node:
    """One line of the tree page."""

    unit: Unit
    is_open: bool = False
    children: list["Node"] = field(default_factory=list)


def nodes(scope: Scope, open_path: str = "") -> list[Node]:
    """The tree from this person's tops, opened along `open_path`; as many queries as levels opened."""
    roots = tops(scope, Perm.UNIT_VIEW)
    return [
        node(root, is_open=len(roots) == 1 or open_path.startswith(root.path), open_path=open_path)
        for root in roots
    ]


def node(unit: Unit, *, is_open: bool, open_path: str = "") -> Node:
    """A unit with its children when it is open."""
    found = Node(unit, is_open)
    if is_open:
        found.children = [
            node(child, is_open=open_path.startswith(child.path), open_path=open_path)
            for child in children_in_order(unit)
        ]
    return found


# A longer select cannot be read.
UNITS_IN_SELECT = 400


def in_subtree(unit_no: str, prefix: str = "unit__") -> Q:
    """Rows of a unit and everything below it; an unknown number matches nothing."""
    path = Unit.objects.filter(unit_no=unit_no).values_list("path", flat=True).first()
    return below(path, prefix) if path is not None else Q(pk__in=[])


def choices_in_lists(scope: Scope, perm: Perm, *, chosen: str = "") -> list[tuple[str, str]]:
    """Units for a filter, indented as in the tree: two steps below the person's own, and the chosen one."""
    paths = [line.unit_path for _reach, line in scope.lines_for(perm)]
    if not paths:
        return []
    units = scope.rows(Unit, perm)
    top = min(len(path) for path in paths) // Unit.steplen
    columns = ("unit_no", "short_name", "depth")
    rows = list(units.filter(depth__lte=top + 2).order_by("path").values_list(*columns)[:UNITS_IN_SELECT])
    if chosen and chosen not in {row[0] for row in rows}:
        rows += list(units.filter(unit_no=chosen).values_list(*columns))
    return [(no, "\u3000" * max(0, depth - top) + name) for no, name, depth in rows]
