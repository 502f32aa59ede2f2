"""Venues, bookings and bases."""

import itertools
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from campaigns.venues.models import BaseBatch, BaseVisit, DemoBase, Venue
from campaigns.venues.queries import visits as queries
from campaigns.venues.rules import visits as visit_rules
from portal.accounts.models import User
from portal.units.models import Unit

_numbers = itertools.count(1)
PHONE = "13800138000"


def make_venue(unit: Unit, by: User | None = None, **fields: Any) -> Venue:
    """A venue in use, open every day from nine to twelve, due in half a year."""
    number = next(_numbers)
    today = timezone.localdate()
    values = {
        "name": f"家风馆{number}",
        "kind": "family_hall",
        "address": "东关社区 1 号",
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "opens_at": time(9),
        "closes_at": time(12),
        "slot_minutes": 60,
        "slot_capacity": 10,
        "due_on": today + timedelta(days=180),
        "counts_from": timezone.now(),
        "created_by": by,
    }
    return Venue.objects.create(no=f"ZD{number:08d}", unit=unit, **(values | fields))


def make_open_venue(unit: Unit, **fields: Any) -> Venue:
    """One the public can book."""
    return make_venue(unit, **({"takes_bookings": True, "is_published": True} | fields))


def first_slot(venue: Venue) -> str:
    """The first slot that can be booked, as the form names it."""
    day = queries.open_days(venue)[1]
    return queries.slots_of_day(venue, day)[0].value


def booking(**fields: Any) -> dict[str, Any]:
    """What the action takes."""
    values = {"org": "县实验小学", "headcount": 4, "contact": "张老师", "purpose": "", "wants_docent": False}
    return values | fields


def make_visit(venue: Venue, **fields: Any) -> BaseVisit:
    """A row in any state, without asking anybody."""
    number = next(_numbers)
    start = fields.pop("starts_at", timezone.now() + timedelta(days=2))
    values = {
        "code_hash": visit_rules.code_hash(f"YY2026-{number:06d}", "ABCDEFGH"),
        "ends_at": start + timedelta(hours=1),
        "org": "东关小学",
        "headcount": 5,
        "contact": "李老师",
        "phone": PHONE,
        "client_token": str(uuid4()),
    }
    return BaseVisit.objects.create(
        no=f"YY2026-{number:06d}", venue=venue, unit=venue.unit, starts_at=start, **(values | fields)
    )


def make_batch(unit: Unit, **fields: Any) -> BaseBatch:
    """A round that is open today."""
    today = timezone.localdate()
    values = {
        "name": f"第{next(_numbers)}批",
        "year": today.year,
        "opens_on": today - timedelta(days=5),
        "closes_on": today + timedelta(days=30),
    }
    return BaseBatch.objects.create(unit=unit, **(values | fields))


def make_base(batch: BaseBatch, venue: Venue, **fields: Any) -> DemoBase:
    """An application in any state; a named one with plate and basis."""
    number = next(_numbers)
    if fields.get("status") in ("named", "annual_review", "rectifying", "removed"):
        fields = {
            "plate_no": f"T-{number:03d}",
            "named_at": timezone.now(),
            "approval_basis": "党组会议纪要",
            "review_due": timezone.localdate() + timedelta(days=365),
        } | fields
    return DemoBase.objects.create(
        **({"batch": batch, "venue": venue, "unit": venue.unit, "intro": "介绍"} | fields)
    )


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """A local moment."""
    return datetime(year, month, day, hour, tzinfo=timezone.get_default_timezone())
