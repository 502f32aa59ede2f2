"""The planning part of the demo: theme frames, phases, leading group, documents with receipts, liaison.

Frames are those of the source documents 000 and 002. No person is made up: the group holds the demo's own
accounts, partners are named by office.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.planning import actions
from campaigns.planning.models import (
    Campaign,
    LeadingGroup,
    Phase,
    PolicyDocument,
    PolicyReceipt,
    Tag,
    TagSet,
)
from campaigns.planning.rules import CampaignStatus, Duty
from portal.demo.registry import Demo, DemoPart, register
from portal.units.models import Level, Unit, UnitKind

CITY = "140300000000"
FRAMES: dict[str, tuple[str, list[str]]] = {
    "四项举措": (
        "2022 年明确的目标任务",
        ["清廉文化融入家庭文明建设", "清廉作品展现廉洁治家理念", "清廉家庭弘扬社会文明新风尚", "清廉基地发挥典型引领作用"],
    ),
    "三个作用": ("拓展家人助廉、家规倡廉、家风树廉", ["家人助廉", "家规倡廉", "家风树廉"]),
    "四个融合": (
        "与各项工作有机融合",
        ["家庭教育促进法", "基层治理能力提升", "寻找最美家庭", "妇女示范点、先进个人"],
    ),
    "四个结合": ("清廉机关建设", ["思想筑廉", "作风促廉", "纪律护廉", "文化育廉"]),
    "重点工作": (
        "一次会议部署几项工作，只记一场",
        ["抓党建促基层治理巾帼行动", "清廉家庭创建", "巾帼心向党 喜迎二十大"],
    ),
}  # fmt: skip
USED = ("四项举措", "三个作用", "四个融合", "重点工作")
# Words of a title in 2022 → tags, as the source sorts them itself.
BY_TITLE: list[tuple[str, list[str]]] = [
    ("再安排再部署", FRAMES["重点工作"][1]),
    ("公开招募", ["家人助廉"]),
    ("吟诵作品征集", ["家规倡廉", "清廉作品展现廉洁治家理念"]),
    ("心中的国防", ["家规倡廉"]),
    ("主题文化作品", ["家风树廉", "清廉作品展现廉洁治家理念"]),
    ("倡议书", ["基层治理能力提升", "家人助廉"]),
    ("“十型”", ["寻找最美家庭", "清廉家庭弘扬社会文明新风尚"]),
    ("电台专栏", ["家庭教育促进法"]),
    ("线上培训班", ["家庭教育促进法"]),
    ("抖音直播", ["妇女示范点、先进个人"]),
]
BY_KIND = {
    "talk": ["家人助廉", "清廉文化融入家庭文明建设"], "works": ["家风树廉", "清廉作品展现廉洁治家理念"],
    "reading": ["家规倡廉"], "parent_child": ["家规倡廉", "家庭教育促进法"], "base_visit": ["清廉基地发挥典型引领作用"],
    "theme": ["家庭教育促进法"], "family_visit": ["清廉家庭弘扬社会文明新风尚"],
}  # fmt: skip
LIAISONS = {
    "市纪委监委": ("宣传部", "家庭助廉活动、警示教育"),
    "市委组织部": ("干部教育科", "青年干部“六个一”"),
    "市委宣传部": ("宣传科", "主题诵读、媒体宣传"),
}
TITLE = "关于在全市开展清廉家庭创建活动的指导意见"
SUMMARY = "以家庭传统工作阵地为切入点，聚焦引领、联系、服务三大职能，健全组织架构、细化工作任务。"
TEXT = (
    "一、抓实四项举措：清廉文化融入家庭文明建设、清廉作品展现廉洁治家理念、清廉家庭弘扬社会文明新风尚、清廉基地发挥典型引领作用。\n\n"
    "二、拓展三个作用：家人助廉、家规倡廉、家风树廉。\n\n"
    "三、做到四个融合：与宣传贯彻家庭教育促进法、促基层治理能力提升、寻找最美家庭、打造妇女示范点和先进个人有机融合。"
)
MISSING = {"140303000000", "140311400000"}  # 矿区 and 高新区 have not confirmed


# The three ways in which the source says that it worked, each bound to records of the same campaign.
OUTCOMES = (
    ("妇女在社会建设和家庭建设中的独特作用更加突出", "家庭助廉倡议、家风宣讲等活动记录", "/activities/"),
    ("全市党员干部以家为基思想更加牢固", "机关传达学习、部署会议和专题汇报记录", "/activities/"),
    ("广大家庭成员以廉为美理念更加深入", "家庭助廉文化作品征集和展播", "/works/"),
)
PLAN = {
    "year": "抓实四项举措，在全社会营造“崇清敬廉”良好家风氛围。",
    "focus": "读书日征集吟诵作品，五一发出家庭助廉倡议，5·15 举办家庭教育宣传周。",
    "steps": "成立领导组，印发指导意见，5 月 6 日再安排再部署，5 月底党组会议听取专题汇报。",
    "features": "拓展家人助廉、家规倡廉、家风树廉三个作用；各县（区）各有特色活动。",
    "results": "与家庭教育促进法、基层治理、寻找最美家庭、示范点和先进个人四个融合。",
}


def _phases(campaign: Campaign, year: int, *, first: date, turn: date) -> None:
    rows = [
        ("部署", first, turn, "成立领导组，印发指导意见，再安排再部署。"),
        ("实施", turn + timedelta(days=1), date(year, 10, 31), "宣讲、征集、助廉活动全面展开，按月记录。"),
        ("总结", date(year, 11, 1), campaign.ends_on, "汇总成效，常态化推进。"),
    ]
    Phase.objects.bulk_create(
        [
            Phase(campaign=campaign, name=name, starts_on=start, ends_on=end, focus=focus)
            for name, start, end, focus in rows
        ]
    )


def _frames(demo: Demo) -> dict[str, TagSet]:
    return {
        name: actions.save_tag_set(
            actor=demo.users["city"], unit=demo.unit(CITY), name=name, note=note,
            tags=[{"name": tag} for tag in tags], is_demo=True,
        )
        for name, (note, tags) in FRAMES.items()
    }  # fmt: skip


def _tag(campaign: Campaign, rules: Any) -> None:
    """Put tags on the campaign's logs: `rules(title, kind)` names them."""
    tags = dict(Tag.objects.filter(tag_set__campaigns=campaign).values_list("name", "pk"))
    through = campaign.activities.model.tags.through
    links = [
        through(activity_id=pk, tag_id=tags[name])
        for pk, title, kind in campaign.activities.values_list("pk", "title", "kind")
        for name in rules(title, kind)
        if name in tags
    ]
    through.objects.bulk_create(links, batch_size=1000, ignore_conflicts=True)


def _by_title(title: str, kind: str) -> list[str]:
    return next((names for words, names in BY_TITLE if words in title), BY_KIND.get(kind, [])[:1])


def counties(demo: Demo) -> list[Unit]:
    """The six county-level units of the source."""
    kinds = (UnitKind.FEDERATION, UnitKind.DEVELOPMENT_ZONE)
    children = Unit.objects.get_children(demo.unit(CITY)).filter(
        level=Level.COUNTY, kind__in=kinds, closed_on__isnull=True
    )
    return list(children.order_by("path"))


def _past_receipts(policy: PolicyDocument, units: list[Unit]) -> None:
    """2022: everybody confirmed within days; who did it is not told by the source."""
    zone = timezone.get_default_timezone()
    day = policy.issued_on or date(2022, 3, 15)
    sent = datetime.combine(day, time(9, 0), zone)
    PolicyReceipt.objects.bulk_create(
        [
            PolicyReceipt(
                policy=policy, unit=unit, addressed_at=sent, confirmed_at=sent + timedelta(days=1 + number % 3, hours=2)
            )
            for number, unit in enumerate(units)
        ]
    )  # fmt: skip


def _documents(demo: Demo, campaign: Campaign, units: list[Unit]) -> None:
    """This year's opinion in two versions; two units have not confirmed the second one for nine days."""
    actor, year = demo.users["city"], demo.today.year
    fields = {"title": TITLE, "summary": SUMMARY, "text": TEXT, "issued_on": date(year, 1, 8)}
    first = actions.issue_policy(actor=actor, campaign=campaign, fields=fields, receivers=units, is_demo=True)
    second = actions.renew_policy(
        actor=actor, policy=first, receivers=units,
        fields={**fields, "issued_on": demo.today - timedelta(days=9),
                "text": TEXT + "\n\n四、每个县（区）、行业、系统重点培育 2—3 个创建活动示范基地。"},
    )  # fmt: skip
    sent = timezone.now() - timedelta(days=9)
    second.receipts.update(addressed_at=sent)
    people = {"140321000000": "county", "140322000000": "county2"}
    for number, receipt in enumerate(second.receipts.select_related("unit")):
        if receipt.unit.unit_no not in MISSING:
            who = demo.users.get(people.get(receipt.unit.unit_no, ""))
            moment = sent + timedelta(days=number % 3, hours=3)
            PolicyReceipt.objects.filter(pk=receipt.pk).update(confirmed_at=moment, confirmed_by=who)
    first.receipts.update(addressed_at=sent - timedelta(days=30), confirmed_at=sent - timedelta(days=28))


def _group(demo: Demo, campaign: Campaign) -> None:
    group = actions.save_group(
        actor=demo.users["city"], campaign=campaign,
        fields={"name": "清廉家庭创建活动领导组", "since": campaign.starts_on},
    )  # fmt: skip
    rows = (
        ("leader", "市妇联党组书记、主席", Duty.HEAD),
        ("city_review", "市妇联家庭和儿童部部长", Duty.OFFICE),
    )
    for username, office, duty in rows:
        if username in demo.users:
            actions.save_member(
                actor=demo.users["city"], group=group,
                fields={"name": demo.users[username].display_name, "office": office, "duty": duty, "since": campaign.starts_on},
            )  # fmt: skip


def _week(demo: Demo, campaign: Campaign) -> None:
    """平定县's themed week as a part of the year: the source names it with the departments it was held with."""
    Campaign.objects.get_or_create(
        slug="pingding-jiating-jiaoyu-zhou-2022",
        defaults={
            "name": "平定县家庭教育宣传周", "slogan": "树清廉家风 创最美家庭", "unit": demo.unit("140321000000"),
            "starts_on": date(2022, 5, 9), "ends_on": date(2022, 5, 15), "part_of": campaign, "is_demo": True,
            "status": CampaignStatus.CLOSED, "created_by": demo.users.get("city"),
            "summary": "平定县妇联联合相关部门开展家庭教育宣传周暨“树清廉家风 创最美家庭”宣传活动。",
        },
    )  # fmt: skip


@transaction.atomic
def build(demo: Demo) -> None:
    """The frame of 2022 and of this year."""
    frames, units = _frames(demo), counties(demo)
    past = Campaign.objects.filter(slug="qinglian-2022").first()
    if past is not None:
        past.tag_sets.set([frames[name] for name in USED])
        _phases(past, 2022, first=past.starts_on, turn=date(2022, 5, 6))
        _tag(past, _by_title)
        Campaign.objects.filter(pk=past.pk).update(plan=PLAN)
        rows = [{"statement": said, "evidence": proof, "link": link} for said, proof, link in OUTCOMES]
        actions.set_outcomes(actor=demo.users["city"], campaign=past, rows=rows)
        _week(demo, past)
        for policy in past.policies.all():
            _past_receipts(policy, units)
    current = Campaign.objects.filter(slug=f"qinglian-{demo.today.year}").first()
    if current is None:
        return
    current.tag_sets.set([frames[name] for name in ("四项举措", "三个作用", "四个融合", "四个结合")])
    _phases(current, demo.today.year, first=current.starts_on, turn=date(demo.today.year, 3, 31))
    _tag(current, lambda _title, kind: BY_KIND.get(kind, []))
    if not LeadingGroup.objects.filter(campaign=current).exists():
        _group(demo, current)
    _documents(demo, current, units)
    for partner in current.partners.all():
        if partner.name in LIAISONS:
            office, share = LIAISONS[partner.name]
            fields = {"office": office, "phone": "0353-0000000", "share": share}
            actions.save_liaison(actor=demo.users["city"], campaign=current, partner=partner, fields=fields)


register(DemoPart("plans", 48, build, lambda: TagSet.objects.filter(is_demo=True).exists()))
