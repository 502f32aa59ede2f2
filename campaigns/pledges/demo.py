"""The pledges part of the demo: the letters and signings the sources tell of, and made-up households on the wall.

阳泉 2022: the 五一 letter “以德立家、以廉治家、以勤兴家”. 玉屏: the letter before 春节 to spouses of 科级 cadres, and the signing of
“家庭助廉 从我做起” by more than a hundred of them, as a batch on paper. Days the sources do not name are the demo's own and say so.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.planning.models import Campaign
from campaigns.pledges.actions import paper, signing, texts
from campaigns.pledges.entry import Entry
from campaigns.pledges.models import Initiative, PledgeRecord, PledgeTemplate
from campaigns.pledges.rules import DEFAULT_CLAUSES, Audience, Method, Relation, SignBy
from campaigns.pledges.wording import CONSENT_DISPLAY, CONSENT_GUARDIAN, CONSENT_PROCESSING
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.demo.registry import Demo, DemoPart, register
from portal.privacy.rules import ConsentType
from portal.publication import actions as gate
from portal.publication.models import Publication
from portal.publication.rules import CHECKLIST
from portal.units.models import Level, Unit

CITY, YUPING, PINGDING, YUXIAN = "140300000000", "520622000000", "140321000000", "140322000000"
LABOUR_DAY = """广大家庭朋友们：

家是最小国，国是千万家。在“五一”国际劳动节到来之际，我们向全市广大家庭倡议：树立清廉家风，培育最美家庭。

以德立家。把遵纪守法、诚实守信写进家规，夫妻互敬、孝老爱亲、邻里和睦，让孩子从小看得见好样子。

以廉治家。常算政治账、经济账、亲情账，不收不该收的礼，不赴不该赴的宴。当好“廉内助”，多说“悄悄话”，常洒“清醒剂”，把住家庭这道关口。

以勤兴家。劳动最光荣，勤俭过日子，不攀比、不铺张，婚丧喜庆从简办。

让我们从自己做起，从今天做起，以好家风涵养好民风、好社风。"""
SPRING = """各位家属：

春节将至，谢谢您一年来对亲人工作的支持。节日期间迎来送往多，我们提三点希望：

当好廉内助。多一句提醒，少一分风险，遇到送礼请托，替他（她）说一声“不”。

过个清廉年。走亲访友不比排场，不收受礼金礼品，不用公车公款办家事。

带出好家风。和老人孩子一起说说家规家训，让节俭、守法成为家里的习惯。

家庭是拒腐防变的防线，您就是守这道防线的人。"""
CHILD_CLAUSES = (
    "自己的东西自己收拾，不乱花钱", "拾到东西要归还，不是自己的不要", "说真话，做错事敢承认",
    "看到爸爸妈妈收礼，提醒他们“这个不能要”", "吃饭不剩饭，用完水电随手关", "每学期给家人讲一个清廉小故事",
)  # fmt: skip
CUSTOM_CLAUSES = (
    "不要天价彩礼，婚事简办", "不大操大办，人情往来量力而行", "厚养薄葬，孝在平时", "勤俭持家，不攀比不奢靡",
    "和睦邻里，热心公益",
)  # fmt: skip
TOKEN = "d0000000-0000-4000-9000-{}"
SURNAMES = "张王李赵刘陈杨郭史白韩冯田任侯武梁高宋贾"
GIVEN = ("秀兰", "建国", "桂英", "志强", "丽萍", "海燕", "永红", "春梅", "文斌", "玉珍")
KIN = ("妻子", "丈夫", "母亲", "女儿")


def _through_gate(demo: Demo, text: Any, *, author: str) -> None:
    """Asked by its author, read by the editor, released by the publisher."""
    texts.submit(actor=demo.users[author], text=text)
    row = Publication.objects.filter(
        target_id=text.pk, content_type__in=("pledge_template", "initiative")
    ).latest("pk")
    gate.pass_edit(row, actor=demo.users["editor"], answers=CHECKLIST)
    gate.publish(row, actor=demo.users["publisher"], answers=CHECKLIST)
    text.refresh_from_db()


def _letters(demo: Demo) -> None:
    yangquan = (
        Campaign.objects.filter(slug="yangquan-2022").first()
        or Campaign.objects.filter(starts_on__year=2022, unit__unit_no=CITY).first()
    )
    labour = texts.create_initiative(
        actor=demo.users["city"], unit=demo.unit(CITY), slug="labour-day-2022", is_demo=True,
        token=TOKEN.format("000000000001"),
        fields={
            "title": "树立清廉家风 培育最美家庭——家庭助廉倡议书", "issuers": "阳泉市妇女联合会", "campaign": yangquan,
            "issued_on": date(2022, 5, 1), "audience": "全市广大家庭", "body": LABOUR_DAY.split("\n\n", 1)[1],
        },
    )  # fmt: skip
    _through_gate(demo, labour, author="city")
    day = date(2022, 5, 1)
    for number, (unit_no, user, copies) in enumerate(
        ((PINGDING, "county", 1200), (YUXIAN, "county2", 900), (CITY, "city", 3000))
    ):
        texts.hand_out(
            actor=demo.users[user], initiative=labour, unit=demo.unit(unit_no), is_demo=True,
            fields={"given_on": day + timedelta(days=number), "copies": copies, "sms_count": 0, "note": "演示数"},
            token=f"d0000000-0000-4000-9000-00000000010{number}",
        )  # fmt: skip
    this = demo.today.year
    spring = texts.create_initiative(
        actor=demo.users["city"], unit=demo.unit(CITY), slug=f"spring-{this}", is_demo=True,
        token=TOKEN.format("000000000002"),
        fields={
            "title": f"{this} 年春节家庭助廉倡议书", "issuers": "市妇联、市纪委监委、市委组织部", "campaign": None,
            "issued_on": date(this, 1, 20), "audience": "全市科级以上干部家属", "body": SPRING.split("\n\n", 1)[1],
        },
    )  # fmt: skip
    _through_gate(demo, spring, author="city")
    texts.hand_out(
        actor=demo.users["county"], initiative=spring, unit=demo.unit(PINGDING), is_demo=True,
        fields={"given_on": date(this, 1, 22), "copies": 320, "sms_count": 860, "note": "演示数"},
        token=TOKEN.format("000000000110"),
    )  # fmt: skip


def _template(demo: Demo, number: int, code: str, **fields: Any) -> PledgeTemplate:
    base = {
        "sign_by": SignBy.HOUSEHOLD, "supervisor_required": False, "valid_from": date(demo.today.year, 1, 1),
        "valid_until": None, "campaign": None, "intro": "",
    }  # fmt: skip
    row = texts.create_template(
        actor=demo.users["city"], unit=demo.unit(CITY), code=code, fields={**base, **fields}, is_demo=True,
        token=f"d0000000-0000-4000-9000-00000000020{number}",
    )  # fmt: skip
    _through_gate(demo, row, author="city")
    return row


def _templates(demo: Demo) -> list[PledgeTemplate]:
    current = Campaign.objects.filter(unit__unit_no=CITY, starts_on__year=demo.today.year).first()
    family = _template(
        demo, 1, "family-pledge", title="家庭助廉承诺书", audience=Audience.FAMILIES, campaign=current,
        intro="以德立家，以廉治家，以勤兴家。我们全家郑重承诺：", clauses=[str(text) for text in DEFAULT_CLAUSES[:9]],
    )  # fmt: skip
    kin = _template(
        demo, 2, "cadre-family", title="“家庭助廉 从我做起”承诺书", audience=Audience.CADRE_KIN, sign_by=SignBy.PERSON,
        supervisor_required=True, clauses=[str(text) for text in DEFAULT_CLAUSES],
        intro="作为党员干部的家人，我愿当好廉内助、守好家门，郑重承诺：",
    )  # fmt: skip
    child = _template(
        demo, 3, "little-supervisor", title="小小监督员承诺书", audience=Audience.CHILDREN, sign_by=SignBy.PERSON,
        clauses=list(CHILD_CLAUSES), intro="我是家里的小小监督员，我会这样做：",
    )  # fmt: skip
    custom = _template(
        demo, 4, "new-customs", title="移风易俗家庭承诺书", audience=Audience.FAMILIES, clauses=list(CUSTOM_CLAUSES),
        intro="喜事新办、丧事简办、厚养薄葬。我们全家承诺：",
    )  # fmt: skip
    return [family, kin, child, custom]


def _sign(demo: Demo, template: PledgeTemplate, number: int, places: list[Unit]) -> None:
    """One made-up household; nobody real is behind the name or the number."""
    rng, phone = demo.rng, f"1390000{number:04d}"
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    consents = {ConsentType.PROCESSING: str(CONSENT_PROCESSING)}
    if rng.random() < 0.7:
        consents[ConsentType.PUBLICATION] = str(CONSENT_DISPLAY)
    if template.is_for_children:
        consents[ConsentType.GUARDIAN] = str(CONSENT_GUARDIAN)
    needs = template.supervisor_required
    entry = Entry(
        signer_name=name, phone=phone, unit=rng.choice(places), relation=Relation.SPOUSE if needs else Relation.SELF,
        members=rng.randint(2, 6), guardian_name=name[0] + "海霞" if template.is_for_children else "",
        supervisor_name=rng.choice(SURNAMES) + "家人" if needs else "", supervisor_relation=rng.choice(KIN) if needs else "",
        consents=consents,
    )  # fmt: skip
    row, is_new = signing.sign(
        actor=visitor_for(phone_hash(phone)), template=template, entry=entry,
        token=f"d0000000-0000-4000-9000-{number:012d}", is_demo=True,
    )  # fmt: skip
    if is_new:
        ago = timezone.now() - timedelta(days=rng.randint(0, 200), minutes=rng.randint(0, 1400))
        PledgeRecord.objects.filter(pk=row.record_id).update(signed_at=ago)


def _paper(demo: Demo, family: PledgeTemplate, kin: PledgeTemplate, custom: PledgeTemplate) -> None:
    zone = timezone.get_default_timezone()
    yuping = Unit.objects.filter(unit_no=YUPING).first()
    if yuping is not None:  # entered as the portal's own record: no demo account works in 玉屏
        PledgeRecord.objects.get_or_create(
            no="CN2015-000001",
            defaults={
                "template": kin, "unit": yuping, "signed_at": datetime(2015, 3, 8, 9, 0, tzinfo=zone),
                "method": Method.ONSITE_BATCH, "signatures": 100, "households": 100, "households_estimated": True,
                "is_demo": True, "note": "“家庭助廉 从我做起”签名活动，100余名领导干部配偶；来源未写明日期，此处为演示日期",
            },
        )  # fmt: skip
    this = demo.today.year
    batches = (
        ("county", PINGDING, family, Method.PAPER_SCAN, 1860, 620, "各乡镇纸质承诺书汇总"),
        ("county2", YUXIAN, family, Method.PAPER_SCAN, 1425, 470, "“七个一”活动中签订"),
        ("village", "140321100013", custom, Method.PAPER_SCAN, 96, 32, "妇女之家签订"),
        ("office", "140300000000-01", kin, Method.ONSITE_BATCH, 66, 66, "座谈会现场签名"),
    )
    for number, (user, unit_no, template, method, people, homes, note) in enumerate(batches):
        paper.enter_batch(
            actor=demo.users[user], template=template, unit=demo.unit(unit_no), is_demo=True,
            token=f"d0000000-0000-4000-9000-00000000030{number}",
            fields={
                "signed_at": datetime(this, 3, 5 + number, 9, 0, tzinfo=zone), "method": method, "signatures": people,
                "households": homes, "households_estimated": False, "note": note,
            },
        )  # fmt: skip


def build(demo: Demo) -> None:
    """Letters, four pledges through the gate, paper batches, eighty households online."""
    _letters(demo)
    family, kin, child, custom = _templates(demo)
    _paper(demo, family, kin, custom)
    city = demo.unit(CITY)
    towns = list(
        Unit.objects.open()
        .under(city.path)
        .filter(level=Level.TOWNSHIP, divisions__isnull=False)
        .distinct()
        .order_by("path")
    )
    places = [towns[index] for index in range(0, len(towns), max(1, len(towns) // 8))]
    for number in range(80):
        template = (family, family, family, custom, kin, child)[number % 6]
        _sign(demo, template, number + 1, places)


register(DemoPart("pledges", 75, build, lambda: Initiative.objects.filter(is_demo=True).exists()))
