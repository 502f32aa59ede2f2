"""Key dates of the demo: the usual nodes of 阳泉, the yearly round of 玉屏, drafts that wait, reminders."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.activities.numbers import allocate
from campaigns.activities.rules import Kind, Source, Status
from campaigns.calendar import actions
from campaigns.calendar.dates import DateKind
from campaigns.calendar.models import CalendarNode, ReminderCampaign, ReminderRound
from campaigns.calendar.rules import Audience, Channel, ReminderStatus
from portal.demo.registry import Demo, DemoPart, register
from portal.units.models import Unit

CITY, PINGDING, YUPING = "140300000000", "140321000000", "520622000000"
COUNTY_LEVEL = 3
ZONE = timezone.get_default_timezone()
# What the counties did on the days of last winter: node, month, day, kind, title, people.
LAST_YEAR = (
    ("国际消除家庭暴力日", 11, 25, Kind.TALK, "反家庭暴力法宣讲进社区", 60),
    ("国家宪法日", 12, 4, Kind.THEME, "宪法进万家集中宣传", 120),
    ("国际反腐败日", 12, 9, Kind.WARNING, "家属参观警示教育基地", 45),
    ("元旦", 12, 29, Kind.INITIATIVE, "元旦前发放家庭助廉倡议书", 200),
)
# 玉屏's yearly round, as its article of 2016 tells it.
ROUND: tuple[dict[str, Any], ...] = (
    {"name": "春节", "rule": DateKind.LUNAR, "month": 1, "day": 1, "activity_kind": Kind.INITIATIVE,
     "title": "春节前向科级领导干部配偶发放廉政倡议书", "about": "每年春节前夕联合县纪委、县委组织部发放。"},
    {"name": "国际妇女节", "aliases": ["三八"], "rule": DateKind.FIXED, "month": 3, "day": 8, "activity_kind": Kind.THEME,
     "title": "“三八”廉政文化宣传", "about": "2016 年“三八”之际授予“贤内助”荣誉称号。"},
    {"name": "儿童节", "aliases": ["六一"], "rule": DateKind.FIXED, "month": 6, "day": 1, "activity_kind": Kind.SHOW,
     "title": "“六一”廉政文化宣传和文艺汇演", "about": "发放宣传册、倡议书，开展文艺汇演。"},
)  # fmt: skip


def _counties(demo: Demo) -> list[Unit]:
    rows = Unit.objects.open().under(demo.unit(CITY).path).filter(level=COUNTY_LEVEL)
    return list(rows.order_by("path"))


def _records(demo: Demo, units: list[Unit], facts: tuple[Any, ...], year: int) -> None:
    rows = [(unit, fact) for fact in facts for unit in units]
    numbers = allocate(year, len(rows))
    Activity.objects.bulk_create(
        Activity(
            no=no, unit=unit, level=unit.level, title=title, kind=kind, place=unit.short_name, node=node,
            starts_at=datetime(year, month, day, 9, tzinfo=ZONE), headcount=people + demo.rng.randint(0, 20),
            summary="现场发放倡议书，讲身边的清廉家庭故事。", status=Status.CITY_OK, source=Source.DEMO, is_demo=True,
        )
        for no, (unit, (node, month, day, kind, title, people)) in zip(numbers, rows, strict=True)
    )  # fmt: skip


@transaction.atomic
def build(demo: Demo) -> None:
    """Nodes, last year's records, and what the jobs of the last weeks have prepared."""
    city, counties = demo.users["city"], _counties(demo)
    actions.load_usual(actor=city, unit=demo.unit(CITY), is_demo=True)
    _records(demo, counties, LAST_YEAR, demo.today.year - 1)
    done = datetime(demo.today.year, 11, 25, tzinfo=ZONE).date()
    if demo.today > done:
        _records(demo, counties[:3], LAST_YEAR[:1], demo.today.year)
        actions.prepare_due(done - timedelta(days=5))
    actions.prepare_due(demo.today)
    for fields in ROUND:
        CalendarNode.objects.create(
            unit=demo.unit(YUPING), levels=[COUNTY_LEVEL], perm="activity.log", is_demo=True, **fields
        )
    _reminders(demo)


def _reminders(demo: Demo) -> None:
    """Reminders of this autumn that went out, the yearly letter of 玉屏, and one that waits for approval."""
    year = demo.today.year
    autumn = date(year, 10, 1)
    if demo.today > autumn:
        _past(demo, demo.unit(CITY), "国庆节前家庭助廉提醒", autumn, 7, channel=Channel.ARTICLE,
              audience=Audience.EXTERNAL, group="全市干部家庭，公众号订阅者；名单不在本站", targets=6800, delivered=6800, read=2140)  # fmt: skip
    _past(demo, demo.unit(YUPING), "春节前致科级领导干部配偶廉政倡议书", date(2016, 2, 8), 6, channel=Channel.LETTER,
          audience=Audience.EXTERNAL, group="科级领导干部配偶，名单由县委组织部保管")  # fmt: skip
    new_year = date(year + 1, 1, 1)
    row = actions.write_reminder(
        actor=demo.users["county"], unit=demo.unit(PINGDING), days_before=[7, 3], is_demo=True,
        fields={"title": "元旦春节廉洁过节提醒", "on": new_year, "channel": Channel.SMS, "audience": Audience.SUBTREE,
                "text": "元旦将至，请守住清廉家门：不收不送礼金礼品，不大操大办，当好家庭“廉内助”。"},
    )  # fmt: skip
    actions.submit(row, actor=demo.users["county"])


def _past(demo: Demo, unit: Unit, title: str, on: date, days: int, **fields: Any) -> None:
    figures = {name: fields.pop(name, None) for name in ("targets", "delivered", "read")}
    row = ReminderCampaign.objects.create(
        title=title, unit=unit, on=on, status=ReminderStatus.DONE, is_demo=True, group_size=figures["targets"],
        text="节日将至，请廉洁过节、勤俭持家，当好家庭“廉内助”。", **fields,
    )  # fmt: skip
    at = datetime(on.year, on.month, on.day, 9, tzinfo=ZONE) - timedelta(days=days)
    ReminderRound.objects.create(
        campaign=row, days_before=days, send_at=at, sent_at=at, told_at=at, **figures
    )


register(DemoPart("calendar", 62, build, CalendarNode.objects.exists))
