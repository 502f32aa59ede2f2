"""The holiday schedule of a series: one episode so many days before each key date (《妇廉纪语》 of the second source)."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.calendar.queries import Dated
from campaigns.series.actions import add_many
from campaigns.series.models import Episode, Series
from campaigns.series.queries import episodes_of
from portal.accounts.models import User


def schedule_episodes(
    *, actor: User, series: Series, items: Iterable[Dated], days_before: int, client_token: str
) -> tuple[list[Episode], int]:
    """Plan one episode `days_before` days before each of `items`; returns them and how many days were left out
    because they are over or have this episode already. Needs SERIES_EDIT; raises what `add_many` raises."""
    today, left_out, rows = timezone.localdate(), 0, []
    known = set(episodes_of(series).values_list("due_on", "topic"))
    for item in sorted(items, key=lambda one: one.span.first):
        day = item.span.first - timedelta(days=days_before)
        topic = _("%(node)s节前廉洁提醒") % {"node": item.node.name}
        if day < today or (day, topic) in known:
            left_out += 1
        else:
            rows.append((day, topic, ""))
    return add_many(actor=actor, series=series, rows=rows, client_token=client_token), left_out
