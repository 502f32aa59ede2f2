"""The venues part of the demo: 玉屏's places as its source names them, 阳泉's places, bookings, a batch of ten bases.

Organisations only, no names of people. Dates the sources do not give are demo dates and say so.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from campaigns.activities.rules import COUNTED
from campaigns.venues.actions import bases as base_actions
from campaigns.venues.actions import venues as actions
from campaigns.venues.actions import visits as visit_actions
from campaigns.venues.models import BaseBatch, DemoBase, Venue, VenueCheck, VenueItem
from campaigns.venues.queries import bases as base_queries
from campaigns.venues.queries import visits as visit_queries
from campaigns.venues.rules import bases as base_rules
from campaigns.venues.rules import venues as rules
from portal.demo.registry import Demo, DemoPart, register
from portal.publication import actions as gate
from portal.publication.rules import CHECKLIST
from portal.units.models import Level, Unit

CITY, PINGDING, YUXIAN, OFFICE = "140300000000", "140321000000", "140322000000", "140300000000-01"
YUPING, VILLAGE = "520622000000", "140321100013"
GUESSED = "来源文件未写明日期，此处为演示日期"

# Seed 001, in its own words; items are (kind, title, number).
SOURCE_PLACES: list[dict[str, Any]] = [
    {
        "kind": "notice_board", "name": "紫气社区廉政文化宣传板", "address": "玉屏侗族自治县平溪镇紫气社区", "on": "2015-06-10",
        "features": "利用社区宣传栏等基层阵地，通过廉政展板，向每个家庭传递廉政建设信息。", "items": [("board", "廉政文化宣传板", 6)],
    },
    {
        "kind": "notice_board", "name": "北门社区廉政文化宣传板", "address": "玉屏侗族自治县平溪镇北门社区", "on": "2015-06-10",
        "features": "利用社区宣传栏等基层阵地，通过廉政展板，向每个家庭传递廉政建设信息。", "items": [("board", "廉政文化宣传板", 6)],
    },
    {
        "kind": "corridor", "name": "郭家湾廉政文化长廊", "address": "玉屏侗族自治县亚鱼乡郭家湾村", "on": "2015-07-08",
        "features": "张贴廉政宣传画、悬挂标语口号、举行廉政图片展。",
        "items": [("picture", "廉政宣传画", 12), ("slogan", "标语口号", 8), ("picture", "廉政图片展", 1)],
    },
    {
        "kind": "corridor", "name": "谢桥村廉政文化长廊", "address": "玉屏侗族自治县朱家场镇谢桥村", "on": "2015-07-08",
        "features": "张贴廉政宣传画、悬挂标语口号、举行廉政图片展。", "items": [("picture", "廉政宣传画", 12), ("slogan", "标语口号", 8)],
    },
    {
        "kind": "book_room", "name": "农村廉政书屋", "address": "玉屏侗族自治县（村级点）", "on": "2015-08-20",
        "features": "订阅廉政书报，供农村家庭借阅。", "items": [("book", "廉政书报", 200)],
    },
    {
        "kind": "culture_point", "name": "玉屏县廉政文化进家庭示范点", "address": "玉屏侗族自治县妇联", "on": "2012-01-01",
        "features": "以“树廉洁家风”为主题，以家庭助廉教育为核心，筑牢拒腐防变的家庭防线。",
        "honours": "省级第一批廉政文化进家庭示范点（2012 年）", "items": [],
    },
]  # fmt: skip
HALL_FEATURES = "陈列本村家规家训和清廉故事，有讲解、有互动，适合家庭和单位集体参观。"
CITY_PLACES: list[dict[str, Any]] = [
    {
        "unit": OFFICE, "kind": "culture_wall", "name": "机关党风廉政文化墙", "address": "市直机关办公楼走廊和楼道",
        "features": "利用走廊和楼道展示廉洁诗词名句、格言警句，让廉政文化随处可见。", "phone": "0353-0000000",
    },
    {
        "unit": CITY, "kind": "red_base", "name": "市级巾帼红色教育基地", "address": "阳泉市城区", "book": True,
        "features": "依托巾帼红色教育基地开展“颂党恩 传家风”系列宣讲。", "phone": "0353-0000000",
    },
    {
        "unit": CITY, "kind": "activity_centre", "name": "市妇女儿童活动中心", "address": "阳泉市城区", "book": True,
        "features": "亲子阅读、家庭教育讲座和儿童活动的固定场所。", "phone": "0353-0000000",
    },
    {
        "unit": PINGDING, "kind": "parents_school", "name": "平定县家长学校", "address": "平定县冠山镇", "book": True,
        "features": "定期开办家庭教育课程，传播科学育儿知识。", "phone": "0353-0000000",
    },
]  # fmt: skip
ORGS = (
    "县实验小学五年级",
    "东关社区妇联",
    "市直机关妇委会",
    "镇中心幼儿园家委会",
    "巾帼志愿服务队",
    "县税务局妇委会",
    "村妇女议事会",
)
WORDS = ("东大街", "南街", "西关", "北岸", "老井台", "新村")


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), timezone.get_default_timezone())


def _enter(demo: Demo, unit: Unit, values: dict[str, Any], *, actor: Any = None) -> Venue:
    """A venue as it stands in the registry; the row itself, because nobody of the demo answers for 玉屏."""
    number = Venue.objects.filter(is_demo=True).count() + 1
    opened = values.get("opened_on") or demo.today - timedelta(days=400)
    refreshed = values.get("refreshed_on")
    due = rules.months_later(refreshed or opened, 6)
    return Venue.objects.create(
        no=f"ZD{90_000_000 + number}", unit=unit, is_demo=True, created_by=actor, counts_from=_at(opened, 0),
        due_on=due, **values,
    )  # fmt: skip


def _yuping(demo: Demo) -> None:
    unit = demo.unit(YUPING)
    for place in SOURCE_PLACES:
        opened = date.fromisoformat(place["on"])
        venue = _enter(
            demo, unit,
            {
                "name": place["name"], "kind": place["kind"], "address": place["address"], "opened_on": opened,
                "features": place["features"], "honours": place.get("honours", ""), "remark": GUESSED,
                "refreshed_on": demo.today - timedelta(days=120),
                # Nobody of the demo edits or publishes for 玉屏; the source itself is a published article.
                "is_published": True, "published_at": timezone.now(),
            },
        )  # fmt: skip
        VenueItem.objects.bulk_create(
            VenueItem(venue=venue, kind=kind, title=title, quantity=count, placed_on=opened)
            for kind, title, count in place["items"]
        )


def _city_places(demo: Demo) -> list[Venue]:
    venues = []
    for place in CITY_PLACES:
        booked = place.get("book", False)
        values = {
            "name": place["name"], "kind": place["kind"], "address": place["address"], "features": place["features"],
            "contact_phone": place["phone"], "takes_bookings": booked, "slot_capacity": 30, "weekdays": [1, 2, 3, 4, 5, 6],
            "opens_at": time(9), "closes_at": time(17), "refreshed_on": demo.today - timedelta(days=demo.rng.randint(20, 150)),
        }  # fmt: skip
        venues.append(_enter(demo, demo.unit(place["unit"]), values, actor=demo.users["county"]))
    return venues


def _village_places(demo: Demo) -> list[Venue]:
    """妇女之家 and 家风馆 in villages of 平定 and 盂县, some due for renewal, the demo village among them."""
    own = demo.unit(VILLAGE)
    rows = [own]
    for county in (PINGDING, YUXIAN):
        inside = Unit.objects.under(demo.unit(county).path).filter(level=Level.VILLAGE).order_by("path")
        active = inside.filter(activities__status__in=COUNTED).distinct()
        villages = list(active[:60]) or list(inside[:60])
        rows += [unit for unit in demo.rng.sample(villages, min(7, len(villages))) if unit.pk != own.pk]
    venues = []
    for number, unit in enumerate(rows):
        hall = number % 2 == 0
        values = {
            "name": f"{unit.short_name}{'家风馆' if hall else '妇女之家'}",
            "kind": "family_hall" if hall else "womens_home",
            "address": f"{unit.name.removesuffix('妇联')}{demo.rng.choice(WORDS)}",
            "features": HALL_FEATURES if hall else "议事、学习、活动和服务妇女儿童的场所。",
            "opened_on": demo.today - timedelta(days=demo.rng.randint(420, 1500)),
            "refreshed_on": demo.today - timedelta(days=demo.rng.choice((30, 70, 120, 175, 200))),
            "takes_bookings": hall, "opens_at": time(9), "closes_at": time(12), "slot_capacity": 20,
        }  # fmt: skip
        venues.append(_enter(demo, unit, values, actor=demo.users["county2" if unit.path.startswith(demo.unit(YUXIAN).path) else "county"]))  # fmt: skip
    return venues


def _look_after(demo: Demo, venues: list[Venue]) -> None:
    """Content and inspections of the last months."""
    for number, venue in enumerate(venues):
        placed = venue.opened_on or demo.today - timedelta(days=300)
        for kind, title, count in (
            ("board", "家规家训展板", 8),
            ("book", "廉洁家风图书", 60),
            ("slogan", "廉洁格言警句", 10),
        ):
            condition = "worn" if (number + count) % 5 == 0 else "good"
            VenueItem.objects.create(
                venue=venue, kind=kind, title=title, quantity=count, placed_on=placed, condition=condition,
                renewed_on=venue.refreshed_on if venue.refreshed_on and venue.refreshed_on >= placed else None,
            )  # fmt: skip
        if number % 3 == 2:
            continue
        day = demo.today - timedelta(days=demo.rng.randint(3, 60))
        to_fix = number % 4 == 1
        actions.inspect(
            actor=demo.users["city"], venue=venue, on=day, result="to_fix" if to_fix else "ok",
            findings="有两块展板掉色，请在下次更新时更换。" if to_fix else "展板完好，开放正常。",
            client_token=str(UUID(int=number + 7 * 10**12)),
        )  # fmt: skip


def _publish(demo: Demo, venues: list[Venue]) -> None:
    for number, venue in enumerate(venues):
        row = gate.request(venue, actor=demo.users["city"], unit=venue.unit)
        if number % 6 == 5:
            continue
        gate.pass_edit(row, actor=demo.users["editor"], answers=CHECKLIST)
        gate.publish(row, actor=demo.users["publisher"], answers=CHECKLIST)
        venue.refresh_from_db()


def _visits(demo: Demo, venues: list[Venue]) -> None:
    """Visits that came, and bookings of the next days in every state."""
    actor = demo.users["city"]
    for number, venue in enumerate(venues):
        for ago in (4, 18, 33):
            day = demo.today - timedelta(days=ago + number)
            visit_actions.write_down(
                actor=actor, venue=venue, org=ORGS[(number + ago) % len(ORGS)], came=demo.rng.randint(12, 45),
                at=_at(day, 10), purpose="参观学习", token=str(UUID(int=10**13 + number * 100 + ago)), is_demo=True,
            )  # fmt: skip
    open_ones = [venue for venue in venues if venue.can_be_booked][:5]
    for number, venue in enumerate(open_ones):
        for turn, day in enumerate(visit_queries.open_days(venue)[1:4]):
            slot = visit_queries.slots_of_day(venue, day)[0]
            fields = {
                "org": ORGS[(number + turn) % len(ORGS)], "headcount": 8 + turn * 4, "contact": "联系人",
                "purpose": "集体参观", "wants_docent": turn == 1,
            }  # fmt: skip
            visit, _code = visit_actions.book(
                venue=venue, slot=slot.value, fields=fields, phone=f"1380000{number:02d}{turn:02d}",
                token=str(UUID(int=2 * 10**13 + number * 100 + turn)), is_demo=True,
            )  # fmt: skip
            if turn == 1:
                visit_actions.confirm(visit, actor=actor, reply="请提前十分钟到。")


def _bases(demo: Demo, venues: list[Venue]) -> None:
    """The quota of seed 000 (ten bases, two or three of each county) in the current year, with applications in several
    states."""
    city, users = demo.unit(CITY), demo.users
    batch = BaseBatch.objects.create(
        name=f"{demo.today.year} 年清廉家庭基地", year=demo.today.year, unit=city, opens_on=date(demo.today.year, 1, 1),
        closes_on=date(demo.today.year, 12, 31), is_demo=True, created_by=users["city"],
    )  # fmt: skip
    halls = [venue for venue in venues if venue.kind == "family_hall"]
    batch.pool.set({venue.unit_id for venue in venues})
    stops = ["named", "publicity", "decision", "site_visit", "county_check", "submitted", "draft"]
    for number, (venue, stop) in enumerate(zip(halls, stops, strict=False)):
        base = base_actions.apply(
            actor=users["city"], batch=batch, venue=venue, client_token=f"demo-base-{number}", is_demo=True
        )  # fmt: skip
        base_actions.edit(
            actor=users["city"], base=base, regulations="开放制度、讲解制度、活动制度、档案制度。",
            intro=f"{venue.name}面向全村家庭开放，{HALL_FEATURES}坚持每月有活动、每季有更新，清廉家风有形有神。",
            activity_ids=base.activities.values_list("pk", flat=True),
        )  # fmt: skip
        _walk(demo, base, stop)


def _walk(demo: Demo, base: DemoBase, stop: str) -> None:
    """Through the real actions up to the state where it stops."""
    users = demo.users
    path = ["draft", "submitted", "county_check", "site_visit", "decision", "publicity", "named"]
    far = path.index(stop)
    if far >= 1:
        base_actions.submit(actor=users["city"], base=base)
    if far >= 2:
        base_actions.step(actor=users["city_review"], base=base, name="take")
    if far >= 3:
        opinion = "有场所、有制度、有活动，同意推荐。"
        base_actions.recommend(actor=users["city_review"], base=base, opinion=opinion)
    if far >= 4:
        in_pingding = base.unit.path.startswith(demo.unit(PINGDING).path)
        _score(demo, base, "city_review", 1)
        _score(demo, base, "county_review" if in_pingding else "county2", 2)
        base_actions.step(actor=users["city_review"], base=base, name="scored")
    if far >= 5:
        first = demo.today - timedelta(days=14) if stop == "named" else demo.today
        _decide(demo, base, first)
    if far >= 6:
        base_actions.name_base(actor=users["leader"], base=base, plate_no=f"{demo.today.year}-001")


def _score(demo: Demo, base: DemoBase, who: str, less: int) -> None:
    points = {row["code"]: Decimal(row["weight"]) - less for row in base_rules.DEFAULT_CRITERIA}
    base_actions.score(
        actor=demo.users[who], base=base, points=points, visited_on=demo.today, note="现场查看"
    )


def _decide(demo: Demo, base: DemoBase, first: date) -> None:
    base_actions.decide(
        actor=demo.users["leader"],
        base=base,
        approval_basis="市妇联党组会议研究（演示）",
        public_from=demo.today,
    )
    if first != demo.today:  # a notice that has ended already, so that one plate can be shown
        last = base_queries.last_public_day(first, base.batch.public_days)
        DemoBase.objects.filter(pk=base.pk).update(public_from=first, public_until=last)
        base.refresh_from_db()


@transaction.atomic
def build(demo: Demo) -> None:
    """Everything, once."""
    _yuping(demo)
    city, villages = _city_places(demo), _village_places(demo)
    _look_after(demo, [*city, *villages])
    _publish(demo, [*city, *villages])
    _visits(demo, [*city, *villages[:6]])
    _bases(demo, villages)
    demo.say(
        f"demo: {Venue.objects.filter(is_demo=True).count()} venues, {VenueCheck.objects.count()} checks"
    )


register(DemoPart("venues", 65, build, Venue.objects.filter(is_demo=True).exists))
