"""The packages part of the demo: 青年干部“六个一” of the city, 盂县“七个一”, a “四个一” of 平定县."""

from datetime import date

from campaigns.packages import actions, queries
from campaigns.packages.models import Package
from campaigns.packages.rules import PATTERNS
from campaigns.planning.demo import counties
from campaigns.planning.models import Campaign
from portal.demo.registry import Demo, DemoPart, register
from portal.units.models import Unit

CITY, PINGDING, YUXIAN = "140300000000", "140321000000", "140322000000"
PARTNERS = ("市纪委监委", "市委组织部")


def _make(
    demo: Demo, *, who: str, unit_no: str, code: str, name: str, summary: str, units: list[Unit],
    partners: tuple[str, ...] = (), needed: int = 1,
) -> None:  # fmt: skip
    pattern, year, unit = PATTERNS[code], demo.today.year, demo.unit(unit_no)
    campaign = Campaign.objects.filter(slug=f"qinglian-{year}").first()
    fields = {
        "name": name, "summary": summary, "campaign": campaign, "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31),
    }  # fmt: skip
    items = [
        {"name": line.name, "fulfilment": line.fulfilment, "option": line.option, "needed": needed}
        for line in pattern.lines
    ]
    package = actions.create_package(
        actor=demo.users[who], unit=unit, fields=fields, units=units, partners=partners, items=items,
        client_token=f"demo-package-{code}", is_demo=True,
    )  # fmt: skip
    actions.step(actor=demo.users[who], package=package, name="open")


def build(demo: Demo) -> None:
    """Through the real actions, by those who own them."""
    _make(
        demo, who="city", unit_no=CITY, code="six", name="青年干部“六个一”家庭助廉", units=counties(demo),
        partners=PARTNERS, needed=3,
        summary="联合市纪委监委、市委组织部举办。来源没有列出六项内容，演示按常见做法给出，可以修改。",
    )  # fmt: skip
    for who, unit_no, code, name, summary in (
        ("county2", YUXIAN, "seven", "盂县“七个一”清廉家庭创建", "各乡镇按月开展，由记录自动算出完成没有。"),
        ("county", PINGDING, "four", "平定县“四个一”家庭助廉", "看专题片、座谈、签承诺、绘廉洁扇。"),
    ):
        unit = demo.unit(unit_no)
        below = [row for row in queries.can_fulfil(unit) if row.pk != unit.pk]
        _make(demo, who=who, unit_no=unit_no, code=code, name=name, summary=summary, units=below)


register(DemoPart("packages", 49, build, lambda: Package.objects.filter(is_demo=True).exists()))
