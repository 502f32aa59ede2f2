"""A visit as a calendar file (RFC 5545)."""

from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.venues.models import BaseVisit
from campaigns.venues.rules.visits import Status

STATES = {Status.BOOKED: "TENTATIVE", Status.CANCELLED: "CANCELLED"}
# Rises with every state, so that calendars take the newer file for the newer one.
SEQUENCE = {Status.BOOKED: 0, Status.CONFIRMED: 1}


def uid_of(visit: BaseVisit) -> str:
    """The same for as long as the booking lives."""
    host = urlsplit(settings.SITE["base_url"]).hostname or "localhost"
    return f"visit-{visit.no}@{host}"


def event_of(visit: BaseVisit, *, url: str = "") -> bytes:
    """The file; times in UTC, so that no time zone table is needed."""
    state = Status(visit.status)
    event = icalendar.Event()
    event.add("uid", uid_of(visit))
    event.add("dtstamp", timezone.now())
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at or visit.starts_at)
    event.add("summary", _("参观%(venue)s（%(state)s）") % {"venue": visit.venue.name, "state": state.label})
    event.add("location", visit.venue.address)
    event.add("description", _("预约编号 %(no)s，%(n)d 人。办公电话 %(phone)s") % {"no": visit.no, "n": visit.headcount, "phone": visit.venue.contact_phone or "—"})  # fmt: skip
    event.add("status", STATES.get(state, "CONFIRMED"))
    event.add("sequence", SEQUENCE.get(state, 2))
    if url:
        event.add("url", url)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//qinglian portal//venues//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
