"""Kinds of tables that can be imported. A slice registers its own in `wiring.py` (docs/adding-a-feature.md).

A kind says how a line of text becomes a record: `parse` reads, `match` finds what is there already, `create`,
`update` and `remove` are thin calls of the slice's own actions, which check permissions and write the journal.
Values that are kept between the check and the confirmation are plain JSON, so `parse` and `snapshot` speak
the same shapes: whatever is equal in both is equal in the record.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils.translation import gettext, override

from portal.access.permissions import Perm
from portal.access.scope import Scope
from portal.ui.lists.spec import Text
from portal.units.models import Unit

Json = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of the table. `label` is the heading of the template, `aliases` are other headings people
    use; spaces, stars and the width of brackets do not matter."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    width: int = 16
    choices: Callable[[], Sequence[str]] | None = None
    in_template: bool = True


@dataclass(frozen=True)
class Option:
    """A tick on the confirmation page, handed to `create`."""

    code: str
    label: Text
    default: bool = True


@dataclass(frozen=True)
class Ask:
    """Who imports, with which reach, and the unit of rows that name none."""

    actor: Any
    scope: Scope
    unit: Unit


@dataclass(frozen=True)
class Line:
    """One row of the file: its number there, and the text of each known column."""

    number: int
    values: Mapping[str, str]


@dataclass
class Parsed:
    """One row as it would be written. `fields` holds only what the row says (JSON values); what it leaves
    blank is missing, so an update never overwrites with nothing."""

    line: Line
    label: str = ""
    detail: str = ""
    unit_no: str = ""
    fields: Json = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Can it be written?"""
        return not self.faults

    def read(self, key: str, column: Text, reader: Callable[[str], Any]) -> Any:
        """The value of a cell by `reader`; a ValueError becomes a fault that names the column."""
        text = self.line.values.get(key, "")
        try:
            return reader(text)
        except ValueError as error:
            self.faults.append(f"{column}：{error}")
            return None


@dataclass(frozen=True)
class Match:
    """What a row seems to be already. `ref` is the record's key ('' for another row of the same file);
    `sure` when a number says so and not likeness; `why_not` tells why it must not be updated."""

    ref: str
    why: str
    url: str = ""
    sure: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class ImportKind:
    """One kind of table.

    `prepare(lines, ask)` reads once what all rows need; its answer goes to `parse(line, known, ask)` and
    `match(parsed_rows, known, ask)` → {row number: Match}. `create(actor=, unit=, fields=, token=, options=)`
    returns the record and gives the same one back for the same token. `load(refs)` → {ref: record};
    `snapshot(record)` its values as JSON. `update(actor=, target=, changes=)` and `restore` (default: update)
    write those keys; `remove(actor=, target=)` takes a new record back. Each may raise Refused, or one of
    `refusals`, with a sentence for the person.
    """

    code: str
    label: Text
    perm: Perm
    columns: tuple[Column, ...]
    parse: Callable[[Line, Any, Ask], Parsed]
    match: Callable[[list[Parsed], Any, Ask], dict[int, Match]]
    create: Callable[..., Model]
    load: Callable[[Iterable[str]], Mapping[str, Any]]
    snapshot: Callable[[Any], Json]
    remove: Callable[..., None]
    update: Callable[..., Any] | None = None
    restore: Callable[..., Any] | None = None
    prepare: Callable[[list[Line], Ask], Any] = lambda lines, ask: None
    label_of: Callable[[str], Text] = str
    show: Callable[[str, Any], str] = lambda key, value: "" if value is None else str(value)
    url_of: Callable[[Any], str] = lambda target: getattr(target, "staff_url", "")
    options: tuple[Option, ...] = ()
    notes: tuple[Text, ...] = ()
    list_url: str = "/staff/"
    refusals: tuple[type[Exception], ...] = ()
    order: int = 100

    @property
    def headings(self) -> dict[str, str]:
        """Every known heading → key of its column; in each language of the interface, so that a list exported from an
        English page comes back too."""
        found = {
            clean_heading(name): column.key
            for column in self.columns
            for name in (column.label, *column.aliases)
        }
        for language, _name in settings.LANGUAGES:
            with override(language):
                for column in self.columns:
                    found.setdefault(clean_heading(gettext(column.label)), column.key)
        return found


def clean_heading(text: str) -> str:
    """A heading without what people change in it: spaces, width of brackets, stars for required."""
    plain = text.replace("（", "(").replace("）", ")").replace("*", "").replace("＊", "")
    return "".join(plain.split())


KINDS: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> ImportKind:
    """Make a kind known; its code is used in addresses and kept with every import."""
    if KINDS.get(kind.code, kind) != kind:
        raise ImproperlyConfigured(f"import kind {kind.code} is registered twice")
    KINDS[kind.code] = kind
    return kind


def kinds_for(scope: Scope) -> list[ImportKind]:
    """The kinds this person may import."""
    return sorted((kind for kind in KINDS.values() if scope.has(kind.perm)), key=lambda k: (k.order, k.code))
