"""Writing days off and make-up days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.journal.actions import record
from portal.workdays import rules
from portal.workdays.models import Holiday
from portal.workdays.rules import Kind
from portal.workdays.tables import Day


@transaction.atomic
def set_day(*, actor: Any, day: date, kind: Kind | str, name: str) -> Holiday:
    """Enter or change one day; needs HOLIDAY_EDIT."""
    scope_of(actor).require(Perm.HOLIDAY_EDIT)
    row, _created = Holiday.objects.update_or_create(
        date=day, defaults={"kind": Kind(kind), "name": name.strip()}
    )
    record("holiday.set", actor=actor, target=row, details={"date": day, "kind": str(kind), "name": name})
    return row


@transaction.atomic
def remove_day(*, actor: Any, day: date) -> bool:
    """The day is again what its weekday says; False when nothing was entered."""
    scope_of(actor).require(Perm.HOLIDAY_EDIT)
    row = Holiday.objects.filter(date=day).first()
    if row is None:
        return False
    record("holiday.removed", actor=actor, target=row, details={"date": day, "name": row.name})
    row.delete()
    return True


@transaction.atomic
def import_days(*, actor: Any, rows: Iterable[Day]) -> dict[str, int]:
    """Write the rows of a table: new days, changed days, and those that stand there already."""
    scope_of(actor).require(Perm.HOLIDAY_EDIT)
    counts = {"new": 0, "changed": 0, "same": 0}
    last = None
    known = {row.date: row for row in Holiday.objects.all()}
    for day in rows:
        old = known.get(day.date)
        if old is not None and (old.kind, old.name) == (day.kind, day.name):
            counts["same"] += 1
            continue
        last, _created = Holiday.objects.update_or_create(
            date=day.date, defaults={"kind": day.kind, "name": day.name}
        )
        counts["changed" if old else "new"] += 1
    if last is not None:
        record("holiday.imported", actor=actor, target=last, details=counts)
    return counts


def load_published(*, actor: Any, year: int) -> dict[str, int]:
    """The arrangement of a year that the portal brings with it (`rules.PUBLISHED`)."""
    return import_days(actor=actor, rows=[Day(*row) for row in rules.PUBLISHED.get(year, ())])
