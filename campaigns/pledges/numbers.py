"""Public numbers: CN2026-000123 (承诺). Given out by one counting UPDATE, inside the transaction that uses them."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from campaigns.pledges.models import PledgeNumber


def next_no() -> str:
    """The next number of this year; a transaction that is rolled back gives it back."""
    year = timezone.localdate().year
    rows = PledgeNumber.objects.filter(year=year)
    if not rows.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                PledgeNumber.objects.create(year=year, last=0)
        except IntegrityError:
            pass  # another writer began the year at this moment
        rows.update(last=F("last") + 1)
    return f"CN{year}-{rows.values_list('last', flat=True).get():06d}"
