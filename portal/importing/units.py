"""Which unit a row speaks of: by number or name, within the reach of whoever imports."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.access.permissions import Perm
from portal.importing.registry import Ask, Line
from portal.units.models import Unit


class Units:
    """Units that the rows of a table name, read once. `number` and `name` are the keys of the two columns."""

    def __init__(
        self, lines: Iterable[Line], ask: Ask, perm: Perm, *, number: str = "unit_no", name: str = "unit"
    ) -> None:
        self.home, self.number, self.name = ask.unit, number, name
        said = {line.values.get(key, "").lstrip("'") for line in lines for key in (number, name)} - {""}
        self.by_number: dict[str, Unit] = {ask.unit.unit_no: ask.unit}
        self.by_name: dict[str, list[Unit]] = {}
        rows = ask.scope.rows(Unit, perm).filter(
            Q(unit_no__in=said) | Q(name__in=said) | Q(short_name__in=said)
        )
        for unit in rows.select_related("replaced_by").order_by("path"):
            self.by_number[unit.unit_no] = unit
            for called in {unit.name, unit.short_name}:
                self.by_name.setdefault(called, []).append(unit)

    def find(self, line: Line) -> Unit:
        """The open unit of a row, the chosen one where it names none; ValueError says why there is none."""
        unit = self._named(line)
        if unit.is_closed:
            raise ValueError(closed_words(unit))
        return unit

    def says(self, line: Line) -> bool:
        """Does the row name a unit?"""
        return bool(line.values.get(self.number) or line.values.get(self.name))

    def is_other(self, line: Line, unit: Unit) -> bool:
        """Does the row name another unit than this one?"""
        number, name = line.values.get(self.number, "").lstrip("'"), line.values.get(self.name, "")
        return number != unit.unit_no if number else bool(name) and name not in {unit.name, unit.short_name}

    def _named(self, line: Line) -> Unit:
        number, name = line.values.get(self.number, "").lstrip("'"), line.values.get(self.name, "")
        if number:
            if number in self.by_number:
                return self.by_number[number]
            raise ValueError(_("单位编号 %(no)s 不在您负责的范围内，请核对。") % {"no": number[:24]})
        if not name:
            return self.home
        found = self.by_name.get(name, [])
        found = [unit for unit in found if not unit.is_closed] or found
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(
                _("有 %(n)d 个单位都叫“%(name)s”，请加一列“单位编号”。")
                % {"n": len(found), "name": name[:20]}
            )
        raise ValueError(
            _("您负责的范围内没有“%(name)s”，请写单位全称或加一列“单位编号”。") % {"name": name[:20]}
        )


def closed_words(unit: Unit) -> str:
    """Why nothing new is written for a closed unit, and which one took its place."""
    said = {"name": unit.name, "day": unit.closed_on}
    if unit.replaced_by is not None:
        return _("“%(name)s”已于 %(day)s 撤销，请改写并入的“%(heir)s”。") % {
            **said,
            "heir": unit.replaced_by.name,
        }
    return _("“%(name)s”已于 %(day)s 撤销，不能再登记。") % said
