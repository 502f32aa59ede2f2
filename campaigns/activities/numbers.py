"""Public numbers: HD2026-000123. Given out by one counting UPDATE, so that no two writers get the same."""

from django.db import IntegrityError, transaction
from django.db.models import F

from campaigns.activities.models import ActivityNumber


def allocate(year: int, count: int = 1) -> list[str]:
    """The next `count` numbers of a year. Call inside the transaction that uses them: a rolled back
    transaction gives them back, and on PostgreSQL the row lock lasts until its end."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("numbers are given out inside the transaction that uses them")
    rows = ActivityNumber.objects.filter(year=year)
    if not rows.update(last=F("last") + count):
        try:
            with transaction.atomic():
                ActivityNumber.objects.create(year=year, last=0)
        except IntegrityError:
            pass  # another writer began the year at this moment
        rows.update(last=F("last") + count)
    last = rows.values_list("last", flat=True).get()
    return [f"HD{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
