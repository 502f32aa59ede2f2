"""Key dates as a calendar file that phones and desktops take."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from campaigns.calendar.queries import Dated


def calendar_of(items: list[Dated]) -> bytes:
    """All-day events with a reminder; the same node and year is the same event when it is taken in again."""
    from icalendar import Alarm, Calendar, Event  # deferred: only this download needs it

    file = Calendar()
    file.add("prodid", "-//clean-family portal//key dates//ZH")
    file.add("version", "2.0")
    file.add("x-wr-calname", settings.SITE["name"])
    for item in items:
        file.add_component(_event(item, Event, Alarm))
    found: bytes = file.to_ical()
    return found


def _event(item: Dated, event_class: Any, alarm_class: Any) -> Any:
    node, span = item.node, item.span
    event = event_class()
    event.add("uid", f"node-{node.pk}-{span.first.year}@{settings.SITE['home_unit']}")
    event.add("dtstamp", datetime(span.first.year, 1, 1, tzinfo=UTC))
    event.add("summary", node.name)
    event.add("dtstart", span.first)
    event.add("dtend", span.last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if node.about:
        event.add("description", node.about)
    event.add("url", settings.SITE["base_url"].rstrip("/") + node.staff_url)
    if node.is_addressed:
        alarm = alarm_class()
        alarm.add("action", "DISPLAY")
        alarm.add("description", node.name)
        alarm.add("trigger", -timedelta(days=min(node.days_before, 7)))
        event.add_component(alarm)
    return event
