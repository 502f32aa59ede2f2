"""Key dates on pages of other slices."""

from typing import Any

from django import template

from campaigns.activities.models import Activity
from campaigns.calendar import queries

register = template.Library()


@register.simple_tag
def past_of(activity: Any) -> list[Activity]:
    """去年这样做的: earlier records of the same node for a draft's page."""
    return queries.past_for(activity) if isinstance(activity, Activity) and activity.node else []
