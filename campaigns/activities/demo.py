"""The activity log's own part of the demo: what the sources say beyond the plain record, corrections, imports."""

from datetime import date
from typing import Any

from campaigns.activities import corrections
from campaigns.activities.models import Activity, Correction
from campaigns.activities.rules import COUNTED
from campaigns.activities.tables.kind import KIND
from campaigns.planning import actions as planning
from campaigns.planning.models import Campaign
from portal.demo.registry import Demo, DemoPart, register
from portal.importing import actions as importing
from portal.importing.models import Import

CITY, PINGDING = "140300000000", "140321000000"
MEETING, TRAINING = "清廉家庭创建等重点工作再安排再部署会议", "《家庭教育促进法》暨清廉家庭建设线上培训班"
SEMINAR = "科级干部配偶反腐倡廉警示教育座谈会"
SIGNING, EVENING = "“家庭助廉 从我做起”签名活动", "“话廉洁增友谊”领导干部及家属联谊晚会"
# One meeting in May 2022 set out three jobs; the two beside the clean-family campaign.
BESIDE = (("jiceng-zhili-2022", "抓党建促基层治理巾帼行动"), ("jinguo-xindang-2022", "巾帼心向党"))


def details(demo: Demo) -> None:
    """Several campaigns of one meeting, likes as reach, invited and present apart, an evening that belonged to a
    signing."""
    others = [_campaign(demo, slug, name) for slug, name in BESIDE]
    for meeting in Activity.objects.filter(title=MEETING, is_demo=True):
        meeting.more_campaigns.set(others)
    Activity.objects.filter(title=TRAINING, is_demo=True).update(
        reach=300_000, reach_estimated=True, is_featured=True
    )
    Activity.objects.filter(title=SEMINAR, is_demo=True).update(invited=66)
    signing = Activity.objects.filter(title=SIGNING, is_demo=True).first()
    Activity.objects.filter(title=EVENING, is_demo=True).update(part_of=signing)


def _campaign(demo: Demo, slug: str, name: str) -> Campaign:
    known = Campaign.objects.filter(slug=slug).first()
    if known is not None:
        return known
    year = Activity.objects.filter(title=MEETING).values_list("starts_at__year", flat=True).first() or 2022
    fields = {
        "slug": slug, "name": f"{year} 年“{name}”", "slogan": name, "summary": "与清廉家庭创建一同部署的重点工作。",
        "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31), "themes": [],
    }  # fmt: skip
    campaign = planning.create_campaign(
        actor=demo.users["city"], unit=demo.unit(CITY), fields=fields, is_demo=True
    )
    for step in ("open", "close"):
        planning.step(actor=demo.users["city"], campaign=campaign, name=step, reason="当年工作已经结束")
    return campaign


def changes(demo: Demo) -> None:
    """One correction confirmed by a second person and one that waits."""
    rows = Activity.objects.filter(
        unit=demo.unit(PINGDING), is_demo=True, is_published=False, status__in=COUNTED, headcount__gt=20
    )
    for number, activity in enumerate(rows.order_by("starts_at", "pk")[:2]):
        correction = corrections.propose(
            actor=demo.users["county"], activity=activity, version=activity.version,
            reason=("签到表复核，漏记了后到的人。", "把报名人数当成了到场人数，按签到表更正。")[number],
            fields={"headcount": (activity.headcount or 0) + (4, -6)[number], "headcount_estimated": False},
        )  # fmt: skip
        if number == 0:
            corrections.decide(actor=demo.users["county_review"], correction=correction, name="confirm")


TOKENS = ("demo-import-1", "demo-import-2")
HEAD = "活动名称,活动类型,时间,地点,参与人数,主要内容,备注"


def _table(demo: Demo, *rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode("gb18030")


def tables(demo: Demo) -> None:
    """A table that was imported, and one that waits with a row that is wrong."""
    day = demo.today.replace(day=1)
    county: dict[str, Any] = {"actor": demo.users["county"], "kind": KIND, "unit": demo.unit(PINGDING)}
    done = importing.read_table(
        **county, file_name="县直单位补报.csv", client_token=TOKENS[0],
        data=_table(
            demo, f"清廉家风座谈会,座谈会,{day:%Y.%m.%d},县妇联会议室,24,干部家属谈家风,补报",
            f"家书诵读会,诵读/阅读,{day:%Y.%m.%d},县文化馆,约80,读家书、讲家史,补报",
        ),
    )  # fmt: skip
    importing.confirm(actor=demo.users["county"], batch=done, options=[])
    importing.apply(import_id=done.pk, actor=demo.users["county"], progress=lambda *_: None)
    made = done.rows.exclude(target_ref="").values_list("target_ref", flat=True)
    Activity.objects.filter(pk__in=[int(ref) for ref in made]).update(is_demo=True)
    importing.read_table(
        **county, file_name="乡镇活动汇总.csv", client_token=TOKENS[1],
        data=_table(
            demo, f"清廉家风座谈会,座谈会,{day:%Y.%m.%d},县妇联会议室,26,干部家属谈家风,",
            f"亲子剪纸,亲子活动,{day:%Y.%m.%d},妇女之家,许多人,剪“廉”字,",
        ),
    )  # fmt: skip


def build(demo: Demo) -> None:
    """All three."""
    details(demo)
    changes(demo)
    tables(demo)


register(DemoPart("activity_log", 47, build, lambda: Correction.objects.exists() or Import.objects.exists()))
