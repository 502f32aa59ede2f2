"""Materials, films, documents and courses of the demo: those the sources name, with plausible counts.

The films are named in the third source, the rules and boards in the second, the training in the first.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from campaigns.materials import actions
from campaigns.materials.models import Document, Material
from campaigns.materials.rules import Audience, Channel, CourseKind, DocumentKind, Kind
from campaigns.planning.models import Campaign
from portal.demo.registry import Demo, DemoPart, register
from portal.ui.fields import moment

CITY, COUNTY, OFFICE = "140300000000", "140321000000", "140300000000-01"
FILMS = ("镜鉴家风", "剑指顽疾砸局破圈", "激浊扬清", "远离家庭腐败", "扣好廉洁从政的“第一粒扣子”")
# days ago, place, who, how many – one row per film
VIEWINGS = (
    (152, "市妇联机关会议室", Audience.OFFICIALS, 46),
    (121, "市妇联机关会议室", Audience.OFFICIALS, 43),
    (88, "市直机关报告厅", Audience.OFFICIALS, 96),
    (54, "市直机关报告厅", Audience.SPOUSES, 66),
    (19, "市妇联机关会议室", Audience.STAFF, 38),
)
RULES = (
    (
        "干部管理制度",
        DocumentKind.RULE,
        ("考勤制度", "接待来人来访制度", "办公制度", "学习制度", "财务管理制度"),
    ),
    ("惩治和预防腐败体系建设规章制度", DocumentKind.RULE, ()),
    ("廉政风险防范预警机制", DocumentKind.MECHANISM, ()),
)


class _Builder:
    def __init__(self, demo: Demo, name: str, unit_no: str) -> None:
        self.demo, self.actor, self.unit = demo, demo.users[name], demo.unit(unit_no)
        self.number, self.name = 0, name

    def _common(self) -> dict[str, Any]:
        self.number += 1
        return {
            "actor": self.actor,
            "unit": self.unit,
            "client_token": f"demo-mat-{self.name}-{self.number}",
            "is_demo": True,
        }

    def material(self, title: str, kind: Kind, **fields: Any) -> Material:
        return actions.add_material(fields={"title": title, "kind": kind, **fields}, **self._common())

    def place(self, material: Material, channel: Channel, place: str, ago: int, **fields: Any) -> None:
        at = moment(self.demo.today - timedelta(days=ago))
        actions.add_placement(
            material=material,
            fields={"channel": channel, "place": place, "placed_at": at, **fields},
            **self._common(),
        )

    def watch(self, film: Material, ago: int, place: str, audience: Audience, headcount: int) -> None:
        at = moment(self.demo.today - timedelta(days=ago))
        actions.add_viewing(
            film=film,
            fields={"watched_at": at, "place": place, "audience": audience, "headcount": headcount},
            **self._common(),
        )

    def document(self, title: str, kind: DocumentKind, **fields: Any) -> Document:
        return actions.add_document(fields={"title": title, "kind": kind, **fields}, **self._common())

    def course(self, fields: Mapping[str, Any], lectures: list[dict[str, Any]]) -> None:
        actions.add_course(fields=fields, lectures=lectures, **self._common())


def _county(demo: Demo) -> None:
    """读本、警示教育片、宣传板、公益广告, rules: as the second source tells of its county."""
    make, year = _Builder(demo, "county", COUNTY), demo.today.year
    booklet = make.material(
        "警示教育读本", Kind.BOOKLET, edition=f"{year} 年第 1 版", copies=2000, partners="县纪委监委",
        summary="选取已公开通报的案例，讲家庭怎样守住廉洁防线。",
    )  # fmt: skip
    make.place(
        booklet, Channel.HANDED_OUT, "县直机关", 120, copies=600, audience=Audience.OFFICIALS, people=600
    )
    make.place(
        booklet, Channel.HANDED_OUT, "三八节宣传点", 90, copies=420, audience=Audience.WOMEN, people=420
    )
    make.place(booklet, Channel.LENT, "东升社区廉政书屋", 60, copies=30, audience=Audience.FAMILIES)
    film = make.material("警示教育片", Kind.FILM, minutes=28, partners="县纪委监委", copies=1)
    make.watch(film, 75, "县妇联会议室", Audience.SPOUSES, 66)
    board = make.material("廉政文化宣传板", Kind.BOARD, copies=24, partners="县纪委监委")
    make.place(board, Channel.EXHIBITED, "西关社区宣传栏", 200, copies=12, audience=Audience.FAMILIES)
    make.place(board, Channel.EXHIBITED, "东升社区宣传栏", 196, copies=12, audience=Audience.FAMILIES)
    poster = make.material("廉政宣传画和标语", Kind.POSTER, copies=300)
    make.place(poster, Channel.POSTED, "各村（社区）妇女之家", 140, copies=260, audience=Audience.FAMILIES)
    advert = make.material("家庭助廉公益广告", Kind.ADVERT, minutes=1)
    make.place(
        advert, Channel.SCREEN, "县城广场大屏", 45, plays=900, plays_estimated=True, audience=Audience.PUBLIC,
        ends_on=demo.today - timedelta(days=15),
    )  # fmt: skip
    make.place(advert, Channel.BROADCAST, "县广播电视台", 30, plays=60, audience=Audience.PUBLIC)
    papers = make.material("廉政书报", Kind.PERIODICAL, copies=40)
    make.place(papers, Channel.LENT, "农村廉政书屋", 300, copies=40, audience=Audience.FAMILIES)
    old = make.document("干部管理制度（试行）", DocumentKind.RULE, effective_on=date(year - 3, 1, 1))
    rows = [
        make.document(title, kind, contents=list(parts), effective_on=date(year - 1, 1, 1))
        for title, kind, parts in RULES
    ]
    actions.replace(actor=make.actor, document=old, by=rows[0])


def _office(demo: Demo) -> None:
    """Films of the third source with their viewings, and the booklet made with the discipline team."""
    make = _Builder(demo, "office", OFFICE)
    for title, (ago, place, audience, people) in zip(FILMS, VIEWINGS, strict=True):
        film = make.material(f"《{title}》", Kind.FILM, summary="警示教育片")
        make.watch(film, ago, place, audience, people)
    booklet = make.material(
        "廉政教育读本", Kind.BOOKLET, copies=500, partners="市纪委监委驻市总工会纪检监察组", edition="第 1 版"
    )
    make.place(
        booklet, Channel.HANDED_OUT, "市直机关", 70, copies=320, audience=Audience.OFFICIALS, people=320
    )
    make.document(
        "市妇联关于推进清廉机关建设的实施方案", DocumentKind.PLAN, effective_on=date(demo.today.year, 1, 10),
        summary="党组负总责、分管领导分工负责、机关党委推进落实、支部书记“一岗双责”。",
    )  # fmt: skip


def _training(demo: Demo) -> None:
    """5月13日至15日: three lectures, 3.3万多人次 online, and 近30万 likes as reach."""
    topics = (
        "解读《中华人民共和国家庭教育促进法》",
        "《中华传统文化与家庭教育》",
        "《青春期孩子的生命教育》",
    )
    make = _Builder(demo, "city", CITY)
    make.course(
        {
            "title": "《家庭教育促进法》暨清廉家庭建设线上培训班",
            "kind": CourseKind.LIVE,
            "campaign": Campaign.objects.filter(slug="qinglian-2022").first(),
            "starts_at": moment(date(2022, 5, 13)),
            "ends_on": date(2022, 5, 15),
            "place": "网络直播",
            "audience": "各级家庭工作骨干、家风宣讲员及部分学生、家长、老师代表",
            "online_visits": 33_000,
            "online_visits_estimated": True,
            "likes": 300_000,
            "likes_estimated": True,
            "summary": "连续 3 天网络直播，参训 3.3 万多人次，点赞量近 30 万。",
        },
        [{"topic": topic, "on_day": date(2022, 5, 13 + day)} for day, topic in enumerate(topics)],
    )
    make.document(
        "关于在全市开展清廉家庭创建活动的指导意见", DocumentKind.PLAN, effective_on=date(2022, 4, 1)
    )


def build(demo: Demo) -> None:
    """All three."""
    _county(demo)
    _office(demo)
    _training(demo)


register(DemoPart("materials", 65, build, lambda: Material.objects.filter(is_demo=True).exists()))
