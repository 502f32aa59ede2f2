"""Putting units into the tree in bulk: paths and child counts are worked out here, not one insert at a time."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _

from portal.units.importing.overrides import Override
from portal.units.importing.reading import ImportRefused
from portal.units.importing.staging import Row
from portal.units.models import Level, Unit, UnitKind
from portal.units.names import search_text, short_name, unit_name

# Statistical codes of development zones: 71–79 in the county position (domain reference §11.1).
_ZONE = re.compile(r"^[0-9]{4}7[1-9]0{6}$")


@dataclass(slots=True)
class Place:
    """Where a unit stands, and which step its next child takes (None: not looked up yet)."""

    pk: int
    path: str
    last: int | None
    is_new: bool


class Planter:
    """Takes rows in code order. Keeps places of one province only, so memory does not grow with the file."""

    def __init__(self, overrides: dict[str, Override], *, opened_on: date | None, is_demo: bool) -> None:
        self.made = self.kept = 0
        self._overrides, self._opened_on, self._is_demo = overrides, opened_on, is_demo
        self._places: dict[str, Place] = {}
        self._province = ""
        self._roots = self._last_step("")
        self._more: Counter[int] = Counter()

    def plant(self, batch: list[Row], divisions: dict[str, int]) -> None:
        """Make the units of a batch that do not exist yet, and tie each to its division."""
        rows = [row for row in batch if not row.virtual]
        present = self._present([row.code for row in rows])
        fresh: list[Unit] = []
        links: list[tuple[Unit, int]] = []
        for row in rows:
            self._enter(row.code[:2])
            known = present.get(row.code)
            if known is None:
                unit = self._new(row)
                fresh.append(unit)
                links.append((unit, divisions[row.code]))
            else:
                self._places[row.code] = Place(known.pk, known.path, None, is_new=False)
        Unit.objects.bulk_create(fresh)
        Unit.divisions.through.objects.bulk_create(
            [Unit.divisions.through(unit_id=unit.pk, division_id=division) for unit, division in links]
        )
        self._tie_present(present, divisions)
        self.made += len(fresh)
        self.kept += len(present)

    def finish(self) -> None:
        """Child counts of units that existed before, and units that cover no division."""
        self._flush_counts()
        for one in self._overrides.values():
            if not Unit.objects.filter(unit_no=one.unit_no).exists():
                self._add_special(one)

    def _present(self, codes: list[str]) -> dict[str, Unit]:
        rows = Unit.objects.filter(unit_no__in=codes).select_related("replaced_by").only(
            "unit_no", "path", "closed_on", "replaced_by__path"
        )  # fmt: skip
        return {unit.unit_no: (unit.replaced_by or unit) if unit.closed_on else unit for unit in rows}

    def _enter(self, province: str) -> None:
        if province != self._province:
            self._flush_counts()
            self._places.clear()
            self._province = province

    def _new(self, row: Row) -> Unit:
        path, depth = self._next_path(row)
        own = self._overrides.get(row.code)
        names = (
            (own.name, own.short_name)
            if own
            else (unit_name(row.name, row.level), short_name(row.name, row.level))
        )
        aliases = list(own.aliases) if own else []
        unit = Unit(
            path=path, depth=depth, numchild=row.children, unit_no=row.code, name=names[0], short_name=names[1],
            level=own.level if own else row.level, kind=own.kind if own else _kind(row), aliases=aliases,
            opened_on=self._opened_on, is_demo=self._is_demo,
        )  # fmt: skip
        unit.search = search_text(unit.all_names)
        if row.level < Level.VILLAGE:
            self._places[row.code] = Place(0, path, 0, is_new=True)
        return unit

    def _next_path(self, row: Row) -> tuple[str, int]:
        if not row.unit_parent:
            self._roots += 1
            return Unit.path_below("", self._roots), 1
        place = self._places.get(row.unit_parent) or self._place_in_tree(row)
        if place.last is None:
            place.last = self._last_step(place.path)
        place.last += 1
        if not place.is_new:
            self._more[place.pk] += 1
        path = Unit.path_below(place.path, place.last)
        return path, len(path) // Unit.steplen

    def _place_in_tree(self, row: Row) -> Place:
        """A parent made by an earlier file."""
        found = self._present([row.unit_parent]).get(row.unit_parent)
        if found is None:
            values = {"code": row.code, "parent": row.unit_parent}
            raise ImportRefused(
                [_("%(code)s 的上级 %(parent)s 还没有建成单位，请先导入上级的文件。") % values]
            )
        place = self._places[row.unit_parent] = Place(found.pk, found.path, None, is_new=False)
        return place

    def _last_step(self, path: str) -> int:
        below = Unit.objects.under(path).filter(depth=len(path) // Unit.steplen + 1)
        last = below.order_by("-path").values_list("path", flat=True).first()
        return Unit.step_of(last) if last else 0

    def _flush_counts(self) -> None:
        for pk, count in self._more.items():
            Unit.objects.filter(pk=pk).update(numchild=F("numchild") + count)
        self._more.clear()

    def _tie_present(self, present: dict[str, Unit], divisions: dict[str, int]) -> None:
        through = Unit.divisions.through
        links = [through(unit_id=unit.pk, division_id=divisions[code]) for code, unit in present.items()]
        through.objects.bulk_create(links, ignore_conflicts=True)

    def _add_special(self, one: Override) -> None:
        parent = Unit.objects.filter(unit_no=one.parent_no).first()
        if parent is None:
            return  # its parent is not in this file
        Unit.objects.add_child(
            parent,
            {
                "unit_no": one.unit_no, "name": one.name, "short_name": one.short_name, "kind": one.kind,
                "level": one.level, "aliases": list(one.aliases), "opened_on": self._opened_on, "is_demo": self._is_demo,
            },
        )  # fmt: skip
        self.made += 1


def _kind(row: Row) -> str:
    return UnitKind.DEVELOPMENT_ZONE if _ZONE.match(row.code) else UnitKind.FEDERATION
