"""The series of the demo: what the sources count (9 issues, 8 of 10 programmes, 4 broadcasts) and this year's columns.

Where a source gives a number without titles or days, plausible ones stand in, and the summary says so.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from campaigns.planning.models import Campaign
from campaigns.series import actions
from campaigns.series.models import Episode, Series
from campaigns.series.rules import Kind, Section
from portal.access.actors import SYSTEM
from portal.demo.registry import Demo, DemoPart, register
from portal.publication import actions as gate
from portal.publication.rules import CHECKLIST

CITY = "140300000000"
READING = (
    ("少年志", ("《少年中国说》节选", "《劝学》节选", "《明日歌》", "《长歌行》")),
    (
        "家教篇",
        ("《诫子书》", "《朱子治家格言》节选", "《弟子规》选段", "《三字经》选段", "《颜氏家训》节选"),
    ),
    ("清廉篇", ("《爱莲说》", "《石灰吟》", "《竹石》", "《墨梅》", "《于潜僧绿筠轩》")),
    ("孝亲篇", ("《游子吟》", "《陈情表》节选", "《岁暮到家》", "《诗经·蓼莪》节选")),
    ("修身篇", ("《大学》节选", "《陋室铭》", "《论语》十则", "《道德经》选段", "《寒窑赋》节选")),
    ("家国篇", ("《岳阳楼记》节选", "《满江红》", "《过零丁洋》", "《示儿》", "《己亥杂诗》")),
    ("山河篇", ("《登鹳雀楼》", "《望岳》", "《沁园春·雪》", "《春江花月夜》节选")),
    ("节令篇", ("《清明》", "《元日》", "《水调歌头·明月几时有》", "《九月九日忆山东兄弟》", "《端午即事》")),
    ("亲子共诵", ("《木兰诗》", "《滕王阁序》节选", "《将进酒》", "《千字文》选段", "《声律启蒙》选段")),
)
# Topics of the source; the eighth is not named there. Days as in the activity log of the demo.
COLUMN = (
    ("2022-05-16", "家庭教育促进法重点内容"),
    ("2022-05-25", "家庭教育促进法在司法部门的落实"),
    ("2022-06-03", "培养孩子的五个重要"),
    ("2022-06-12", "“双减”政策下如何做智慧家长"),
    ("2022-06-21", "从廉洁故事谈廉洁的深层内涵"),
    ("2022-06-30", "如何建立幸福家庭·树立良好家风"),
    ("2022-07-09", "放松心态、积极备考"),
    ("2022-07-18", "清廉家庭建设"),
)
BROADCASTS = ("自律从家庭开始", "父母的样子就是孩子的样子", "管住小节守住清廉", "自律换来的自由")
BEFORE_HOLIDAYS = (
    ("元旦", "节前收到的“心意”能不能收"),
    ("春节", "团圆饭桌上的纪律"),
    ("清明", "文明祭扫，简办家事"),
    ("五一", "出游不公车，做客不公款"),
    ("端午", "粽子里的人情账"),
    ("中秋", "一盒月饼怎么退"),
    ("国庆", "长假里的家庭监督员"),
)
# Lunar feasts (domain reference §12): 春节, 端午, 中秋.
LUNAR = {
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
}
LECTURES = (
    ("党组书记讲廉政党课：把家风建设摆在重要位置", "党组书记、主席"),
    ("支部书记讲廉政党课：一岗双责在家庭", "机关支部书记"),
    ("民法典里的婚姻家庭", "巾帼普法志愿者"),
    ("家书里的清廉", "家庭家教家风宣讲员"),
)
STUDY = (
    "领会习近平总书记关于家庭家教家风建设的重要论述",
    "学习《中华人民共和国家庭教育促进法》",
    "中华传统文化中的家风",
    "习仲勋同志的家风",
)


class _Builder:
    def __init__(self, demo: Demo) -> None:
        self.demo, self.actor = demo, demo.users["city"]

    def series(self, slug: str, title: str, kind: Kind, planned: int, campaign: str, **fields: Any) -> Series:
        return actions.create_series(
            actor=self.actor,
            unit=self.demo.unit(CITY),
            slug=slug,
            fields={
                "title": title,
                "kind": kind,
                "planned": planned,
                "campaign": Campaign.objects.filter(slug=campaign).first(),
                **fields,
            },
            client_token=f"demo-series-{slug}"[:36],
            is_demo=True,
        )

    def episode(
        self, series: Series, *, aired: date | None = None, show: bool = True, **fields: Any
    ) -> Episode:
        """One episode; with `aired` it went out that day, and two people let the site show it."""
        row = actions.add_episode(actor=self.actor, series=series, fields=fields, is_demo=True)
        if aired is not None:
            actions.step(actor=self.actor, episode=row, name="air", aired_on=aired)
            if show:
                self.publish(row)
        return row

    def publish(self, row: Episode) -> None:
        publication = gate.request(row, actor=SYSTEM)  # nobody's messages fill up with old programmes
        gate.pass_edit(publication, actor=self.demo.users["editor"], answers=CHECKLIST)
        gate.publish(publication, actor=self.demo.users["publisher"], answers=CHECKLIST)


def build_2022(demo: Demo) -> None:
    """The three series of the interview."""
    make = _Builder(demo)
    reading = make.series(
        "yinsong-2022", "中华传统经典吟诵作品展播", Kind.SHOWCASE, len(READING), "qinglian-2022",
        outlet="妇女微信公众号", starts_on=date(2022, 4, 23),
        summary="世界读书日来临之际征集中华传统经典吟诵作品 40 余个，在妇女微信公众号上展播 9 期。各期篇目为演示。",
    )  # fmt: skip
    for number, (topic, works) in enumerate(READING):
        aired = date(2022, 4, 23) + timedelta(days=6 * number)
        make.episode(reading, topic=topic, works=list(works), due_on=aired, aired=aired)
    actions.step_series(actor=make.actor, series=reading, name="close")
    column = make.series(
        "radio-2022", "家庭教育促进法暨清廉家庭建设专栏", Kind.COLUMN, 10, "qinglian-2022",
        outlet="市广播电台", partners="市电台", starts_on=date(2022, 5, 15), ends_on=date(2022, 8, 15),
        summary="5·15 首个家庭教育促进法宣传周之际，联合市电台开设为期 3 个月 10 期的专栏，已举办 8 期。播出日期为演示。",
    )  # fmt: skip
    for day, topic in COLUMN:
        aired = date.fromisoformat(day)
        make.episode(column, topic=topic, due_on=aired, aired=aired)
    for _left in range(2):
        make.episode(column)
    live = make.series(
        "douyin-2022", "做好家风建设 让自律换自由", Kind.LIVE, 4, "qinglian-2022", outlet="抖音",
        summary="在建设妇女之家、打造妇女创业就业示范点、培养妇女领头雁的同时，开展直播话家庭活动 4 期。各期题目和日期为演示。",
    )  # fmt: skip
    for topic, day in zip(BROADCASTS, (5, 12, 19, 26), strict=True):
        make.episode(live, topic=topic, due_on=date(2022, 6, day), aired=date(2022, 6, day))
    actions.step_series(actor=make.actor, series=live, name="close")


def _holidays(year: int) -> list[date]:
    spring, dragon, moon = (
        date(year, month, day) for month, day in LUNAR.get(year, ((2, 10), (6, 10), (9, 20)))
    )
    return [date(year, 1, 1), spring, date(year, 4, 5), date(year, 5, 1), dragon, moon, date(year, 10, 1)]


def build_this_year(demo: Demo) -> None:
    """《妇廉纪语》 before each holiday, 巾帼大讲堂 and the study plan: done up to today, the rest planned."""
    make, year, today = _Builder(demo), demo.today.year, demo.today
    campaign = f"qinglian-{year}"
    brief = make.series(
        f"flianjiyu-{year}", f"《妇廉纪语》{year}", Kind.BRIEF, len(BEFORE_HOLIDAYS) + 1, campaign,
        outlet="微信公众号", partners="机关纪委",
        summary="紧盯节假日等重要时间节点，结合公开通报的案例，以生动的语言说纪、说法、说德、说害、说责。",
    )  # fmt: skip
    days = [day - timedelta(days=7) for day in (*_holidays(year), date(year + 1, 1, 1))]
    topics = [*BEFORE_HOLIDAYS, ("元旦", "辞旧迎新话家规")]
    rows = sorted(zip(days, topics, strict=True))
    sections = list(Section)
    for number, (day, (feast, topic)) in enumerate(rows):
        _planned(
            make, brief, day, today, topic=f"{feast}前｜{topic}", section=sections[number % len(sections)]
        )
    lectures = make.series(
        f"jiangtang-{year}", "巾帼大讲堂", Kind.LECTURE, 6, campaign, outlet="市妇联机关会议室",
        summary="党组书记、主席和支部书记带头讲廉政党课，邀请宣讲员和普法志愿者走上讲台。",
    )  # fmt: skip
    for number, (topic, speaker) in enumerate(LECTURES):
        day = date(year, 1 + number * 3, 18)
        people = demo.rng.randint(48, 86)
        _planned(make, lectures, day, today, topic=topic, speaker=speaker, headcount=people)
    study = make.series(f"zhilian-{year}", "知廉学习", Kind.STUDY, len(STUDY), campaign)
    for number, topic in enumerate(STUDY):
        _planned(make, study, date(year, 3 + number * 3, 10), today, show=False, topic=topic)
    _soon(make, lectures, today)


def _planned(make: _Builder, series: Series, day: date, today: date, **fields: Any) -> None:
    show, gone = fields.pop("show", True), day <= today
    if not gone:
        fields.pop("headcount", None)
    make.episode(series, due_on=day, aired=day if gone else None, show=show, **fields)


def _soon(make: _Builder, series: Series, today: date) -> None:
    """One lecture that is due in two days, so that the reminder has something to say."""
    make.episode(
        series, due_on=today + timedelta(days=2), topic="青年干部的第一堂家风课", speaker="青年理论学习小组"
    )


def _there(slugs: Iterable[str]) -> bool:
    return Series.objects.filter(slug__in=list(slugs)).exists()


register(DemoPart("series.2022", 62, build_2022, lambda: _there(["yinsong-2022"])))
register(
    DemoPart(
        "series.year",
        63,
        build_this_year,
        lambda: Series.objects.filter(is_demo=True, kind=Kind.BRIEF).exists(),
    )
)
