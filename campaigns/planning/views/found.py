"""The rows an address speaks of, inside the scope; everything else is not there."""

from typing import Any

from django.http import Http404

from campaigns.planning import queries
from campaigns.planning.models import Campaign
from portal.access.permissions import Perm


def seen(request: Any, slug: str) -> Campaign:
    """A campaign this person may read."""
    found = queries.with_everything(queries.visible_to(request.scope)).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def mine(request: Any, slug: str) -> Campaign:
    """A campaign this person may change."""
    campaign = seen(request, slug)
    request.scope.require(Perm.CAMPAIGN_EDIT, campaign.unit)
    return campaign


def part(rows: Any, pk: int) -> Any:
    """One row of what hangs on a campaign."""
    found = next((row for row in rows.all() if row.pk == pk), None)
    if found is None:
        raise Http404
    return found
