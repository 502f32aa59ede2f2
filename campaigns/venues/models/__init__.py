"""Tables of the slice: venues with their content, visits, and the naming of bases."""

from campaigns.venues.models.bases import BaseBatch, BaseObjection, BaseReview, BaseScore, DemoBase
from campaigns.venues.models.venues import ClosedDay, Venue, VenueCheck, VenueItem
from campaigns.venues.models.visits import BaseVisit, VisitSlot

__all__ = [
    "BaseBatch",
    "BaseObjection",
    "BaseReview",
    "BaseScore",
    "BaseVisit",
    "ClosedDay",
    "DemoBase",
    "Venue",
    "VenueCheck",
    "VenueItem",
    "VisitSlot",
]
