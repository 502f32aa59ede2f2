"""The exhibition of the demo: the 40 and more recitations with nine issues, family works of 家庭助廉, porcelain
pictures of a workshop, and what was chosen for 清风颂. Facts of the sources; titles and authors are the demo's own.

Authors are named by surname and form of address only; nobody real is meant. Links lead to pages of this portal.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from campaigns.planning.models import Campaign
from campaigns.series.models import Episode, Series
from families.calls.actions import confirm_notice, give_late_code, send_notice
from families.calls.queries import addressable
from families.demo.mottos import SURNAMES
from families.exhibition.actions.issues import create_issue, set_works, submit_issue
from families.exhibition.actions.outward import add_outward
from families.exhibition.models import Issue
from families.exhibition.rules import Result
from families.search.actions import put_in
from families.works.actions.calls import end_of, ensure_categories, open_call, save_call
from families.works.actions.review import pass_format
from families.works.actions.submit import submit
from families.works.entry import AuthorEntry, Entry
from families.works.models import Work, WorkCall, WorkCategory
from families.works.rules import Audience
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.units.models import Level, Unit

CITY = "140300000000"
SERIES = "yinsong-2022"
# Code of the category, title, what the maker says.
FAMILY_WORKS = (
    ("CALLIGRAPHY", "行书《石灰吟》", "写给刚参加工作的孩子，挂在他的书桌前。"),
    ("PAPERCUT", "剪纸《一路清廉》", "一只白鹭、一枝莲花，谐音“一路清廉”。"),
    ("DOUGH", "面塑《清风竹》", "过年蒸面花的手艺，竹子空心有节。"),
    ("PAINTING", "国画《清莲》", "退休以后跟着社区老师学的，画了送给女儿一家。"),
    ("PHOTO", "全家福里的小账本", "奶奶的账本记了四十年，一笔不差。"),
    ("CALLIGRAPHY", "隶书《勤廉》", "两个字，写了一个冬天。"),
    ("PAPERCUT", "剪纸《梅兰竹菊》", "四扇窗花，四句叮咛。"),
    ("CRAFT", "一幅手作寄清廉", "布贴的莲蓬和莲叶，是母女两代人一起缝的。"),
)
PORCELAIN = ("莲", "竹", "梅", "清泉", "书灯", "家门")
FIRST = ("女士", "先生")


class _Builder:
    def __init__(self, demo: Demo) -> None:
        self.demo, self.count = demo, 0
        villages = Unit.objects.open().under(demo.unit(CITY).path).filter(level=Level.VILLAGE)
        self.villages = list(villages.order_by("path"))

    def call(
        self, slug: str, title: str, codes: tuple[str, ...], first: date, last: date, **fields: Any
    ) -> WorkCall:
        """A published call, through the real actions."""
        city = self.demo.users["city"]
        categories = list(WorkCategory.objects.filter(code__in=codes))
        call = save_call(
            actor=city, token=f"demo-{slug}"[:36], categories=categories,
            fields={
                "slug": slug, "title": title, "unit": self.demo.unit(CITY), "open_on": first, "close_on": last,
                "no_fee": True, "is_demo": True, "organisers": [{"role": "主办", "name": "市妇联"}], "contact": "各县（区）妇联、村（社区）妇女之家", "max_per_person": 3,
                **fields,
            },
        )  # fmt: skip
        open_call(actor=city, call=call)
        return call

    def work(self, call: WorkCall, code: str, title: str, sent: datetime, **fields: Any) -> Work:
        """One published work; while it is entered the call is open."""
        self.count += 1
        rng = self.demo.rng
        phone = f"139{call.pk % 100:02d}{self.count:06d}"
        name = f"{rng.choice(SURNAMES)}{rng.choice(FIRST)}"
        kinds = (ConsentType.PROCESSING, ConsentType.PUBLICATION, ConsentType.LICENCE)
        entry = Entry(
            category=WorkCategory.objects.get(code=code), title=title, text=fields.pop("text", ""),
            unit=rng.choice(self.villages), audience=rng.choice([Audience.PUBLIC, Audience.PUBLIC, Audience.ANONYMOUS]),
            authors=(AuthorEntry(name, f"19{rng.randint(60, 95)}-0{rng.randint(1, 9)}"),), phone=phone, licence=True,
            consents={str(kind): "演示" for kind in kinds}, **fields,
        )  # fmt: skip
        token = f"00000000-0000-4000-9{call.pk % 1000:03d}-{self.count:012d}"
        work, _code = submit(actor=visitor_for(phone_hash(phone)), call=call, entry=entry, token=token)
        Work.every.filter(pk=work.pk).update(is_demo=True)
        work.refresh_from_db()
        pass_format(actor=self.demo.users["city_review"], work=work)
        row = Publication.objects.get(content_type="work", target_id=work.pk)
        self.through_gate(row)
        Work.every.filter(pk=work.pk).update(submitted_at=sent, published_at=sent + timedelta(days=3))
        work.refresh_from_db()
        put_in(work)  # its place in the order is that of the day it was published
        return work

    def through_gate(self, row: Publication) -> None:
        """Two people read and publish it."""
        gate.pass_edit(row, actor=self.demo.users["editor"], answers=CHECKLIST)
        gate.publish(row, actor=self.demo.users["publisher"], answers=CHECKLIST)

    def issue(self, works: list[Work], number: int, at: datetime, **fields: Any) -> Issue:
        """One issue, composed, read and published."""
        city = self.demo.users["city"]
        call, series = fields.pop("call"), fields.pop("series")
        row = create_issue(
            actor=city, fields=fields, call=call, series=series, number=number,
            token=f"demo-issue-{call.pk}-{number}", is_demo=True,
        )  # fmt: skip
        set_works(actor=city, issue=row, works=works)
        submit_issue(actor=city, issue=row)
        self.through_gate(Publication.objects.get(content_type="issue", target_id=row.pk))
        Issue.objects.filter(pk=row.pk).update(published_at=at)
        return row


def _ended(call: WorkCall, last: date) -> None:
    """The call of an earlier year: its works were entered above, now it is over."""
    WorkCall.objects.filter(pk=call.pk).update(close_at=end_of(last))
    call.refresh_from_db()


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=timezone.get_default_timezone())


def _recitations(make: _Builder) -> None:
    """征集作品 40 余个, 展播 9 期 (the interview); the pieces are those of the series."""
    demo = make.demo
    series = Series.objects.filter(slug=SERIES).first()
    if series is None:
        return
    last = date(2022, 5, 31)
    call = make.call(
        "yinsong", "中华传统经典吟诵作品征集", ("RECITATION",), date(2022, 3, 20), demo.today + timedelta(days=1),
        theme="世界读书日，诵读中华经典", campaign=Campaign.objects.filter(slug="qinglian-2022").first(),
        intro="在世界读书日来临之际，面向全市家庭征集中华传统经典吟诵作品。", exhibition="优秀作品在妇女微信公众号和本网站分期展播",
        groups=[
            {"code": "g1", "name": "亲子组", "age_min": None, "age_max": 17, "channel": "guardian"},
            {"code": "g2", "name": "成人组", "age_min": 18, "age_max": None, "channel": "public"},
        ],
    )  # fmt: skip
    link = settings.SITE["base_url"].rstrip("/") + series.get_absolute_url()
    number = 0
    for episode in Episode.objects.filter(series=series).order_by("number"):
        works = []
        for piece in episode.works:
            number += 1
            sent = _moment(date(2022, 3, 21) + timedelta(days=number % 30))
            works.append(make.work(call, "RECITATION", f"吟诵{piece}", sent, extra={"link": link}))
        make.issue(
            works, episode.number, episode.aired_at or _moment(last), call=call, series=series, title=episode.topic,
            cover="cover-voice.svg", intro=f"本期诵读{'、'.join(episode.works[:3])}等篇目。",
        )  # fmt: skip
    _ended(call, last)
    give_late_code(
        actor=demo.users["city"], call=call, token="demo-late-yinsong",  # noqa: S106 – a form's token, no secret
        fields={"given_to": "盂县妇联补报", "reason": "两件录音格式重做", "most": 2, "expires_at": timezone.now() + timedelta(days=7)},
    )  # fmt: skip


def _family_works(make: _Builder) -> None:
    """“家庭助廉”文化作品 with several categories and groups, the notice to units, and what went to 清风颂."""
    demo, year = make.demo, make.demo.today.year
    codes = (
        "FAMILY_LETTER",
        "CALLIGRAPHY",
        "PAINTING",
        "PHOTO",
        "PAPERCUT",
        "DOUGH",
        "CRAFT",
        "SHORT_VIDEO",
        "SONG",
    )
    call = make.call(
        f"zhulian-{year}", f"{year} 年“家庭助廉”文化作品征集", codes, date(year, 1, 5),
        max(date(year, 12, 20), demo.today + timedelta(days=20)), theme="廉洁奉公·崇尚美德",
        intro="以书信、书法、绘画、摄影、剪纸、面塑等多种形式，讲述“廉洁奉公·崇尚美德”的感人故事。",
        audience_text="全市家庭；未满 14 周岁由监护人办理", campaign=Campaign.objects.filter(slug=f"qinglian-{year}").first(),
        organisers=[{"role": "主办", "name": "市妇联"}, {"role": "协办", "name": "各县（区）妇联"}],
        groups=[
            {"code": "g1", "name": "少儿组", "age_min": None, "age_max": 17, "channel": "guardian"},
            {"code": "g2", "name": "成人组", "age_min": 18, "age_max": None, "channel": "public"},
        ],
        award_tiers=[{"name": "一等奖", "share": 5, "most": None}, {"name": "二等奖", "share": 10, "most": None}],
        category_rules={"FAMILY_LETTER": {"text_max": 1200}}, unit_min_quota=2, exhibition="妇女之家和本网站展出",
    )  # fmt: skip
    works = []
    for number, (code, title, statement) in enumerate(FAMILY_WORKS):
        extra = {"statement": statement}
        if code == "CALLIGRAPHY":
            extra["script"] = "running" if "行书" in title else "clerical"
        sent = _moment(demo.today - timedelta(days=40 - number * 3))
        works.append(make.work(call, code, title, sent, extra=extra))
    make.issue(
        works[:6], 1, _moment(demo.today - timedelta(days=5)), call=call, series=None, title="一剪清风",
        cover="cover-paper.svg", intro="书法、剪纸、面塑、国画，每一件背后都有一句家里的话。",
    )  # fmt: skip
    for work in [one for one in works if one.category.code in {"CALLIGRAPHY", "PAINTING"}]:  # 廉政书画展
        add_outward(
            actor=demo.users["city_review"], work=work, token=f"demo-out-{work.pk}", is_demo=True,
            fields={
                "exhibition": "市直机关“清风颂”廉政书画展", "place": "市图书馆", "held_on": demo.today - timedelta(days=2),
                "result": Result.SHOWN, "note": "展期和地点为演示",
            },
        )  # fmt: skip
    rows = send_notice(
        actor=demo.users["city"], call=call, units=addressable(call, "children"), wanted=2,
        note="请转发到乡镇（街道）和村（社区），发动家庭参加。",
    )  # fmt: skip
    mine = next((row for row in rows if row.unit.short_name.startswith("平定")), None)
    if mine is not None:
        confirm_notice(actor=demo.users["county"], receipt=mine)


def _porcelain(make: _Builder) -> None:
    """“三八”“同心画清廉”瓷画: a workshop, its works photographed and entered afterwards."""
    year = make.demo.today.year
    last = date(year, 3, 31)
    call = make.call(
        f"cihua-{year}", "“同心‘画’清廉”瓷画作品", ("CRAFT",), date(year, 3, 1), make.demo.today + timedelta(days=1),
        theme="“三八”节瓷画体验活动", intro="“三八”国际妇女节，大家一起在瓷盘上画清廉，活动之后收作品展出。",
    )  # fmt: skip
    works = [
        make.work(
            call, "CRAFT", f"瓷盘《{word}》", _moment(date(year, 3, 8)),
            extra={"size": "直径 20", "statement": f"在瓷盘上画{word}，烧出来就改不了，做人也一样。"},
        )
        for word in PORCELAIN
    ]  # fmt: skip
    day = min(date(year, 3, 20), make.demo.today)
    make.issue(
        works, 1, _moment(day), call=call, series=None, title="同心画清廉", cover="cover-paint.svg",
        intro="六只瓷盘，六种心意。",
    )  # fmt: skip
    _ended(
        call, min(last, make.demo.today - timedelta(days=1)) if make.demo.today > date(year, 3, 2) else last
    )


def build(demo: Demo) -> None:
    """All three, through the real actions."""
    ensure_categories()
    make = _Builder(demo)
    _recitations(make)
    _family_works(make)
    _porcelain(make)
    demo.say(f"demo: {make.count} works on show, {Issue.objects.filter(is_demo=True).count()} issues")


register(DemoPart("exhibition", 70, build, lambda: Issue.objects.filter(is_demo=True).exists()))
