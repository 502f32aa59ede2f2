"""What can prove work: each slice registers a kind of record, so that nothing is typed twice.

    evidence.register(EvidenceKind("activity", _("活动记录"), offered=..., found=..., order=10))

`offered(scope, unit, limit)` lists records of the unit (and below) that this person may see, newest first.
`found(scope, unit, ids)` gives those of the ids that are really such records; keys it leaves out are refused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from portal.access.scope import Scope
from portal.units.models import Unit

OFFERED = 60
NAMED = "named"  # a quota may also count things that have no record in the portal: typed names


@dataclass(frozen=True)
class Proof:
    """One record that can be chosen."""

    object_id: int
    label: str
    url: str = ""
    on: date | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class EvidenceKind:
    """A kind of record."""

    code: str
    label: Promise | str
    offered: Callable[[Scope, Unit, int], Iterable[Proof]]
    found: Callable[[Scope, Unit, Iterable[int]], Mapping[int, Proof]]
    order: int = 100


KINDS: dict[str, EvidenceKind] = {}


def register(kind: EvidenceKind) -> None:
    """Add a kind; a code is given once."""
    known = KINDS.get(kind.code)
    if kind.code == NAMED or (known is not None and known.offered is not kind.offered):
        raise ImproperlyConfigured(f"evidence kind {kind.code} is registered twice")
    KINDS[kind.code] = kind


def in_order() -> list[EvidenceKind]:
    """The kinds as pages show them."""
    return sorted(KINDS.values(), key=lambda kind: (kind.order, kind.code))


def choices(scope: Scope, unit: Unit, *, limit: int = OFFERED) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups for a select: (label of the kind, [(`kind:id`, words)])."""
    groups = []
    for kind in in_order():
        rows = [
            (f"{kind.code}:{proof.object_id}", f"{proof.on:%m-%d} {proof.label}" if proof.on else proof.label)
            for proof in kind.offered(scope, unit, limit)
        ]
        if rows:
            groups.append((str(kind.label), rows))
    return groups


def read(keys: Iterable[str], scope: Scope, unit: Unit) -> list[tuple[str, Proof]]:
    """The records behind `kind:id` keys of a form; what does not exist or is not the unit's is left out."""
    wanted: dict[str, list[int]] = {}
    for key in keys:
        code, _colon, number = key.partition(":")
        if code in KINDS and number.isdigit() and len(number) < 19:
            wanted.setdefault(code, []).append(int(number))
    found = []
    for code, ids in wanted.items():
        known = KINDS[code].found(scope, unit, ids)
        found += [(code, known[number]) for number in ids if number in known]
    return found


def kind_of_rows(
    code: str,
    label: Promise | str,
    rows: Callable[[Scope, Unit], Any],
    words: Callable[[Any], str],
    on: Callable[[Any], date],
    *,
    order: int = 100,
) -> EvidenceKind:
    """A kind made of records with `unit` and `staff_url`. `rows(scope, unit)` are those of the unit and below that
    the person may see, newest first; `words` is what a list says of one, `on` its day."""

    def proof(row: Any) -> Proof:
        return Proof(row.pk, words(row), row.staff_url, on(row), unit_id=row.unit_id)

    def offered(scope: Scope, unit: Unit, limit: int) -> Iterable[Proof]:
        return [proof(row) for row in rows(scope, unit)[:limit]]

    def found(scope: Scope, unit: Unit, ids: Iterable[int]) -> Mapping[int, Proof]:
        return {row.pk: proof(row) for row in rows(scope, unit).filter(pk__in=list(ids))}

    return EvidenceKind(code, label, offered, found, order)
