"""Family visits."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.visits.models import FamilyVisit
from portal.accounts.models import User
from portal.units.models import Unit


def make_visit(unit: Unit, by: User | None = None, **fields: Any) -> FamilyVisit:
    """One anonymous visit of yesterday, in any state, without asking anybody."""
    values: dict[str, Any] = {
        "visited_at": timezone.now() - timedelta(days=1),
        "visitors": "社区妇联",
        "area": "东关社区",
        "family_kind": "ordinary",
        "households": 2,
    }
    values |= fields
    if values.get("status", "none") != "none":
        values.setdefault("due_on", timezone.localdate() + timedelta(days=10))
    return FamilyVisit.objects.create(unit=unit, created_by=by, **values)
