"""Builds the campaigns and logs of the demo."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from campaigns.activities.actions import log_activity, step
from campaigns.activities.models import Activity, ActivityUnit
from campaigns.activities.numbers import allocate
from campaigns.activities.rules import COUNTED, Source, Status
from campaigns.demo import logs, yangquan2022, yuping
from campaigns.planning.actions import partners_by_name
from campaigns.planning.models import Campaign, Goal, LeadingGroup, LeadingGroupMember, PolicyDocument
from campaigns.planning.rules import CampaignStatus, Duty
from portal.access.scope import below
from portal.demo.registry import Demo, DemoPart, register
from portal.publication import actions as gate
from portal.publication.rules import CHECKLIST
from portal.units.models import Level, Unit

THIS_YEAR_SLUG = "qinglian-{year}"
ZONE = timezone.get_default_timezone()
# Activities of one year: per county-level unit itself, per township, share of villages that log once.
COUNTY_ROWS, TOWNSHIP_ROWS, VILLAGE_SHARE = 14, 1.5, 0.22
# Whose records the demo accounts own; other units have no account in the demo.
AUTHORS = {
    "city": "140300000000", "county": "140321000000", "county2": "140322000000", "township": "140321100000",
    "village": "140321100013", "office": "140300000000-01",
}  # fmt: skip
# Units with few reports, so that completeness and gaps have something to show.
QUIET = {"140311400000": 0.35, "140303000000": 0.75}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _campaign(
    demo: Demo, facts: dict[str, Any], *, unit_no: str, status: str, partners: list[str]
) -> Campaign:
    campaign, _created = Campaign.objects.get_or_create(
        slug=facts["slug"],
        defaults={
            "name": facts["name"], "slogan": facts["slogan"], "summary": facts["summary"], "themes": facts["themes"],
            "starts_on": _day(facts["starts_on"]), "ends_on": _day(facts["ends_on"]), "unit": demo.unit(unit_no),
            "status": status, "is_demo": True, "created_by": demo.users.get("city"),
        },
    )  # fmt: skip
    campaign.partners.set(partners_by_name(partners, is_demo=True))
    return campaign


def _facts(demo: Demo, campaign: Campaign, rows: list[dict[str, Any]]) -> None:
    """The activities a source names, archived."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for fact in rows:
        by_year.setdefault(_day(fact["day"]).year, []).append(fact)
    for year, facts in sorted(by_year.items()):
        for no, fact in zip(allocate(year, len(facts)), facts, strict=True):
            _fact(demo, campaign, no, fact)


def _fact(demo: Demo, campaign: Campaign, no: str, fact: dict[str, Any]) -> None:
    day, unit = _day(fact["day"]), demo.unit(fact["unit"])
    starts = datetime(day.year, day.month, day.day, fact.get("hour", 9), 0, tzinfo=ZONE)
    activity = Activity.objects.create(
        no=no, campaign=campaign, unit=unit, level=unit.level, title=fact["title"], kind=fact["kind"],
        starts_at=starts, ends_at=starts + timedelta(days=fact.get("days", 1) - 1, hours=2), place=fact.get("place", ""),
        form=fact.get("form", "offline"), audiences=fact.get("audiences", []), summary=fact["summary"],
        headcount=fact.get("headcount"), online_visits=fact.get("online_visits"), sessions=fact.get("sessions", 1),
        works_count=fact.get("works_count"), measure_note=fact.get("measure_note", ""), node=fact.get("node", ""),
        remark="来源文件未写明日期，此处为演示日期" if fact.get("guessed") else "", status=Status.CITY_OK, source=Source.DEMO,
        is_demo=True, **{f"{name}_estimated": True for name in fact.get("estimated", [])},
    )  # fmt: skip
    activity.partners.set(partners_by_name(fact.get("partners", []), is_demo=True))
    ActivityUnit.objects.bulk_create(
        ActivityUnit(activity=activity, unit=demo.unit(other)) for other in fact.get("co", [])
    )


@transaction.atomic
def build_sources(demo: Demo) -> None:
    """阳泉 2022 and 玉屏 2015–2016 as their sources tell them."""
    yangquan = _campaign(
        demo,
        yangquan2022.CAMPAIGN,
        unit_no=yangquan2022.CITY,
        status=CampaignStatus.CLOSED,
        partners=yangquan2022.PARTNERS,
    )
    group = LeadingGroup.objects.create(
        campaign=yangquan,
        unit=yangquan.unit,
        name=yangquan2022.LEADING_GROUP["name"],
        since=_day(yangquan2022.LEADING_GROUP["since"]),
    )
    for sort, (name, office, duty) in enumerate(yangquan2022.LEADING_GROUP["members"]):
        LeadingGroupMember.objects.create(group=group, name=name, office=office, duty=Duty(duty), sort=sort)
    policy = yangquan2022.POLICY
    PolicyDocument.objects.create(
        campaign=yangquan, unit=yangquan.unit, title=policy["title"], issued_on=_day(policy["issued_on"]),
        summary=policy["summary"], is_demo=True,
    )  # fmt: skip
    _facts(demo, yangquan, yangquan2022.ACTIVITIES)
    article = _campaign(
        demo, yuping.CAMPAIGN, unit_no=yuping.COUNTY, status=CampaignStatus.CLOSED, partners=yuping.PARTNERS
    )
    _facts(demo, article, yuping.ACTIVITIES)


def _current_campaign(demo: Demo, year: int) -> Campaign:
    facts = {
        **yangquan2022.CAMPAIGN, "slug": THIS_YEAR_SLUG.format(year=year), "name": f"{year} 年清廉家庭创建活动",
        "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31",
    }  # fmt: skip
    running = CampaignStatus.RUNNING if year == demo.today.year else CampaignStatus.CLOSED
    return _campaign(
        demo,
        facts,
        unit_no=yangquan2022.CITY,
        status=running,
        partners=["市纪委监委", "市委组织部", "市委宣传部"],
    )


def _bulk(demo: Demo, campaign: Campaign, rows: list[dict[str, Any]], *, year: int) -> None:
    """Insert rows in order of time with their states: old ones archived, the last weeks in review."""
    rows.sort(key=lambda fields: (fields["starts_at"], fields["unit"].unit_no))
    numbers = allocate(year, len(rows))
    reviewed, now = demo.today - timedelta(days=10), timezone.now()
    for fields in rows:  # nothing of the demo lies ahead of the clock
        fields["starts_at"] = min(fields["starts_at"], now - timedelta(hours=3))
        fields["ends_at"] = min(fields["ends_at"], now - timedelta(hours=1))
    authors = {demo.unit(unit_no).pk: demo.users[name] for name, unit_no in AUTHORS.items()}
    Activity.objects.bulk_create(
        [
            Activity(
                no=no, campaign=campaign, source=Source.DEMO, is_demo=True,
                created_by=authors.get(fields["unit"].pk), submitted_by=authors.get(fields["unit"].pk),
                submitted_at=min(fields["starts_at"] + timedelta(days=1), now), status=_status(demo, fields["starts_at"].date(), reviewed),
                **fields,
            )
            for no, fields in zip(numbers, rows, strict=True)
        ],
        batch_size=500,
    )  # fmt: skip


def _status(demo: Demo, day: date, reviewed: date) -> str:
    if day > reviewed:
        return demo.rng.choices([Status.SUBMITTED, Status.COUNTY_OK, Status.RETURNED], weights=[60, 34, 6])[0]
    return Status.CITY_OK if day < demo.today - timedelta(days=60) else Status.COUNTY_OK


def _year_rows(demo: Demo, year: int, *, until: date, factor: float) -> list[dict[str, Any]]:
    city = demo.unit(yangquan2022.CITY)
    rows = logs.plan(demo.rng, city, year=year, count=round(10 * factor), until=until)
    for unit in Unit.objects.get_descendants(city).filter(closed_on__isnull=True).order_by("path"):
        quiet = next((share for no, share in QUIET.items() if unit.path.startswith(demo.unit(no).path)), 1.0)
        if unit.level == Level.COUNTY:
            count = round(COUNTY_ROWS * factor * quiet)
        elif unit.level == Level.TOWNSHIP:
            count = round(TOWNSHIP_ROWS * factor * quiet * demo.rng.uniform(0.6, 1.5))
        else:
            count = 1 if demo.rng.random() < VILLAGE_SHARE * factor * quiet else 0
        rows += logs.plan(demo.rng, unit, year=year, count=count, until=until)
    return rows


@transaction.atomic
def build_years(demo: Demo) -> None:
    """Logs of last year and this year, goals, and the state of this month."""
    year = demo.today.year
    for number, factor in ((year - 1, 0.88), (year, 1.0)):
        campaign = _current_campaign(demo, number)
        until = demo.today if number == year else date(number, 12, 31)
        rows = _year_rows(demo, number, until=until, factor=factor)
        rows += _monthly(demo, number, until=until)
        _bulk(demo, campaign, rows, year=number)
    _goals(demo, year)
    demo.say(f"demo: {Activity.objects.filter(is_demo=True).count()} activities")


def _monthly(demo: Demo, year: int, *, until: date) -> list[dict[str, Any]]:
    """Most townships log something every month; the quiet counties often do not."""
    city = demo.unit(yangquan2022.CITY)
    rows = []
    for unit in [
        *Unit.objects.get_descendants(city).filter(level=Level.TOWNSHIP).order_by("path"),
        *_offices(city),
    ]:
        quiet = next((share for no, share in QUIET.items() if unit.path.startswith(demo.unit(no).path)), 0.96)
        for month in range(1, until.month + 1):
            if demo.rng.random() < quiet:
                last = until.day if month == until.month else 28
                rows.append(logs.row(demo.rng, unit, date(year, month, demo.rng.randint(1, last))))
    return rows


def _offices(city: Unit) -> list[Unit]:
    """Units directly below the city that have no townships: they report for themselves."""
    children = Unit.objects.get_children(city).filter(closed_on__isnull=True)
    return [
        unit
        for unit in children
        if not Unit.objects.get_descendants(unit).filter(level=Level.TOWNSHIP).exists()
    ]


def _goals(demo: Demo, year: int) -> None:
    """Goals a little above what was done, from the rows themselves: no unit's goal is invented apart."""
    city = demo.unit(yangquan2022.CITY)
    campaign = Campaign.objects.get(slug=THIS_YEAR_SLUG.format(year=year))
    units = [city, *Unit.objects.get_children(city).filter(closed_on__isnull=True)]
    units += list(Unit.objects.under(city.path).filter(level=Level.TOWNSHIP))
    for unit in units:
        mine = Activity.objects.filter(below(unit.path, "unit__"), starts_at__year=year)
        done = mine.count()
        heads = mine.aggregate(total=Sum("headcount"))["total"] or 0
        for metric, value in (("activities.sessions", done), ("activities.headcount", heads)):
            target = max(round(value * demo.rng.uniform(1.02, 1.3)), 1)
            Goal.objects.get_or_create(
                campaign=campaign,
                unit=unit,
                metric=metric,
                year=year,
                defaults={"target": target, "set_by": demo.users["city"]},
            )


def build_fresh(demo: Demo) -> None:
    """A few records through the real actions: drafts, a returned one, waiting ones of the demo accounts."""
    year = demo.today.year
    campaign = Campaign.objects.get(slug=THIS_YEAR_SLUG.format(year=year))
    plan = [
        ("village", "140321100013", 1, True), ("township", "140321100000", 2, True), ("county", "140321000000", 3, True),
        ("county", "140321000000", 1, False), ("county2", "140322000000", 2, True), ("office", "140300000000-01", 4, True),
        ("city", "140300000000", 5, True),
    ]  # fmt: skip
    for number, (username, unit_no, ago, submit) in enumerate(plan):
        fields = logs.row(demo.rng, demo.unit(unit_no), demo.today - timedelta(days=ago))
        unit = fields.pop("unit")
        activity = log_activity(
            actor=demo.users[username], unit=unit, fields={**fields, "campaign": campaign}, submit=submit,
            client_token=f"demo-fresh-{number}", source=Source.DEMO, is_demo=True,
        )  # fmt: skip
        if number == 1:
            step(
                actor=demo.users["county_review"],
                activity=activity,
                name="return",
                reason="请补充参加人数的统计办法。",
            )


register(
    DemoPart(
        "sources",
        30,
        build_sources,
        lambda: Campaign.objects.filter(slug=yangquan2022.CAMPAIGN["slug"]).exists(),
    )
)
register(
    DemoPart(
        "years",
        40,
        build_years,
        lambda: Activity.objects.filter(source=Source.DEMO, starts_at__year__gte=2025).exists(),
    )
)
register(
    DemoPart("fresh", 45, build_fresh, lambda: Activity.objects.filter(client_token="demo-fresh-0").exists())
)


def build_published(demo: Demo) -> None:
    """Bring a dozen approved activities to the public page: asked by staff, read by the editor, released by the
    publisher; a few more wait in the gate."""
    city = demo.unit(yangquan2022.CITY)
    rows = Activity.objects.filter(
        below(city.path, "unit__"), status__in=COUNTED, is_published=False, is_demo=True
    )
    for number, activity in enumerate(rows.order_by("-starts_at")[:20]):
        publication = gate.request(activity, actor=demo.users["city"])
        if number % 5 == 4:
            continue
        gate.pass_edit(publication, actor=demo.users["editor"], answers=CHECKLIST)
        if number % 5 != 3:
            gate.publish(publication, actor=demo.users["publisher"], answers=CHECKLIST)


register(
    DemoPart(
        "published",
        60,
        build_published,
        lambda: Activity.objects.filter(is_demo=True, is_published=True).exists(),
    )
)
