"""The complaints part of the demo: one waiting, one in hand, one answered."""

from portal.complaints import actions
from portal.complaints.models import Complaint
from portal.complaints.rules import Kind
from portal.demo.registry import Demo, DemoPart, register

PINGDING = "140321000000"
LETTERS = (
    (
        Kind.SUGGESTION,
        "家风讲座能不能安排在周末？平时上班去不了。最好提前三天在村口公告栏通知。",
        "刘女士",
        "13800000001",
    ),
    (Kind.COMPLAINT, "上个月报名的亲子活动改了时间没有通知，白跑了一趟。", "", ""),
    (Kind.SUGGESTION, "希望把优秀的家训做成小册子，放到村里的妇女之家。", "张大姐", "13800000002"),
)
ANSWER = "谢谢您的建议。家训小册子已经列入今年计划，印好后送到各村妇女之家，届时在网站公告。"


def build(demo: Demo) -> None:
    """Written by nobody in particular, handled by the county's reviewer."""
    rows = []
    for number, (kind, text, name, phone) in enumerate(LETTERS):
        token = f"00000000-0000-4000-9000-{number:012d}"
        row, _code = actions.submit(
            kind=kind, text=text, token=token, name=name, phone=phone, unit=demo.unit(PINGDING)
        )
        rows.append(row)
    actions.accept(rows[1], actor=demo.users["county_review"])
    actions.answer(rows[2], actor=demo.users["county_review"], text=ANSWER)


register(
    DemoPart(
        "letters",
        70,
        build,
        Complaint.objects.exists,
    )
)
