"""The tasks part of the demo: 阳泉 2022 as its source tells it, and this year's tasks in every state.

Finished history is written as rows; whatever a demo account does this year goes through the actions.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.activities.models import Activity
from campaigns.planning.models import Campaign, PolicyDocument
from campaigns.tasks import actions
from campaigns.tasks.evidence import NAMED
from campaigns.tasks.models import (
    Quota,
    QuotaShare,
    Task,
    TaskAnswer,
    TaskCopy,
    TaskEvidence,
    TaskItem,
    TaskTick,
)
from campaigns.tasks.rules import CopyStatus, TaskStatus
from portal.demo.registry import Demo, DemoPart, register
from portal.units.models import Level, Unit, UnitKind

CITY, PINGDING, YUXIAN, OFFICE = "140300000000", "140321000000", "140322000000", "140300000000-01"
DISTRICT, MINING, SUBURB, ZONE = "140302000000", "140303000000", "140311000000", "140311400000"
SIX = (DISTRICT, MINING, SUBURB, PINGDING, YUXIAN, ZONE)
TOWNSHIP = "140321100000"

SOURCE_2022: list[dict[str, Any]] = [
    {
        "title": "清廉家庭创建工作部署", "issued": "2022-05-06", "due": "2022-05-31", "check": "2022-05-31",
        "text": "对照《关于在全市开展清廉家庭创建活动的指导意见》，健全组织架构、细化工作任务。与抓党建促基层治理能力提升专项"
                "巾帼行动、“巾帼心向党 喜迎二十大”群众性主题宣传教育活动一并安排。",
        "items": ["传达学习会议精神", "成立组织、细化任务", "结合家庭教育宣传周开展活动"],
        "status": CopyStatus.CHECKED,
    },
    {
        "title": "家庭助廉作品征集通知", "issued": "2022-05-25", "due": "2022-06-30", "check": "2022-07-08",
        "text": "号召广大家庭创作以“家庭助廉”为主题的文化作品：撰写书信，征集家规家训及家教故事，以书法、绘画、摄影、剪纸、"
                "面塑等形式讲述“廉洁奉公·崇尚美德”的感人故事。",
        "items": ["转发征集通知", "发动家庭创作", "报送作品"],
        "status": CopyStatus.CHECKED,
    },
    {
        "title": "清廉家庭示范基地选树培育", "issued": "2022-06-10", "due": "2022-12-31", "check": None,
        "text": "在清廉乡村示范村（社区）中选树10个清廉家庭示范基地，每个县（区）、行业、系统重点培育2-3个创建活动示范基地。",
        "items": ["在清廉乡村示范村（社区）中遴选", "重点培育2-3个"],
        "status": CopyStatus.IN_PROGRESS,
    },
]  # fmt: skip


def _key(name: str) -> str:
    """The form token of a demo record: seeding twice adds nothing."""
    return f"demo-{name}"


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())


def _campaign(slug: str) -> Campaign | None:
    return Campaign.objects.filter(slug=slug).first()


def _task(demo: Demo, facts: Mapping[str, Any], *, status: str, campaign: Campaign | None) -> Task:
    issued, city = _day(facts["issued"]), demo.users["city"]
    task = Task.objects.create(
        title=facts["title"], text=facts["text"], unit=demo.unit(CITY), campaign=campaign,
        policy=PolicyDocument.objects.filter(campaign=campaign).first() if campaign else None,
        due_on=_day(facts["due"]), deployed_on=issued, check_on=_day(facts["check"]) if facts.get("check") else None,
        contact_name="家庭和儿童工作部", address={"levels": [Level.COUNTY.value], "kinds": [], "units": []}, status=status,
        issued_at=_at(issued, 16), issued_by=city, created_by=city, created_at=_at(issued), is_demo=True,
    )  # fmt: skip
    TaskItem.objects.bulk_create(
        [TaskItem(task=task, text=text, sort=number) for number, text in enumerate(facts["items"])]
    )
    return task


def _copy(demo: Demo, task: Task, unit_no: str, status: str, *, done: int = 0, text: str = "") -> TaskCopy:
    """A unit's copy in a state; what it shows stands behind it as rows."""
    start, end = timezone.localdate(task.issued_at), task.due_on - timedelta(days=3)
    is_in = status in {CopyStatus.DONE, CopyStatus.CHECKED}
    copy = TaskCopy.objects.create(
        task=task, unit=demo.unit(unit_no), status=status, due_on=task.due_on, created_at=_at(start, 16),
        received_at=None if status == CopyStatus.ISSUED else _at(start + timedelta(days=1)),
        done_at=_at(end) if is_in else None, checked_at=_at(end + timedelta(days=2)) if status == CopyStatus.CHECKED else None,
    )  # fmt: skip
    items = list(task.items.all())
    ticks = items if is_in else items[:done]
    TaskTick.objects.bulk_create([TaskTick(copy=copy, item=item, at=_at(end)) for item in ticks])
    if text:
        TaskAnswer.objects.create(copy=copy, text=text, at=_at(end))
    return copy


def _prove(copy: TaskCopy, first: date, last: date) -> None:
    """Activities the unit logged in that time, as its evidence."""
    rows = Activity.objects.filter(
        unit=copy.unit, is_demo=True, starts_at__date__gte=first, starts_at__date__lte=last
    ).exclude(status="draft")
    TaskEvidence.objects.bulk_create(
        [
            TaskEvidence(copy=copy, kind="activity", object_id=row.pk, label=row.title, at=copy.created_at)
            for row in rows.order_by("starts_at")[:3]
        ]
    )


def _county_level(demo: Demo) -> list[Unit]:
    """The six county-level federations, then the industries and systems of the city."""
    trades = (
        Unit.objects.open().under(demo.unit(CITY).path).filter(kind__in=[UnitKind.INDUSTRY, UnitKind.SYSTEM])
    )
    return [demo.unit(no) for no in SIX] + list(trades.order_by("path"))


def build_2022(demo: Demo) -> None:
    """The three tasks the source names, to the six county-level units; the quota of bases as it was planned."""
    campaign = _campaign("qinglian-2022")
    for facts in SOURCE_2022:
        task = _task(demo, facts, status=TaskStatus.CLOSED, campaign=campaign)
        for unit_no in SIX:
            copy = _copy(demo, task, unit_no, facts["status"], done=1)
            if facts["status"] == CopyStatus.CHECKED:
                _prove(copy, _day("2022-03-01"), task.due_on)
    quota = Quota.objects.create(
        title="清廉家庭示范基地（2022）", unit=demo.unit(CITY), task=task, kind=NAMED, total=10, is_demo=True,
        note="全市共10个；每个县（区）、行业、系统重点培育2-3个。来源只写计划，没有写结果。",
        created_by=demo.users["city"], created_at=_at(_day("2022-06-10")),
    )  # fmt: skip
    QuotaShare.objects.bulk_create(
        [QuotaShare(quota=quota, unit=unit, minimum=2, maximum=3) for unit in _county_level(demo)]
    )


def _now_facts(
    demo: Demo, title: str, text: str, items: Sequence[str], *, ago: int, left: int
) -> dict[str, Any]:
    day = demo.today
    return {
        "title": title, "text": text, "items": items, "issued": (day - timedelta(days=ago)).isoformat(),
        "due": (day + timedelta(days=left)).isoformat(),
    }  # fmt: skip


def build_now(demo: Demo) -> None:
    """This year: three overdue, one not applicable, some due soon, one for the offices, a draft, bases as a quota."""
    campaign = _campaign(f"qinglian-{demo.today.year}")
    ledger = _now_facts(
        demo, "清廉家庭活动台账核对", "逐条核对今年的活动记录，缺的补记，数字有出入的更正。照片不作要求。",
        ["核对本级活动", "核对乡镇（街道）活动", "补记缺漏"], ago=24, left=-4,
    )  # fmt: skip
    task = _task(demo, ledger, status=TaskStatus.ISSUED, campaign=campaign)
    for unit_no, status, done in (
        (DISTRICT, CopyStatus.IN_PROGRESS, 1), (MINING, CopyStatus.RECEIVED, 0), (SUBURB, CopyStatus.ISSUED, 0),
    ):  # fmt: skip
        _copy(demo, task, unit_no, status, done=done)
    _copy(demo, task, ZONE, CopyStatus.NOT_APPLICABLE, text="高新区活动由市妇联统一登记，本区没有单独台账。")
    _prove(
        _copy(demo, task, PINGDING, CopyStatus.CHECKED, text="本级和乡镇活动已核对，补记 2 场。"),
        _year(demo),
        demo.today,
    )
    _prove(
        _copy(demo, task, YUXIAN, CopyStatus.DONE, text="已核对，秀水镇更正了一处人数。"),
        _year(demo),
        demo.today,
    )

    family = _now_facts(
        demo, "推荐“清正廉洁型”最美家庭", "在寻找最美家庭活动中植入清正廉洁型，每个县（区）推荐候选家庭，先征得家庭同意。",
        ["动员自荐、邻里推荐", "入户了解", "报送推荐名单"], ago=20, left=2,
    )  # fmt: skip
    task = _task(demo, family, status=TaskStatus.ISSUED, campaign=campaign)
    for unit_no, status, done in (
        (DISTRICT, CopyStatus.DONE, 3), (MINING, CopyStatus.IN_PROGRESS, 2), (SUBURB, CopyStatus.CHECKED, 3),
        (PINGDING, CopyStatus.IN_PROGRESS, 2), (YUXIAN, CopyStatus.RECEIVED, 0), (ZONE, CopyStatus.IN_PROGRESS, 1),
    ):  # fmt: skip
        _copy(demo, task, unit_no, status, done=done)
    _by_the_demo_accounts(demo, campaign)
    _bases(demo)


def _year(demo: Demo) -> date:
    return demo.today.replace(month=1, day=1)


def _by_the_demo_accounts(demo: Demo, campaign: Campaign | None) -> None:
    city, county, today = demo.users["city"], demo.users["county"], demo.today
    talks = actions.save_task(
        actor=city, unit=demo.unit(CITY), is_demo=True, client_token=_key("task-talks"),
        fields={
            "title": "家风宣讲进村（社区）", "campaign": campaign, "due_on": today + timedelta(days=12),
            "text": "发挥家庭家教家风宣讲员作用，讲传承红色基因、涵养清廉家风。每个乡镇（街道）至少一场，记过的活动直接勾选作佐证。",
            "contact_name": "家庭和儿童工作部", "address": {"levels": [Level.COUNTY.value], "kinds": [], "units": []},
        },
        items=[("排出宣讲计划", ""), ("每个乡镇（街道）至少一场", ""), ("登记活动", "")],
    )  # fmt: skip
    actions.issue(actor=city, task=talks)
    copy = talks.copies.select_related("task", "unit").get(unit=demo.unit(PINGDING))
    actions.set_people(actor=county, copy=copy, leader_name="平定县妇联副主席", person_name="平定经办")
    actions.add_answer(
        actor=county, copy=copy, text="已排出计划，转发各乡镇。", items=[copy.task.items.all()[0].pk],
        client_token=_key("task-plan"),
    )  # fmt: skip
    down = actions.save_task(
        actor=county, unit=demo.unit(PINGDING), parent_copy=copy, is_demo=True, client_token=_key("task-down"),
        fields={
            "title": "家风宣讲进村（社区）", "text": talks.text, "campaign": campaign, "due_on": today + timedelta(days=8),
            "contact_name": "平定经办", "address": {"levels": [Level.TOWNSHIP.value], "kinds": [], "units": []},
        },
        items=[("安排一场宣讲", ""), ("登记活动", "")],
    )  # fmt: skip
    actions.issue(actor=county, task=down)
    mine = down.copies.select_related("task", "unit").get(unit=demo.unit(TOWNSHIP))
    ids = [item.pk for item in down.items.all()]
    actions.add_answer(
        actor=demo.users["township"], copy=mine, text="宣讲已办，活动已登记。", items=ids, finish=True,
        client_token=_key("task-township"),
    )  # fmt: skip
    letters = actions.save_task(
        actor=city, unit=demo.unit(CITY), is_demo=True, client_token=_key("task-letters"),
        fields={
            "title": "机关干部家庭助廉书信征集", "campaign": campaign, "due_on": today + timedelta(days=9),
            "text": "内容可以是父母对子女的叮咛、夫妻之间的关爱、子女对父母的提醒等。",
            "address": {"levels": [], "kinds": ["organ"], "units": []},
        },
        items=[("发动机关干部家庭", ""), ("报送书信篇目", "")],
    )  # fmt: skip
    actions.issue(actor=city, task=letters)
    actions.save_task(
        actor=city, unit=demo.unit(CITY), is_demo=True, client_token=_key("task-draft"),
        fields={
            "title": "清廉家庭创建全年总结", "campaign": campaign, "due_on": today + timedelta(days=30),
            "text": "草稿：各县（区）报送全年做法和数字，数字由平台生成，不另报表。",
            "address": {"levels": [Level.COUNTY.value], "kinds": [], "units": []},
        },
    )  # fmt: skip


def _bases(demo: Demo) -> None:
    """The same quota this year, under the neutral word 实践基地 (domain reference §1); filled once there are bases
    (`campaigns.demo.links`)."""
    city = demo.users["city"]
    quota = actions.create_quota(
        actor=city, unit=demo.unit(CITY), title=f"清廉家庭实践基地（{demo.today.year}）", total=10, kind="base",
        parts=[(demo.unit(no), 2, 3) for no in SIX], note="全市共10个，每个县（区）2-3个；已申报和已命名的基地计入。", is_demo=True,
        client_token=_key("quota-now"),
    )  # fmt: skip
    towns = list(Unit.objects.open().under(demo.unit(PINGDING).path).filter(level=Level.TOWNSHIP)[:3])
    actions.create_quota(
        actor=demo.users["county"], unit=demo.unit(PINGDING), title=quota.title, total=3, kind="base",
        parts=[(town, 0, 1) for town in towns], parent=quota.shares.get(unit=demo.unit(PINGDING)), is_demo=True,
        client_token=_key("quota-pingding"),
    )  # fmt: skip


register(
    DemoPart("tasks2022", 50, build_2022, lambda: Task.objects.filter(title=SOURCE_2022[0]["title"]).exists())
)
register(
    DemoPart("tasks", 51, build_now, lambda: Task.objects.filter(client_token=_key("task-talks")).exists())
)
