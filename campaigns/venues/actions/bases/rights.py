"""Who checks and who decides."""

from campaigns.venues.models import DemoBase
from campaigns.venues.queries import bases as queries
from portal.access.permissions import Perm
from portal.access.scope import scope_of
from portal.accounts.models import User


def require_check(actor: User, base: DemoBase) -> None:
    """Checking belongs to the county level and above: a township does not check for the county."""
    scope_of(actor).require(Perm.VENUE_CHECK, queries.county_of(base.unit))


def require_decide(actor: User, base: DemoBase) -> None:
    scope_of(actor).require(Perm.VENUE_DECIDE, base.batch.unit)
