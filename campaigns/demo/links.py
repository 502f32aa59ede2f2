"""What ties the demo's slices together: records of townships that fulfil 盂县“七个一”, bases that fill the quota, a
《妇廉纪语》 planned from key dates."""

from datetime import timedelta

from campaigns.calendar import actions as calendar_actions
from campaigns.calendar import queries as calendar_queries
from campaigns.calendar.models import CalendarNode
from campaigns.materials.models import Material, Placement
from campaigns.materials.rules import Audience, Channel, Kind
from campaigns.pledges.models import Handout, Initiative
from campaigns.pledges.rules import LetterState
from campaigns.series.models import Series
from campaigns.series.rules import Kind as SeriesKind
from campaigns.tasks import actions as task_actions
from campaigns.tasks.models import Quota
from campaigns.venues.models import DemoBase
from campaigns.venues.rules import bases as base_rules
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import FamilyKind
from portal.demo.registry import Demo, DemoPart, register
from portal.ui.fields import moment
from portal.units.models import Level, Unit

CITY, YUXIAN = "140300000000", "140322000000"
TOKEN = "demo-links"


def _townships(demo: Demo) -> None:
    """No demo account works in these townships, so the records stand as the portal's own."""
    towns = Unit.objects.open().under(demo.unit(YUXIAN).path).filter(level=Level.TOWNSHIP).order_by("path")
    letter = Initiative.objects.filter(status=LetterState.PUBLISHED).order_by("-issued_on", "pk").first()
    kit, _new = Material.objects.get_or_create(
        client_token=f"{TOKEN}-kit",
        defaults={
            "unit": demo.unit(YUXIAN), "title": "清廉家庭礼包", "kind": Kind.OTHER, "copies": 1300, "is_demo": True,
            "summary": "倡议书、承诺书和廉洁小物件，“七个一”的一项。",
        },
    )  # fmt: skip
    for number, town in enumerate(towns[:8]):
        day = demo.today - timedelta(days=20 + 7 * number)
        if number % 4 != 3:
            FamilyVisit.objects.get_or_create(
                client_token=f"{TOKEN}-visit-{number}",
                defaults={
                    "unit": town, "visited_at": moment(day), "visitors": "镇妇联、镇纪委", "area": town.short_name,
                    "family_kind": FamilyKind.OFFICIAL, "households": 4 + number, "greeted": True, "is_demo": True,
                    "pledge_signed": True, "work_introduced": True, "opinions_asked": True, "needs_heard": True,
                },
            )  # fmt: skip
        if number % 3 != 2:
            Placement.objects.get_or_create(
                client_token=f"{TOKEN}-kit-{number}",
                defaults={
                    "unit": town, "material": kit, "channel": Channel.HANDED_OUT, "place": town.short_name, "is_demo": True,
                    "placed_at": moment(day), "copies": 60 + 10 * number, "audience": Audience.FAMILIES,
                },
            )  # fmt: skip
        if letter is not None and number % 2 == 0:
            Handout.objects.get_or_create(
                client_token=f"{TOKEN}-sms-{number}",
                defaults={
                    "initiative": letter, "unit": town, "given_on": day, "copies": 120, "sms_count": 300 + 50 * number,
                    "is_demo": True, "note": "节前温馨短信",
                },
            )  # fmt: skip


def _quota(demo: Demo) -> None:
    """Applied and named bases fill this year's quota."""
    quota = Quota.objects.filter(client_token="demo-quota-now").first()
    if quota is None:
        return
    ended = (base_rules.Status.DRAFT, *base_rules.ENDED)
    rows = (
        DemoBase.objects.filter(is_demo=True).exclude(status__in=ended).select_related("unit").order_by("pk")
    )
    for base in rows:
        if quota.entries.filter(kind="base", object_id=base.pk).exists():
            continue
        task_actions.add_entry(
            actor=demo.users["city"], quota=quota, unit=base.unit, kind="base", key=f"base:{base.pk}",
            over_reason="申报数多于名额，择优命名（演示）",
        )  # fmt: skip


def _schedule(demo: Demo) -> None:
    """按节前日期排期 for the running 《妇廉纪语》, into the coming year."""
    series = (
        Series.objects.filter(is_demo=True, kind=SeriesKind.BRIEF, status="running").order_by("-pk").first()
    )
    if series is None or series.created_by is None:
        return
    nodes = list(CalendarNode.objects.filter(is_demo=True, with_reminder=True).select_related("unit"))
    items = [
        item
        for year in (demo.today.year, demo.today.year + 1)
        for item in calendar_queries.in_year(nodes, year)
        if not item.is_past
    ]
    calendar_actions.schedule_episodes(
        actor=series.created_by, series=series, items=items[:3], days_before=7, client_token=f"{TOKEN}-brief"
    )


def build(demo: Demo) -> None:
    """All three."""
    _townships(demo)
    _quota(demo)
    _schedule(demo)


register(DemoPart("links", 80, build, FamilyVisit.objects.filter(client_token=f"{TOKEN}-visit-0").exists))
