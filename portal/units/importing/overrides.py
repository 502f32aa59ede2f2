"""Where the federation's tree differs from the code table: a small declarative file beside the divisions."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from portal.units.importing.reading import ImportRefused, read_rows
from portal.units.models import Level, UnitKind

COLUMNS = ("unit_no", "parent_no", "name", "short_name", "kind", "level", "aliases")


@dataclass(frozen=True, slots=True)
class Override:
    """A unit with a place, kind or name of its own."""

    unit_no: str
    parent_no: str
    name: str
    short_name: str
    kind: str
    level: int
    aliases: tuple[str, ...]


def read_overrides(path: Path) -> dict[str, Override]:
    """All overrides by unit number; raises ImportRefused."""
    found: dict[str, Override] = {}
    for number, row in read_rows(path, COLUMNS):
        unit_no, kind, level = row["unit_no"].strip(), row["kind"].strip(), row["level"].strip()
        if (
            kind not in UnitKind.values
            or level not in {str(value) for value in Level.values}
            or unit_no in found
        ):
            raise ImportRefused(
                [
                    _("%(file)s 第 %(line)d 行：编号重复，或类型、级别写错。")
                    % {"file": path.name, "line": number}
                ]
            )
        aliases = tuple(word.strip() for word in row["aliases"].split(";") if word.strip())
        found[unit_no] = Override(
            unit_no,
            row["parent_no"].strip(),
            row["name"].strip(),
            row["short_name"].strip(),
            kind,
            int(level),
            aliases,
        )
    return found
