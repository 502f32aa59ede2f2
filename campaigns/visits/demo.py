"""Visits of the demo: anonymous, in the places of the demo accounts, some with a follow-up."""

from datetime import timedelta

from campaigns.planning.models import Campaign
from campaigns.visits import actions, rules
from campaigns.visits.models import FamilyVisit
from campaigns.visits.rules import FamilyKind
from portal.demo.registry import Demo, DemoPart, register
from portal.ui.fields import moment

VILLAGE, TOWNSHIP, COUNTY = "140321100013", "140321100000", "140321000000"
OFFICE, SECOND = "140300000000-01", "140322000000"
# account, unit, days ago, place, visitors, kind, households, items done, need, responsible, due in days, outcome
ROWS = (
    ("county", COUNTY, 96, "冠山镇", "县妇联、县纪委监委、县委组织部", FamilyKind.OFFICIAL, 12, 5, "", None, 0, ""),
    ("county", COUNTY, 64, "张庄镇", "县妇联、县纪委监委", FamilyKind.PARTY, 8, 5, "希望家庭助廉的小册子能送到单位。", None, -30, "已送 40 册到镇机关。"),
    ("county", COUNTY, 20, "锁簧镇", "县妇联、巾帼志愿者", FamilyKind.HONOURED, 3, 4, "愿意出来讲自家的家风故事，不知道找谁。", None, 5, ""),
    ("township", TOWNSHIP, 41, "西关社区", "镇妇联", FamilyKind.ORDINARY, 5, 4, "", None, 0, ""),
    ("township", TOWNSHIP, 12, "东升社区", "镇妇联、社区民警", FamilyKind.NEEDY, 1, 3, "孩子上学路远，想问有没有助学政策。", COUNTY, 2, ""),
    ("village", VILLAGE, 33, "东升社区", "社区妇联、妇联执委", FamilyKind.ORDINARY, 6, 5, "想多办几场亲子活动，最好在周末。", None, -9, "周末亲子阅读已排进下月计划。"),
    ("village", VILLAGE, 6, "东升社区", "社区妇联", FamilyKind.LEFT_BEHIND, 2, 3, "老人带孩子，作业没人辅导，想找志愿者。", TOWNSHIP, -1, ""),
    ("village", VILLAGE, 2, "东升社区", "社区妇联", FamilyKind.PARTY, 4, 5, "", None, 0, ""),
    ("office", OFFICE, 25, "市直机关家属院", "机关妇委会、机关纪委", FamilyKind.OFFICIAL, 9, 5, "", None, 0, ""),
    ("county2", SECOND, 15, "秀水镇", "县妇联、县纪委监委", FamilyKind.OFFICIAL, 10, 5, "建议节前发一封给家属的信。", None, 6, ""),
)  # fmt: skip


def build(demo: Demo) -> None:
    """Through the real actions; what has an outcome was handled and closed."""
    campaign = Campaign.objects.filter(slug=f"qinglian-{demo.today.year}").first()
    for number, row in enumerate(ROWS):
        name, unit_no, ago, area, visitors, kind, households, done, need, responsible, due, outcome = row
        actor = demo.users[name]
        fields = {
            "visited_at": moment(demo.today - timedelta(days=ago)),
            "area": area,
            "visitors": visitors,
            "family_kind": kind,
            "households": households,
            "needs": need,
            "campaign": campaign,
            **{item: place < done for place, item in enumerate(rules.CHECKLIST)},
        }
        visit = actions.log_visit(
            actor=actor,
            unit=demo.unit(unit_no),
            fields=fields,
            follow_up=bool(need),
            responsible=demo.unit(responsible) if responsible else None,
            due_on=demo.today + timedelta(days=due) if need else None,
            client_token=f"demo-visit-{number}",
            is_demo=True,
        )
        if outcome:
            actions.handle(actor=actor, visit=visit, outcome=outcome)
            actions.close(actor=actor, visit=visit)


register(DemoPart("visits", 64, build, lambda: FamilyVisit.objects.filter(is_demo=True).exists()))
